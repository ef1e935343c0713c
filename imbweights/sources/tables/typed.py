"""Columns that have types, as Parquet files and results of queries do."""

from __future__ import annotations

from imbweights.sources.tables.duck import identifier
from imbweights.sources.tables.table import Column

_NESTED = ("STRUCT", "MAP", "UNION")
_WHOLE = frozenset(
    f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG")
) | {"INTEGER", "UINTEGER", "BOOLEAN"}


def typed_column(name: str, kind: str) -> Column:
    """A column as it is; lists and structs as JSON.

    >>> typed_column("y", "BIGINT").sql, typed_column("tags", "VARCHAR[]").nested
    ('"y"', True)
    """
    if kind.endswith("]") or kind.startswith(_NESTED):
        return Column(name, f"CAST(to_json({identifier(name)}) AS VARCHAR)", nested=True)
    if kind == "JSON":
        return Column(name, f"CAST({identifier(name)} AS VARCHAR)", nested=True)
    return Column(name, identifier(name), whole=kind in _WHOLE)
