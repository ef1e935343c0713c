"""Counting one label column: one query, whatever the file format."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imbweights.core.choices import ClassOrder
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import AmbiguousSourceError, SourceError
from imbweights.core.options import LabelOptions
from imbweights.core.rows import TOGETHER, Rows
from imbweights.sources.base import Reading, Tally, given_label
from imbweights.sources.label_lists import LabelSets
from imbweights.sources.tables.duck import fetch, streamed
from imbweights.sources.tables.names import COUNT_NAMES, SPLIT_NAMES, normalised
from imbweights.sources.tables.several import (
    are_lists,
    evident_separator,
    listed_labels,
    nested_labels,
    split_cell,
    unsaid_separator,
)
from imbweights.sources.tables.splits import split_name, split_sql
from imbweights.sources.tables.table import Column, Header, LabelColumns, Table, title

_FEW_ROWS = 20

# Split → its cells, each with the number of its rows.
Grouped = dict[str, list[tuple[Any, int]]]


def count_one_column(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> Reading:
    """One class per row, or the set of labels that each cell lists, grouped by the cell itself."""
    column = chosen.columns[0]
    quickly = _by_cells(table, column, split, options)
    if quickly is not None:
        return replace(reading_of(quickly, table, chosen, split, options), saw_rows=True)
    grouped = _grouped(table, column, split, options)
    reading = reading_of(grouped, table, chosen, split, options)
    if options.keep_rows and all(c.task is not Task.MULTILABEL for c in reading.splits.values()):
        return replace(reading, rows=_rows(table, column, split, options))
    return reading


def reading_of(
    grouped: Grouped,
    table: Header,
    chosen: LabelColumns,
    split: Column | None,
    options: LabelOptions,
) -> Reading:
    """What the cells of one column say, each given once with the number of its rows."""
    column = chosen.columns[0]
    if column.nested:
        return _several(table, chosen, split, _from_nested(grouped, table, column, options))
    if options.separator is None and are_lists(_texts(grouped)):
        return _several(table, chosen, split, _from_lists(grouped, table, column, options))
    separator = _separator(grouped, table, column, options)
    if separator:
        found = _several(table, chosen, split, _from_cells(grouped, separator, options))
        return replace(found, notes=(*found.notes, *_separator_note(separator, options)))
    counts: dict[str, ClassCounts] = {}
    for name, pairs in grouped.items():
        tally = Tally(options)
        for label, n in pairs:
            tally.add(label, n)
        counts[name] = tally.to_counts()
    if not chosen.by_name:
        _ask_about_counts(counts, table, chosen.columns[0])
        _refuse_identifiers(counts, table, chosen.columns[0])
    notes = (*_split_note(table, chosen, split), *_uncut_note(grouped, column, options))
    return Reading(splits=counts, label=title(table, chosen), details=table.details, notes=notes)


def _rows(
    table: Table, label: Column, split: Column | None, options: LabelOptions
) -> dict[str, Rows]:
    """The label of each row, per split, in the order of the file, which DuckDB keeps."""
    split_of_row, bound = split_sql(split)
    found: dict[str, list[str | None]] = {}
    texts: dict[Any, str | None] = {}
    for name, value in streamed(
        table.connection,
        f"SELECT {split_of_row}, {label.sql} FROM {table.relation}",
        [*bound, *label.bound, *table.bound],
    ):
        if value not in texts:
            texts[value] = given_label(value, options)
        found.setdefault(split_name(name, split), []).append(texts[value])
        if split is not None:
            found.setdefault(TOGETHER, []).append(texts[value])
    return {name: Rows.of(labels) for name, labels in found.items()}


def _several(
    table: Header, chosen: LabelColumns, split: Column | None, counts: dict[str, ClassCounts]
) -> Reading:
    return Reading(
        splits=counts,
        label=title(table, chosen),
        details=table.details,
        notes=_split_note(table, chosen, split),
    )


def _separator(
    grouped: Grouped, table: Header, column: Column, options: LabelOptions
) -> str | None:
    """What stands between the labels of a cell: as said, or found when evident."""
    if options.separator is not None:
        return options.separator or None
    where = f"column {column.name!r}" if table.named else column.name
    return evident_separator(_texts(grouped), table.name, where)


def _texts(grouped: Grouped) -> list[str]:
    """The distinct cells that are not null."""
    found = (str(value) for pairs in grouped.values() for value, _ in pairs if value is not None)
    return list(dict.fromkeys(found))


def _from_lists(
    grouped: Grouped, table: Header, column: Column, options: LabelOptions
) -> dict[str, ClassCounts]:
    counts = {}
    for name, pairs in grouped.items():
        sets = LabelSets(options)
        for cell, n in pairs:
            sets.add(listed_labels(cell, f"{table.name}: {column.name!r}"), n)
        counts[name] = sets.to_counts()
    return counts


def _from_cells(grouped: Grouped, separator: str, options: LabelOptions) -> dict[str, ClassCounts]:
    counts = {}
    for name, pairs in grouped.items():
        sets = LabelSets(options)
        for cell, n in pairs:
            sets.add(split_cell(None if cell is None else str(cell), separator), n)
        counts[name] = sets.to_counts()
    return counts


def _from_nested(
    grouped: Grouped, table: Header, column: Column, options: LabelOptions
) -> dict[str, ClassCounts]:
    where = f"{table.name}: {column.name!r}"
    known: dict[str, None] = {}
    found: dict[str, LabelSets] = {}
    for name, pairs in grouped.items():
        sets = found[name] = LabelSets(options)
        for cell, n in pairs:
            labels, names = nested_labels(cell, where)
            known.update(dict.fromkeys(names))
            sets.add(labels, n)
    return {name: sets.to_counts(tuple(known) or None) for name, sets in found.items()}


def _uncut_note(grouped: Grouped, column: Column, options: LabelOptions) -> tuple[str, ...]:
    """Cells that may hold several labels are counted as one; say so."""
    sign = unsaid_separator(_texts(grouped), column.name) if options.separator is None else None
    if sign is None:
        return ()
    name = {" ": "blanks", ",": "commas"}[sign]
    return (f"cells hold {name}; each text is one class here, --separator '{sign}' cuts them",)


def _separator_note(separator: str, options: LabelOptions) -> tuple[str, ...]:
    if options.separator is not None:
        return ()
    note = (
        f"cells are cut at {separator!r} into several labels (--separator none: one label each); "
        "only labels that occur are known"
    )
    return (note,)


def _by_cells(
    table: Table, label: Column, split: Column | None, options: LabelOptions
) -> Grouped | None:
    """What ``_grouped`` gives, where the table has a quicker way and nothing more is asked for."""
    more = options.keep_rows or options.class_order is ClassOrder.APPEARANCE
    if table.cells is None or split is not None or more:
        return None
    cells = table.cells(label)
    return None if cells is None else {"": list(cells.items())} if cells else {}


def _grouped(table: Table, label: Column, split: Column | None, options: LabelOptions) -> Grouped:
    """Per split, (label, count) pairs; in order of first appearance if that was asked for."""
    split_of_row, bound = split_sql(split)
    first, ordering = "", ""
    if options.class_order is ClassOrder.APPEARANCE:
        first, ordering = ", row_number() OVER () AS r", " ORDER BY min(r)"
    sql = (
        "SELECT s, l, count(*) FROM"
        f" (SELECT {split_of_row} AS s, {label.sql} AS l{first} FROM {table.relation})"
        f" GROUP BY s, l{ordering}"
    )
    groups: Grouped = {}
    for name, value, n in fetch(table.connection, sql, [*bound, *label.bound, *table.bound]):
        groups.setdefault(split_name(name, split), []).append((value, n))
    return groups


def _ask_about_counts(counts: dict[str, ClassCounts], table: Header, column: Column) -> None:
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


def _refuse_identifiers(counts: dict[str, ClassCounts], table: Header, column: Column) -> None:
    """A column in which nearly every row is its own class is an id or a measurement."""
    labelled = sum(c.total for c in counts.values())
    distinct = len({name for c in counts.values() for name in c.classes})
    if labelled < _FEW_ROWS or distinct <= labelled / 2:
        return
    where = f"column {column.name!r}" if table.named else column.name
    name = repr(column.name) if table.named else table.columns.index(column) + 1
    raise SourceError(
        f"{table.name}: {where} has {distinct:,} distinct values in {labelled:,} rows; "
        "that is an id or a measurement, not a class",
        hint=f"if these are its labels all the same: --label {name}",
    )


def _split_note(table: Header, chosen: LabelColumns, split: Column | None) -> tuple[str, ...]:
    if split is not None:
        return ()
    found = [c.name for c in table.columns if normalised(c.name) in SPLIT_NAMES]
    found = [name for name in found if name not in {c.name for c in chosen.columns}]
    return tuple(
        f"all splits are counted together; --split {name} counts them side by side"
        for name in found[:1]
    )
