"""A copy of a table whose rows end alike; DuckDB reads no file that mixes line ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from imbweights.core.errors import SourceError
from imbweights.sources.text.dialect import Quoting, long_fields, read_rows
from imbweights.sources.text.encoding import raw_stream
from imbweights.sources.text.ending import lines_of
from imbweights.sources.text.text_table import TextTable

_LINE_END = re.compile(rb"\r\n|\r|\n")


def has_several_line_ends(text: bytes) -> bool:
    r"""Whether lines end in different ways; a carriage return at the very end may be cut in two.

    >>> has_several_line_ends(b"a\r\nb\n"), has_several_line_ends(b"a\r\nb\r")
    (True, False)
    """
    ends = set(_LINE_END.findall(text[:-1] if text.endswith(b"\r") else text))
    return len(ends) > 1


def with_equal_line_ends(table: TextTable, folder: Path) -> Path:
    """Copy the table as UTF-8 with rows ending in a newline; fields stay to the letter."""
    target = folder / "equal_line_ends.txt"
    with (
        _opened(table, folder) as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        if table.layout.quoting is Quoting.NONE or len(table.layout.delimiter) > 1:
            copy.writelines(f"{line}\n" for line in _lines(source, table.file.name))
        else:
            _copy_rows(table, source, copy)
    return target


def _opened(table: TextTable, folder: Path) -> TextIO:
    if not table.is_original and isinstance(table.path, Path):
        return table.path.open(encoding="utf-8", newline="")
    return io.TextIOWrapper(
        raw_stream(table.file, folder, to_copy=True), encoding="utf-8-sig", newline=""
    )


def _lines(source: TextIO, name: str) -> Iterator[str]:
    for line in lines_of(source, name):
        yield line.rstrip("\r\n")


def _copy_rows(table: TextTable, source: TextIO, copy: TextIO) -> None:
    layout = table.layout
    escaped = layout.quoting is Quoting.BACKSLASH
    writer = csv.writer(
        copy,
        delimiter=layout.delimiter,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL,  # a bare carriage return inside a field would end the row
        doublequote=not escaped,
        escapechar="\\" if escaped else None,
    )
    try:
        with long_fields():
            writer.writerows(read_rows(source, layout.delimiter, layout.quoting))
    except (csv.Error, UnicodeDecodeError) as error:
        raise SourceError(
            f"{table.file.name}: mixes line ends and cannot be parsed otherwise either ({error})",
            hint="save it with one kind of line end",
        ) from error
