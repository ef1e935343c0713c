"""The files that a query asks: each parsed as it would be without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from imbweights.core.choices import BadRows
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources import Kind, delimited, json_records, lines, parquet
from imbweights.sources.base import InputFile
from imbweights.sources.files import FileSet
from imbweights.sources.querying.views import Part
from imbweights.sources.reading import refuse_idle_options
from imbweights.sources.recognising import kind_of
from imbweights.sources.tables.duck import connected, fetch
from imbweights.sources.text.counting import guessed, readable, remedied, table_of
from imbweights.sources.text.problems import UnreadableError, skipped
from imbweights.sources.text.text_table import TextTable

if TYPE_CHECKING:
    from imbweights.sources.remote.file import RemoteFile

_READ = ("csv", "lines", "parquet", "json")


@dataclass
class AskedFile:
    """One file of a query. ``text``: how a text file is read, which obstacles may change;
    ``folder``: for clean copies of it.
    """

    split: str
    file: InputFile
    kind: str
    folder: Path
    text: TextTable | None = None

    def part(
        self, connection: duckdb.DuckDBPyConnection, options: LabelOptions, number: int
    ) -> tuple[Part, tuple[str, ...]]:
        """The file as part of the views, and notes on how it is read."""
        file = self.file
        stem = None if file.is_copy else file.path.name.split(".", 1)[0] or None
        path, typed = file.path, False
        notes: tuple[str, ...] = ()
        if self.text is not None:
            path, notes = _plain(self.text.path), guessed(self.text, options)
            table = table_of(connection, self.text, options, str(number))
        elif self.kind == "parquet":
            table, typed = parquet.table_of(connection, file), True
        else:
            table, place, notes = json_records.table_of(connection, file, options, self.folder)
            path = _plain(place)
        part = Part(split=self.split, stem=stem, path=path, table=table, typed=typed)
        return part, notes

    def fault(self, options: LabelOptions) -> Exception | None:
        """What is wrong with the file itself, by reading all of it; ``None`` when nothing is."""
        with connected() as connection:
            part, _ = self.part(connection, options, 0)
            table = part.table
            cells = ", ".join(f"count({column.sql})" for column in table.columns)
            bound = [*(v for column in table.columns for v in column.bound), *table.bound]
            try:
                connection.execute(f"SELECT {cells} FROM {table.relation}", bound).fetchall()
            except duckdb.Error as error:
                return table.explain(error) if table.explain else error
        return None

    def remedy(self, obstacle: UnreadableError, options: LabelOptions) -> None:
        """Read the file so that the obstacle is none any more."""
        assert self.text is not None  # noqa: S101 - only texts have such obstacles
        self.text = remedied(self.text, obstacle, options, self.folder)

    def skipped(
        self, connection: duckdb.DuckDBPyConnection, options: LabelOptions, number: int
    ) -> tuple[str, ...]:
        """A sentence on the rows that were left out, if any."""
        if self.text is None or options.on_bad_rows is not BadRows.SKIP:
            return ()
        asked = "SELECT 1 FROM duckdb_tables() WHERE table_name = ?"
        if not fetch(connection, asked, [f"bad_rows{number}"]):
            return ()  # the query did not ask this file
        return skipped(self.text, connection, str(number))


def asked_file(
    split: str,
    item: InputFile | FileSet,
    options: LabelOptions,
    *,
    names: Sequence[str],
    folder: Path,
) -> AskedFile:
    """A file that a query may ask. Raises ``ImbweightsError`` for what is no table.

    ``names``: every name in the query; where one stands in the first row, that is the header.
    """
    if isinstance(item, FileSet):
        raise UsageError(
            f"{item.name}: is a folder, and --sql asks files",
            hint=f"name the files: '{item.name.rstrip('/')}/*.csv'",
        )
    if not item.start:
        raise SourceError(f"{item.name}: is empty")
    if item.remote is not None:  # a query may read any column, and the connection is locked
        item = replace(item, place=item.remote.near(), is_copy=True)
    kind = kind_of(item, options)
    _refuse_other(kind, item, options)
    folder.mkdir()
    return AskedFile(split, item, kind.name, folder, _text(kind, item, options, names, folder))


def _plain(place: Path | RemoteFile) -> Path:
    return place if isinstance(place, Path) else place.near()


def _text(
    kind: Kind, file: InputFile, options: LabelOptions, names: Sequence[str], folder: Path
) -> TextTable | None:
    match kind.name:
        case "csv":
            return readable(delimited.text_table(file, options, names), folder)
        case "lines":
            return readable(lines.text_table(file, options), folder)
        case _:
            return None


def _refuse_other(kind: Kind, item: InputFile, options: LabelOptions) -> None:
    if kind.name not in _READ:
        raise UsageError(
            f"{item.name}: is read as {kind.name} ({kind.summary}), which --sql cannot ask",
            hint=f"--sql asks {', '.join(_READ[:-1])} and {_READ[-1]}",
        )
    refuse_idle_options(kind, item.name, options)
