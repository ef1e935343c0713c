"""MATLAB's ``.mat`` files of levels 4 and 5 (saved with -v4, -v6, -v7), read with NumPy alone.

scipy's reader trusts what a file says of itself and brings the whole process down where that is a
lie. Here every number is weighed against the bytes that are there. Read are full numeric and logical
arrays, text, and cells; other variables (structs, sparse matrices, functions) are known by name only.

Source: https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

MOST_BYTES = 1 << 32
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_CELL, _CHAR = 1, 4
_NUMERIC = range(6, 16)
_KINDS = {2: "a struct", 3: "an object", 5: "a sparse matrix", 16: "a function", 17: "an object"}
_LEVEL_4 = ("f8", "f4", "i4", "i2", "u2", "u1")
_MOST_AXES = 32
_START = 8192


class MatError(Exception):
    """A file, or a variable of it, that is not read, with the reason for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable: its shape as the file has it, and how to get its values.

    ``read`` gives numbers as they are stored, text as one string a row, a cell array as objects;
    it raises ``MatError``.
    """

    name: str
    shape: tuple[int, ...]
    read: Callable[[], Array]


def variables(path: Path, most: int = MOST_BYTES) -> dict[str, Variable]:
    """The variables of a file by name. ``most``: bytes that one may take. Raises ``MatError``."""
    size = path.stat().st_size
    if size < 20:
        raise MatError("is cut off")
    content: Any = np.memmap(path, mode="r")
    data = memoryview(content)
    # In level 4 the first number is below 5000; in level 5 the file begins with four letters.
    found = _level_4(data) if 0 in data[:4] else _level_5(data, most)
    return {each.name: each for each in found}


@dataclass(frozen=True, slots=True)
class _Element:
    """A piece of a file: its type, its bytes, and where the next one begins."""

    kind: int
    data: memoryview
    end: int


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before the values of a matrix; ``rest``: the elements with the values."""

    sort: int
    is_complex: bool
    shape: tuple[int, ...]
    name: str
    rest: memoryview


def _level_5(data: memoryview, most: int) -> Iterator[Variable]:
    if len(data) < 136:
        raise MatError("is cut off")
    order = {b"IM": "<", b"MI": ">"}.get(bytes(data[126:128]))
    if order is None:
        raise MatError("does not say in which order its bytes are")
    for element in _elements(data[128:], order):
        head = _head(element, order)
        if head is None or not head.name:
            continue

        def read(element: _Element = element) -> Array:
            return _values(_header(_whole(element, order, most), order), order)

        yield Variable(name=head.name, shape=_seen(head), read=read)


def _seen(head: _Header) -> tuple[int, ...]:
    """Text has a row for each string, not a column for each letter."""
    return head.shape[:-1] if head.sort == _CHAR else head.shape


