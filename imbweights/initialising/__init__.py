"""``init``: from a folder to a configuration and a baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from imbweights.checking.baselines import write_baselines
from imbweights.checking.settings import BASELINE_FILE
from imbweights.core.config import OWN_FILE, PROJECT_FILE
from imbweights.core.errors import ConfigError, SourceError
from imbweights.core.toml_text import toml_value
from imbweights.core.urls import refuse_remote
from imbweights.core.writing import write_atomically
from imbweights.initialising.candidates import MOST, Candidate, candidates_in
from imbweights.initialising.configuration import configuration, is_alone
from imbweights.initialising.trying import (
    FoundSet,
    LeftOut,
    Outcome,
    Question,
    sources_of,
    tried,
)

__all__ = ["FoundSet", "Initial", "LeftOut", "Question", "initial", "write"]
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Initial:
    """What ``init`` would write.

    ``sets``, ``questions``, ``left_out``: what was found; ``place``: the configuration file;
    ``text``: what is added to it (all of it, where there is none yet); ``content``: the whole file;
    ``baseline``: where the baseline goes.
    """

    sets: tuple[FoundSet, ...]
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    place: Path
    text: str
    content: bytes
    baseline: Path


def initial(folder: Path) -> Initial:
    """Look at a folder. Raises ``ConfigError`` when it has a configuration or a baseline already,
    and ``SourceError`` when nothing in it looks like labels.
    """
    if not folder.is_dir():
        refuse_remote("init", str(folder))
        raise SourceError(f"{folder}: is no folder")
    place, before = _place(folder)
    baseline = folder / BASELINE_FILE
    if baseline.exists():
        raise ConfigError(
            f"{baseline}: there is a baseline already", hint="remove it first, if it is out of date"
        )
    found = list(_outcomes(folder, candidates_in(folder)))
    sets = tuple(each for each in found if isinstance(each, FoundSet))
    questions = tuple(each for each in found if isinstance(each, Question))
    left_out = tuple(each for each in found if isinstance(each, LeftOut))
    if not sets and not questions:
        raise _nothing(folder, left_out)
    if is_alone(sets, questions):
        sets = (sets[0].called(" ".join(sets[0].sources)),)
    text, content = _content(sets, questions, place, before)
    if content is None:
        place = folder / OWN_FILE
        text, content = _content(sets, questions, place, b"")
    return Initial(
        sets=sets,
        questions=questions,
        left_out=left_out,
        place=place,
        text=text,
        content=content or text.encode(),
        baseline=baseline,
    )


def write(draft: Initial, version: str) -> list[Path]:
    """Write the configuration and the baseline of what could be counted; the files written."""
    try:
        write_atomically(draft.place, draft.content)
    except OSError as error:
        raise ConfigError(f"{draft.place}: cannot be written ({error.strerror})") from error
    if not draft.sets:
        return [draft.place]
    write_baselines(draft.baseline, {each.name: each.baseline for each in draft.sets}, version)
    return [draft.place, draft.baseline]


def _place(folder: Path) -> tuple[Path, bytes]:
    """The file to write and what is in it now. Raises for one that is a configuration already."""
    own, project = folder / OWN_FILE, folder / PROJECT_FILE
    if own.exists():
        raise ConfigError(f"{own}: there is a configuration already", hint="init overwrites none")
    if not project.is_file():
        return own, b""
    try:
        before = project.read_bytes()
        tool = toml_value(before.decode()).get("tool", {})
    except (OSError, ValueError) as error:
        raise ConfigError(f"{project}: cannot be read ({error})") from error
    if isinstance(tool, dict) and "imbweights" in tool:
        raise ConfigError(
            f"{project}: there is a configuration already, [tool.imbweights]",
            hint="init overwrites none",
        )
    return project, before


def _nothing(folder: Path, left_out: Sequence[LeftOut]) -> SourceError:
    looked = [f"left out {' '.join(each.sources)}: {each.words}" for each in left_out[:_SHOWN]]
    hint = f'name them in {OWN_FILE} yourself: source = "path/to/labels.csv"'
    return SourceError(f"{folder}: nothing here looks like labels", hint="\n".join([*looked, hint]))


def _outcomes(folder: Path, candidates: Sequence[Candidate]) -> Iterator[Outcome]:
    names: set[str] = set()
    for candidate in candidates[:MOST]:
        for outcome in tried(candidate, folder, _name(candidate, folder, names)):
            if isinstance(outcome, FoundSet):
                names.add(outcome.name)
            yield outcome
    for candidate in candidates[MOST:]:
        yield LeftOut(
            sources=sources_of(candidate, folder), words=f"not looked at, after {MOST} others"
        )


def _name(candidate: Candidate, folder: Path, taken: set[str]) -> str:
    """The path; of splits what their paths share, or the name of the folder."""
    path = candidate.paths[0][1]
    if candidate.single is None and path.parent != folder:
        path = path.parent
    elif candidate.single is None:
        path = folder
    name = path.resolve().name if path == folder else path.relative_to(folder).as_posix()
    name = name or "data"
    return next(n for n in _numbered(name) if n not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {i}" for i in count(2))


def _content(
    sets: Sequence[FoundSet], questions: Sequence[Question], place: Path, before: bytes
) -> tuple[str, bytes | None]:
    """What is added, and the whole file: what was there stays byte for byte.

    No file where the tables cannot be appended, as when ``tool`` is written in one line.
    """
    if place.name != PROJECT_FILE:
        text = configuration(sets, questions, "")
        return text, text.encode()
    text = configuration(sets, questions, "tool.imbweights.")
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before else newline if before.endswith(b"\n") else newline * 2
    content = before + gap + text.encode().replace(b"\n", newline)
    return text, content if _only_adds(before, content) else None


def _only_adds(before: bytes, after: bytes) -> bool:
    try:
        new: dict[str, Any] = toml_value(after.decode())
    except ValueError:
        return False
    old: dict[str, Any] = toml_value(before.decode())
    del new["tool"]["imbweights"]
    if "tool" not in old and not new["tool"]:
        del new["tool"]
    return new == old
