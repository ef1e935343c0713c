"""YOLO label files: one text file per image, one object a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from imbweights.core.choices import Counted
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Order, Reading, Source
from imbweights.sources.files import IMAGE_SUFFIXES, FileSet, folder_files, suffix_of
from imbweights.sources.label_files import (
    BadLabelFileError,
    Found,
    Labels,
    class_name,
    count_label_files,
    counts_of,
    files_of,
    first_files,
)
from imbweights.sources.text.streaming import all_match, first_lines
from imbweights.sources.yolo_names import Layout, layout_of, place_key

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_ROW = re.compile(rf"(\d+)(?:\.0*)?((?:\s+{_NUMBER}){{4,}})\s*")
_LEAST, _MOST = -0.01, 1.01
# Boxes at the border stick out a little; pixel coordinates are far beyond.
_FAR_OUT = 0.5


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """Every line is a class id and coordinates between 0 and 1; or a ``data.yaml`` of YOLO."""
    if file.suffix in {".yaml", ".yml"}:
        return re.search(rb"^names\s*:", file.head, re.MULTILINE) is not None
    return options.delimiter is None and all_match(first_lines(file, options), is_row)


def is_row(line: str) -> bool:
    """Whether a line is a box or polygon with relative coordinates.

    >>> is_row("0 0.5 0.5 0.2 0.2"), is_row("5.1 3.5 1.4 0.2 0"), is_row("0 0.5 0.5")
    (True, False, False)
    """
    match = _ROW.fullmatch(line.strip())
    if match is None:
        return False
    return all(_LEAST <= n <= _MOST for n in _coordinates(list(map(float, match[2].split()))))


def _coordinates(numbers: Sequence[float]) -> list[float]:
    """The numbers of a row without the visibilities (0, 1, 2) of key points, where it has some."""
    points = numbers[4:]
    if points and len(points) % 3 == 0 and set(points[2::3]) <= {0, 1, 2}:
        return [*numbers[:4], *(n for i, n in enumerate(points) if i % 3 != 2)]
    return list(numbers)


def claims(files: FileSet, options: LabelOptions) -> bool:
    """The text files of the folder are of this kind, apart from lists of names and the like."""
    del options
    labels = _label_files(files)
    filled = [text for path in labels[:20] if (text := files.start(path)).strip()]
    if not filled:
        return bool(labels) and layout_of(files).declared
    good = sum(is_row(text.decode("utf-8", "replace").splitlines()[0]) for text in filled)
    return good > len(filled) / 2


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count objects (or images that hold one) by class; an empty file is an image without objects,
    and so is an image without a file.

    Names come from ``data.yaml``, ``obj.names`` or ``classes.txt``; the class order is that of the
    ids. Splits are those of ``data.yaml`` or of folders.

    Source: https://docs.ultralytics.com/datasets/detect/
    """
    if options.count is Counted.PIXELS:
        raise UsageError("--count pixels: YOLO labels hold boxes or polygons")
    files = _around_yaml(files)
    layout = layout_of(files)
    labels = _label_files(files)
    if not labels:
        raise SourceError(f"{files.name}: has no YOLO label files (.txt)")
    parse = partial(labels_in, names=layout.names)
    splits = layout.splits(labels)
    found, notes = count_label_files(files, splits, parse, options)
    unlabelled = _add_images_without_labels(
        files, labels, found, layout, keep_files=options.keep_files
    )
    ids = {name: i for i, name in layout.names.items() if name not in options.ignore_labels}
    return Reading(
        splits=counts_of(found, options),
        amount=(len(labels), "YOLO file"),
        details=(f"names from {layout.named_by}",) if layout.named_by else (),
        notes=(*_image_notes(files, labels, unlabelled), *layout.notes, *notes),
        order=Order.IDS if layout.names else None,
        declared=tuple(ids),
        ids=ids,
        numbered=not layout.names,
        first_seen=first_files(found, files),
        files=files_of(found, files, options),
    )


