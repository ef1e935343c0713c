"""Counting the cells of a plain file, several parts of it at a time."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from imbweights.running.engine import in_batches, is_spread
from imbweights.sources.text.plain.cutting import Bytes, Column, cut
from imbweights.sources.text.plain.tally import PADDING, Tally

# What is worked on at once should stay in the cache of a core. A longer row is nothing plain.
_PIECE = 3 << 16
_NEAR = 1 << 12
# What a process takes at a time is some dozens of these.
_PART = 1 << 21


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows that begin in these bytes of a file."""

    begin: int
    end: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What some parts hold, and whether their rows end with CR LF (``None``: there are none)."""

    counts: Counter[bytes]
    returns: bool | None


class _NotPlainError(Exception):
    """There is something in the file that only a reader for any table understands."""


def count_cells(path: Path, column: Column, *, above: int) -> dict[str | None, int] | None:
    """Cell → how often it occurs in a column of a plain UTF-8 table, ``None`` for an empty one.

    ``above``: how many lines stand above the rows. ``None``, as a whole, when the file is not plain, or
    has more different cells than are counted quickly here. The lines above must be plain as well.
    """
    try:
        parts = _parts(path, above)
    except _NotPlainError:
        return None
    if not parts:
        return None
    count = partial(_counted, path, column)
    # A cluster may not see the file, and would hardly be quicker.
    batches = _one(count(parts)) if is_spread() else in_batches(count, parts)
    together: Counter[bytes] = Counter()
    endings: set[bool | None] = set()
    with closing(batches):
        for found in batches:
            if found is None:
                return None
            together.update(found.counts)
            endings.add(found.returns)
    if {True, False} <= endings:
        return None
    return {text.decode() if text else None: n for text, n in together.items()}


def _one(found: _Found | None) -> Generator[_Found | None, None, None]:
    yield found


def _parts(path: Path, above: int) -> list[_Part]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        if stream.read(len(BOM_UTF8)) != BOM_UTF8:
            stream.seek(0)
        for _ in range(above):
            _pass_row(stream)
        begin = stream.tell()
    return [
        _Part(at, min(at + _PART, size), is_first=at == begin, is_last=at + _PART >= size)
        for at in range(begin, size, _PART)
    ]


def _pass_row(stream: BinaryIO) -> None:
    line = stream.readline(_PIECE)
    if len(line) == _PIECE or b'"' in line:
        raise _NotPlainError


def _counted(path: Path, column: Column, parts: Sequence[_Part]) -> _Found | None:
    """What parts that follow each other hold, in whichever process; ``None`` where they are not plain."""
    try:
        return _found(path, column, *_whole_rows(path, parts[0], parts[-1]))
    except _NotPlainError:
        return None


def _whole_rows(path: Path, first: _Part, last: _Part) -> tuple[int, int]:
    """From where the first row begins to where the last one ends, which may be in the next part."""
    with path.open("rb") as stream:
        begin = first.begin if first.is_first else _row_begin(stream, first.begin)
        return begin, last.end if last.is_last else _row_begin(stream, last.end)


def _row_begin(stream: BinaryIO, at: int) -> int:
    """Where the first row begins that does so at ``at`` or behind it."""
    stream.seek(at - 1)
    _pass_row(stream)
    return stream.tell()


def _found(path: Path, column: Column, begin: int, end: int) -> _Found:
    tally = Tally()
    endings: set[bool] = set()
    for buffer, rows in _pieces(path, begin, end):
        cells = cut(rows, column)
        if cells is None or not tally.add(buffer, cells):
            raise _NotPlainError
        endings.add(cells.returns)
        if len(endings) > 1:
            raise _NotPlainError
    return _Found(tally.counts(), next(iter(endings), None))


def _pieces(path: Path, begin: int, end: int) -> Iterator[tuple[Bytes, Bytes]]:
    """Whole rows after one another: the buffer, which goes on behind them, and the rows in it."""
    buffer = np.zeros(_PIECE + 1 + PADDING, dtype=np.uint8)
    view = buffer.data
    left, position = 0, begin
    with path.open("rb", buffering=0) as stream:
        stream.seek(position)
        while position < end:
            read = stream.readinto(view[left : min(_PIECE, left + end - position)])
            if not read:
                # A row fills the buffer; or the file became shorter, which is said elsewhere.
                raise _NotPlainError
            position += read
            filled = left + read
            if position == end and buffer[filled - 1] != ord("\n"):
                buffer[filled] = ord("\n")  # the last row of the file has no line end
                filled += 1
            whole = _last_row_end(view[:filled])
            if whole:
                yield buffer, buffer[:whole]
            left = filled - whole
            buffer[:left] = buffer[whole:filled]


def _last_row_end(filled: memoryview) -> int:
    """Behind the last newline, which mostly is near; 0 when there is none."""
    near = max(0, len(filled) - _NEAR)
    end = bytes(filled[near:]).rfind(b"\n") + 1
    return near + end if end else bytes(filled).rfind(b"\n") + 1
