"""YOLO label files: one text file per image, one object a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
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
    count_label_files,
    counts_of,
    first_files,
)
from imbweights.sources.text.streaming import all_match, first_lines
from imbweights.sources.yolo_names import Layout, layout_of

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_ROW = re.compile(rf"(\d+)(?:\.0*)?((?:\s+{_NUMBER}){{4,}})\s*")
_LEAST, _MOST = -0.01, 1.01


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
    return match is not None and all(_LEAST <= float(n) <= _MOST for n in match[2].split())


def claims(files: FileSet, options: LabelOptions) -> bool:
    """The text files of the folder are of this kind, apart from lists of names and the like."""
    del options
    labels = _label_files(files)
    filled = [text for path in labels[:20] if (text := files.start(path)).strip()]
    if not filled:
        return bool(labels) and layout_of(files).declared
    return all(is_row(text.decode("utf-8", "replace").splitlines()[0]) for text in filled)


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
    unlabelled = _add_images_without_labels(files, labels, found, layout)
    ids = {name: i for i, name in layout.names.items() if name not in options.ignore_labels}
    return Reading(
        splits=counts_of(found, options),
        details=(_detail(len(labels), layout),),
        notes=(*_image_notes(files, labels, unlabelled), *layout.notes, *notes),
        order=Order.IDS if layout.names else None,
        declared=tuple(ids),
        ids=ids,
        numbered=not layout.names,
        first_seen=first_files(found, files),
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
        if len(match[2].split()) == 5:
            raise BadLabelFileError(
                f"line {number} has a score behind the box: these are predictions, not labels"
            )
        found[names.get(int(match[1]), match[1])] += 1
    return Labels(found)


def _around_yaml(files: FileSet) -> FileSet:
    """The folder that a ``data.yaml`` describes, when that was named."""
    if (
        files.is_folder
        or len(files.paths) != 1
        or suffix_of(files.paths[0]) not in {".yaml", ".yml"}
    ):
        return files
    folder = files.at(files.paths[0]).parent
    return folder_files(folder, str(folder))


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
    files: FileSet, labels: Iterable[str], found: Mapping[str, Found], layout: Layout
) -> int:
    labelled = {PurePosixPath(path).stem for path in labels}
    without = [p for p in files.having(*IMAGE_SUFFIXES) if PurePosixPath(p).stem not in labelled]
    for split, paths in layout.splits(without).items():
        target = found.get(split) or next(iter(found.values()))
        for _ in paths:
            target.tally.add({})
    return len(without)


def _detail(files: int, layout: Layout) -> str:
    amount = "file" if files == 1 else "files"
    named = f", names from {layout.named_by}" if layout.named_by else ""
    return f"{files:,} YOLO {amount}{named}"


def _image_notes(files: FileSet, labels: list[str], unlabelled: int) -> list[str]:
    notes = []
    images = {PurePosixPath(path).stem for path in files.having(*IMAGE_SUFFIXES)}
    if unlabelled:
        notes.append(
            f"{unlabelled:,} images have no label file and count as images without objects"
        )
    lost = [path for path in labels if PurePosixPath(path).stem not in images] if images else []
    if lost:
        notes.append(f"{len(lost):,} label files have no image ({lost[0]} …)")
    others = [p for p in files.having(".txt") if p not in set(labels)]
    if others and files.is_folder:
        notes.append(f"left out {len(others):,} text files that hold no labels ({others[0]} …)")
    return notes


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set, takes_empty=True)
