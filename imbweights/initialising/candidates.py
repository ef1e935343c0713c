"""What in a folder may be a data set: files and folders that a source recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imbweights.core.errors import AmbiguousSourceError, ImbweightsError
from imbweights.core.options import LabelOptions
from imbweights.core.profile import split_rank
from imbweights.initialising import places
from imbweights.sources.base import InputFile
from imbweights.sources.files import folder_files
from imbweights.sources.opening import opened
from imbweights.sources.recognising import kind_of, kind_of_folder

MOST = 50
_DEPTH = 2
_SPLIT = re.compile(
    r"(?i)(?P<before>.*?[_.-])??(?P<split>train|training|val|valid|validation|dev|test)(?P<after>[_.-].*)?"
)
_LABELS_IN_NAME = re.compile(r"(?i)(^y|label|target|class|truth)")
_PICTURES = re.compile(r"(?i)(.*[_-])?(images?|imgs?|photos?|pictures?)([_-].*)?")
_OURS = b'"schema": "imbweights.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file or folder, or the splits of one data set.

    ``paths``: (split, path), the split ``""`` for one without; ``kind``: the source that recognised
    it, ``None`` when several did; ``question``: what must be answered before it can be read.
    """

    paths: tuple[tuple[str, Path], ...]
    kind: str | None = None
    question: str = ""

    @property
    def single(self) -> Path | None:
        """The path, if it is one without a split."""
        return self.paths[0][1] if len(self.paths) == 1 and not self.paths[0][0] else None


def candidates_in(folder: Path) -> list[Candidate]:
    """What may be a data set, splits put together, in the order of their names."""
    found = list(_looked_at(folder, 0))
    if not found and not places.holds_programs(folder, others=False):
        found = list(_whole(folder))
    homes = [c.single.parent for c in found if c.kind == "yolo" and c.single and c.single.is_file()]
    return list(_by_split(c for c in found if not _is_named_by(c, homes)))


def _is_named_by(candidate: Candidate, homes: Sequence[Path]) -> bool:
    """Whether a ``data.yaml`` above says where this folder of YOLO labels is."""
    folder = candidate.single
    if candidate.kind != "yolo" or folder is None or folder.is_file():
        return False
    return any(home in folder.parents for home in homes)


def _looked_at(folder: Path, depth: int) -> Iterator[Candidate]:
    """The folder as a whole; else its files and the folders in it."""
    top = depth == 0
    if not places.holds_tables(folder) and not (top and places.holds_programs(folder)):
        whole = list(_whole(folder))
        asked = any(each.question for each in whole)
        if whole and not asked:
            yield from whole
            return
        below = list(_inside(folder, depth))
        yield from below or whole
        return
    yield from _inside(folder, depth)


def _inside(folder: Path, depth: int) -> Iterator[Candidate]:
    if depth == 0 or places.is_usual(folder):
        for path in places.files_in(folder):
            yield from _file(path)
    if depth < _DEPTH and (depth == 0 or places.is_usual(folder)):
        for inner in places.folders_in(folder):
            yield from _looked_at(inner, depth + 1)


def _whole(folder: Path) -> Iterator[Candidate]:
    """The folder, if a source knows its layout."""
    paths = (("", folder),)
    if places.too_many(folder):
        if places.is_usual(folder):
            words = f"{folder}: holds more than {places.MOST_FILES:,} files and was not looked at"
            yield Candidate(paths=paths, question=words)
        return
    try:
        kind = kind_of_folder(folder_files(folder, str(folder)), LabelOptions()).name
        # Drawn pictures have as few colours as masks.
        if kind != "masks" or not _PICTURES.fullmatch(folder.name):
            yield Candidate(paths=paths, kind=kind)
    except AmbiguousSourceError as error:
        yield Candidate(paths=paths, question=_words(error))
    except ImbweightsError:
        return  # a folder of something else


def _file(path: Path) -> Iterator[Candidate]:
    paths = (("", path),)
    try:
        with opened((str(path),)) as [(_, file)]:
            if not isinstance(file, InputFile) or not file.start or _OURS in file.start:
                return
            kind = kind_of(file, LabelOptions()).name
    except AmbiguousSourceError as error:
        yield Candidate(paths=paths, question=_words(error))
        return
    except ImbweightsError:
        return  # a file of something else
    # Any text has lines, and most JSON beside a program is no data.
    doubtful = kind in {"lines", "json"} and not places.is_table(path)
    if not doubtful or _LABELS_IN_NAME.search(path.stem) or _split_of(path) is not None:
        yield Candidate(paths=paths, kind=kind)


def _words(error: ImbweightsError) -> str:
    return error.message if error.hint is None else f"{error.message}\n{error.hint}"


def _by_split(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """``train.csv`` and ``val.csv`` become one, where the first of them stood."""
    groups: dict[object, list[Candidate]] = {}
    for each in found:
        named = _split_of(each.single) if each.single and each.kind else None
        key: object = each if named is None else (each.kind, *named[1:])
        groups.setdefault(key, []).append(each)
    for group in groups.values():
        yield from [_joined(group)] if _is_divided(group) else group


def _is_divided(group: Sequence[Candidate]) -> bool:
    splits = _splits(group)
    return len(splits) > 1 and len(set(splits)) == len(splits) and splits[0].startswith("train")


def _splits(group: Sequence[Candidate]) -> list[str]:
    named = [_split_of(each.single) for each in group if each.single is not None]
    return sorted((found[0] for found in named if found), key=split_rank)


def _joined(group: Sequence[Candidate]) -> Candidate:
    pairs = [
        (found[0], each.single)
        for each in group
        if each.single is not None and (found := _split_of(each.single)) is not None
    ]
    ordered = sorted(pairs, key=lambda pair: split_rank(pair[0]))
    return Candidate(paths=tuple(ordered), kind=group[0].kind)


def _split_of(path: Path) -> tuple[str, Path, str] | None:
    """The split that a name tells, and what the names of its sisters share with it."""
    stem, dot, rest = path.name.partition(".") if path.is_file() else (path.name, "", "")
    match = _SPLIT.fullmatch(stem)
    if match is None:
        return None
    shared = f"{match['before'] or ''}*{match['after'] or ''}{dot}{rest}"
    return match["split"].lower(), path.parent, shared
