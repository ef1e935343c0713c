"""Segmentation masks: one image or array per sample, one class per pixel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.counts import Unit
from imbweights.core.errors import AmbiguousSourceError, UsageError
from imbweights.core.existing import is_file
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Order, Reading, Source
from imbweights.sources.files import (
    IMAGE_SUFFIXES,
    FileSet,
    by_split,
    holds_annotations,
    is_mask_place,
    speaks_of_face_masks,
    stem_of,
    suffix_of,
)
from imbweights.sources.images.counting import (
    Masks,
    count_masks,
    how_to_count,
)
from imbweights.sources.images.palettes import Palette, palette
from imbweights.sources.wording import bad_files_note

SUFFIXES = (".png", ".tif", ".tiff", ".bmp", ".webp", ".npy", ".npz")
_MAGIC = (b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM")
_SAMPLED = 6
_FEW_VALUES, _MOST_VALUES = 64, 1000
# Several masks of one image, as Cityscapes, ADE20K and others name them.
_VARIETY = re.compile(
    r"_(labelIds|labelTrainIds|instanceIds|instanceTrainIds|color|seg|parts_\d+)$"
)
_START = 1 << 17
_INSTANCES = frozenset(("segmentationobject", "instances", "instance", "instance_masks"))
_FOREGROUND = "255"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """Images other than photos by their first bytes, arrays by their shape."""
    del options
    if file.start.startswith(_MAGIC):
        return True
    if file.start.startswith(b"RIFF"):
        return file.start[8:12] == b"WEBP"
    if file.start.startswith((b"\x93NUMPY", b"PK\x03\x04")) and file.suffix in {".npy", ".npz"}:
        from imbweights.sources.arrays.shapes import may_be_mask

        return may_be_mask(file)
    return False


def claims(files: FileSet, options: LabelOptions) -> bool:
    """A folder whose images look like masks, or that holds arrays and nothing else."""
    del options
    candidates = masks_of(files)
    others = sorted({*files.having(*IMAGE_SUFFIXES)} - {*candidates})
    if not candidates or speaks_of_face_masks(files.paths) or _has_annotations(files):
        return False
    if (
        others
        and not all(map(is_mask_place, candidates))
        and not _in_own_folder(candidates, others)
    ):
        return False
    step = max(1, len(candidates) // _SAMPLED)
    looks = [looks_like_mask(files, path) for path in candidates[::step][:_SAMPLED]]
    # Files that cannot be decoded tell nothing; counting names them.
    return False not in looks and (True in looks or len(candidates) == len(files.paths))


def masks_of(files: FileSet) -> list[str]:
    """The images and arrays that may be masks: those in folders that are called so, if some are."""
    found = files.having(*SUFFIXES)
    placed = [path for path in found if is_mask_place(path)]
    return placed or found


def _in_own_folder(candidates: Sequence[str], photos: Sequence[str]) -> bool:
    """Whether masks and photos lie in folders of their own."""
    return not {str(PurePosixPath(p).parent) for p in candidates} & {
        str(PurePosixPath(p).parent) for p in photos
    }


def _has_annotations(files: FileSet) -> bool:
    """Label files of another format lie here, which the images belong to."""
    if holds_annotations(files):
        return True
    texts = {stem_of(path) for path in files.having(".xml", ".json", ".txt")}
    if not texts:
        return False
    images = [stem_of(path) for path in files.having(*IMAGE_SUFFIXES)]
    return sum(stem in texts for stem in images) > len(images) / 2


def looks_like_mask(files: FileSet, path: str) -> bool | None:
    """Whether an image has as few values as a mask; ``None`` when it cannot be decoded."""
    from imbweights.sources.images.decoding import UndecodableError, decoded
    from imbweights.sources.images.histogram import histogram, is_busy

    try:
        pixels = decoded(files.at(path), files.limits)
    except UndecodableError:
        return None
    if pixels.values.ndim < 2:
        return False
    values = len(histogram(pixels.values))
    return values <= _FEW_VALUES or (values <= _MOST_VALUES and not is_busy(pixels.values))


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count masks: pixels per class, images with it, and the pixels of just those images."""
    if options.count not in {None, Counted.PIXELS}:
        raise UsageError(f"--count {options.count}: masks are counted in pixels")
    masks = files.only(masks_of(files)) if files.is_folder else files
    _refuse_varieties(masks)
    if options.kind is None and options.pixel_divisor is None:
        _refuse_instances(masks)
    colours = palette(options.palette) if options.palette else None
    how = how_to_count(options, colours)
    found = {
        split: count_masks(masks.only(paths), how)
        for split, paths in (
            by_split(masks.paths) if files.is_folder else {"": list(masks.paths)}
        ).items()
    }
    whole = Masks.together(found.values())
    _ask_about_foreground(whole, files, options)
    _ask_about_packing(whole, files, options)
    return Reading(
        splits={split: part.tally.to_counts(Unit.PIXELS) for split, part in found.items()},
        amount=(len(masks.paths), _sort_of(whole, masks)),
        notes=(
            *_left_out(files, masks),
            *bad_files_note(whole.bad),
            *_void_note(whole, options),
            *_divisor_note(whole, options),
            *_palette_note(whole),
            *_colour_note(whole, options),
        ),
        order=Order.DECLARED if colours else None,
        declared=_declared(colours, whole),
        numbered=whole.coloured is None,
        first_seen={name: files.shown(path) for name, path in whole.first_seen.items()},
        files={split: part.files_by_name for split, part in found.items() if how.keeps_files},
    )


