"""Counting masks, file by file and in batches, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import BadFiles
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.running.engine import in_batches
from imbweights.running.trials import must_see
from imbweights.sources.files import FileSet
from imbweights.sources.images.decoding import Pixels, UndecodableError, decoded
from imbweights.sources.images.histogram import histogram, is_busy
from imbweights.sources.images.palettes import Palette
from imbweights.sources.per_image import ImageTally, file_facts
from imbweights.sources.remote.problems import reason_of

Decoder = Callable[[Path], Pixels]

# A mask has some dozens of classes at most; photos have hundreds of colours or grey values.
_MOST_COLOURS = 256
_MOST_GREYS = 200
_MOST_NUMBERS = 1000
# With more values than this, neighbours that mostly differ give a photo away.
_SOME = 24


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
    ``indexed``: index → colour in the palette of a file; ``clash``: two files whose palettes give
    one index different colours. ``packed``: largest value of a 16-bit image and its file. ``below``: values other than 0 that
    are below the divisor. ``files``: what each mask holds, if that is wanted, in any order.
    """

    tally: ImageTally
    first_seen: dict[str, str] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    coloured: str | None = None
    plain: str | None = None
    packed: tuple[int, str] = (0, "")
    indexed: dict[int, tuple[int, str]] = field(default_factory=dict)
    clash: tuple[str, str] | None = None
    _palettes: dict[bytes, set[int]] = field(default_factory=dict, repr=False)
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
        self.clash = min(filter(None, (self.clash, other.clash)), default=None)
        for index, (colour, path) in other.indexed.items():
            self.add_colour(index, colour, path)

    @property
    def files_by_name(self) -> tuple[FileFacts, ...]:
        """What each mask holds, in the order of names whichever process was first."""
        return tuple(sorted(self.files, key=lambda file: file.name))

    def add_palette(self, table: npt.NDArray[np.uint8], values: Iterable[int], path: str) -> None:
        """Note the colours of the indices that a file uses; files often share one palette."""
        seen = self._palettes.setdefault(table.tobytes(), set())
        for index in values:
            if index not in seen:
                seen.add(index)
                self.add_colour(index, _packed_colour(table, index), path)

    def add_colour(self, index: int, colour: int, path: str) -> None:
        """Note which colour an index has in the palette of a file."""
        known, first = self.indexed.setdefault(index, (colour, path))
        if known != colour:
            clash = (min(first, path), max(first, path))
            self.clash = min(filter(None, (self.clash, clash)))
        self.indexed[index] = min((known, first), (colour, path), key=lambda seen: seen[1])


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
    for part in in_batches(partial(_count_batch, files.elsewhere(), how, decode), files.paths):
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


_HINT = (
    "name the folder or files with the masks; if these are masks all the same, declare their "
    "values with --classes, or colours with --palette"
)


def _count_batch(files: FileSet, how: How, decode: Decoder, paths: Sequence[str]) -> Masks:
    """One batch, in whichever process."""
    found = Masks(ImageTally(how.ignore))
    for path, near in files.nearby(paths):
        try:
            with near as place:
                pixels = decode(place)
        except UndecodableError as error:
            must_see(files.at(path))
            found.bad[path] = str(error)
            continue
        except SourceError as error:
            found.bad[path] = reason_of(error)
            continue
        labels = _add(found, path, pixels, how)
        if how.keeps_files and labels:
            size = _size(pixels.values)
            facts = file_facts(
                files.shown(path), files.place(path), labels, ignore=how.ignore, size=size
            )
            found.files.append(facts)
    return found


def _size(values: npt.NDArray[Any]) -> tuple[int, int] | None:
    """(width, height) of what has two dimensions."""
    return (values.shape[1], values.shape[0]) if values.ndim == 2 else None


def _add(found: Masks, path: str, pixels: Pixels, how: How) -> dict[str, int]:
    """Add one mask; label → pixels of what was counted, nothing for what is no mask."""
    if pixels.values.size == 0:
        found.bad[path] = "holds no pixels"
        return {}
    values = histogram(pixels.values)
    reason = _no_mask(pixels, values, how)
    if reason is not None:
        found.refused[path] = reason
        return {}
    if how.palette is None and pixels.colours is not None:
        found.add_palette(pixels.colours, values, path)
    if how.palette is not None and pixels.colours is not None:
        values, pixels = _as_colours(values, pixels.colours)
    if pixels.is_colour:
        found.coloured = _first(found.coloured, path)
    else:
        found.plain = _first(found.plain, path)
        if pixels.bits not in {1, 8}:
            found.packed = max(found.packed, (max(values), path))
    labels: dict[str, int] = {}
    for value, n in values.items():
        name = _name(value, pixels, how, found)
        labels[name] = labels.get(name, 0) + n
    found.tally.add(labels)
    for name in labels:
        found.first_seen[name] = min(path, found.first_seen.get(name, path))
    return labels


def _as_colours(
    values: dict[int, int], table: npt.NDArray[np.uint8]
) -> tuple[dict[int, int], Pixels]:
    """Indices as the colours that the image's own palette gives them."""
    colours: dict[int, int] = {}
    for index, n in values.items():
        colour = _packed_colour(table, index)
        colours[colour] = colours.get(colour, 0) + n
    return colours, Pixels(np.empty(0, dtype=np.uint32), is_colour=True)


def _packed_colour(table: npt.NDArray[np.uint8], index: int) -> int:
    red, green, blue = map(int, table[index])
    return red << 16 | green << 8 | blue


def _name(value: int, pixels: Pixels, how: How, found: Masks) -> str:
    if pixels.is_colour:
        known = how.palette.names.get(value) if how.palette else None
        return known or f"#{value:06x}"
    if how.divisor is not None and str(value) not in how.ignore:
        # Negative values are void in some sets; they pack nothing.
        if 0 < value < how.divisor:
            found.below.add(value)
        return str(value // how.divisor if value >= 0 else value)
    return str(value)


def _no_mask(pixels: Pixels, values: dict[int, int], how: How) -> str | None:
    """Why this image is no mask, if it is none."""
    if pixels.is_colour and len(values) > _MOST_COLOURS:
        return (
            f"has {len(values):,} different colours, so it is a photo (or a mask that was resized "
            "or saved with smoothing), not a mask with one colour per class"
        )
    if pixels.is_colour or how.trusted:
        return None
    # In a photo nearly every grey value occurs; volumes and palette images may have many classes.
    is_photo = pixels.bits == 8 and pixels.colours is None and pixels.values.ndim == 2
    most = _MOST_GREYS if is_photo else _MOST_NUMBERS
    if len(values) > most or (len(values) > _SOME and is_busy(pixels.values)):
        return (
            f"has {len(values):,} different values, so it is a photo, a measurement or an instance "
            "map, not a mask with one value per class"
        )
    if sum(value < 0 for value in values) > 1:
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
