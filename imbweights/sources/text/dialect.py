"""How a text table is written: its delimiter, its quotes, and how many columns it has.

DuckDB's own detection settles on one column when some rows are ragged and overlooks quotes that
come late; both would give wrong counts in silence. So the dialect is found here, strictly, and
DuckDB is told.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import TextIO

from imbweights.core.errors import AmbiguousSourceError, UsageError
from imbweights.sources.tables.names import usual_label_columns

DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "pipe", " ": "space"}
_BY_NAME = {name: sign for sign, name in DELIMITER_NAMES.items()} | {"\\t": "\t"}
_BY_SUFFIX = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_LINE_END = re.compile(r"\r\n|\r|\n")
# Below this share of rows of equal width, a sign that occurs in the text is not a delimiter.
_MOSTLY = 0.7


class Quoting(Enum):
    """How a field that holds the delimiter is written: (quote, escape)."""

    DOUBLED = ('"', '"')  # RFC 4180
    BACKSLASH = ('"', "\\")
    NONE = ("", "")

    @property
    def quote(self) -> str:
        """The quote sign, or empty."""
        return self.value[0]

    @property
    def escape(self) -> str:
        """What makes a quote inside quotes, or empty."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to cut the sample into rows, and how well it fits.

    ``rows`` are the parsed non-blank rows, ``width`` the commonest number of columns,
    ``regular`` the share of rows with that width, ``comments`` the number of ``#`` lines and
    ``blanks`` that of empty lines before the table.
    """

    delimiter: str
    quoting: Quoting
    rows: tuple[tuple[str, ...], ...]
    width: int
    regular: float
    comments: int = 0
    blanks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The first part of a text file: its name, suffix and decoded text, ``complete`` if that is
    all of it; and what the user said of its ``delimiter`` and ``quotes``.
    """

    name: str
    suffix: str
    text: str
    complete: bool
    delimiter: str | None = None
    quotes: bool | None = None


def find_layout(sample: Sample) -> Layout:
    """The delimiter and quoting under which the sample is a table.

    Raises ``AmbiguousSourceError`` when two delimiters fit equally well.
    """
    text = sample.text if sample.complete else sample.text[: sample.text.rfind("\n") + 1]
    text, blanks = _below(text or sample.text, lambda line: not line.strip())
    layout = replace(_of_table(sample, text), blanks=blanks)
    below, comments = _below(text, lambda line: line.startswith("#"))
    if not comments:
        return layout
    # A line of words above a table is a comment; "#id,label" above it is its header.
    inner = _of_table(sample, below)
    is_comment = inner.width > 1 and inner.regular > layout.regular
    return replace(inner, blanks=blanks, comments=comments) if is_comment else layout


def _below(text: str, is_above: Callable[[str], bool]) -> tuple[str, int]:
    """The text below its first lines, as long as they are of a kind, and how many those are."""
    count = start = 0
    while start < len(text):
        end = _LINE_END.search(text, start)
        stop = end.end() if end else len(text)
        if not is_above(text[start:stop]):
            break
        start, count = stop, count + 1
    return text[start:], count


def _of_table(sample: Sample, text: str) -> Layout:
    if sample.delimiter is not None:
        return _layout(sample, text, delimiter_sign(sample.delimiter))
    if sample.suffix in _BY_SUFFIX:
        return _layout(sample, text, _BY_SUFFIX[sample.suffix])
    # A sign that does not occur makes one column of every row, which is no table; a comma stands for it.
    signs = [sign for sign in (",", "\t", ";", "|") if sign == "," or sign in text]
    layouts = [_layout(sample, text, sign) for sign in signs]
    tables = [x for x in layouts if x.width > 1 and x.regular == 1.0]
    if len(tables) > 1:
        tables = [x for x in tables if usual_label_columns(x.rows[0])] or tables
    if len(tables) > 1:
        raise AmbiguousSourceError(
            f"{sample.name}: the table can be cut into columns in more than one way",
            hint="choose one:\n"
            + "\n".join(
                f"  --delimiter {DELIMITER_NAMES[x.delimiter]}: {x.width} columns" for x in tables
            ),
        )
    if tables:
        return tables[0]
    ragged = [x for x in layouts if _is_ragged_table(x)]
    return max(ragged, key=lambda x: x.regular, default=layouts[0])