def _declared(colours: Palette | None, whole: Masks) -> tuple[str, ...]:
    if colours is None:
        return ()
    listed = {*colours.declared, *whole.tally.counts}
    return tuple(name for name in colours.order if name in listed)


def _sort_of(whole: Masks, masks: FileSet) -> str:
    """What sort of masks these are: ``PNG mask``, ``PNG and TIFF colour mask``."""
    kinds = {".tif": "TIFF", ".tiff": "TIFF", ".webp": "WebP", ".npy": "npy", ".npz": "npz"}
    names = sorted({kinds.get(suffix, suffix[1:].upper()) for suffix in masks.suffixes})
    return f"{' and '.join(names)}{' colour' * (whole.coloured is not None)} mask"


def _left_out(files: FileSet, masks: FileSet) -> tuple[str, ...]:
    """What lies in the folder and is no mask."""
    taken = set(masks.paths)
    others = [path for path in files.paths if path not in taken]
    if not others:
        return ()
    shown = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
    what = "file that is" if len(others) == 1 else "files that are"
    return (f"left out {len(others):,} {what} no masks ({shown})",)


def _refuse_instances(masks: FileSet) -> None:
    """Masks whose values are instances, as the folder says, or a panoptic JSON beside it."""
    place = masks.place(masks.paths[0])
    folder = (place if masks.remote else place.resolve()).parent
    beside = folder.with_suffix(".json")
    if masks.remote is None and is_file(beside):
        with beside.open("rb") as stream:
            if b'"segments_info"' in stream.read(_START):
                raise AmbiguousSourceError(
                    f"{masks.name}: these images hold segments, whose classes are in {beside}",
                    hint=f"name the JSON instead: {beside}\n--as masks: every value is a class",
                )
    if folder.name.lower() in _INSTANCES:
        raise AmbiguousSourceError(
            f"{masks.name}: a folder called {folder.name} holds instances, not classes",
            hint="name the folder of the class masks\n"
            "--pixel-divisor 1000 (or 256): class × 1000 + instance\n"
            "--as masks: every value is a class",
        )


def _refuse_varieties(masks: FileSet) -> None:
    """Of several masks of the same image, only one sort may be counted."""
    sorts: dict[str, str] = {}
    for path in masks.paths:
        match = _VARIETY.search(stem_of(path))
        sorts.setdefault(re.sub(r"\d+", "*", match[1]) if match else "", path)
    named = sorted(name for name in sorts if name)
    if len(named) < 2:
        return
    pattern = "**/" if any("/" in path for path in masks.paths) else ""
    listed = "\n".join(
        f"  '{masks.shown(f'{pattern}*_{name}{suffix_of(sorts[name])}')}'" for name in named
    )
    raise AmbiguousSourceError(
        f"{masks.name}: holds several masks of the same image ({', '.join(named)})",
        hint=f"name one sort:\n{listed}",
    )


def _ask_about_foreground(whole: Masks, files: FileSet, options: LabelOptions) -> None:
    """255 beside 0 alone is foreground in some sets and void in others."""
    values = set(whole.tally.counts) | ({"0"} if whole.tally.ignored else set())
    declared = options.classes is not None or options.palette is not None
    if declared or options.ignore_labels or _FOREGROUND not in values or not values <= {"0", "255"}:
        return
    raise AmbiguousSourceError(
        f"{files.name}: the masks hold only {' and '.join(sorted(values))}; is 255 a class or void?",
        hint="--classes 0=background,255=foreground: 255 is the foreground\n"
        "--ignore-label 255: 255 is void and does not count",
    )


def _ask_about_packing(whole: Masks, files: FileSet, options: LabelOptions) -> None:
    """16-bit masks often pack class and instance into one number."""
    largest, path = whole.packed
    told = options.pixel_divisor or options.classes or options.kind
    if largest <= 255 or told is not None:
        return
    raise AmbiguousSourceError(
        f"{files.shown(path)}: holds values up to {largest:,}; is each a class of its own, or are "
        "class and instance packed together?",
        hint="--pixel-divisor 1000 (or 256): class × 1000 + instance\n"
        "--classes FILE: every value is a class and the file names them\n"
        "--as masks: every value is a class",
    )


def _void_note(whole: Masks, options: LabelOptions) -> tuple[str, ...]:
    if _FOREGROUND not in whole.tally.counts or options.classes is not None:
        return ()
    return ("255 is counted as a class; in many sets it is void: --ignore-label 255 leaves it out",)


def _divisor_note(whole: Masks, options: LabelOptions) -> tuple[str, ...]:
    if not whole.below:
        return ()
    shown = ", ".join(map(str, sorted(whole.below)[:5]))
    note = (
        f"values below the divisor {options.pixel_divisor} ({shown}) are counted as class 0; where they "
        "stand for classes without instances, as in Cityscapes, use the label masks instead"
    )
    return (note,)


def _palette_note(whole: Masks) -> tuple[str, ...]:
    if whole.clash is None:
        return ()
    one, other = whole.clash
    note = (
        f"the palettes of {one} and {other} give one index different colours; indices are counted, "
        "--palette FILE counts colours"
    )
    return (note,)


def _colour_note(whole: Masks, options: LabelOptions) -> tuple[str, ...]:
    if whole.coloured is None or options.palette is not None:
        return ()
    note = (
        "colours are shown as they are; --palette FILE (name r g b), or voc, camvid or cityscapes, "
        "names them"
    )
    return (note,)


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set)
