"""Counting the cells of a plain file, several parts of it at a time."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import BinaryIO

import numpy as np

from imbweights.running.engine import threads_asked
from imbweights.sources.text.plain.cutting import Bytes, Column, cut
from imbweights.sources.text.plain.tally import PADDING, Tally

# What is worked on at once should stay in the cache of a core. A longer row is nothing plain.
_PIECE = 3 << 16
_NEAR = 1 << 12


@dataclass(frozen=True, slots=True)
class _Part:
    """The bytes of whole rows."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What one part holds, and whether its rows end with CR LF."""

    counts: Counter[bytes]
    returns: bool


class _NotPlainError(Exception):
    """There is something in the file that only a reader for any table understands."""


def count_cells(path: Path, column: Column, *, above: int) -> dict[str | None, int] | None:
    """Cell → how often it occurs in a column of a plain UTF-8 table, ``None`` for an empty one.

    ``above``: how many lines stand above the rows. ``None``, as a whole, when the file is not plain, or
    has more different cells than are counted quickly here. The lines above must be plain as well.
    """
    size = path.stat().st_size
    try:
        parts = list(_parts(path, size, above, threads_asked() or os.cpu_count() or 1))
        found = _at_once(path, column, parts)
    except _NotPlainError:
        return None
    if not found:
        return None
    if len({part.returns for part in found}) > 1:
        return None
    together: Counter[bytes] = Counter()
    for part in found:
        together.update(part.counts)
    return {text.decode() if text else None: n for text, n in together.items()}


def _at_once(path: Path, column: Column, parts: Sequence[_Part]) -> list[_Found]:
    """All parts, each by a thread of its own; NumPy lets the others go on."""
    give_up = Event()
    count = partial(_counted, path, column, give_up)
    if len(parts) < 2:
        return list(map(count, parts))
    with ThreadPoolExecutor(len(parts)) as pool:
        try:
            return list(pool.map(count, parts))
        except BaseException:
            give_up.set()
            raise


def _parts(path: Path, size: int, above: int, number: int) -> Iterator[_Part]:
    """As many parts as there are workers, cut where rows end."""
    with path.open("rb") as stream:
        if stream.read(len(BOM_UTF8)) != BOM_UTF8:
            stream.seek(0)
        for _ in range(above):
            _pass_row(stream)
        begin = stream.tell()
        for end in (begin + (size - begin) * i // number for i in range(1, number)):
            if end > stream.tell():
                stream.seek(end - 1)
                _pass_row(stream)
                yield _Part(begin, stream.tell())
                begin = stream.tell()
    if begin < size:
        yield _Part(begin, size)


def _pass_row(stream: BinaryIO) -> None:
    line = stream.readline(_PIECE)
    if len(line) == _PIECE or b'"' in line:
        raise _NotPlainError


def _counted(path: Path, column: Column, give_up: Event, part: _Part) -> _Found:
    try:
        return _found(path, column, give_up, part)
    except _NotPlainError:
        give_up.set()
        raise


def _found(path: Path, column: Column, give_up: Event, part: _Part) -> _Found:
    tally = Tally()
    endings: set[bool] = set()
    for buffer, rows in _pieces(path, part):
        cells = None if give_up.is_set() else cut(rows, column)
        if cells is None or not tally.add(buffer, cells):
            raise _NotPlainError
        endings.add(cells.returns)
        if len(endings) > 1:
            raise _NotPlainError
    return _Found(tally.counts(), endings == {True})


def _pieces(path: Path, part: _Part) -> Iterator[tuple[Bytes, Bytes]]:
    """Whole rows after one another: the buffer, which goes on behind them, and the rows in it."""
    buffer = np.zeros(_PIECE + 1 + PADDING, dtype=np.uint8)
    view = buffer.data
    left, position = 0, part.begin
    with path.open("rb", buffering=0) as stream:
        stream.seek(position)
        while position < part.end:
            read = stream.readinto(view[left : min(_PIECE, left + part.end - position)])
            if not read:
                # A row fills the buffer; or the file became shorter, which is said elsewhere.
                raise _NotPlainError
            position += read
            filled = left + read
            if position == part.end and buffer[filled - 1] != ord("\n"):
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
