"""Pixels of COCO panoptic sets: from the PNGs, or from the areas in the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from imbweights.core.choices import BadFiles
from imbweights.core.errors import SourceError
from imbweights.core.existing import is_file, is_folder
from imbweights.core.file_facts import FileFacts
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions
from imbweights.sources.coco_schema import Annotation, CocoSet, decoded_set
from imbweights.sources.files import FileSet, named_files
from imbweights.sources.images.decoding import UndecodableError, decoded
from imbweights.sources.images.histogram import histogram
from imbweights.sources.label_files import class_name
from imbweights.sources.per_image import ImageTally, file_facts
from imbweights.sources.wording import bad_files_note, counted

# No category can have this name, so that void is never mistaken for one.
_VOID = "\0void"
_MOST_PIXELS = 1 << 53


def panoptic_tally(
    files: FileSet,
    path: str,
    data: CocoSet,
    names: Mapping[int, str],
    options: LabelOptions,
    kept: list[FileFacts] | None = None,
) -> tuple[ImageTally, list[str]]:
    """Pixels per category, void set apart; and what the user should know about it.

    What each mask holds is put into ``kept``.

    A pixel's segment is R + 256 G + 256² B; 0 is void. Without the PNGs, the areas in the JSON
    are added up and what is left of the image is void.

    Source: https://github.com/cocodataset/panopticapi
    """
    folder = _png_folder(files, path)
    sums = _Sums(ImageTally(frozenset({*options.ignore_labels, _VOID})), kept)
    if folder is None:
        # The PNGs would lie here; without them the sizes are those that the file gives.
        _add_areas(sums, data, names, files.shown(path), files.place(path).with_suffix(""))
        why = "its PNGs are not beside it" if files.remote is None else "remote PNGs are not read"
        return sums.tally, [f"{PurePosixPath(path).name}: {why}, so areas are added up"]
    return sums.tally, _add_pngs(sums, folder, data, names, files.shown(path), options)


@dataclass(frozen=True, slots=True)
class _Sums:
    """The tally, and what each mask holds if that is wanted."""

    tally: ImageTally
    kept: list[FileFacts] | None

    def add(self, path: Path, found: Mapping[str, int], size: tuple[int, int] | None) -> None:
        self.tally.add(found)
        if self.kept is not None:
            facts = file_facts(str(path), path, found, ignore=self.tally.ignore, size=size)
            self.kept.append(facts)


def _png_folder(files: FileSet, path: str) -> Path | None:
    """The folder of the PNGs: beside the JSON, called like it."""
    if files.remote is not None:
        return None
    beside = files.at(path).with_suffix("")
    return beside if is_folder(beside) else None


def _add_areas(
    sums: _Sums, data: CocoSet, names: Mapping[int, str], where: str, folder: Path
) -> None:
    sizes = {image.id: (image.height, image.width) for image in data.images}
    for annotation in data.annotations:
        found: dict[str, int] = {}
        for segment in annotation.segments_info or ():
            name = class_name(segment.category_id, names)
            if not 0 <= segment.area < _MOST_PIXELS or segment.area != int(segment.area):
                raise SourceError(f"{where}: segment {segment.id} has the area {segment.area}")
            found[name] = found.get(name, 0) + int(segment.area)
        height, width = sizes.get(annotation.image_id, (None, None))
        size = (int(width), int(height)) if height and width else None
        if size is not None and not 0 < size[0] * size[1] < _MOST_PIXELS:
            raise SourceError(f"{where}: an image has the size {width} × {height}")
        if size is not None:
            found[_VOID] = max(0, size[0] * size[1] - sum(found.values()))
        sums.add(folder / (annotation.file_name or str(annotation.image_id)), found, size)


def _add_pngs(
    sums: _Sums,
    folder: Path,
    data: CocoSet,
    names: Mapping[int, str],
    where: str,
    options: LabelOptions,
) -> list[str]:
    bad: dict[str, str] = {}
    unequal = 0
    for annotation in data.annotations:
        name = annotation.file_name or ""
        try:
            path = folder / Path(name).name
            segments, size = _pixels_per_segment(path, options.limits)
        except UndecodableError as error:
            if options.on_bad_files is not BadFiles.SKIP:
                raise SourceError(
                    f"{folder / name}: {error}",
                    hint="mend it, or leave such files out with --on-bad-files skip",
                ) from error
            bad[name] = str(error)
            continue
        sums.add(path, _by_category(annotation, segments, names, f"{where}, {name}"), size)
        areas = {s.id: s.area for s in annotation.segments_info or ()}
        unequal += any(segments.get(i, 0) != area for i, area in areas.items())
    notes = list(bad_files_note(bad))
    if unequal:
        notes.append(
            f"in {counted(unequal, 'image', 'images')} the areas in the JSON are not those of the PNG; the PNG counts"
        )
    return notes


def segments_of(png: Path) -> dict[int, int]:
    """Colour (0xRRGGBB) → category id in one PNG, from the JSON that lies beside its folder.

    Raises ``SourceError`` where that cannot be read or does not list the PNG.
    """
    listing = png.parent.with_name(f"{png.parent.name}.json")
    data = decoded_set(named_files([listing], listing.name), str(listing))
    for annotation in data.annotations:
        if Path(annotation.file_name or "").name == png.name:
            parts = annotation.segments_info or ()
            return {_swapped(segment.id): segment.category_id for segment in parts}
    raise SourceError(f"{listing}: does not list {png.name}")


def _swapped(number: int) -> int:
    """From a segment, R + 256 G + 256² B, to its colour 0xRRGGBB, and back."""
    return (number & 255) << 16 | (number >> 8 & 255) << 8 | number >> 16


def _pixels_per_segment(path: Path, limits: Limits) -> tuple[dict[int, int], tuple[int, int]]:
    """Segment → pixels, and (width, height)."""
    if not is_file(path):
        raise UndecodableError("no such file")
    pixels = decoded(path, limits)
    if not pixels.is_colour:
        raise UndecodableError("is no RGB image of segment ids")
    height, width = pixels.values.shape[:2]
    segments = {_swapped(colour): n for colour, n in histogram(pixels.values).items()}
    return segments, (width, height)


def _by_category(
    annotation: Annotation, segments: Mapping[int, int], names: Mapping[int, str], where: str
) -> dict[str, int]:
    category = {s.id: s.category_id for s in annotation.segments_info or ()}
    found: dict[str, int] = {}
    for segment, n in segments.items():
        if segment and segment not in category:
            raise SourceError(
                f"{where}: {n:,} pixels belong to segment {segment}, which is not listed"
            )
        number = category.get(segment)
        name = _VOID if number is None else class_name(number, names)
        found[name] = found.get(name, 0) + n
    return found
