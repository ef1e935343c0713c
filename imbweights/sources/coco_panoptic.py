"""Pixels of COCO panoptic sets: from the PNGs, or from the areas in the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from imbweights.core.choices import BadFiles
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.coco_schema import Annotation, CocoSet
from imbweights.sources.files import FileSet
from imbweights.sources.images.decoding import UndecodableError, decoded
from imbweights.sources.images.histogram import histogram
from imbweights.sources.label_files import class_name
from imbweights.sources.per_image import ImageTally
from imbweights.sources.wording import bad_files_note, counted

# No category can have this name, so that void is never mistaken for one.
_VOID = "\0void"


def panoptic_tally(
    files: FileSet,
    path: str,
    data: CocoSet,
    names: Mapping[int, str],
    options: LabelOptions,
) -> tuple[ImageTally, list[str]]:
    """Pixels per category, void set apart; and what the user should know about it.

    A pixel's segment is R + 256 G + 256² B; 0 is void. Without the PNGs, the areas in the JSON
    are added up and what is left of the image is void.

    Source: https://github.com/cocodataset/panopticapi
    """
    folder = _png_folder(files, path)
    tally = ImageTally(frozenset({*options.ignore_labels, _VOID}))
    if folder is None:
        _add_areas(tally, data, names, files.shown(path))
        return tally, [
            f"{PurePosixPath(path).name}: its PNGs are not beside it, so areas are added up"
        ]
    return tally, _add_pngs(tally, folder, data, names, files.shown(path), options)


def _png_folder(files: FileSet, path: str) -> Path | None:
    """The folder of the PNGs: beside the JSON, called like it."""
    beside = files.at(path).with_suffix("")
    return beside if beside.is_dir() else None


def _add_areas(tally: ImageTally, data: CocoSet, names: Mapping[int, str], where: str) -> None:
    sizes = {image.id: (image.height, image.width) for image in data.images}
    for annotation in data.annotations:
        found: dict[str, int] = {}
        for segment in annotation.segments_info or ():
            name = class_name(segment.category_id, names)
            if segment.area != int(segment.area):
                raise SourceError(f"{where}: segment {segment.id} has the area {segment.area}")
            found[name] = found.get(name, 0) + int(segment.area)
        height, width = sizes.get(annotation.image_id, (None, None))
        if height and width:
            found[_VOID] = max(0, int(height) * int(width) - sum(found.values()))
        tally.add(found)


def _add_pngs(
    tally: ImageTally,
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
            segments = _pixels_per_segment(folder / Path(name).name)
        except UndecodableError as error:
            if options.on_bad_files is not BadFiles.SKIP:
                raise SourceError(
                    f"{folder / name}: {error}",
                    hint="mend it, or leave such files out with --on-bad-files skip",
                ) from error
            bad[name] = str(error)
            continue
        tally.add(_by_category(annotation, segments, names, f"{where}, {name}"))
        areas = {s.id: s.area for s in annotation.segments_info or ()}
        unequal += any(segments.get(i, 0) != area for i, area in areas.items())
    notes = list(bad_files_note(bad))
    if unequal:
        notes.append(
            f"in {counted(unequal, 'image', 'images')} the areas in the JSON are not those of the PNG; the PNG counts"
        )
    return notes


def _pixels_per_segment(path: Path) -> dict[int, int]:
    if not path.is_file():
        raise UndecodableError("no such file")
    pixels = decoded(path)
    if not pixels.is_colour:
        raise UndecodableError("is no RGB image of segment ids")
    return {
        (colour >> 16) + (colour >> 8 & 255) * 256 + (colour & 255) * 65536: n
        for colour, n in histogram(pixels.values).items()
    }


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
