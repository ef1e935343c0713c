"""Counting several 0/1 columns, each a label of its own."""

from __future__ import annotations

from collections.abc import Sequence

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import Reading, multilabel_counts
from imbweights.sources.tables.duck import fetch, text_literal
from imbweights.sources.tables.ones import sets_by_column
from imbweights.sources.tables.splits import split_name, split_sql
from imbweights.sources.tables.table import Column, LabelColumns, Table

TRUE_TEXTS = ("1", "1.0", "true")
FALSE_TEXTS = ("0", "0.0", "false")
TRUE, _FALSE = str(TRUE_TEXTS), str(FALSE_TEXTS)


def count_indicators(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> Reading:
    """Several 0/1 columns: each row's set of labels, counted by distinct set."""
    found = sets_by_column(table, chosen.columns, split, options)
    sets, missing = found or _sets_by_row(table, chosen, split, options)
    names = [c.name for c in chosen.columns]
    counts = {s: multilabel_counts(names, found, options) for s, found in sets.items()}
    notes = (f"{missing:,} empty cells are read as 0 (label absent)",) if missing else ()
    return Reading(
        splits=counts,
        label=f"{len(names)} columns {chosen.title}",
        details=table.details,
        notes=notes,
    )


def _sets_by_row(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> tuple[dict[str, dict[tuple[int, ...], int]], int]:
    """Split → set of labels → rows, and the number of empty cells; cells are compared as text."""
    missing = _check_zero_one(table, chosen.columns, options)
    split_of_row, bound = split_sql(split)
    ones = ", ".join(
        f"CASE WHEN {indicator_value(c)} IN {TRUE} THEN {i} END"
        for i, c in enumerate(chosen.columns)
    )
    bound += [v for c in chosen.columns for v in c.bound]
    sql = (
        f"SELECT s, l, count(*) FROM (SELECT {split_of_row} AS s,"
        f" [x FOR x IN [{ones}] IF x IS NOT NULL] AS l FROM {table.relation}) GROUP BY s, l"
    )
    sets: dict[str, dict[tuple[int, ...], int]] = {}
    for name, labels, n in fetch(table.connection, sql, [*bound, *table.bound]):
        sets.setdefault(split_name(name, split), {})[tuple(labels)] = n
    return sets, missing


def indicator_value(column: Column) -> str:
    """The SQL of a cell as it is compared with 0 and 1."""
    return f"lower(trim(CAST({column.sql} AS VARCHAR)))"


def _check_zero_one(table: Table, columns: Sequence[Column], options: LabelOptions) -> int:
    """The number of empty cells; raises when a cell holds anything but 0, 1, true and false."""
    spelled = ["", "nan", *(m.strip().lower() for m in options.missing_values)]
    empty = f"({', '.join(map(text_literal, spelled))})"
    values = ", ".join(f"{indicator_value(c)} AS v{i}" for i, c in enumerate(columns))
    checks = ", ".join(
        f"count(*) FILTER (v{i} IS NULL OR v{i} IN {empty}), any_value(v{i})"
        f" FILTER (v{i} NOT IN {empty} AND v{i} NOT IN {TRUE} AND v{i} NOT IN {_FALSE})"
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
