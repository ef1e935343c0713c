"""From bytes of whole rows to the places of one column's cells, or to nothing where rows are not plain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]

_NUL, _NEWLINE, _RETURN, _QUOTE = 0, 10, 13, 34
_NOT_ASCII = 128


@dataclass(frozen=True, slots=True)
class Column:
    """Which column of which table: its place from 0, the number of columns, the sign between them
    (one ASCII byte), and whether quotes are nothing but text.
    """

    place: int
    width: int
    delimiter: int
    quotes_are_text: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cells begin and how long they are, in bytes; ``returns``: rows end with CR LF."""

    starts: Places
    lengths: Places
    returns: bool


def cut(rows: Bytes, column: Column) -> Cells | None:
    """The cells of one column; ``rows``: whole rows, each ending with a newline.

    ``None`` when they are not plain: a quote, a NUL, bytes that are no UTF-8, other line ends beside
    the usual ones, or a row with more or fewer columns, such as a blank line.
    """
    if not _is_plain_text(rows, column):
        return None
    newlines = rows == _NEWLINE
    signs = newlines if column.width == 1 else newlines | (rows == column.delimiter)
    found = np.flatnonzero(signs)
    if found.size % column.width or (column.width == 1 and (rows == column.delimiter).any()):
        return None
    places: Places = found.reshape(-1, column.width)
    row_ends = places[:, -1]
    # As many newlines as rows, and each row ends with one: so no other sign is a newline.
    if np.count_nonzero(newlines) != len(row_ends) or not newlines[row_ends].all():
        return None
    returns = _returns(rows, row_ends)
    if returns is None:
        return None
    if column.place:
        starts = places[:, column.place - 1] + 1
    else:
        starts = np.concatenate(([0], row_ends[:-1] + 1))
    lengths = places[:, column.place] - starts
    if returns and column.place == column.width - 1:
        lengths -= 1
    # In a table of one column a blank line may be a missing label or nothing at all.
    if column.width == 1 and not lengths.all():
        return None
    return Cells(starts, lengths, returns)


def _is_plain_text(rows: Bytes, column: Column) -> bool:
    if rows.min() == _NUL or (not column.quotes_are_text and (rows == _QUOTE).any()):
        return False
    if rows.max() < _NOT_ASCII:
        return True
    try:
        rows.tobytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def _returns(rows: Bytes, row_ends: Places) -> bool | None:
    """Whether all rows end with CR LF; ``None`` when some do, or a CR stands elsewhere."""
    number = np.count_nonzero(rows == _RETURN)
    if not number:
        return False
    # The first row has a byte before its newline, or this looks at the last byte: a newline.
    every = number == len(row_ends) and bool((rows[row_ends - 1] == _RETURN).all())
    return True if every else None