def labels_in(path: Path, names: Mapping[int, str]) -> Labels:
    """The classes of the objects in one file, by name where there is one."""
    found: Counter[str] = Counter()
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        match = _ROW.fullmatch(line.strip())
        if match is None:
            raise BadLabelFileError(f"line {number} is no YOLO row: {line[:60]!r}")
        numbers = [float(n) for n in match[2].split()]
        if not all(-_FAR_OUT < n < 1 + _FAR_OUT for n in _coordinates(numbers)):
            raise BadLabelFileError(
                f"line {number} has coordinates that are not relative (0 to 1): {line[:60]!r}"
            )
        if len(numbers) == 5:
            raise BadLabelFileError(
                f"line {number} has a score behind the box: these are predictions, not labels"
            )
        found[class_name(int(match[1]), names)] += 1
    return Labels(found)


def _around_yaml(files: FileSet) -> FileSet:
    """The folder that a ``data.yaml`` describes, when that was named."""
    if (
        files.is_folder
        or len(files.paths) != 1
        or suffix_of(files.paths[0]) not in {".yaml", ".yml"}
    ):
        return files
    if files.remote is not None:
        raise UsageError(
            f"{files.paths[0]}: a remote data.yaml is read together with its labels",
            hint="name the folder that it lies in, with a slash at the end",
        )
    folder = files.at(files.paths[0]).parent
    return replace(folder_files(folder, str(folder)), limits=files.limits)


def _label_files(files: FileSet) -> list[str]:
    """The ``.txt`` files with labels: those below a ``labels`` folder, if there is one."""
    texts = [path for path in files.having(".txt") if not _is_other_text(files, path)]
    below = [path for path in texts if "labels" in PurePosixPath(path).parts[:-1]]
    return below or texts


def _is_other_text(files: FileSet, path: str) -> bool:
    """Lists of names or of images, and README files."""
    stem = PurePosixPath(path).stem.lower()
    if stem.startswith("readme") or stem in {
        "classes",
        "obj",
        "names",
        "license",
        "notes",
        "requirements",
    }:
        return True
    if not re.fullmatch(r"(train|val|valid|test|trainval|minival)\w*", stem):
        return False
    first = files.start(path).decode("utf-8", "replace").strip().split("\n", 1)[0]
    return first.strip().lower().endswith(IMAGE_SUFFIXES)


def _add_images_without_labels(
    files: FileSet,
    labels: Sequence[str],
    found: Mapping[str, Found],
    layout: Layout,
    *,
    keep_files: bool,
) -> int:
    """Images that no label file belongs to are samples without objects."""
    _, without = paired(labels, files.having(*IMAGE_SUFFIXES))
    left = set(without)
    # Together with the labels, or images that all lie in one split would seem to have none.
    for split, paths in layout.splits([*labels, *without]).items():
        target = found.get(split) or next(iter(found.values()))
        for path in left.intersection(paths):
            target.tally.add({})
            if keep_files:
                target.held.append((path, {}, 0))
    return len(without)


def paired(labels: Sequence[str], images: Sequence[str]) -> tuple[list[str], list[str]]:
    """Label files without an image, and images without a label file.

    They belong together when their paths differ only in the folders ``labels`` and ``images``; if
    that holds of none, when their names are the same.

    >>> paired(["train/labels/1.txt", "val/labels/2.txt"], ["train/images/1.jpg", "val/images/1.jpg"])
    (['val/labels/2.txt'], ['val/images/1.jpg'])
    """
    alike = {place_key(path) for path in labels} & {place_key(path) for path in images}
    key = place_key if alike else _stem
    known = {key(path) for path in labels}
    have = {key(path) for path in images}
    lost = [path for path in labels if key(path) not in have]
    return lost, [path for path in images if key(path) not in known]


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _image_notes(files: FileSet, labels: list[str], unlabelled: int) -> list[str]:
    notes = []
    images = files.having(*IMAGE_SUFFIXES)
    if unlabelled:
        notes.append(
            f"{unlabelled:,} images have no label file and count as images without objects"
        )
    lost = paired(labels, images)[0] if images else []
    if lost:
        have = "label file has" if len(lost) == 1 else "label files have"
        notes.append(f"{len(lost):,} {have} no image ({lost[0]} …)")
    taken = set(labels)
    others = [path for path in files.having(".txt") if path not in taken]
    if others and files.is_folder:
        what = "text file" if len(others) == 1 else "text files"
        notes.append(f"left out {len(others):,} {what} outside the label folders ({others[0]} …)")
    return notes


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set, takes_empty=True)
