"""Tables of counts: one row per class, as ``value_counts`` or ``countEachLabel`` write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.exact import MOST
from imbweights.core.options import LabelOptions
from imbweights.sources.base import Reading, Tally
from imbweights.sources.tables.duck import fetch
from imbweights.sources.tables.names import normalised
from imbweights.sources.tables.splits import split_name, split_sql
from imbweights.sources.tables.table import Column, Header, LabelColumns, Table, find_column, title

# MATLAB's countEachLabel writes, beside PixelCount, the pixels of the images with the class.
_EXTENT_COLUMN = "imagepixelcount"
_MOST_DIGITS = 30


def read_given_counts(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> Reading:
    """A table of counts: one row per class (and split), its count in ``--count-column``."""
    if chosen.several:
        raise UsageError("--count-column goes with one label column, not several")
    column = find_column(table, options.count_column or "")
    if column == chosen.columns[0]:
        raise UsageError(f"{column.name!r} cannot be both the label and the count column")
    counts = {}
    for name, rows in _rows_of_counts(table, chosen.columns[0], split, column).items():
        tally = Tally(options)
        for label, number in rows:
            tally.add(label, whole_count(number, column, table))
        counts[name] = _with_extent(table, chosen.columns[0], tally.to_counts(unit_of(column)))
    return Reading(splits=counts, label=title(table, chosen), details=table.details)


def _rows_of_counts(
    table: Table, label: Column, split: Column | None, column: Column
) -> dict[str, list[tuple[object, object]]]:
    split_of_row, bound = split_sql(split)
    sql = f"SELECT {split_of_row}, {label.sql}, {column.sql} FROM {table.relation}"
    rows: dict[str, list[tuple[object, object]]] = {}
    bound += [*label.bound, *column.bound, *table.bound]
    for name, value, number in fetch(table.connection, sql, bound):
        rows.setdefault(split_name(name, split), []).append((value, number))
    return rows


def whole_count(number: object, column: Column, table: Header) -> int:
    """A count as an exact integer; ``1e6`` and ``12.0`` are whole, ``1.5`` is not."""
    try:
        value = Decimal(str(number).strip())
        # Compared before anything is made of it: 1e999999999 has more digits than memory holds.
        if value.is_finite() and value > MOST:
            raise SourceError(
                f"{table.name}: column {column.name!r} holds {str(number)[:40]}, and counts are at most {MOST}"
            )
        whole = value.is_finite() and value >= 0 and value == value.to_integral_value()
    except (InvalidOperation, ArithmeticError):
        whole = False
    if not whole:
        raise SourceError(
            f"{table.name}: column {column.name!r} holds {str(number)[:40]!r}, which is no count",
            hint="counts are whole numbers, 0 or more",
        )
    return int(value)


def unit_of(column: Column) -> Unit:
    """What a column of counts counts, by its name."""
    name = normalised(column.name)
    return next(
        (u for u in (Unit.PIXELS, Unit.VOXELS, Unit.OBJECTS) if u.value[:-1] in name), Unit.SAMPLES
    )


def _with_extent(table: Table, label: Column, counts: ClassCounts) -> ClassCounts:
    """Add what ``countEachLabel`` tells about pixels: the total of the images with the class."""
    extents = [c for c in table.columns if normalised(c.name) == _EXTENT_COLUMN]
    if counts.unit is not Unit.PIXELS or not extents:
        return counts
    tally = Tally(LabelOptions())
    for value, number in _rows_of_counts(table, label, None, extents[0])[""]:
        tally.add(value, whole_count(number, extents[0], table))
    data = counts.to_dict() | {"task": Task.SEGMENTATION.value}
    for row in data["classes"]:
        row["extent"] = tally.counts.get(row["name"], 0)
    return ClassCounts.from_dict(data)
