"""The column that names each row's split, as part of a query."""

from __future__ import annotations

from imbweights.sources.tables.table import Column

_UNNAMED = "(none)"


def split_sql(split: Column | None) -> tuple[str, list[object]]:
    """The SQL of the split of a row, with its bound values; empty text when there are none."""
    if split is None:
        return "''", []
    return f"coalesce(trim(CAST({split.sql} AS VARCHAR)), '')", list(split.bound)


def split_name(found: str, split: Column | None) -> str:
    """What a split is called; rows without one have a name too."""
    return found if found or split is None else _UNNAMED
