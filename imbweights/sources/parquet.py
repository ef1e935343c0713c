"""Parquet files."""

from __future__ import annotations

import duckdb

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.tables.counting import count_table
from imbweights.sources.tables.duck import connected, fetch, first_line, identifier, path_pattern
from imbweights.sources.tables.table import Column, Table

_NESTED = ("STRUCT", "MAP", "UNION")


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the four bytes that every Parquet file begins with."""
    del options
    return file.compression is None and file.head.startswith(b"PAR1")


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one Parquet file. Only the columns that are asked for are read."""
    path = path_pattern(file.path)
    with connected() as connection:
        try:
            described = fetch(connection, "DESCRIBE SELECT * FROM read_parquet(?)", [path])
        except duckdb.Error as error:
            raise _damaged(file, error) from error
        table = Table(
            connection=connection,
            relation="read_parquet(?)",
            bound=(path,),
            columns=tuple(Column(name, _cell(name, kind, file)) for name, kind, *_ in described),
            name=file.name,
            details=("Parquet",),
            explain=lambda error: _damaged(file, error),
        )
        return count_table(table, options)


def _cell(name: str, kind: str, file: InputFile) -> str:
    """A column as it is; lists and structs fail only when they are asked for."""
    if kind.endswith("]") or kind.startswith(_NESTED):
        message = f"column {name!r} holds lists or structs ({kind[:40]}), not one label per row"
        from imbweights.sources.tables.duck import text_literal

        return f"CAST(error({text_literal(file.name + ': ' + message)}) AS VARCHAR)"
    return identifier(name)


def _damaged(file: InputFile, error: duckdb.Error) -> SourceError:
    reason = first_line(error)
    return SourceError(reason if reason.startswith(file.name) else f"{file.name}: {reason}")


SOURCE = Source(
    kind="parquet",
    summary="Parquet",
    suffixes=(".parquet", ".pq"),
    recognises=recognises,
    read=read,
)
