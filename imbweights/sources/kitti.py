"""KITTI object labels, one text file per image."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from imbweights.core.choices import Counted
from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.files import FileSet, by_split
from imbweights.sources.label_files import (
    BadLabelFileError,
    Labels,
    count_label_files,
    counts_of,
    files_of,
    first_files,
)
from imbweights.sources.text.streaming import all_match, first_lines
from imbweights.sources.wording import counted

APART = "DontCare"
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
# type, truncated, occluded, alpha, 4 × box, 3 × size, 3 × place, rotation, and perhaps a score
_ROW = re.compile(rf"([A-Za-z][\w-]*)(?: +{_NUMBER}){{14,15}}\s*")


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """Every line is a type and 14 or 15 numbers."""
    return options.delimiter is None and all_match(first_lines(file, options), _ROW.fullmatch)


def claims(files: FileSet, options: LabelOptions) -> bool:
    """The text files of the folder are of this kind."""
    del options
    texts = [files.start(path) for path in files.having(".txt")[:20]]
    filled = [text for text in texts if text.strip()]
    first = [text.decode("utf-8", "replace").splitlines()[0] for text in filled]
    return sum(_ROW.fullmatch(line) is not None for line in first) > len(filled) / 2


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count objects by type; ``DontCare`` regions are set apart. Every file is an image.

    Source: https://www.cvlibs.net/datasets/kitti/ (object development kit)
    """
    if options.count is Counted.PIXELS:
        raise UsageError("--count pixels: KITTI labels hold boxes")
    paths = [path for path in files.paths if path.lower().endswith(".txt")]
    found, notes = count_label_files(files, by_split(paths), labels_in, options)
    apart = sum(part.apart.get(APART, 0) for part in found.values())
    note = (f"set apart: {counted(apart, 'region', 'regions')} called {APART}",) if apart else ()
    return Reading(
        splits=counts_of(found, options),
        amount=(len(paths), "KITTI file"),
        notes=(*note, *notes),
        first_seen=first_files(found, files),
        files=files_of(found, files, options),
    )


def labels_in(path: Path) -> Labels:
    """The types of the objects in one file."""
    found: Counter[str] = Counter()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            match = _ROW.fullmatch(line.strip())
            if match is None:
                raise BadLabelFileError(f"line {number} is no KITTI row: {line[:60]!r}")
            found[match[1]] += 1
    return Labels(found, apart=frozenset({APART}))


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set, takes_empty=True)
