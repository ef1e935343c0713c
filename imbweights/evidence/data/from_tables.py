"""Data sets from tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imbweights.evidence.data.arrays import (
    as_columns,
    embeddings,
)
from imbweights.evidence.data.columns import Column, described
from imbweights.evidence.data.labels import labelled
from imbweights.evidence.data.loaded import (
    Loaded,
    column_leaks,
    finished,
    group_codes,
    labelled_rows,
)
from imbweights.evidence.data.sampling import stratified_sample
from imbweights.evidence.data.tables import TableRows
from imbweights.evidence.dataset import Dataset
from imbweights.naming import class_names
from imbweights.sources.opening import opened

IntArray = npt.NDArray[np.int64]


def of_tables(loaded: Loaded, tables: Sequence[TableRows]) -> Dataset:
    """Rows of one or several tables, in their order."""
    renamed = class_names([t.reading for t in tables], loaded.options).renamed
    given = _file_splits(loaded)
    parts = [_taken(t, loaded, given.get(t.name, "")) for t in tables]
    labels = [t.labels[i] for t, rows in zip(tables, parts, strict=True) for i in rows.tolist()]
    found = labelled(labels, loaded.counts, renamed, loaded.wishes)
    columns = _columns(tables, parts, found.rows)
    if loaded.wishes.embeddings is not None:
        columns += _embedded(loaded.wishes.embeddings, tables, parts, found.rows)
    choice = tables[0].choice
    facts = described(columns, loaded.options.missing_values, choice.left_out)
    group = _group(tables, parts, found.rows)
    return finished(
        loaded,
        found,
        facts.matrix,
        groups=group,
        grouped_by=loaded.wishes.group,
        left_out=facts.left_out,
        leaks=column_leaks(facts.discrete, found, group),
        approximated=facts.approximated,
        notes=facts.notes,
    )


def _taken(table: TableRows, loaded: Loaded, given: str) -> IntArray:
    """The sampled rows of the split, in the file's share of all rows."""
    rows = table.rows
    if loaded.split is not None and not given:
        rows = rows[table.splits[rows] == loaded.split]
    elif loaded.split is not None and given != loaded.split:
        rows = rows[:0]
    whole = labelled_rows(loaded)
    if whole <= loaded.wishes.max_rows or not len(rows):
        return rows
    in_file = sum(
        label is not None
        for label, split in zip(table.labels, table.splits.tolist(), strict=True)
        if given or loaded.takes(split)
    )
    size = round(loaded.wishes.max_rows * in_file / whole)
    strata = np.array([str(table.labels[i]) for i in rows.tolist()], dtype=object)
    return rows[stratified_sample(strata, size, loaded.wishes.seed)]


def _columns(
    tables: Sequence[TableRows], parts: Sequence[IntArray], kept: IntArray
) -> list[Column]:
    """The columns of all tables, matched by name; what a table lacks is missing."""
    choice, names = tables[0].choice, tables[0].names
    return [
        Column(
            name=names[place],
            values=_cells(tables, parts, names[place], place)[kept],
            named=place in choice.named,
            is_text=place in choice.text,
        )
        for place in (*choice.plain, *choice.text)
        if place in tables[0].cells
    ]


def _cells(
    tables: Sequence[TableRows], parts: Sequence[IntArray], name: str, place: int
) -> npt.NDArray[np.object_]:
    cells = []
    for table, rows in zip(tables, parts, strict=True):
        here = place
        if place >= len(table.names) or table.names[place] != name:
            here = table.names.index(name) if name in table.names else -1
        values = table.cells.get(here)
        if values is None:
            cells.append(np.full(len(rows), None, dtype=object))
        else:
            cells.append(values[np.searchsorted(table.rows, rows)])
    return np.concatenate(cells)


def _embedded(
    path: str, tables: Sequence[TableRows], parts: Sequence[IntArray], kept: IntArray
) -> list[Column]:
    """Embeddings have one row per row of all files together."""
    array = embeddings(path, sum(len(t.labels) for t in tables))
    starts = np.concatenate([[0], np.cumsum([len(t.labels) for t in tables])[:-1]])
    rows = np.concatenate([start + part for start, part in zip(starts, parts, strict=True)])
    return as_columns(array, rows[kept], "embedding")


def _group(
    tables: Sequence[TableRows], parts: Sequence[IntArray], kept: IntArray
) -> IntArray | None:
    place = tables[0].choice.group
    if place is None:
        return None
    return group_codes(_cells(tables, parts, tables[0].names[place], place)[kept])


def _file_splits(loaded: Loaded) -> dict[str, str]:
    """The split that the user gave each file to."""
    if "-" in loaded.spec.paths:
        return {}
    with opened(loaded.spec.paths, loaded.options.limits) as items:
        return {item.name: split for split, item in items}
