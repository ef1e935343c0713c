"""The ones of many 0/1 columns, read column by column, and the distinct sets of labels they make."""

from __future__ import annotations

from collections.abc import Sequence
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
    bound = list(table.bound)
    [(total,)] = fetch(table.connection, f"SELECT count(*) FROM {table.relation}", bound)
    if total >= 1 << 31:
        return None
    rows: list[Array] = []
    missing = 0
    for column in columns:
        value = f"CAST({column.sql} AS BIGINT)"
        found = table.connection.execute(
            f"SELECT {_NUMBER} AS n, {value} AS v FROM {table.numbered}"
            f" WHERE {column.sql} <> 0 OR {column.sql} IS NULL",
            bound,
        ).fetchnumpy()
        values, empty = _parted(found["v"])
        if not (values == 1).all():
            return None
        rows.append(np.sort(np.asarray(found["n"])[~empty]).astype(np.int32))
        missing += int(empty.sum())
    members, starts = _by_row(rows, total)
    groups = _splits(table, split, total)
    return {name: _distinct(members, starts, which) for name, which in groups.items()}, missing


def _parted(values: Any) -> tuple[Array, Array]:
    """The values that are there, and where there are none (NumPy masks those)."""
    empty = np.ma.getmaskarray(values)
    return np.ma.getdata(values)[~empty], empty


def _by_row(rows: Sequence[Array], total: int) -> tuple[Array, Array]:
    """The labels of all rows, one row after the other, and where each row starts."""
    labels = np.repeat(np.arange(len(rows), dtype=np.int32), [len(each) for each in rows])
    where = np.concatenate([*rows, np.empty(0, dtype=np.int32)])
    # Labels of one row stay ascending.
    members = labels[np.argsort(where, kind="stable")]
    return members, np.concatenate([[0], np.cumsum(np.bincount(where, minlength=total))])


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
    """Set of labels → how many of ``rows`` have just these.

    Rows are sorted by a hash and then compared in full with the first of equal hash.
    """
    lengths = np.diff(starts)[rows]
    begins = starts[:-1][rows]
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 1 << 63, int(members.max(initial=-1)) + 1, dtype=np.uint64)
    # Sums wrap around, and differences of sums do so again.
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(keys[members], dtype=np.uint64)])
    hashes = sums[begins + lengths] - sums[begins]
    _, first, which, counts = np.unique(
        hashes, return_index=True, return_inverse=True, return_counts=True
    )
    sets: Sets = {}
    if _same(members, begins, lengths, first[which]):
        listed, tallied = first.tolist(), counts.tolist()
    else:  # two sets of one hash: each row speaks for itself
        listed, tallied = range(len(rows)), [1] * len(rows)
    flat, ends = members.tolist(), (begins + lengths).tolist()
    begun = begins.tolist()
    for row, n in zip(listed, tallied, strict=True):
        labels = tuple(flat[begun[row] : ends[row]])
        sets[labels] = sets.get(labels, 0) + n
    return sets


def _same(members: Array, begins: Array, lengths: Array, others: Array) -> bool:
    """Whether each row has the very labels of the row that stands for it."""
    if (lengths != lengths[others]).any():
        return False
    ends = np.cumsum(lengths)
    within = np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths)
    mine = members[np.repeat(begins, lengths) + within]
    theirs = members[np.repeat(begins[others], lengths) + within]
    return bool((mine == theirs).all())
