"""Tables: four columns, a million classes, a thousand 0/1 columns. DuckDB makes them, in any number of rows."""

from __future__ import annotations

from pathlib import Path

import duckdb

# A number in [0, 1) that depends on the row alone.
_CHANCE = "(hash(i * 7919 + {seed}) % 1048576) / 1048576.0"
_FOUR = f"""
    SELECT i AS id, 'img_' || lpad((hash(i) % 100000)::VARCHAR, 5, '0') || '.jpg' AS file,
    'class_' || lpad(floor(100 * pow({_CHANCE.format(seed=1)}, 3))::INT::VARCHAR, 2, '0') AS label,
    (hash(i * 31) % 10000)::INT AS score
    FROM range({{rows}}) t(i)
"""
_MANY = f"""
    SELECT 'species ' || (i * 13 % {{classes}})::BIGINT AS label FROM range({{classes}}) t(i)
    UNION ALL
    SELECT 'species ' || floor({{classes}} * pow({_CHANCE.format(seed=3)}, 2)
        + hash(i) % 97)::BIGINT % {{classes}} AS label
    FROM range({{classes}}, {{rows}}) t(i)
"""


def _copied(query: str, target: Path) -> Path:
    """The rows of a query as a file, which is there whole or not at all."""
    unfinished = target.with_name(f"unfinished_{target.name}")
    kind = "FORMAT parquet" if target.suffix == ".parquet" else "FORMAT csv, HEADER"
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"COPY ({query}) TO '{unfinished}' ({kind})")
    return unfinished.replace(target)


def four_columns(folder: Path, rows: int, suffix: str) -> Path:
    """``id, file, label, score``: 100 classes of very different size; about 34 bytes a row as CSV."""
    path = folder / f"four_columns_{rows}{suffix}"
    return path if path.exists() else _copied(_FOUR.format(rows=rows), path)


def many_classes(folder: Path, rows: int, classes: int) -> Path:
    """One column in which each of ``classes`` names occurs, most of them rarely."""
    path = folder / f"classes_{classes}_in_{rows}.parquet"
    return path if path.exists() else _copied(_MANY.format(rows=rows, classes=classes), path)
