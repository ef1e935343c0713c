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
            columns=tuple(_column(name, kind) for name, kind, *_ in described),
            name=file.name,
            folder=file.folder,
            details=("Parquet",),
            explain=lambda error: _damaged(file, error),
        )
        return count_table(table, options)


def _column(name: str, kind: str) -> Column:
    """A column as it is; lists and structs as JSON."""
    if kind.endswith("]") or kind.startswith(_NESTED):
        return Column(name, f"CAST(to_json({identifier(name)}) AS VARCHAR)", nested=True)
    return Column(name, identifier(name))


def _damaged(file: InputFile, error: duckdb.Error) -> SourceError:
    reason = first_line(error)
    return SourceError(reason if reason.startswith(file.name) else f"{file.name}: {reason}")


SOURCE = Source(recognises=recognises, read=read)
