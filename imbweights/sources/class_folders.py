"""A folder of images per class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.core.rows import Rows
from imbweights.sources.base import Order, Reading, Source
from imbweights.sources.files import (
    IMAGE_SUFFIXES,
    FileSet,
    holds_annotations,
    is_mask_place,
    named_splits,
    speaks_of_face_masks,
    split_of_path,
    suffix_of,
)
from imbweights.sources.wording import counted

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
        "imagestr",
        "imagests",
        "labelstr",
        "labelsts",
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
_STRUCTURAL = re.compile(
    r"(?i)(train|val|valid|test)(_?masks?|_?labels?|_?annots?|_?images?|\d{4})|.*annot"
)
_MASK_SUFFIX = re.compile(r"(?i)[_-](mask|gt|seg|label)(_\d+)?$")
_FEWEST = 2


def claims(files: FileSet, options: LabelOptions) -> bool:
    """At least two folders with images in them that are not called as parts of a data set are."""
    del options
    images = files.having(*IMAGE_SUFFIXES)
    if len(images) * 2 < len(files.paths):
        return False
    prefix = _wrapper(images)
    inner = [path.removeprefix(prefix) for path in images]
    classes = {name for path in inner for _, name in [_place(path)] if name}
    if len(classes) < _FEWEST or any(_is_structure(name, classes) for name in classes):
        return False
    deeper = {
        part for folder in _folders(inner) for part in PurePosixPath(folder).parts[1:]
    } - classes
    if any(_is_structure(name, classes) for name in deeper) or _has_annotations(files):
        return False
    return speaks_of_face_masks(images) or not all(map(is_mask_place, images))


def _has_annotations(files: FileSet) -> bool:
    """Label files of another format: then the folders are not what says the class."""
    return bool(files.having(".xml")) or holds_annotations(files)


def _is_structure(name: str, classes: Collection[str]) -> bool:
    """A folder that every data set has; ``mask`` is a class beside ``no_mask``."""
    if name.lower() in {"mask", "masks"} and speaks_of_face_masks(f"{c}/x" for c in classes):
        return False
    return name.lower() in _STRUCTURE or _STRUCTURAL.fullmatch(name) is not None


def _wrapper(images: Sequence[str]) -> str:
    """The folders that hold everything, such as ``EuroSAT/2750/``; they say nothing."""
    parents = [PurePosixPath(folder).parts for folder in _folders(images)]
    shared: list[str] = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1 or split_of_path(f"{parts[0]}/x"):
            break
        shared.append(parts[0])
    # The last folder of a single class is that class, not a wrapper.
    if shared and any(len(parent) == len(shared) for parent in parents):
        shared.pop()
    return "".join(f"{part}/" for part in shared)


def _folders(paths: Iterable[str]) -> set[str]:
    """The folders that paths lie in."""
    return {path.rpartition("/")[0] for path in paths}


def _place(path: str) -> tuple[str, str]:
    """(split, class) of an image; no class for one that lies outside the class folders.

    >>> _place("train/cat/a.jpg"), _place("cat/deeper/a.jpg"), _place("a.jpg"), _place("train/a.jpg")
    (('train', 'cat'), ('', 'cat'), ('', ''), ('train', ''))
    """
    return _place_of(path.rpartition("/")[0])


@lru_cache(maxsize=1 << 14)
def _place_of(folder: str) -> tuple[str, str]:
    """The same of all images in one folder: there may be a million of them."""
    parts = PurePosixPath(folder).parts
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
    if not files.is_folder:
        raise UsageError(f"{files.name}: --as folders reads a folder with a folder per class")
    files = _without_wrapper(files)
    images = files.having(*IMAGE_SUFFIXES)
    masks = _masks_beside(images)
    outside = [path for path in images if not _place(path)[1]]
    placed = [path for path in images if _place(path)[1] and path not in masks]
    if not placed:
        raise SourceError(f"{files.name}: has no folders with images")
    if options.kind is None:
        _ask_about_depth(files, placed)
        _ask_about_masks(files, placed)
    groups: dict[str, list[str]] = {}
    for path in placed:
        groups.setdefault(_place(path)[0], []).append(path)
    found = named_splits(groups)
    empty = _empty_folders(files, placed)
    classes = sorted({*_classes(placed), *empty})
    splits = {split: _counts(paths, options) for split, paths in found.items()}
    return Reading(
        splits=splits,
        # The order of torchvision and Keras: class by class.
        rows={split: _rows(counts, classes) for split, counts in splits.items()}
        if options.keep_rows and not options.ignore_labels
        else {},
        details=("a folder per class",),
        notes=(*_left_out(files, images, outside), *_mask_note(masks), *_empty_note(empty)),
        order=Order.TEXT,
        declared=tuple(name for name in classes if name not in options.ignore_labels),
        files={split: _files(files, paths, options) for split, paths in found.items()}
        if options.keep_files
        else {},
    )


def _files(files: FileSet, paths: Iterable[str], options: LabelOptions) -> tuple[FileFacts, ...]:
    """One image of one class each; the images of a class share what they hold."""
    shared: dict[str, dict[str, int]] = {}
    facts = []
    for path in paths:
        name = _place(path)[1]
        ignored = name in options.ignore_labels
        labels = shared.setdefault(name, {} if ignored else {name: 1})
        facts.append(
            FileFacts(
                name=files.shown(path), path=files.place(path), labels=labels, ignored=int(ignored)
            )
        )
    return tuple(facts)


def _rows(counts: ClassCounts, classes: Sequence[str]) -> Rows:
    each = counts.as_dict()
    return Rows.of(name for name in classes for _ in range(each.get(name, 0)))


def _without_wrapper(files: FileSet) -> FileSet:
    """The files below the folders that hold everything."""
    prefix = _wrapper(files.having(*IMAGE_SUFFIXES))
    if not prefix:
        return files
    return files.below(prefix)


def _masks_beside(images: Sequence[str]) -> set[str]:
    """Masks that lie beside their photo: ``a_mask.png`` beside ``a.png``."""
    stems = {_stem(path) for path in images}
    return {
        path
        for path in images
        if (stem := _stem(path)) != _MASK_SUFFIX.sub("", stem)
        and _MASK_SUFFIX.sub("", stem) in stems
    }


def _stem(path: str) -> str:
    return path[: len(path) - len(suffix_of(path))]


def _mask_note(masks: Collection[str]) -> tuple[str, ...]:
    if not masks:
        return ()
    return (f"left out {counted(len(masks), 'mask', 'masks')} beside the photos ({min(masks)} …)",)


def _ask_about_masks(files: FileSet, placed: Sequence[str]) -> None:
    """One folder of photos and one of flat images may be photos and their masks."""
    from imbweights.sources.masks import SUFFIXES, looks_like_mask

    first: dict[str, str] = {}
    for path in placed:
        first.setdefault(_place(path)[1], path)
    if len(first) != _FEWEST or not all(suffix_of(path) in SUFFIXES for path in first.values()):
        return
    looks = {name: looks_like_mask(files, path) for name, path in first.items()}
    if set(looks.values()) == {True, False}:
        flat = next(name for name, look in looks.items() if look)
        raise AmbiguousSourceError(
            f"{files.name}: are these two classes, or photos and their masks ({flat})?",
            hint=f"--as folders: two classes\n{files.inner(flat)}: the masks",
        )


def _empty_folders(files: FileSet, placed: list[str]) -> list[str]:
    """Class folders without images: Keras counts them as classes, torchvision stops at them.

    Where files are remote, folders without files are not listed.
    """
    if files.remote is not None:
        return []
    splits = {_place(path)[0] for path in placed}
    roots = [files.root]
    if "" not in splits:
        parts = {PurePosixPath(path).parts[0] for path in placed}
        roots = [files.root / part for part in sorted(parts)]
    known = set(_classes(placed))
    found = {
        entry.name
        for root in roots
        for entry in root.iterdir()
        if entry.is_dir()
        and not entry.name.startswith(".")
        and not _is_structure(entry.name, known)
    }
    return sorted(name for name in found - known if not split_of_path(f"{name}/x"))


def _empty_note(empty: list[str]) -> tuple[str, ...]:
    if not empty:
        return ()
    folders = (
        "folder without images is a class"
        if len(empty) == 1
        else "folders without images are classes"
    )
    return (f"{len(empty):,} {folders} too ({', '.join(empty[:3])}); torchvision would stop there",)


def _ask_about_depth(files: FileSet, placed: list[str]) -> None:
    """Where each of several folders holds the same folders, either level may be the class."""
    below: dict[str, set[str]] = {}
    for folder in _folders(placed):
        split, name = _place_of(folder)
        deeper = PurePosixPath(folder).parts[1 + bool(split) :]
        below.setdefault(name, set()).add(deeper[0] if deeper else "")
    inner = list(below.values())
    if len(inner) > 1 and "" not in inner[0] and all(names == inner[0] for names in inner):
        first, one = min(below), min(inner[0])
        raise AmbiguousSourceError(
            f"{files.name}: images lie two folders deep, as in {first}/{one}; which one is the class?",
            hint=f"--as folders: {first}, as torchvision reads it\n"
            f"{' '.join(files.inner(name) for name in sorted(below)[:4])}: {one}",
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
