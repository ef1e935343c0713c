"""Rows that cannot be parsed, and files that DuckDB cannot take as they are: named, or remedied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import duckdb

from imbweights.core.errors import SourceError
from imbweights.sources.base import bad_rows_note
from imbweights.sources.tables.duck import connected, fetch, queried
from imbweights.sources.text.long_rows import USUAL_ROW
from imbweights.sources.text.text_table import HUGE_LINE, TextTable

_SKIPPABLE = frozenset({"MISSING COLUMNS", "TOO MANY COLUMNS"})
_KINDS = {"UNQUOTED VALUE": "a quote is opened and not closed as CSV wants it"}


class Remedy(Enum):
    """What makes a file readable that was not."""

    ENCODING = "another encoding"
    LINE_ENDS = "equal line ends"
    LONG_LINES = "room for long lines"


class UnreadableError(Exception):
    """DuckDB cannot read the file as it lies there, but after ``remedy`` it can.

    ``otherwise``: what to say when the remedy does not help.
    """

    def __init__(self, remedy: Remedy, otherwise: SourceError | None = None) -> None:
        """Carry the remedy."""
        super().__init__(remedy.value)
        self.remedy = remedy
        self.otherwise = otherwise


def explained(error: duckdb.Error, table: TextTable) -> Exception:
    """What a DuckDB error means: an ``UnreadableError`` to remedy or a ``SourceError`` to show."""
    text = str(error)
    if "nicode" in text and table.is_original:
        return UnreadableError(Remedy.ENCODING)
    if "invalid state" in text and not table.mended:
        return UnreadableError(Remedy.LINE_ENDS)
    # A row that does not fit looks like a quote that is not closed, or stops the reader as a whole.
    too_long = any(sign in text for sign in ("aximum line size", "full read", "unterminated quote"))
    if too_long and (table.line_size or 0) < HUGE_LINE and _may_be_long(table):
        return UnreadableError(Remedy.LONG_LINES)
    shown = _shown(text, table)
    # A row end of another sort behind a quote looks to DuckDB like text behind the quote.
    if "unterminated quote" in text and not table.mended:
        return UnreadableError(Remedy.LINE_ENDS, shown)
    return shown


def _may_be_long(table: TextTable) -> bool:
    """Whether some row may be longer than DuckDB has room for."""
    if table.compression is not None or not isinstance(table.path, Path):
        return True
    return table.path.stat().st_size > USUAL_ROW


def _shown(text: str, table: TextTable) -> SourceError:
    """The error as the user is to see it."""
    line = re.search(r"CSV Error on Line: (\d+)", text)
    if line is None:
        return SourceError(f"{table.file.name}: cannot be read ({_reason(text)})")
    bad = sum(1 for _ in _bad_lines(table))
    more = f" ({bad:,} such rows)" if bad > 1 else ""
    return SourceError(
        f"{table.file.name}, line {line[1]}: {_reason(text)}{more}",
        hint="mend the file, say how it is written (--delimiter, --encoding, --no-quotes), "
        "or leave such rows out with --on-bad-rows skip",
    )


def _reason(text: str) -> str:
    found = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if found:
        return f"expected {found[1]} columns, found {found[2]}"
    if "unterminated quote" in text:
        return "a quote is opened and not closed as CSV wants it"
    if "aximum line size" in text or "full read" in text:
        return f"a line is longer than {HUGE_LINE >> 20} MiB"
    return text.split("\n", maxsplit=1)[0].rsplit("Error: ", maxsplit=1)[-1]


def _bad_lines(table: TextTable) -> Iterator[int]:
    """The numbers of all lines that cannot be parsed, by a second run that collects them."""
    with connected() as connection:
        try:
            sql = f"SELECT count(c0) FROM {table.relation(rejects=True)}"
            fetch(connection, sql, [queried(connection, table.path)])
            yield from (n for (n,) in fetch(connection, "SELECT DISTINCT line FROM bad_rows"))
        except duckdb.Error:
            return


def skipped(
    table: TextTable, connection: duckdb.DuckDBPyConnection, number: str = ""
) -> tuple[str, ...]:
    """A sentence on the rows that were left out, if any.

    Only rows with too few or too many columns can be left out: they end where their line ends.
    Raises ``UnreadableError`` for what can be remedied, and ``SourceError`` for anything else,
    since an open quote may hide any number of rows behind it.
    """
    kinds = dict(
        fetch(connection, f"SELECT error_type, min(line) FROM bad_rows{number} GROUP BY ALL")
    )
    if "INVALID ENCODING" in kinds and table.is_original:
        raise UnreadableError(Remedy.ENCODING)
    if "LINE SIZE OVER MAXIMUM" in kinds and (table.line_size or 0) < HUGE_LINE:
        raise UnreadableError(Remedy.LONG_LINES)
    for kind, line in kinds.items():
        if kind not in _SKIPPABLE:
            raise SourceError(
                f"{table.file.name}, line {line}: {_KINDS.get(kind, kind.lower())}, so it is not "
                "known where the row ends, and it cannot be skipped",
                hint="mend the file, or say --no-quotes if quotes are part of the text",
            )
    lines = sorted(n for (n,) in fetch(connection, f"SELECT DISTINCT line FROM bad_rows{number}"))
    return bad_rows_note(table.file.name, lines)