def _elements(data: memoryview, order: str) -> Iterator[_Element]:
    at = 0
    while at + 8 <= len(data):
        first, size = struct.unpack(order + "II", data[at : at + 8])
        kind, begin = first & 0xFFFF, at + 8
        if first >> 16:  # a small one: size and type in one number, up to four bytes behind
            size, begin, end = first >> 16, at + 4, at + 8
            if size > 4:
                raise MatError("is damaged: a small element is too large")
        else:
            # Only what is compressed is not filled up to eight bytes.
            end = begin + (size if kind == _COMPRESSED else -(-size // 8) * 8)
        if begin + size > len(data):
            raise MatError("is cut off")
        yield _Element(kind, data[begin : begin + size], end)
        at = end


def _head(element: _Element, order: str) -> _Header | None:
    """Name and shape, of a compressed variable from its first bytes."""
    if element.kind == _MATRIX:
        return _header(element.data, order)
    if element.kind != _COMPRESSED:
        return None
    start = _inflated(element.data, _START)
    return _header(start[8:], order) if start[:4] == _matrix_tag(order) else None


def _matrix_tag(order: str) -> bytes:
    return struct.pack(order + "I", _MATRIX)


def _whole(element: _Element, order: str, most: int) -> memoryview:
    """The content of a matrix element, decompressed."""
    if element.kind == _MATRIX:
        return element.data
    data = _inflated(element.data, most + 1)
    if len(data) > most:
        raise MatError(f"holds a variable of more than {most:,} bytes, which --max-bytes allows")
    return next(_elements(data, order)).data  # a matrix, as its first bytes have told


def _inflated(data: memoryview, most: int) -> memoryview:
    try:
        return memoryview(zlib.decompressobj().decompress(data, most))
    except zlib.error as error:
        raise MatError(f"is damaged ({error})") from error


def _header(data: memoryview, order: str) -> _Header:
    parts = list(islice(_elements(data, order), 3))
    if len(parts) < 3:
        raise MatError("is damaged: a variable has no header")
    flags, shape, name = parts
    if flags.kind != 6 or len(flags.data) < 8 or shape.kind != 5:
        raise MatError("is damaged: the header of a variable is none")
    word = struct.unpack(order + "I", flags.data[:4])[0]
    axes = np.frombuffer(shape.data[: len(shape.data) // 4 * 4], order + "i4").tolist()
    if not 2 <= len(axes) <= _MOST_AXES or min(axes) < 0:
        raise MatError(f"is damaged: a variable has the shape {tuple(axes[:_MOST_AXES])}")
    return _Header(
        sort=word & 0xFF,
        is_complex=bool(word & 0x800),
        shape=tuple(axes),
        name=bytes(name.data).decode("utf-8", "replace").rstrip("\0"),
        rest=data[name.end :],
    )


def _values(head: _Header, order: str) -> Array:
    if head.sort == _CELL:
        return _cells(head, order)
    if head.sort not in _NUMERIC and head.sort != _CHAR:
        kind = _KINDS.get(head.sort, "of an unknown class")
        raise MatError(f"variable {head.name!r} is {kind}, not a vector, text or a cell array")
    if head.is_complex:
        raise MatError(f"variable {head.name!r} holds complex numbers")
    part = next(_elements(head.rest, order), None)
    if part is None:
        if prod(head.shape):
            raise MatError("is cut off")
        part = _Element(9, head.rest[:0], 0)
    return _text(head, part, order) if head.sort == _CHAR else _numbers(head, part, order)


def _numbers(head: _Header, part: _Element, order: str) -> Array:
    stored = _NUMBERS.get(part.kind)
    if stored is None:
        raise MatError(f"variable {head.name!r} is damaged: it holds no numbers")
    dtype = np.dtype(order + stored)
    if len(part.data) != prod(head.shape) * dtype.itemsize:
        raise MatError(f"variable {head.name!r} is damaged: its size is not that of its shape")
    return np.frombuffer(part.data, dtype).reshape(head.shape, order="F")


def _text(head: _Header, part: _Element, order: str) -> Array:
    """One string for each row."""
    codec = _TEXTS.get(part.kind)
    if codec is None:
        raise MatError(f"variable {head.name!r} is damaged: it holds no text")
    if codec in {"utf-16", "utf-32"}:
        codec += "-le" if order == "<" else "-be"
    try:
        text = bytes(part.data).decode(codec)
    except UnicodeDecodeError as error:
        raise MatError(f"variable {head.name!r} holds text that is none ({error})") from error
    # MATLAB counts in units of 16 bits; what needs two of them has no place in a matrix of letters.
    letters = list(text)
    if len(letters) != prod(head.shape):
        if head.shape[0] == 1 and len(text.encode("utf-16-le")) == 2 * prod(head.shape):
            return np.array([text])
        raise MatError(f"variable {head.name!r} is damaged: its size is not that of its shape")
    if not letters:
        if prod(head.shape[:-1]) > 1:  # a few bytes can claim billions of rows
            raise MatError(f"variable {head.name!r} holds rows without letters")
        return np.array([""] * prod(head.shape[:-1]), dtype=np.str_).reshape(head.shape[:-1])
    table = np.array(letters, dtype=object).reshape(head.shape, order="F")
    rows = table.reshape(-1, head.shape[-1])
    return np.array(["".join(row) for row in rows.tolist()]).reshape(head.shape[:-1])


def _cells(head: _Header, order: str) -> Array:
    """An array of arrays. A cell in a cell is no label and stays closed."""
    number = prod(head.shape)
    if number * 8 > len(head.rest):
        raise MatError("is cut off")
    cells: list[Array] = []
    for element in _elements(head.rest, order):
        if element.kind != _MATRIX:
            raise MatError(f"variable {head.name!r} is damaged: a cell holds no matrix")
        inner = _header(element.data, order) if len(element.data) else None
        if inner is None:
            cells.append(np.empty((0, 0)))
        elif inner.sort == _CELL:
            raise MatError(f"variable {head.name!r} is a cell array of cell arrays")
        else:
            cells.append(_values(inner, order))
    if len(cells) != number:
        raise MatError(f"variable {head.name!r} is damaged: it has {len(cells)} of {number} cells")
    found = np.empty(number, dtype=object)
    for i, cell in enumerate(cells):
        found[i] = cell
    return found.reshape(head.shape, order="F")


def _level_4(data: memoryview) -> Iterator[Variable]:
    order = "<" if struct.unpack("<i", data[:4])[0] in range(5000) else ">"
    at = 0
    while at + 20 <= len(data):
        kind, rows, columns, is_complex, length = struct.unpack(order + "5i", data[at : at + 20])
        bytes_of, sort, machine = kind // 10 % 10, kind % 10, kind // 100
        if kind < 0 or machine % 10 or kind >= 5000 or bytes_of > 5 or sort > 2:
            raise MatError("is damaged: the header of a variable is none")
        if min(rows, columns, length) < 0:
            raise MatError(f"is damaged: a variable has the shape {rows} × {columns}")
        dtype = np.dtype(order + _LEVEL_4[bytes_of])
        begin = at + 20 + length
        size = rows * columns * dtype.itemsize
        end = begin + size * (2 if is_complex else 1)
        if end > len(data):
            raise MatError("is cut off")
        name = bytes(data[at + 20 : begin]).split(b"\0")[0].decode("latin-1")
        piece = data[begin : begin + size]

        def read(
            piece: memoryview = piece,
            dtype: np.dtype[Any] = dtype,
            shape: tuple[int, int] = (rows, columns),
            sort: int = sort if not is_complex else 2,
            name: str = name,
        ) -> Array:
            if sort == 2:
                raise MatError(f"variable {name!r} is complex or a sparse matrix, not labels")
            array = np.frombuffer(piece, dtype).reshape(shape, order="F")
            return _letters(array, name) if sort == 1 else array

        if name:
            yield Variable(name=name, shape=(rows, columns)[: 2 - (sort == 1)], read=read)
        at = end


def _letters(array: Array, name: str) -> Array:
    if array.size and not ((array >= 0) & (array < 256)).all():
        raise MatError(f"variable {name!r} holds text that is none")
    if len(array) and not array.size:  # a few bytes can claim billions of rows
        raise MatError(f"variable {name!r} holds rows without letters")
    return np.array([bytes(row.tolist()).decode("latin-1") for row in array.astype(np.uint8)])
