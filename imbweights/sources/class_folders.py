"""A folder of images per class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import Order, Reading, Source
from imbweights.sources.files import IMAGE_SUFFIXES, FileSet, named_splits, split_of_path, suffix_of

# Folders that every data set has and that are no classes.
_STRUCTURE = frozenset(
    [
        "images",
        "image",
        "imgs",
        "img",
        "photos",
        "jpegimages",
        "masks",
        "mask",
        "labels",
        "label",
        "labelsth",
        "annotations",
        "annotation",
        "annots",
        "annot",
        "gt",
        "gtfine",
        "gtcoarse",
        "leftimg8bit",
        "groundtruth",
        "ground_truth",
        "data",
        "segmentationclass",
        "segmentationobject",
        "imagesets",
        "instances",
        "semantic",
        "panoptic",
        "obj_train_data",
        "obj_valid_data",
        "depth",
    ]
)
_STRUCTURAL = re.compile(r"(?i).*(annot|masks?|_labels?)|(train|val|test)\d{4}")
_FEWEST = 2


def claims(files: FileSet, options: LabelOptions) -> bool:
    """At least two folders with images in them that are not called as parts of a data set are."""
    del options
    images = files.having(*IMAGE_SUFFIXES)
    if len(images) * 2 < len(files.paths):
        return False
    classes = {name for path in images for _, name in [_place(path)] if name}
    if len(classes) < _FEWEST or any(map(_is_structure, classes)):
        return False
    from imbweights.sources.masks import is_mask_place

    return not all(map(is_mask_place, images))


def _is_structure(name: str) -> bool:
    return name.lower() in _STRUCTURE or _STRUCTURAL.fullmatch(name) is not None


def _place(path: str) -> tuple[str, str]:
    """(split, class) of an image; no class for one that lies outside the class folders.

    >>> _place("train/cat/a.jpg"), _place("cat/deeper/a.jpg"), _place("a.jpg"), _place("train/a.jpg")
    (('train', 'cat'), ('', 'cat'), ('', ''), ('train', ''))
    """
    parts = PurePosixPath(path).parts[:-1]
    split = split_of_path(f"{parts[0]}/x") if parts else ""
    inside = parts[1:] if split else parts
    return split, inside[0] if inside else ""


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count the images of each class folder, deeper folders included, as torchvision does.

    Class order is that of the folder names as text, which torchvision's ``ImageFolder`` and
    Keras' ``image_dataset_from_directory`` use: ``10`` comes before ``2``.
    """
    if options.count not in {None, Counted.IMAGES}:
        raise UsageError(f"--count {options.count}: class folders are counted in images")
    images = files.having(*IMAGE_SUFFIXES)
    outside = [path for path in images if not _place(path)[1]]
    placed = [path for path in images if _place(path)[1]]
    if not placed:
        raise SourceError(f"{files.name}: has no folders with images")
    groups: dict[str, list[str]] = {}
    for path in placed:
        groups.setdefault(_place(path)[0], []).append(path)
    found = named_splits(groups)
    return Reading(
        splits={split: _counts(paths, options) for split, paths in found.items()},
        details=("a folder per class",),
        notes=_left_out(files, images, outside),
        order=Order.TEXT,
        declared=tuple(name for name in _classes(placed) if name not in options.ignore_labels),
    )


def _classes(paths: Iterable[str]) -> list[str]:
    return sorted({_place(path)[1] for path in paths})


def _counts(paths: Iterable[str], options: LabelOptions) -> ClassCounts:
    found = Counter(_place(path)[1] for path in paths)
    kept = {name: n for name, n in found.items() if name not in options.ignore_labels}
    ignored = found.total() - sum(kept.values())
    return ClassCounts.multiclass(kept, ignored=ignored, unit=Unit.IMAGES)


def _left_out(files: FileSet, images: list[str], outside: list[str]) -> tuple[str, ...]:
    others = Counter(suffix_of(p) or "without suffix" for p in files.paths) - Counter(
        suffix_of(p) for p in images
    )
    parts = []
    if others:
        shown = ", ".join(f"{n:,} {suffix}" for suffix, n in others.most_common(4))
        parts.append(f"{others.total():,} that are no images ({shown})")
    if outside:
        parts.append(f"{len(outside):,} outside the class folders ({outside[0]} …)")
    if files.hidden:
        parts.append(f"{files.hidden:,} hidden")
    return (f"left out files: {', '.join(parts)}",) if parts else ()


SOURCE = Source(claims=claims, read_set=read_set)
