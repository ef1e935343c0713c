"""Whether the first row of a text table names the columns or is data."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from imbweights.core.errors import AmbiguousSourceError
from imbweights.sources.tables.names import normalised, usual_label_columns

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_PLACEHOLDERS = frozenset({"", "?", "-", "na", "n/a", "nan", "null", "none"})
_NUMERIC_SHARE = 0.9

Rows = Sequence[Sequence[str]]


def has_header(
    rows: Rows, name: str, *, wanted: Collection[str] = (), one_label_a_line: bool = False
) -> bool:
    """Decide from the rows' own content, never from their types alone.

    A header it is when a cell of the first row is a column that the user named (``wanted``), is
    a usual name for labels, or is text above numbers. Data it is when a number stands above
    numbers, when a cell occurs again below (the ``cat`` of ``cat, dog, cat``), or when it is
    shaped like those below (``img1.jpg``, ``img2.jpg``). Where nothing tells, several columns
    have a header, as tables do, and lines of text have none; but a single column, and a column
    that the user named by its number, raise ``AmbiguousSourceError``. ``name``: the file, for
    that message.
    """
    if not rows:
        return False
    first, below = rows[0], rows[1:]
    names = {normalised(w) for w in wanted if not w.isdecimal()}
    if any(normalised(cell) in names for cell in first):
        return True
    if usual_label_columns(first) and not _is_repeated_label(first, below):
        return True
    told = _told_by_columns(first, below) if below else _told_by_itself(first)
    if told is not None:
        return told
    if one_label_a_line:
        return False
    if len(first) > 1 and not _numbers_in_sequence(first) and not any(map(str.isdecimal, wanted)):
        return True
    raise _undecided(first, below, name)


def _told_by_itself(first: Sequence[str]) -> bool | None:
    """A number is no name, unless all are numbers in sequence."""
    is_data = any(map(_is_number, first)) and not _numbers_in_sequence(first)
    return False if is_data else None


def _told_by_columns(first: Sequence[str], below: Rows) -> bool | None:
    """What the cells of the first row tell beside those below; ``None`` when nothing."""
    columns = [[row[i] for row in below if i < len(row)] for i in range(len(first))]
    if any(_text_above_numbers(c, cells) for c, cells in zip(first, columns, strict=True)):
        return True
    same = any(_same_kind(c, cells) for c, cells in zip(first, columns, strict=True) if cells)
    return False if same and not _numbers_in_sequence(first) else None


def _is_repeated_label(first: Sequence[str], below: Rows) -> bool:
    """In a single column, a usual name that occurs again is a label like the others."""
    return len(first) == 1 and any(row and row[0] == first[0] for row in below)


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _numeric_share(cells: Sequence[str]) -> float:
    known = [c for c in cells if c.strip().lower() not in _PLACEHOLDERS]
    return sum(map(_is_number, known)) / len(known) if known else 0.0


def _text_above_numbers(cell: str, below: Sequence[str]) -> bool:
    is_text = not _is_number(cell) and cell.strip().lower() not in _PLACEHOLDERS
    return is_text and _numeric_share(below) >= _NUMERIC_SHARE


def _numbers_in_sequence(first: Sequence[str]) -> bool:
    """``0, 1, 2 …``: the names that pandas gives to the columns of an array."""
    named = [c.strip() for c in first if c.strip()]
    return len(named) > 1 and named == [str(i) for i in range(len(named))]


def _same_kind(cell: str, below: Sequence[str]) -> bool:
    if not cell.strip():
        return False
    if _is_number(cell):
        return _numeric_share(below) >= _NUMERIC_SHARE
    if cell in below:
        return True
    shape = _shape(cell)
    return re.search(r"[0./:@\\]", shape) is not None and sum(
        _shape(c) == shape for c in below
    ) >= 0.5 * len(below)


def _shape(cell: str) -> str:
    """Runs of digits as ``0``, runs of letters as ``a``; signs stay."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", cell.strip()))


def _undecided(first: Sequence[str], below: Rows, name: str) -> AmbiguousSourceError:
    shown = ", ".join(c.strip() or "(nothing)" for c in first[:3])
    return AmbiguousSourceError(
        f"{name}: the first row ({shown}) may be a header or data",
        hint=f"--header: it names the column{'s' * (len(first) > 1)}\n"
        f"--no-header: it is data, {len(below) + 1} rows in the part looked at",
    )
