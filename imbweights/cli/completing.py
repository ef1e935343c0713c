"""What a shell offers after an option: names that are known, and columns of the file in the line.

A shell waits for the answer, so nothing heavy is imported: the registers need NumPy, hence the names
are written down here once more, and a test holds them against the registers.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from imbweights.cli import streams

KINDS = ("bar", "splits", "weights", "cooccurrence")
SCHEMES = (
    "inverse", "balanced", "sqrt-inverse", "power", "log", "log-ratio", "median-frequency",
    "effective", "deferred", "generalised-dice", "cost-matrix", "pos-weight", "scale-pos-weight",
    "focal-alpha", "logit-adjustment", "ldam-margins", "initial-bias", "repeat-factor", "sampler",
)  # fmt: skip
FRAMEWORKS = (
    "torch", "keras", "tensorflow", "jax", "huggingface", "sklearn", "xgboost", "lightgbm",
    "catboost", "matlab", "matlab-layer", "mmseg", "ultralytics", "json", "yaml", "toml", "csv", "npy",
)  # fmt: skip
DRIFTS = ("linf", "js", "psi", "cramers-v")
PALETTES = ("voc", "camvid", "cityscapes")
USES = ("class-weight", "pos-weight", "sample-weight", "alpha")
GOALS = (
    "f1", "minority-f1", "macro-f1", "recall@precision=.9", "precision@recall=.9",
    "balanced-accuracy", "cost",
)  # fmt: skip
_WRITTEN = {"-o", "--output", "--plot"}
_LINES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")


def typed() -> list[str]:
    """The words of the line that is being completed; none when there is no such line."""
    line = next((text for name in _LINES if (text := streams.environment().get(name))), "")
    try:
        return shlex.split(line)
    except ValueError:  # a quote that is not closed yet
        return line.split()


def kinds(incomplete: str) -> list[str]:
    """Kinds of plots."""
    return _matching(KINDS, incomplete)


def schemes(incomplete: str) -> list[str]:
    """Weighting schemes, also behind a comma."""
    return _in_list(SCHEMES, incomplete)


def frameworks(incomplete: str) -> list[str]:
    """What ``--for`` knows."""
    return _matching(FRAMEWORKS, incomplete)


def drifts(incomplete: str) -> list[str]:
    """Measures of drift."""
    return _matching(DRIFTS, incomplete)


def palettes(incomplete: str) -> list[str]:
    """Palettes that have a name; a shell offers files by itself."""
    return _matching(PALETTES, incomplete)


def uses(incomplete: str) -> list[str]:
    """What weights may be used as."""
    return _matching(USES, incomplete)


def goals(incomplete: str) -> list[str]:
    """What a sweep may aim at."""
    return _matching(GOALS, incomplete)


def sources(incomplete: str) -> list[str]:
    """Kinds of sources for ``--as``."""
    from imbweights.sources import SOURCES

    return _matching(SOURCES, incomplete)


def datasets(incomplete: str) -> list[str]:
    """The data sets of the configuration in force here."""
    from imbweights.core.config import find_config
    from imbweights.core.errors import ImbweightsError

    try:
        config = find_config(Path.cwd())
    except ImbweightsError:  # the command itself will say what is wrong
        return []
    return _matching([each.name for each in config.sets] if config else [], incomplete)


def codes(incomplete: str) -> list[tuple[str, str]]:
    """Codes of rules, audits and losses with their titles, also behind a comma."""
    from imbweights.cli.completing_codes import CODES

    head, _, last = incomplete.rpartition(",")
    before = f"{head}," if head else ""
    wanted = last.upper()
    return [(before + code, title) for code, title in CODES.items() if code.startswith(wanted)]


def levels(incomplete: str) -> list[str]:
    """``CODE=LEVEL`` for every code."""
    from imbweights.cli.completing_codes import CODES

    names = ("error", "warning", "note", "off")
    code, sign, _ = incomplete.partition("=")
    known = [c for c in CODES if c == code] if sign else CODES
    return _matching((f"{c}={name}" for c in known for name in names), incomplete)


def columns(incomplete: str) -> list[str]:
    """Columns of the first file in the line that has some."""
    return _matching(_columns(typed()), incomplete)


def several_columns(incomplete: str) -> list[str]:
    """The same, also behind a comma."""
    return _in_list(_columns(typed()), incomplete)


def target_columns(incomplete: str) -> list[str]:
    """Columns of the file behind ``--targets``."""
    words = typed()
    named = [after for word, after in pairwise(words) if word == "--targets"]
    return _in_list(_columns(named), incomplete)


def _matching(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _in_list(names: Iterable[str], incomplete: str) -> list[str]:
    """The names behind the last comma; those that stand before it are not offered again.

    >>> _in_list(["a", "b", "bc"], "a,b")
    ['a,b', 'a,bc']
    """
    head, _, last = incomplete.rpartition(",")
    used = head.split(",")
    before = f"{head}," if head else ""
    return [before + name for name in names if name.startswith(last) and name not in used]


def _columns(words: list[str]) -> list[str]:
    from imbweights.cli.completing_columns import columns_of

    for path in _files(words):
        found = columns_of(path)
        if found:
            return found
    return []


def _files(words: list[str]) -> Iterator[Path]:
    """The files in the line, but for those that will be written."""
    for before, word in zip(("", *words), words, strict=False):
        if before in _WRITTEN:
            continue
        for name in (word, word.partition("=")[2]):  # train=a.csv
            if name and Path(name).is_file():
                yield Path(name)
                break