def _is_ragged_table(layout: Layout) -> bool:
    """A table with some broken rows: its first row, and most others, have the same width."""
    first = len(layout.rows[0]) if layout.rows else 0
    return (
        layout.width > 1 and first in {layout.width, layout.width - 1} and layout.regular >= _MOSTLY
    )


def delimiter_sign(given: str) -> str:
    r"""The sign behind ``comma``, ``tab``, ``\t`` … or the sign itself.

    >>> delimiter_sign("tab"), delimiter_sign("::")
    ('\t', '::')
    """
    sign = _BY_NAME.get(given.lower(), given)
    # Bytes on the command line that are no text come as halves of surrogate pairs.
    size = len(sign.encode("utf-8", "surrogatepass"))
    halves = any("\ud800" <= c <= "\udfff" for c in sign)
    if not sign or halves or size > 4 or set(sign) & set('"\r\n'):
        raise UsageError(f"{given!r} cannot be a delimiter", hint=f"one of: {', '.join(_BY_NAME)}")
    return sign


def _layout(sample: Sample, text: str, delimiter: str) -> Layout:
    quoted = [Quoting.DOUBLED, *([Quoting.BACKSLASH] if '\\"' in text else [])]
    if sample.quotes is False:
        quoted = []
    layouts = [x for x in (_parsed(text, delimiter, q, sample.complete) for q in quoted) if x]
    best = max(layouts, key=lambda x: x.regular, default=None)
    if '"' in text and (sample.quotes is False or (sample.quotes is None and delimiter == "\t")):
        best = _unquoted_if_better(best, _parsed(text, delimiter, Quoting.NONE, complete=True))
    if best is None:  # broken quotes: DuckDB will say in which line
        plain = _parsed(text, delimiter, Quoting.NONE, complete=True)
        return replace(plain, quoting=Quoting.DOUBLED) if plain else _nothing(delimiter)
    return best


def _unquoted_if_better(quoted: Layout | None, plain: Layout | None) -> Layout | None:
    """In tab-separated text a quote is often just a quote.

    So it is when quoting does not parse, or when it glues lines together that are complete rows
    as they stand.
    """
    if quoted is None or plain is None:
        return plain or quoted
    glued = any("\n" in cell for row in quoted.rows for cell in row)
    return plain if glued and plain.width == quoted.width > 1 and plain.regular == 1.0 else quoted


def _nothing(delimiter: str) -> Layout:
    return Layout(delimiter, Quoting.DOUBLED, (), 0, 0.0)


def _parsed(text: str, delimiter: str, quoting: Quoting, complete: bool) -> Layout | None:
    rows: list[tuple[str, ...]] = []
    try:
        with long_fields():
            for row in read_rows(
                io.StringIO(text, newline=""), delimiter, quoting
            ):  # keeps what came before an error
                if any(cell.strip() for cell in row):
                    rows.append(tuple(row))  # noqa: PERF401 - extend would lose it
    except csv.Error as error:
        # A sample that was cut inside a quoted field is not a broken file.
        if complete or "unexpected end" not in str(error):
            return None
    if not rows:
        return _nothing(delimiter)
    width, times = Counter(len(row) for row in rows).most_common(1)[0]
    return Layout(delimiter, quoting, tuple(rows), width, times / len(rows))


def read_rows(stream: TextIO, delimiter: str, quoting: Quoting) -> Iterator[list[str]]:
    """The rows of a text stream, strictly; quotes around fields only for one-sign delimiters."""
    if len(delimiter) > 1:
        return (line.rstrip("\r\n").split(delimiter) for line in stream)
    if quoting is Quoting.NONE:
        return csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    return csv.reader(
        stream,
        delimiter=delimiter,
        quotechar='"',
        doublequote=quoting is Quoting.DOUBLED,
        escapechar="\\" if quoting is Quoting.BACKSLASH else None,
        strict=True,
    )


@contextmanager
def long_fields() -> Iterator[None]:
    """Texts of documents are longer than the 128 KiB that the csv module allows."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)
