"""Names that people give to the column with the labels."""

from __future__ import annotations

from collections.abc import Sequence

USUAL_LABEL_NAMES = frozenset(
    [
        "label",
        "labels",
        "label_name",
        "labelname",
        "class",
        "classes",
        "class_name",
        "classname",
        "class_label",
        "classlabel",
        "target",
        "targets",
        "target_class",
        "y",
        "y_true",
        "category",
        "categories",
        "species",
        "sentiment",
        "outcome",
        "diagnosis",
        "ground_truth",
        "groundtruth",
        "gt",
        "tags",
        "cats",
    ]
)

COUNT_NAMES = frozenset(
    [
        "count",
        "counts",
        "count_star()",  # as DuckDB
        "count(*)",  # and SQLite call it
        "n",
        "num",
        "number",
        "freq",
        "freqs",
        "frequency",
        "frequencies",
        "size",
        "total",
        "samples",
        "pixelcount",
        "pixels",
        "voxels",
        "objects",
        "occurrences",
    ]
)
FILE_NAMES = frozenset(
    [
        "path",
        "paths",
        "file",
        "files",
        "filename",
        "file_name",
        "filepath",
        "file_path",
        "relative_path",
        "image",
        "images",
        "image_path",
        "image_file",
        "image_filename",
        "image_name",
        "img",
        "img_path",
        "img_name",
        "audio",
        "audio_path",
        "audio_file",
        "wav",
        "video",
        "video_path",
    ]
)
SPLIT_NAMES = frozenset(["split", "splits", "subset", "partition"])


def normalised(name: str) -> str:
    """A column name as it is compared: without surrounding blanks and case.

    >>> normalised("  Class Label ")
    'class_label'
    """
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def usual_label_columns(names: Sequence[str]) -> list[int]:
    """Positions of the columns whose name is a usual one for labels.

    >>> usual_label_columns(["id", "Label ", "text"])
    [1]
    """
    return [i for i, name in enumerate(names) if normalised(name) in USUAL_LABEL_NAMES]
