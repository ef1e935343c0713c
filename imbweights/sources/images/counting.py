"""Counting masks, file by file and in batches, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from imbweights.core.choices import BadFiles
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions
from imbweights.running.cache import About, Counted, counted_each, is_caching
from imbweights.running.engine import in_batches
from imbweights.running.trials import must_see
from imbweights.sources.files import FileSet
from imbweights.sources.images.adding import add_plain, is_plain
from imbweights.sources.images.decoding import Pixels, UndecodableError, decoded
from imbweights.sources.images.palettes import Palette
from imbweights.sources.images.seen import SOME, Seen, seen_in
from imbweights.sources.per_image import ImageTally, file_facts
from imbweights.sources.remote.problems import reason_of

Decoder = Callable[[Path, Limits], Pixels]

# A mask has some dozens of classes at most; photos have hundreds of colours or grey values.
_MOST_COLOURS = 256
_MOST_GREYS = 200
_MOST_NUMBERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How masks are to be counted. ``trusted``: the user said what they are, so that an unusual
    number of values is no reason to doubt it. ``keeps_files``: what each mask holds is wanted.
    """

    palette: Palette | None = None
    divisor: int | None = None
    ignore: frozenset[str] = frozenset()
    trusted: bool = False
    skips: bool = False
    keeps_files: bool = False


@dataclass
class Masks:
    """What was found in many masks: the tally and what the user may have to be told.

    ``first_seen``: label → first file by name. ``bad``: file → why it cannot be read.
    ``refused``: file → why it is no mask. ``coloured`` and ``plain``: a file of each sort.
    ``indexed``: index → colour in the palette of a file → first such file. ``packed``: largest value of a 16-bit image and its file. ``below``: values other than 0 that
    are below the divisor. ``files``: what each mask holds, if that is wanted, in any order.
    """

    tally: ImageTally
    first_seen: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    coloured: str | None = None
    plain: str | None = None
    packed: tuple[int, str] = (0, "")
    indexed: dict[int, dict[int, str]] = field(default_factory=dict)
    below: set[int] = field(default_factory=set)
    files: list[FileFacts] = field(default_factory=list)

    @classmethod
    def together(cls, parts: Iterable[Masks]) -> Masks:
        """What was found in all parts."""
        whole = cls(ImageTally())
        for part in parts:
            whole.merge(part)
        return whole

    def merge(self, other: Masks) -> None:
        """Add what was found in other masks; the result does not depend on the order."""
        self.tally.merge(other.tally)
        for name, path in other.first_seen.items():
            self.first_seen[name] = min(path, self.first_seen.get(name, path))
        self.bad |= other.bad
        self.refused |= other.refused
        self.coloured = _first(self.coloured, other.coloured)
        self.plain = _first(self.plain, other.plain)
        self.packed = max(self.packed, other.packed)
        self.below |= other.below
        self.files += other.files
        for index, colours in other.indexed.items():
            for colour, path in colours.items():
                self.add_colour(index, colour, path)

    @property
    def files_by_name(self) -> tuple[FileFacts, ...]:
        """What each mask holds, in the order of names whichever process was first."""
        return tuple(sorted(self.files, key=lambda file: file.name))

    def add_colour(self, index: int, colour: int, path: str) -> None:
        """Note which colour an index has in the palette of a file."""
        known = self.indexed.setdefault(index, {})
        first = known.get(colour)
        if first is None or path < first:
            known[colour] = path

    @property
    def clash(self) -> tuple[str, str] | None:
        """Two files whose palettes give one index different colours."""
        firsts = (sorted(colours.values())[:2] for colours in self.indexed.values())
        return min(((a, b) for a, b, *_ in (f for f in firsts if len(f) > 1)), default=None)


def _first(a: str | None, b: str | None) -> str | None:
    known = [path for path in (a, b) if path is not None]
    return min(known, default=None)


