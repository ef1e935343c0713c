"""Many 0/1 columns: read column by column, they are what they are cell by cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imbweights import analyze
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.opening import input_file
from imbweights.sources.parquet import table_of
from imbweights.sources.tables import ones
from imbweights.sources.tables.duck import connected
from imbweights.sources.tables.ones import _add_distinct, _distinct

_KINDS = ("TINYINT", "BIGINT", "UINTEGER", "BOOLEAN")


def written(folder: Path, query: str) -> tuple[Path, Path]:
    """The rows of a query as Parquet and as CSV."""
    paths = folder / "t.parquet", folder / "t.csv"
    with duckdb.connect(":memory:") as connection:
        for path, kind in zip(paths, ("parquet", "csv"), strict=True):
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT {kind})")
    return paths


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("split", [None, "s"])
def test_columns_of_numbers_count_as_text_does(
    tmp_path: Path, kind: str, split: str | None
) -> None:
    """Parquet goes column by column, CSV cell by cell: splits, empty cells and pairs are the same."""
    parquet, csv = written(
        tmp_path,
        f"SELECT CAST(i % 2 AS {kind}) a, CAST(i % 3 = 0 AS {kind}) b,"
        f" CASE WHEN i % 5 = 0 THEN NULL ELSE CAST(i % 7 = 0 AS {kind}) END c,"
        " CASE WHEN i % 4 = 0 THEN NULL WHEN i % 4 = 1 THEN ' x' ELSE 'y' END s"
        " FROM range(5000) t(i)",
    )
    ours, theirs = (analyze(path, label="a:c", split=split) for path in (parquet, csv))
    assert ours.profile.total == theirs.profile.total
    assert dict(ours.profile.splits) == dict(theirs.profile.splits)
    assert ours.profile.source.notes == theirs.profile.source.notes
    assert ours.measures == theirs.measures


def test_more_rows_than_have_numbers_count_cell_by_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers of rows have four bytes; the counts are the same."""
    parquet, _ = written(tmp_path, "SELECT i % 2 AS a, (i % 3 = 0)::INT AS b FROM range(60) t(i)")
    before = analyze(parquet, label="a,b").counts
    monkeypatch.setattr(ones, "_MOST_ROWS", 59)
    asked: list[object] = []
    monkeypatch.setattr(ones, "_not_zero", lambda *_: asked.append(1))
    assert analyze(parquet, label="a,b").counts == before
    assert asked == []
    assert before.as_dict() == {"a": 30, "b": 20}


def test_rows_that_come_in_another_order(tmp_path: Path) -> None:
    """DuckDB may be told that order does not matter; then rows are put in order here."""
    parquet, _ = written(
        tmp_path,
        "SELECT i % 2 AS a, (i % 3 = 0)::INT AS b, IF(i < 9, 'x', 'y') AS s FROM range(60) t(i)",
    )
    with connected() as connection:
        table = table_of(connection, input_file(parquet, parquet.name))
        turned = replace(
            table, numbered=f"(SELECT * FROM {table.numbered} ORDER BY file_row_number DESC)"
        )
        *columns, split = table.columns
        options = LabelOptions()
        found = ones.sets_by_column(turned, columns, split, options)
        assert found == ones.sets_by_column(table, columns, split, options)
    assert found is not None
    assert found[0]["x"] == {(0, 1): 1, (0,): 3, (1,): 2, (): 3}


def test_another_number_is_refused_as_before(tmp_path: Path) -> None:
    """By who reads cell by cell, with the value in the message."""
    parquet, _ = written(tmp_path, "SELECT i % 2 AS a, i AS b FROM range(3) t(i)")
    with pytest.raises(SourceError, match="column 'b' holds '2'"):
        analyze(parquet, label="a,b")


def test_a_value_that_means_missing_is_no_label(tmp_path: Path) -> None:
    """With spellings for missing cells every cell is compared."""
    parquet, _ = written(tmp_path, "SELECT i % 2 AS a, (i % 3) - 1 AS b FROM range(6) t(i)")
    found = analyze(parquet, label="a,b", missing_value="-1")
    assert found.counts.as_dict() == {"a": 3, "b": 2}


