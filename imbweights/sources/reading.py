"""From what the user named to readings: files one by one, folders and sets of files as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.core.urls import is_remote
from imbweights.running.engine import in_batches, is_spread
from imbweights.running.fingerprints import Fingerprint, fingerprint
from imbweights.running.trials import must_see
from imbweights.sources import SOURCES, Kind
from imbweights.sources.base import InputFile, Reading
from imbweights.sources.files import FileSet, named_files
from imbweights.sources.integrity import row_lengths, verified
from imbweights.sources.kept import kept_reading
from imbweights.sources.opening import input_file
from imbweights.sources.recognising import kind_of, kind_of_folder, likeness
from imbweights.sources.remote.following import followed, look_ahead, mark_of
from imbweights.sources.steady import Steady
from imbweights.sources.text.room import room_for

# (split, kind, remote or not) → the files that are read together.
Sets = dict[tuple[str, str, bool], tuple[Kind, list[InputFile]]]


@dataclass(frozen=True, slots=True)
class Read:
    """One reading with the split the user gave it to, the kind that read it, and its files."""

    split: str
    kind: str
    reading: Reading
    files: tuple[Fingerprint, ...]


def read_all(items: Iterable[tuple[str, InputFile | FileSet]], options: LabelOptions) -> list[Read]:
    """Recognise and count everything that was named, in that order.

    Files of a kind that is read as a set are read together, per split. Raises ``SourceError``
    for what cannot be read, ``AmbiguousSourceError`` where two readings are plausible.
    """
    items = list(items)
    away = _read_away(items, options)
    found: list[Read] = []
    sets: Sets = {}
    empty: list[tuple[str, InputFile]] = []
    look_ahead([item for _, item in items if isinstance(item, InputFile) and item.remote])
    for number, (split, item) in enumerate(items):
        if number in away:
            found.append(replace(away[number], split=split))
        elif isinstance(item, FileSet):
            found.append(_read_folder(split, item, options))
        elif not item.start and options.kind is None:
            empty.append((split, item))
        else:
            kind = kind_of(item, options)
            if kind.load().read_set is None:
                found.append(_read_file(split, item, kind, options))
            else:
                key = (split, kind.name, item.remote is not None)
                sets.setdefault(key, (kind, []))[1].append(item)
    for split, file in empty:
        _join(split, file, sets)
    found += [_read_set(split, kind, files, options) for (split, *_), (kind, files) in sets.items()]
    refuse_twice(found)
    _refuse_mixture(found)
    return found


def _read_away(
    items: Sequence[tuple[str, InputFile | FileSet]], options: LabelOptions
) -> dict[int, Read]:
    """What a cluster read, if the user named one: files that are counted one by one.

    Rows would be data on the way back, and a table that somebody wants to see must be here.
    """
    if not is_spread() or options.keep_rows or _is_visited():
        return {}
    places = [
        _Place(number, item.path.absolute(), item.name)
        for number, (_, item) in enumerate(items)
        if isinstance(item, InputFile)
        and item.start
        and not item.is_copy
        and item.remote is None
        and kind_of(item, options).load().read_set is None
    ]
    found: dict[int, Read] = {}
    if len(places) > 1:
        for part in in_batches(partial(_read_batch, options), places, least=1):
            found |= part
    return found


def _is_visited() -> bool:
    from imbweights.sources.tables.counting import is_visited  # loads DuckDB

    return is_visited()


@dataclass(frozen=True, slots=True)
class _Place:
    """The how manieth of what was named, where it is, and what it is called."""

    number: int
    path: Path
    name: str

    def __str__(self) -> str:
        return self.name


def _read_batch(options: LabelOptions, places: Sequence[_Place]) -> dict[int, Read]:
    """Some files, in whichever process."""
    found: dict[int, Read] = {}
    for place in places:
        try:
            file = input_file(place.path, place.name)
            found[place.number] = _read_file("", file, kind_of(file, options), options)
        except OSError:
            must_see(place.path)
            raise
    return found


def refuse_twice(found: Sequence[Read]) -> None:
    """A file that is named twice for one split would count twice."""
    # Addresses that differ in what is not shown differ in size or version.
    marks = Counter(
        (each.split, *(mark if is_remote(mark[0]) else mark[:1]))
        for each in found
        for mark in each.files
    )
    twice = [str(mark[1]) for mark, n in marks.items() if n > 1]
    if twice:
        raise UsageError(f"{twice[0]} is named twice, and would be counted twice")


def _refuse_mixture(found: Sequence[Read]) -> None:
    """Masks of colours and masks of class numbers have no class in common."""
    sorts = {each.reading.numbered for each in found if each.kind == "masks"}
    if len(sorts) > 1:
        raise SourceError(
            "some of the masks hold colours and some class numbers; they cannot be counted as one",
            hint="name one sort of masks at a time",
        )


# What options speak of, and the kinds that have it.
_TABLES = frozenset(("csv", "lines", "parquet", "json", "npy", "npz", "mat", "arff"))
_TEXTS = frozenset(("csv", "lines", "conll"))
_IDLE: dict[str, frozenset[str]] = {
    "label": _TABLES | {"analysis", "openimages"},
    "split": _TABLES | {"analysis"},
    "count_column": _TABLES | {"analysis"},
    "one_hot": _TABLES,
    "separator": _TABLES,
    "delimiter": _TEXTS,
    "header": _TEXTS,
    "quotes": _TEXTS,
    "count": frozenset(SOURCES) - _TABLES - {"analysis", "fasttext", "svmlight", "paths"},
    "palette": frozenset(("masks", "nifti")),
    "pixel_divisor": frozenset(("masks", "nifti")),
    "on_bad_rows": _TABLES | {"svmlight", "paths", "openimages"},
    "on_bad_files": frozenset(("masks", "nifti", "coco", "yolo", "voc", "labelme", "kitti")),
}


def refuse_idle_options(kind: Kind, name: str, options: LabelOptions) -> None:
    """An option that means nothing to this kind of source is a misunderstanding."""
    for option, kinds in _IDLE.items():
        if kind.name not in kinds and getattr(options, option) not in {None, False, "error"}:
            raise UsageError(
                f"--{option.replace('_', '-')} means nothing here: {name} is read as {kind.name} "
                f"({kind.summary})"
            )


# Read by DuckDB as text: rows may be too long for it.
_TEXT_TABLES = frozenset(("csv", "lines"))


def _join(split: str, file: InputFile, sets: Sets) -> None:
    """An empty file among label files of one image each is an image without labels."""
    for (other, _, remote), (kind, files) in sets.items():
        same = other == split and remote == (file.remote is not None)
        if same and kind.load().takes_empty:
            files.append(file)
            return
    raise SourceError(f"{file.name}: is empty")


def _read_file(split: str, file: InputFile, kind: Kind, options: LabelOptions) -> Read:
    source = kind.load()
    refuse_idle_options(kind, file.name, options)
    if not file.start:
        raise SourceError(f"{file.name}: is empty")
    read = partial(_verified, kind, file, options)
    if source.alone is None or file.is_copy or file.remote is not None:
        reading = read()
    else:
        reading = kept_reading(kind.name, [file.name], [file.path], options, read)
    other = likeness(file, options)
    if other is not None:
        note = f"{file.name} looks like {other}; it is read as {kind.name} because --as says so"
        reading = replace(reading, notes=(note, *reading.notes))
    if file.remote is not None:
        reading = replace(reading, notes=(*file.remote.notes, *reading.notes))
    return Read(split, kind.name, reading, _marks([file]))


def _verified(kind: Kind, file: InputFile, options: LabelOptions) -> Reading:
    """What a file holds; a table with longer rows than DuckDB has room for is read again."""
    read = kind.load().read
    assert read is not None  # noqa: S101 - the caller has looked
    tables = kind.name in _TEXT_TABLES
    steady = Steady(file.path, file.name) if file.remote is None else followed(file.remote)
    with steady, verified(file, rows=tables) as seen:
        reading = read(file, options)
        if tables and file.compression is None and not reading.saw_rows:
            seen.lengths = row_lengths(file)
    room = room_for(file, seen.lengths) if tables else None
    if room is not None and file.room is None:
        return _verified(kind, replace(file, room=room), options)
    return reading


def _read_folder(split: str, files: FileSet, options: LabelOptions) -> Read:
    kind = kind_of_folder(files, options)
    refuse_idle_options(kind, files.name, options)
    read_set = kind.load().read_set
    assert read_set is not None  # noqa: S101 - kinds that read folders have it, others are refused
    if files.remote is not None:
        mark: Fingerprint = (files.name, files.remote.size, files.remote.version)
        return Read(split, kind.name, read_set(files, options), (mark,))
    reading = _read_together(kind, files, options)
    return Read(split, kind.name, reading, (fingerprint(files.root),))


def _read_set(split: str, kind: Kind, files: Sequence[InputFile], options: LabelOptions) -> Read:
    read_set = kind.load().read_set
    assert read_set is not None  # noqa: S101 - only such kinds are gathered
    name = files[0].name if len(files) == 1 else f"{len(files):,} files"
    refuse_idle_options(kind, name, options)
    remote = [file.remote for file in files if file.remote is not None]
    if remote:
        from imbweights.sources.remote.folder import named_set

        where, names = named_set(remote)
        together = FileSet.of_remote(where, name, names, is_folder=False)
    else:
        together = named_files([file.path for file in files], name)
    together = replace(together, limits=options.limits)
    apart = remote or any(file.is_copy for file in files)
    reading = read_set(together, options) if apart else _read_together(kind, together, options)
    return Read(split, kind.name, reading, _marks(files))


def _marks(files: Sequence[InputFile]) -> tuple[Fingerprint, ...]:
    """What tells later whether the files are as they were; of a copy nothing does."""
    return tuple(
        fingerprint(file.path) if file.remote is None else mark_of(file.remote)
        for file in files
        if not file.is_copy
    )


def _read_together(kind: Kind, files: FileSet, options: LabelOptions) -> Reading:
    """A set that holds its labels in a few files is kept as a whole."""
    source = kind.load()
    assert source.read_set is not None  # noqa: S101 - both callers have looked
    read = partial(source.read_set, files, options)
    if source.alone is None:
        return read()
    chosen = files.is_folder and source.alone
    paths = [p for p in files.paths if not chosen or p.lower().endswith(source.alone)]
    names = [files.name, str(files.hidden), *files.paths]
    return kept_reading(kind.name, names, [files.at(path) for path in paths], options, read)
