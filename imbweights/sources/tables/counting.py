"""Counting the labels of a table: one query, whatever the file format."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from imbweights.core.choices import ClassOrder
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import Reading, Tally, multilabel_counts
from imbweights.sources.tables.duck import fetch
from imbweights.sources.tables.names import COUNT_NAMES, SPLIT_NAMES, normalised
from imbweights.sources.tables.table import Column, LabelColumns, Table, choose_label, find_column

_FEW_ROWS = 20
_TRUE = "('1', '1.0', 'true')"
_FALSE = "('0', '0.0', 'false')"
# MATLAB's countEachLabel writes, beside PixelCount, the pixels of the images with the class.
_EXTENT_COLUMN = "imagepixelcount"

Grouped = dict[str, list[tuple[object, int]]]


def count_table(table: Table, options: LabelOptions) -> Reading:
    """Count the labels of a table, per split if a split column was named.

    Raises ``AmbiguousSourceError`` when the label column is not evident, and ``SourceError``
    when what was found cannot be labels.
    """
    chosen = choose_label(table, options)
    split = find_column(table, options.split) if options.split else None
    if split is not None and split in chosen.columns:
        raise UsageError(f"{split.name!r} cannot be both the label and the split column")
    try:
        if options.one_hot and not chosen.several:
            raise UsageError("--one-hot goes with several 0/1 columns: --label 'class_*' or a,b,c")
        if options.count_column is not None:
            return _given_counts(table, chosen, split, options)
        if chosen.several:
            return _several_columns(table, chosen, split, options)
        return _one_column(table, chosen, split, options)
    except duckdb.Error as error:
        raise (table.explain(error) if table.explain else error) from error


def _one_column(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> Reading:
    grouped = _grouped(table, chosen.columns[0], split, "count(*)", options)
    counts: dict[str, ClassCounts] = {}
    for name, pairs in grouped.items():
        tally = Tally(options)
        for label, n in pairs:
            tally.add(label, n)
        counts[name] = tally.to_counts()
    if not chosen.by_name:
        _ask_about_counts(counts, table, chosen.columns[0])
        _refuse_identifiers(counts, table, chosen.columns[0])
    notes = (*_split_note(table, chosen, split), *_separator_note(counts))
    return Reading(splits=counts, label=_title(table, chosen), details=table.details, notes=notes)


def _split_note(table: Table, chosen: LabelColumns, split: Column | None) -> tuple[str, ...]:
    if split is not None:
        return ()
    found = [c.name for c in table.columns if normalised(c.name) in SPLIT_NAMES]
    found = [name for name in found if name not in {c.name for c in chosen.columns}]
    return tuple(
        f"all splits are counted together; --split {name} counts them side by side"
        for name in found[:1]
    )


def _separator_note(counts: dict[str, ClassCounts]) -> tuple[str, ...]:
    """Cells that look like several labels are counted as the one text they are; say so."""
    classes = [name for c in counts.values() for name in c.classes]
    for sign in "|;":
        joined = [name for name in classes if sign in name.strip(sign)]
        if len(joined) > 1 and len(joined) >= len(classes) / 4:
            note = (
                f"labels such as {joined[0][:40]!r} hold {sign!r}: each distinct text is one class "
                "here; cells with several labels are not taken apart yet"
            )
            return (note,)
    return ()


def _ask_about_counts(counts: dict[str, ClassCounts], table: Table, column: Column) -> None:
    """One row per class beside a column of counts may be a table of counts."""
    labelled = sum(c.total for c in counts.values())
    distinct = len({name for c in counts.values() for name in c.classes})
    numbers = [c for c in table.columns if c is not column and normalised(c.name) in COUNT_NAMES]
    if labelled < 2 or distinct < labelled or not numbers:
        return
    raise AmbiguousSourceError(
        f"{table.name}: every row is a class of its own beside a column {numbers[0].name!r}",
        hint=f"--count-column {numbers[0].name}: it holds the count of each class\n"
        f"--label {column.name}: each row is one sample",
    )


def _grouped(
    table: Table, label: Column, split: Column | None, measure: str, options: LabelOptions
) -> Grouped:
    """Per split, (label, count) pairs; in order of first appearance if that was asked for."""
    split_sql = f"CAST({split.sql} AS VARCHAR)" if split else "''"
    bound = [*(split.bound if split else ()), *label.bound, *table.bound]
    first, ordering = "", ""
    if options.class_order is ClassOrder.APPEARANCE:
        first, ordering = ", row_number() OVER () AS r", " ORDER BY min(r)"
    sql = (
        f"SELECT s, l, {measure} FROM"
        f" (SELECT {split_sql} AS s, {label.sql} AS l{first} FROM {table.relation})"
        f" GROUP BY s, l{ordering}"
    )
    groups: Grouped = {}
    for name, value, n in fetch(table.connection, sql, bound):
        groups.setdefault("(none)" if name is None else name.strip(), []).append((value, n))
    return dict(groups) if ordering else dict(sorted(groups.items()))


def _refuse_identifiers(counts: dict[str, ClassCounts], table: Table, column: Column) -> None:
    """A column in which nearly every row is its own class is an id or a measurement."""
    labelled = sum(c.total for c in counts.values())
    distinct = len({name for c in counts.values() for name in c.classes})
    if labelled < _FEW_ROWS or distinct <= labelled / 2:
        return
    title = f"column {column.name!r}" if table.named else column.name
    name = repr(column.name) if table.named else table.columns.index(column) + 1
    raise SourceError(
        f"{table.name}: {title} has {distinct:,} distinct values in {labelled:,} rows; "
        "that is an id or a measurement, not a class",
        hint=f"if these are its labels all the same: --label {name}",
    )


def _several_columns(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> Reading:
    """Several 0/1 columns: each row's set of labels, counted by distinct set."""
    missing = _check_zero_one(table, chosen.columns)
    split_sql = f"CAST({split.sql} AS VARCHAR)" if split else "''"
    ones = ", ".join(
        f"CASE WHEN lower(CAST({c.sql} AS VARCHAR)) IN {_TRUE} THEN {i} END"
        for i, c in enumerate(chosen.columns)
    )
    bound = [*(split.bound if split else ()), *(v for c in chosen.columns for v in c.bound)]
    sql = (
        f"SELECT s, l, count(*) FROM (SELECT {split_sql} AS s,"
        f" [x FOR x IN [{ones}] IF x IS NOT NULL] AS l FROM {table.relation}) GROUP BY s, l"
    )
    sets: dict[str, dict[tuple[int, ...], int]] = {}
    for name, labels, n in fetch(table.connection, sql, [*bound, *table.bound]):
        sets.setdefault("(none)" if name is None else name.strip(), {})[tuple(labels)] = n
    names = [c.name for c in chosen.columns]
    counts = {s: multilabel_counts(names, found, options) for s, found in sorted(sets.items())}
    notes = (f"{missing:,} empty cells are read as 0 (label absent)",) if missing else ()
    return Reading(
        splits=counts,
        label=f"{len(names)} columns {chosen.title}",
        details=table.details,
        notes=notes,
    )