def test_a_table_with_such_a_column_of_its_own(tmp_path: Path) -> None:
    """A user's ``file_row_number`` is not ours."""
    parquet, csv = written(tmp_path, "SELECT i % 2 AS a, 1 AS file_row_number FROM range(6) t(i)")
    assert analyze(parquet, label="*").counts == analyze(csv, label="*").counts


@given(st.lists(st.frozensets(st.integers(0, 70), max_size=6), max_size=40))
def test_distinct_sets_are_those_of_a_dictionary(sets: list[frozenset[int]]) -> None:
    """Equal rows are found, and only equal rows."""
    rows = [tuple(sorted(each)) for each in sets]
    members = np.array([i for row in rows for i in row], dtype=np.int32)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    found = _distinct(members, starts, np.arange(len(rows)))
    assert found == {row: rows.count(row) for row in rows}


def test_rows_of_one_hash_are_compared_in_full() -> None:
    """Where all labels have one key, sets differ all the same."""
    rows = np.array([[0, 1], [0, 2], [0, 1]], dtype=np.int32)
    found: dict[tuple[int, ...], int] = {(7, 8): 1}
    _add_distinct(found, rows, np.ones(3, dtype=np.uint64))
    assert found == {(7, 8): 1, (0, 1): 2, (0, 2): 1}


@pytest.mark.parametrize("odd", ["256", "-1", "3000000000"])
def test_a_number_that_fits_no_byte_is_seen(tmp_path: Path, odd: str) -> None:
    """The filter looks at bytes; 256 must not pass for 0."""
    parquet, _ = written(
        tmp_path,
        f"SELECT 0::BIGINT AS a, CASE i WHEN 2 THEN {odd} ELSE 0 END AS b FROM range(3) t(i)",
    )
    with pytest.raises(SourceError, match=f"column 'b' holds '{odd}'"):
        analyze(parquet, label="a,b")


def test_forty_columns_in_several_row_groups(tmp_path: Path) -> None:
    """More columns than one query reads, more rows than one group holds."""
    columns = ", ".join(f"(hash(i * 41 + {k}) % {k + 2} = 0)::INT AS c{k:02}" for k in range(40))
    parquet, _ = written(tmp_path, f"SELECT {columns} FROM range(150000) t(i)")
    found = analyze(parquet, label="*").counts
    with duckdb.connect(":memory:") as connection:
        lists = ", ".join(f"c{k:02}" for k in range(40))
        rows = connection.execute(
            f"SELECT [{lists}] AS l, count(*) FROM read_parquet('{parquet}') GROUP BY l"
        ).fetchall()
    assert found.label_sets == {tuple(np.flatnonzero(cells).tolist()): n for cells, n in rows}


def test_many_label_sets_are_added_up_as_few_are() -> None:
    """Parts below the limit, added, are the whole above it."""
    names = [f"c{i}" for i in range(12)]
    rng = np.random.default_rng(0)
    table = rng.random((3000, 12)) < 0.4
    sets = {tuple(np.flatnonzero(row).tolist()): int(rng.integers(1, 10**9)) for row in table}
    assert len(sets) > 1000
    parts = [ClassCounts.multilabel(names, dict(list(sets.items())[i::9])) for i in range(9)]
    whole = ClassCounts.multilabel(names, sets)
    assert whole == sum(parts[1:], parts[0])
    assert whole.as_dict() == {
        name: sum(n for labels, n in sets.items() if i in labels) for i, name in enumerate(names)
    }


def test_sums_beyond_the_whole_numbers_of_floats_stay_exact() -> None:
    """Such counts are added one by one, as integers."""
    names = [f"c{i}" for i in range(11)]
    rows = {tuple(i for i in range(11) if bits >> i & 1): 1 for bits in range(1, 2048)}
    rows[(0,)] = (1 << 53) + 1
    found = ClassCounts.multilabel(names, rows)
    assert found.as_dict()["c0"] == (1 << 53) + 1 + 1023
