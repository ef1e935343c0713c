"""Rows of a table: their labels just as they were counted, and their other columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import Task
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.evidence.data.labels import Label
from imbweights.evidence.data.sampling import stratified_sample
from imbweights.evidence.data.wishes import ColumnChoice, DataOptions, chosen_columns
from imbweights.sources.base import Reading, given_label
from imbweights.sources.tables.indicators import TRUE, indicator_value
from imbweights.sources.tables.several import (
    are_lists,
    evident_separator,
    listed_labels,
    nested_labels,
    split_cell,
)
from imbweights.sources.tables.splits import split_name, split_sql
from imbweights.sources.tables.table import Column, LabelColumns, Table

IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

_ROW = "imbweights_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """The rows of one table that may be used, at most ``max_rows`` per split.

    ``labels``: of every row in the file; ``splits``: (N,) text; ``rows``: numbers of the rows
    whose ``cells`` were fetched; ``cells``: for each chosen column (R,) text, by its name.
    """

    name: str
    reading: Reading
    labels: Sequence[Label]
    splits: ObjectArray
    rows: IntArray
    choice: ColumnChoice
    names: tuple[str, ...]
    cells: dict[int, ObjectArray]


@dataclass
class TableCollector:
    """Is shown tables while they are counted, and keeps what a sweep needs of them."""

    options: LabelOptions
    wishes: DataOptions
    found: dict[str, TableRows] = field(default_factory=dict)

    def __call__(
        self, table: Table, chosen: LabelColumns, split: Column | None, reading: Reading
    ) -> None:
        """Fetch labels of all rows and the other columns of those that may be used."""
        if self.options.count_column is not None:
            raise SourceError(
                f"{table.name}: is a table of counts; a sweep needs the samples themselves"
            )
        names = tuple(c.name for c in table.columns)
        choice = chosen_columns(
            names,
            [table.columns.index(c) for c in chosen.columns],
            [] if split is None else [table.columns.index(split)],
            self.wishes,
        )
        splits = _splits(table, split)
        labels = _labels(table, chosen, reading, self.options)
        rows = self._sampled(labels, splits)
        wanted = [*choice.plain, *choice.text]
        wanted += [] if choice.group is None else [choice.group]
        if self.wishes.embeddings is not None and not self.wishes.features:
            wanted = [] if choice.group is None else [choice.group]
        self.found[table.name] = TableRows(
            name=table.name,
            reading=reading,
            labels=labels,
            splits=splits,
            rows=rows,
            choice=choice,
            names=names,
            cells=_cells(table, wanted, rows, len(labels)),
        )

    def _sampled(self, labels: Sequence[Label], splits: ObjectArray) -> IntArray:
        """Enough rows of every split, whichever of them is taken in the end."""
        parts = []
        for name in dict.fromkeys(splits.tolist()):
            rows = np.flatnonzero(splits == name)
            strata = np.array([str(labels[i]) for i in rows.tolist()], dtype=object)
            parts.append(rows[stratified_sample(strata, self.wishes.max_rows, self.wishes.seed)])
        return np.sort(np.concatenate(parts)) if parts else np.arange(0)


def _column(table: Table, sql: str, bound: Sequence[object]) -> list[Any]:
    """One expression for every row, in the order of the file, which DuckDB keeps."""
    query = f"SELECT {sql} AS v FROM {table.relation}"
    result = table.connection.execute(query, [*bound, *table.bound]).fetchnumpy()["v"]
    values: list[Any] = np.ma.filled(np.ma.asarray(result, dtype=object), None).tolist()
    return values


def _splits(table: Table, split: Column | None) -> ObjectArray:
    sql, bound = split_sql(split)
    names = [split_name(found, split) for found in _column(table, sql, bound)]
    return np.array(names, dtype=object)


def _labels(
    table: Table, chosen: LabelColumns, reading: Reading, options: LabelOptions
) -> list[Label]:
    """The label or the labels of every row, just as they were counted."""
    if chosen.several:
        return _indicated(table, chosen, options)
    column = chosen.columns[0]
    cells = _column(table, column.sql, column.bound)
    known: dict[Any, Label] = {}
    read = _cell_reader(table, column, reading, options, cells)
    for cell in dict.fromkeys(cells):
        known[cell] = read(cell)
    return [known[cell] for cell in cells]


def _cell_reader(
    table: Table, column: Column, reading: Reading, options: LabelOptions, cells: Sequence[Any]
) -> Callable[[Any], Label]:
    if all(counts.task is not Task.MULTILABEL for counts in reading.splits.values()):
        return lambda cell: given_label(cell, options)
    where = f"{table.name}: {column.name!r}"
    if column.nested:
        return lambda cell: tuple(nested_labels(cell, where)[0])
    texts = [str(cell) for cell in dict.fromkeys(cells) if cell is not None]
    if options.separator is None and are_lists(texts):
        return lambda cell: tuple(listed_labels(cell, where))
    sign = options.separator or evident_separator(texts, table.name, column.name) or "\0"
    return lambda cell: tuple(split_cell(None if cell is None else str(cell), sign))


def _indicated(table: Table, chosen: LabelColumns, options: LabelOptions) -> list[Label]:
    """The names of the columns that are 1."""
    names = [c.name for c in chosen.columns]
    on = []
    for column in chosen.columns:
        values = _column(
            table, f"coalesce({indicator_value(column)} IN {TRUE}, false)", column.bound
        )
        on.append(np.array(values, dtype=bool))
    table_of = np.stack(on, axis=1)
    sets = [tuple(names[i] for i in np.flatnonzero(row).tolist()) for row in table_of]
    if options.one_hot:
        return [labels[0] if labels else None for labels in sets]
    return list(sets)


def _cells(
    table: Table, places: Sequence[int], rows: IntArray, total: int
) -> dict[int, ObjectArray]:
    """Columns as text, of the rows that were sampled."""
    if not places:
        return {}
    columns = [table.columns[i] for i in places]
    selected = ", ".join(f"CAST({c.sql} AS VARCHAR) AS v{i}" for i, c in enumerate(columns))
    bound = [value for c in columns for value in c.bound]
    if len(rows) == total:
        sql = f"SELECT {selected} FROM {table.relation}"
        result = table.connection.execute(sql, [*bound, *table.bound]).fetchnumpy()
    else:
        inner = f"SELECT *, row_number() OVER () - 1 AS {_ROW} FROM {table.relation}"
        sql = f"SELECT {selected} FROM ({inner}) WHERE {_ROW} IN (SELECT unnest(?)) ORDER BY {_ROW}"
        result = table.connection.execute(sql, [*bound, *table.bound, rows.tolist()]).fetchnumpy()
    return {
        place: np.ma.filled(np.ma.asarray(result[f"v{i}"], dtype=object), None)
        for i, place in enumerate(places)
    }