def how_to_count(options: LabelOptions, palette: Palette | None) -> How:
    """What the options say about masks."""
    if options.pixel_divisor is not None and options.pixel_divisor < 2:
        raise UsageError(f"--pixel-divisor must be 2 or more, not {options.pixel_divisor}")
    if options.pixel_divisor is not None and palette is not None:
        raise UsageError("--palette is for colours and --pixel-divisor for numbers; use one")
    named = options.classes is not None or options.kind is not None or palette is not None
    ids = zip(options.class_ids or (), options.classes or (), strict=False)
    return How(
        palette=palette,
        divisor=options.pixel_divisor,
        # Names given to numbers may be ignored by name as well.
        ignore=frozenset(options.ignore_labels)
        | {str(i) for i, name in ids if name in options.ignore_labels},
        trusted=named or options.pixel_divisor is not None,
        skips=options.on_bad_files is BadFiles.SKIP,
        keeps_files=options.keep_files,
    )


def count_masks(files: FileSet, how: How, *, decode: Decoder = decoded) -> Masks:
    """Count all masks of a set, read by ``decode``. Raises ``SourceError`` for files that are no masks, and for
    files that cannot be read unless they are to be skipped.
    """
    found = Masks(ImageTally(how.ignore))
    away = files.elsewhere()
    if is_caching():
        about = About(decode.__name__, libraries=_LIBRARIES)
        step = partial(_seen_batch, away, decode)
        counted_each(about, step, files.here, files.paths, partial(take, found, away, how))
    else:
        for part in in_batches(partial(_count_batch, away, how, decode), files.paths):
            found.merge(part)
    if found.refused:
        path = min(found.refused)
        raise SourceError(f"{files.shown(path)}: {found.refused[path]}", hint=_HINT)
    if found.bad and (not how.skips or not found.tally.samples):
        path = min(found.bad)
        others = f" ({len(found.bad):,} such files)" if len(found.bad) > 1 else ""
        raise SourceError(
            f"{files.shown(path)}: {found.bad[path]}{others}",
            hint=None if how.skips else "mend it, or leave such files out with --on-bad-files skip",
        )
    _refuse_mixture(found, files, how)
    return found


_LIBRARIES = ("numpy", "PIL", "kornia_rs", "nibabel")
_HINT = (
    "name the folder or files with the masks; if these are masks all the same, declare their "
    "values with --classes, or colours with --palette"
)


def _count_batch(files: FileSet, how: How, decode: Decoder, paths: Sequence[str]) -> Masks:
    """One batch, in whichever process."""
    found = Masks(ImageTally(how.ignore))
    take(found, files, how, _seen_batch(files, decode, paths))
    return found


def _seen_batch(files: FileSet, decode: Decoder, paths: Sequence[str]) -> list[Counted]:
    """What each mask of a batch holds."""
    return [_seen(files, path, near, decode) for path, near in files.nearby(paths)]


def _seen(
    files: FileSet, path: str, near: AbstractContextManager[Path], decode: Decoder
) -> Counted:
    try:
        with near as place:
            pixels = decode(place, files.limits)
    except UndecodableError as error:
        must_see(files.at(path))
        return Counted(path, None, str(error))
    except SourceError as error:
        return Counted(path, None, reason_of(error))
    if pixels.values.size == 0:
        return Counted(path, None, "holds no pixels")
    return Counted(path, seen_in(pixels))


def take(found: Masks, files: FileSet, how: How, part: Sequence[Counted]) -> None:
    """Add masks, or note why they cannot be read. Most have plain numbers, which are added all at
    once.
    """
    plain: list[tuple[str, Seen]] = []
    simple = how.palette is None and how.divisor is None and not how.keeps_files
    for path, record, bad in part:
        if bad is not None:
            found.bad[path] = bad
            continue
        seen = Seen(*record)
        if simple and is_plain(seen):
            plain.append((path, seen))
        else:
            _take_one(found, files, how, path, seen)
    if plain:
        _take_plain(found, plain)