def _check_zero_one(table: Table, columns: Sequence[Column]) -> int:
    """The number of empty cells; raises when a cell holds anything but 0, 1, true and false."""
    values = ", ".join(f"lower(CAST({c.sql} AS VARCHAR)) AS v{i}" for i, c in enumerate(columns))
    checks = ", ".join(
        f"count(*) FILTER (v{i} IS NULL OR trim(v{i}) = ''),"
        f" any_value(v{i}) FILTER (trim(v{i}) <> '' AND v{i} NOT IN {_TRUE} AND v{i} NOT IN {_FALSE})"
        for i in range(len(columns))
    )
    bound = [value for c in columns for value in c.bound]
    [found] = fetch(
        table.connection,
        f"SELECT {checks} FROM (SELECT {values} FROM {table.relation})",
        [*bound, *table.bound],
    )
    for column, other in zip(columns, found[1::2], strict=True):
        if other is not None:
            raise SourceError(
                f"{table.name}: column {column.name!r} holds {other[:40]!r}; several label columns "
                "must hold only 0 and 1",
                hint="name one column with --label if it holds the class names",
            )
    return sum(found[::2])


def _given_counts(
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
            tally.add(label, _whole(number, column, table))
        counts[name] = _with_extent(table, chosen.columns[0], tally.to_counts(_unit(column)))
    return Reading(splits=counts, label=_title(table, chosen), details=table.details)


def _rows_of_counts(
    table: Table, label: Column, split: Column | None, column: Column
) -> dict[str, list[tuple[object, object]]]:
    split_sql = f"CAST({split.sql} AS VARCHAR)" if split else "''"
    sql = f"SELECT {split_sql}, {label.sql}, {column.sql} FROM {table.relation}"
    bound = [*(split.bound if split else ()), *label.bound, *column.bound, *table.bound]
    rows: dict[str, list[tuple[object, object]]] = {}
    for name, value, number in fetch(table.connection, sql, bound):
        rows.setdefault("(none)" if name is None else name.strip(), []).append((value, number))
    return rows


def _whole(number: object, column: Column, table: Table) -> int:
    """A count as an exact integer; ``1e6`` and ``12.0`` are whole, ``1.5`` is not."""
    from decimal import Decimal, InvalidOperation

    try:
        value = Decimal(str(number).strip())
        whole = value.is_finite() and value == value.to_integral_value() and value >= 0
    except InvalidOperation:
        whole = False
    if not whole:
        raise SourceError(
            f"{table.name}: column {column.name!r} holds {str(number)[:40]!r}, which is no count",
            hint="counts are whole numbers, 0 or more",
        )
    return int(value)


def _unit(column: Column) -> Unit:
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
        tally.add(value, _whole(number, extents[0], table))
    data = counts.to_dict() | {"task": Task.SEGMENTATION.value}
    for row in data["classes"]:
        row["extent"] = tally.counts.get(row["name"], 0)
    return ClassCounts.from_dict(data)


def _title(table: Table, chosen: LabelColumns) -> str:
    column = chosen.columns[0]
    return column.name if table.named else f"column {table.columns.index(column) + 1}"
