"""The ones of many 0/1 columns, read column by column, and the distinct sets of labels they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.options import LabelOptions
from imbweights.sources.tables.duck import fetch
from imbweights.sources.tables.splits import split_name, split_sql
from imbweights.sources.tables.table import Column, Table

Array = npt.NDArray[Any]
Sets = dict[tuple[int, ...], int]
_NUMBER = "file_row_number"
# So many columns are read by one query: their rows with a one are still few.
_TOGETHER = 16
# The rows of the ones are held in four bytes each.
_MOST_ROWS = (1 << 31) - 1


def sets_by_column(
    table: Table, columns: Sequence[Column], split: Column | None, options: LabelOptions
) -> tuple[dict[str, Sets], int] | None:
    """Split → set of labels → rows, and the number of empty cells; ``None`` where it does not apply.

    For columns of whole numbers in a file that can be read column by column: most cells are 0, and
    the filter leaves them where they are, so that only the ones have to be looked at. Anything but
    0, 1 and empty cells is left to who reads cell by cell and can say what is wrong.
    """
    if table.numbered is None or options.missing_values or not all(c.whole for c in columns):
        return None
    # The description of a thousand columns would be read a thousand times.
    table.connection.execute("SET parquet_metadata_cache = true")
    [(total,)] = fetch(
        table.connection, f"SELECT count(*) FROM {table.relation}", list(table.bound)
    )
    if total > _MOST_ROWS:
        return None
    rows: list[Array] = []
    missing = 0
    groups_of_columns = [columns[i : i + _TOGETHER] for i in range(0, len(columns), _TOGETHER)]
    for some in groups_of_columns:
        found = _ones(table, some)
        if found is None:
            return None
        rows += found[0]
        missing += found[1]
    members, starts = _by_row(rows, total)
    groups = _splits(table, split, total)
    return {name: _distinct(members, starts, which) for name, which in groups.items()}, missing


def _ones(table: Table, columns: Sequence[Column]) -> tuple[list[Array], int] | None:
    """The rows of the ones of each column, and the number of empty cells; ``None`` where there is
    anything else.
    """
    numbers, cells = _not_zero(table, columns)
    rows, missing = [], 0
    for values, empty in map(_parted, cells):
        if not (values[~empty] <= 1).all() or (values[~empty] < 0).any():
            return None
        rows.append(numbers[np.flatnonzero((values == 1) & ~empty)])
        missing += int(np.count_nonzero(empty))
    return rows, missing


def _not_zero(table: Table, columns: Sequence[Column]) -> tuple[Array, list[Any]]:
    """The rows in which not all of these columns are 0, in any order, and their cells there."""
    # One expression over all of them; what does not fit a byte, or is empty, makes it NULL.
    bits = " | ".join(f"TRY_CAST({c.sql} AS TINYINT)" for c in columns)
    values = ", ".join(f"CAST({c.sql} AS BIGINT) AS v{i}" for i, c in enumerate(columns))
    found = table.connection.execute(
        f"SELECT {_NUMBER} AS n, {values} FROM {table.numbered} WHERE ({bits}) IS DISTINCT FROM 0",
        list(table.bound),
    ).fetchnumpy()
    cells = [found[f"v{i}"] for i in range(len(columns))]
    return np.asarray(found["n"]).astype(np.int32), cells


def _parted(values: Any) -> tuple[Array, Array]:
    """The values, and where there are none (NumPy masks those)."""
    return np.ma.getdata(values), np.ma.getmaskarray(values)


def _by_row(rows: Sequence[Array], total: int) -> tuple[Array, Array]:
    """The labels of all rows, ascending, one row after the other, and where each row starts."""
    bits = max(1, len(rows).bit_length())
    # Row and label in one number: NumPy sorts whole numbers much faster than it sorts by a key.
    both = [(where.astype(np.int64) << bits) | label for label, where in enumerate(rows)]
    sorted_by_row = np.concatenate([*both, np.empty(0, dtype=np.int64)])
    sorted_by_row.sort()
    members = (sorted_by_row & ((1 << bits) - 1)).astype(np.int32)
    each = np.bincount(sorted_by_row >> bits, minlength=total)
    return members, np.concatenate([[0], np.cumsum(each)])


def _splits(table: Table, split: Column | None, total: int) -> dict[str, Array]:
    """Split → its rows."""
    if split is None:
        return {split_name("", split): np.arange(total)} if total else {}
    sql, bound = split_sql(split)
    found = table.connection.execute(
        f"SELECT {sql} AS s FROM {table.numbered} ORDER BY {_NUMBER}", [*bound, *table.bound]
    ).fetchnumpy()["s"]
    names, which = np.unique(np.asarray(found, dtype=object).astype(str), return_inverse=True)
    return {split_name(str(n), split): np.flatnonzero(which == i) for i, n in enumerate(names)}


def _distinct(members: Array, starts: Array, rows: Array) -> Sets:
    """Set of labels → how many of ``rows`` have just these."""
    lengths = np.diff(starts)[rows]
    begins = starts[:-1][rows]
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 1 << 63, int(members.max(initial=-1)) + 1, dtype=np.uint64)
    sets: Sets = {}
    for length in np.unique(lengths).tolist():
        begun = begins[lengths == length]
        if length:
            _add_distinct(sets, members[begun[:, None] + np.arange(length)], keys)
        else:
            sets[()] = len(begun)
    return sets


def _add_distinct(sets: Sets, rows: Array, keys: Array) -> None:
    """Add the rows, all of one length: the labels of each. Rows of one hash are compared in full with
    the first of them.
    """
    hashes = keys[rows].sum(axis=1, dtype=np.uint64)  # wraps around
    _, first, which, counts = np.unique(
        hashes, return_index=True, return_inverse=True, return_counts=True
    )
    if (rows == rows[first[which]]).all():
        sets.update(zip(_as_tuples(rows[first]), counts.tolist(), strict=True))
    else:  # two sets of one hash: each row speaks for itself
        for labels in _as_tuples(rows):
            sets[labels] = sets.get(labels, 0) + 1


def _as_tuples(rows: Array) -> Iterator[tuple[int, ...]]:
    """Each row as a tuple; many times as fast as one by one."""
    flat = iter(rows.ravel().tolist())
    return zip(*[flat] * rows.shape[1], strict=True)