def _take_plain(found: Masks, plain: Sequence[tuple[str, Seen]]) -> None:
    tally, first_seen, colours = add_plain(plain, found.tally.ignore)
    found.tally.merge(tally)
    for name, path in first_seen.items():
        found.first_seen[name] = min(path, found.first_seen.get(name, path))
    for index, colour, path in colours:
        found.add_colour(index, colour, path)
    found.plain = _first(found.plain, min(path for path, _ in plain))
    deep = [(seen.last, path) for path, seen in plain if seen.bits not in {1, 8}]
    found.packed = max([found.packed, *deep])


def _take_one(found: Masks, files: FileSet, how: How, path: str, seen: Seen) -> None:
    labels = _add(found, path, seen, how)
    if how.keeps_files and labels:
        size = None if seen.size is None else (seen.size[0], seen.size[1])
        name, place = files.shown(path), files.place(path)
        found.files.append(file_facts(name, place, labels, ignore=how.ignore, size=size))


def _add(found: Masks, path: str, seen: Seen, how: How) -> dict[str, int]:
    """Add one mask; label → pixels of what was counted, nothing for what is no mask."""
    reason = _no_mask(seen, how)
    if reason is not None:
        found.refused[path] = reason
        return {}
    values, colours, is_colour = seen.numbers, seen.packed_colours, seen.is_colour
    if colours is not None:
        if how.palette is None:
            for index, colour in zip(values, colours, strict=True):
                found.add_colour(index, colour, path)
        else:  # indices as the colours that the image's own palette gives them
            values, is_colour = colours, True
    if is_colour:
        found.coloured = _first(found.coloured, path)
    else:
        found.plain = _first(found.plain, path)
        if seen.bits not in {1, 8}:
            found.packed = max(found.packed, (max(values), path))
    labels: dict[str, int] = {}
    for value, n in zip(values, seen.amounts, strict=True):
        name = _name(value, how, found, is_colour=is_colour)
        labels[name] = labels.get(name, 0) + n
    found.tally.add(labels)
    for name in labels:
        first = found.first_seen.get(name)
        if first is None or path < first:
            found.first_seen[name] = path
    return labels


def _name(value: int, how: How, found: Masks, *, is_colour: bool) -> str:
    if is_colour:
        known = how.palette.names.get(value) if how.palette else None
        return known or f"#{value:06x}"
    if how.divisor is not None and str(value) not in how.ignore:
        # Negative values are void in some sets; they pack nothing.
        if 0 < value < how.divisor:
            found.below.add(value)
        return str(value // how.divisor if value >= 0 else value)
    return str(value)


def _no_mask(seen: Seen, how: How) -> str | None:
    """Why this image is no mask, if it is none."""
    if seen.is_colour and seen.distinct > _MOST_COLOURS:
        return (
            f"has {seen.distinct:,} different colours, so it is a photo (or a mask that was resized "
            "or saved with smoothing), not a mask with one colour per class"
        )
    if seen.is_colour or how.trusted:
        return None
    # In a photo nearly every grey value occurs; volumes and palette images may have many classes.
    is_photo = seen.bits == 8 and seen.colours is None and seen.size is not None
    most = _MOST_GREYS if is_photo else _MOST_NUMBERS
    if seen.distinct > most or (seen.distinct > SOME and seen.busy):
        return (
            f"has {seen.distinct:,} different values, so it is a photo, a measurement or an instance "
            "map, not a mask with one value per class"
        )
    if sum(value < 0 for value in seen.numbers) > 1:
        return "has several negative values, so it is a measurement, not a mask"
    return None


def _refuse_mixture(found: Masks, files: FileSet, how: How) -> None:
    if found.coloured is not None and found.plain is not None:
        raise SourceError(
            f"{files.name}: {files.shown(found.coloured)} holds colours and "
            f"{files.shown(found.plain)} class numbers; they cannot be counted as one",
            hint="name one sort of masks at a time",
        )
    if how.palette is not None and found.plain is not None:
        raise SourceError(
            f"{files.shown(found.plain)}: holds class numbers, and --palette names colours",
            hint="name the numbers with --classes",
        )
