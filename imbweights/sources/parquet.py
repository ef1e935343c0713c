"""Parquet files."""

from __future__ import annotations

import duckdb

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.tables.counting import count_table
from imbweights.sources.tables.duck import connected, fetch, first_line, queried
from imbweights.sources.tables.table import Table
from imbweights.sources.tables.typed import typed_column

_NUMBER = "file_row_number"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the four bytes that every Parquet file begins with."""
    del options
    return file.compression is None and file.start.startswith(b"PAR1")


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one Parquet file. Only the columns that are asked for are read."""
    with connected() as connection:
        return count_table(table_of(connection, file), options)


def table_of(connection: duckdb.DuckDBPyConnection, file: InputFile) -> Table:
    """One Parquet file as a table to select from."""
    path = queried(connection, file.place)
    try:
        described = fetch(connection, "DESCRIBE SELECT * FROM read_parquet(?)", [path])
    except duckdb.Error as error:
        raise _damaged(file, error) from error
    names = {name.casefold() for name, *_ in described}
    return Table(
        connection=connection,
        relation="read_parquet(?)",
        bound=(path,),
        columns=tuple(typed_column(name, kind) for name, kind, *_ in described),
        name=file.name,
        folder=file.folder,
        details=("Parquet",),
        explain=lambda error: _damaged(file, error),
        numbered=None if _NUMBER in names else f"read_parquet(?, {_NUMBER}=true)",
    )


def _damaged(file: InputFile, error: duckdb.Error) -> SourceError:
    reason = first_line(error)
    return SourceError(reason if reason.startswith(file.name) else f"{file.name}: {reason}")


SOURCE = Source(recognises=recognises, read=read, alone=())
