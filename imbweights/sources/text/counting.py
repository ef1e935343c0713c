"""Counting a text table: straight from the file, or from a clean copy where DuckDB needs one."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb

from imbweights.core.choices import BadRows
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import HEAD_BYTES, Reading
from imbweights.sources.tables.counting import count_table, is_visited
from imbweights.sources.tables.duck import connected, queried
from imbweights.sources.tables.table import Table
from imbweights.sources.text.encoding import (
    encoding_title,
    is_single_byte,
    is_utf8,
    rewrite_as_utf8,
    single_byte_codec,
)
from imbweights.sources.text.line_ends import has_several_line_ends, with_equal_line_ends
from imbweights.sources.text.plain.cells import plain_cells
from imbweights.sources.text.problems import Remedy, UnreadableError, explained, skipped
from imbweights.sources.text.text_table import HUGE_LINE, TextTable


def count_text_table(table: TextTable, options: LabelOptions) -> Reading:
    """Count the labels. Raises ``SourceError`` naming file and line for rows that do not parse."""
    with tempfile.TemporaryDirectory(prefix="imbweights-") as temporary:
        folder = Path(temporary)
        table = readable(table, folder)
        # Each remedy is tried once (see ``explained``), so that this ends.
        while True:
            try:
                return _count(table, options)
            except UnreadableError as obstacle:
                table = remedied(table, obstacle, options, folder)


def readable(table: TextTable, folder: Path) -> TextTable:
    """The table, or a copy of it where DuckDB does not know the encoding, or finds no rows since the
    lines above them end otherwise.
    """
    if not is_utf8(table.encoding):
        table = _utf8_copy(table, folder)
    if table.lines_above and has_several_line_ends(_beginning(table)):
        path = with_equal_line_ends(table, folder)
        return replace(table, path=path, compression=None, mended=True)
    return table


def _beginning(table: TextTable) -> bytes:
    if table.is_original or not isinstance(table.path, Path):
        return table.file.head
    with table.path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def remedied(
    table: TextTable, obstacle: UnreadableError, options: LabelOptions, folder: Path
) -> TextTable:
    """The table after what stood in the way of reading it is gone."""
    match obstacle.remedy:
        case Remedy.LONG_LINES:
            return replace(table, line_size=HUGE_LINE)
        case Remedy.LINE_ENDS:
            try:
                path = with_equal_line_ends(table, folder)
            except SourceError as error:
                raise obstacle.otherwise or error from error
            return replace(table, path=path, compression=None, mended=True)
        case _:  # ENCODING
            if options.encoding is not None:
                raise SourceError(
                    f"{table.file.name}: does not read as {encoding_title(table.encoding)}",
                    hint="name the right one with --encoding, or leave it to be found",
                )
            codec = single_byte_codec(table.file, folder)
            return _utf8_copy(replace(table, encoding=codec), folder)


def _utf8_copy(table: TextTable, folder: Path) -> TextTable:
    path = rewrite_as_utf8(table.file, table.encoding, folder)
    return replace(table, path=path, compression=None)


def _count(table: TextTable, options: LabelOptions) -> Reading:
    skipping = options.on_bad_rows is BadRows.SKIP
    with connected() as connection:
        reading = count_table(table_of(connection, table, options), options)
        notes = skipped(table, connection) if skipping else ()
        return replace(reading, notes=(*guessed(table, options), *reading.notes, *notes))


def table_of(
    connection: duckdb.DuckDBPyConnection,
    table: TextTable,
    options: LabelOptions,
    number: str = "",
) -> Table:
    """A text table to select from; ``number``: where its broken rows are collected."""
    skipping = options.on_bad_rows is BadRows.SKIP
    return Table(
        connection=connection,
        relation=table.relation(rejects=skipping, number=number),
        bound=(queried(connection, table.path),),
        columns=table.columns(),
        name=table.file.name,
        named=table.header,
        folder=table.file.folder,
        details=table.details(),
        explain=lambda error: explained(error, table),
        cells=None
        if skipping or options.keep_paths or is_visited()
        else partial(plain_cells, table),
    )


def guessed(table: TextTable, options: LabelOptions) -> tuple[str, ...]:
    """A single-byte encoding is never more than a guess: any bytes decode in it."""
    if options.encoding is not None or not is_single_byte(table.encoding):
        return ()
    title = encoding_title(table.encoding)
    return (f"{table.file.name} is not UTF-8 and is read as {title}; --encoding names another",)
