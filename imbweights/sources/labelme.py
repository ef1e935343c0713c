"""LabelMe JSON, one file per image."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from imbweights.core.choices import Counted
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.labels import label_text
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
from imbweights.sources.wording import counted

IGNORED = "__ignore__"
_SHAPES = re.compile(rb'"shapes"\s*:\s*\[')


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """A JSON object with ``shapes``."""
    del options
    head = file.head[:65536].lstrip(b"\xef\xbb\xbf \r\n\t")
    return file.suffix == ".json" and head.startswith(b"{") and _SHAPES.search(head) is not None


def claims(files: FileSet, options: LabelOptions) -> bool:
    """The JSON files of the folder are of this kind."""
    del options
    found = files.having(".json")
    return bool(found) and all(_SHAPES.search(files.start(path, 65536)) for path in found[:3])


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count shapes by label; ``__ignore__`` is set apart. Every file is an image.

    Source: https://github.com/wkentaro/labelme
    """
    if options.count is Counted.PIXELS:
        raise UsageError(
            "--count pixels: LabelMe holds polygons", hint="export them as masks and name those"
        )
    paths = [path for path in files.paths if path.lower().endswith(".json")]
    found, notes = count_label_files(files, by_split(paths), labels_in, options)
    ignored = sum(part.apart.get(IGNORED, 0) for part in found.values())
    note = (
        (f"set apart: {counted(ignored, 'shape', 'shapes')} called {IGNORED}",) if ignored else ()
    )
    return Reading(
        splits=counts_of(found, options),
        amount=(len(paths), "LabelMe file"),
        notes=(*note, *notes),
        first_seen=first_files(found, files),
        files=files_of(found, files, options),
    )


def labels_in(path: Path) -> Labels:
    """The labels of the shapes in one file."""
    import msgspec

    try:
        data = msgspec.json.decode(path.read_bytes())
        labels = [label_text(shape["label"]) for shape in data["shapes"]]
    except SourceError as error:  # a label that is a list
        raise BadLabelFileError(f"is no LabelMe JSON ({error.message})") from error
    except (
        msgspec.DecodeError,
        LookupError,
        TypeError,
        UnicodeDecodeError,
        RecursionError,
    ) as error:
        raise BadLabelFileError(f"is no LabelMe JSON ({error})") from error
    found = Counter(label for label in labels if label is not None)
    return Labels(found, missing=len(labels) - found.total(), apart=frozenset({IGNORED}))


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set)
