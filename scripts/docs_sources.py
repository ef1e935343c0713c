"""The kinds of sources, from their register, with the samples that the tests read."""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from pathlib import Path

from docs_running import TOP
from docs_text import paragraphs, table

import imbweights
from imbweights.sources import SOURCES, Kind

sys.path.append(str(TOP / "tests"))
from unit.test_recognising import SAMPLES

# Nothing to see in these: bytes, folders, or what another command writes.
_NOT_TEXT = {"parquet", "npy", "npz", "mat", "analysis", "masks", "nifti", "folders"}


def sources_part() -> str:
    """The table of all kinds, and what is counted in each."""
    rows = [
        [f"[`{k.name}`](#{k.name})", k.summary, _suffixes(k), _takes(k)] for k in SOURCES.values()
    ]
    return paragraphs(
        table(["`--as`", "what it is", "files", "recognised"], rows),
        "## What is counted in each",
        *(_section(kind) for kind in SOURCES.values()),
    )


def _section(kind: Kind) -> str:
    return paragraphs(f"### `{kind.name}`", _text(kind), _example(kind))


def _suffixes(kind: Kind) -> str:
    return " ".join(f"`{suffix}`" for suffix in kind.suffixes) or "folders"


def _takes(kind: Kind) -> str:
    if kind.explicit:
        return "only with `--as`"
    return (
        "files and folders"
        if kind.folders and kind.suffixes
        else "folders"
        if kind.folders
        else "files"
    )


def _text(kind: Kind) -> str:
    """What the reader says of itself, as Markdown."""
    source = kind.load()
    read = source.read_set or source.read
    text = inspect.cleandoc((read and read.__doc__) or "")
    text = re.sub(r"``([^`]+)``", r"`\1`", text)
    return re.sub(r"(https?://[^\s,)]+)", r"<\1>", text)


def _example(kind: Kind) -> str:
    """A small file, and the counts in it."""
    if kind.name in _NOT_TEXT:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        path = SAMPLES[kind.name](Path(folder))
        shown = path.read_text(encoding="utf-8").rstrip("\n")
        counts = imbweights.analyze(path, kind=kind.name).counts
    unit = counts.unit.value
    said = ", ".join(f"`{name}` {n}" for name, n in counts.as_dict().items())
    return f"For example ({unit}: {said}):\n\n```text\n{shown}\n```"
