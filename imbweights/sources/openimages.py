"""Open Images CSV: boxes, segmentations or labels of whole images."""

from __future__ import annotations

import csv
from typing import Any

import duckdb

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.core.ordering import sorted_classes
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.text.dialect import long_fields
from imbweights.sources.text.streaming import first_lines
from imbweights.sources.wording import counted

_IMAGE, _LABEL, _CONFIDENCE = "ImageID", "LabelName", "Confidence"
_BOX = ("XMin", "BoxXMin")


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the header: ``ImageID`` and ``LabelName``."""
    if options.label is not None:
        return False
    columns = _header(file, options)
    return _IMAGE in columns and _LABEL in columns


def _header(file: InputFile, options: LabelOptions) -> list[str]:
    lines = first_lines(file, options)
    with long_fields():
        return next(csv.reader(lines[:1]), []) if lines else []


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count objects by label, or images when the file labels whole images.

    A confidence of 0 means that somebody looked and the label is *not* there: such rows are not
    counted, but their images are. Classes are called by their ids, such as ``/m/01g317``.

    Source: https://storage.googleapis.com/openimages/web/download_v7.html
    """
    columns = _header(file, options)
    if _IMAGE not in columns or _LABEL not in columns:
        raise SourceError(f"{file.name}: is no Open Images CSV (columns ImageID and LabelName)")
    if options.count is Counted.PIXELS:
        raise UsageError("--count pixels: name the folder of the masks instead")
    boxes = any(name in columns for name in _BOX)
    if options.count is Counted.OBJECTS and not boxes:
        raise UsageError("--count objects: this file labels whole images")
    from imbweights.sources.tables.duck import connected, first_line

    images = not boxes or options.count is Counted.IMAGES
    with connected() as connection:
        try:
            _load(connection, file, columns)
            counts = (_image_counts if images else _object_counts)(connection, options)
            [(absent,)] = connection.execute("SELECT count(*) FROM rows WHERE NOT here").fetchall()
        except duckdb.Error as error:
            raise SourceError(f"{file.name}: {first_line(error)}") from error
    notes = (
        (f"not counted: {counted(absent, 'row', 'rows')} of confidence 0 (not this label)",)
        if absent
        else ()
    )
    return Reading(splits={"": counts}, details=("Open Images",), notes=notes)


def _load(connection: duckdb.DuckDBPyConnection, file: InputFile, columns: list[str]) -> None:
    from imbweights.sources.tables.duck import queried

    kinds = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(columns)))
    image, label = columns.index(_IMAGE), columns.index(_LABEL)
    here = "true"
    if _CONFIDENCE in columns:
        number = f"try_cast(c{columns.index(_CONFIDENCE)} AS DOUBLE)"
        here = f"coalesce({number} > 0, true)"
    connection.execute(
        f"CREATE TEMP TABLE rows AS SELECT c{image} AS image, nullif(trim(c{label}), '') AS label,"
        f" {here} AS here FROM"
        f" read_csv(?, columns={{{kinds}}}, auto_detect=false, header=true, delim=',', quote='\"',"
        " escape='\"', strict_mode=true)",
        [queried(connection, file.place)],
    )


def _kept(options: LabelOptions) -> tuple[str, list[str]]:
    """The condition that keeps labels which are not ignored, with its values."""
    marks = ", ".join("?" for _ in options.ignore_labels)
    known = "label IS NOT NULL"
    return (f"{known} AND label NOT IN ({marks})" if marks else known), list(options.ignore_labels)


def _totals(connection: duckdb.DuckDBPyConnection, options: LabelOptions) -> tuple[int, int, int]:
    """Images in the file, rows whose label is ignored, and rows without a label."""
    kept, bound = _kept(options)
    [(images, ignored, missing)] = connection.execute(
        f"SELECT count(DISTINCT image), count(*) FILTER (here AND label IS NOT NULL AND NOT ({kept})),"
        " count(*) FILTER (here AND label IS NULL) FROM rows",
        bound,
    ).fetchall()
    return images, ignored, missing


def _object_counts(connection: duckdb.DuckDBPyConnection, options: LabelOptions) -> ClassCounts:
    kept, bound = _kept(options)
    rows = connection.execute(
        "WITH pairs AS (SELECT image, label, count(*) AS n FROM rows"
        f" WHERE here AND {kept} GROUP BY image, label),"
        " wholes AS (SELECT image, sum(n) AS whole FROM pairs GROUP BY image)"
        " SELECT label, sum(n)::BIGINT, count(*), sum(whole)::BIGINT"
        " FROM pairs JOIN wholes USING (image) GROUP BY label",
        bound,
    ).fetchall()
    found: dict[str, list[Any]] = {label: numbers for label, *numbers in rows}
    samples, ignored, missing = _totals(connection, options)
    classes = sorted_classes(found)
    import numpy as np

    columns = np.array([found[c] for c in classes], dtype=np.int64).reshape(-1, 3).T
    return ClassCounts(
        classes=classes,
        counts=columns[0],
        present=columns[1],
        extent=columns[2],
        samples=samples,
        missing=missing,
        ignored=ignored,
        task=Task.DETECTION,
        unit=Unit.OBJECTS,
    )


def _image_counts(connection: duckdb.DuckDBPyConnection, options: LabelOptions) -> ClassCounts:
    kept, bound = _kept(options)
    rows = connection.execute(
        "SELECT labels, count(*) FROM (SELECT image, list_sort(list_distinct(list(label)"
        f" FILTER (here AND {kept}))) AS labels FROM rows GROUP BY image) GROUP BY labels",
        bound,
    ).fetchall()
    _, ignored, missing = _totals(connection, options)
    classes = sorted_classes(label for labels, _ in rows for label in labels or ())
    index = {name: i for i, name in enumerate(classes)}
    sets: dict[tuple[int, ...], int] = {}
    for labels, n in rows:
        key = tuple(sorted(index[label] for label in labels or ()))
        sets[key] = sets.get(key, 0) + n
    return ClassCounts.multilabel(classes, sets, missing=missing, ignored=ignored, unit=Unit.IMAGES)


SOURCE = Source(recognises=recognises, read=read, alone=())
