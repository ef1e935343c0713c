"""What an array file holds, told from its header and first values: labels, or a mask."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

import numpy as np
from numpy.lib import format as npy_format

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.sources.base import InputFile

# A table of labels is this much longer than wide (or has few columns); a mask is not.
_LONGEST_MASK = 8
_SMALLEST_MASK = 32
_BYTES = 1 << 20
# Whatever is wrong with the file, reading will say it.
_ERRORS = (
    *(ValueError, TypeError, OverflowError, SyntaxError, RecursionError, MemoryError, KeyError),
    *(EOFError, OSError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error),
)


def may_be_labels(file: InputFile) -> bool:
    """One dimension, or a table of 0 and 1; also what cannot be told, which reading will refuse."""
    shape, values = _peek(file)
    return len(shape) < 2 or (len(shape) == 2 and _zero_one(values))


def may_be_mask(file: InputFile) -> bool:
    """Two or more dimensions, unless it is 0 and 1 in the shape that only a label table has."""
    shape, values = _peek(file)
    if len(shape) < 2:
        return False
    if len(shape) > 2 or not _zero_one(values):
        return True
    longest, shortest = max(shape), min(shape)
    return shortest >= _SMALLEST_MASK and longest <= _LONGEST_MASK * shortest


def _zero_one(values: Any) -> bool:
    return values is not None and bool(np.isin(values, (0, 1)).all())


def _peek(file: InputFile) -> tuple[tuple[int, ...], Any]:
    """Shape without the axes of length 1, and some of the values (``None``: unknown)."""
    try:
        if not file.start.startswith(b"PK"):
            return _header(io.BytesIO(file.head))
        with zipfile.ZipFile(file.path) as archive:
            members = [name for name in archive.namelist() if name.endswith(".npy")]
            if len(members) != 1:
                return (), None  # which one is asked for is not known here
            with archive.open(members[0]) as stream:
                return _header(io.BytesIO(stream.read(_BYTES)))
    except DAMAGED:
        return (), None


def _header(stream: io.BytesIO) -> tuple[tuple[int, ...], Any]:
    version = npy_format.read_magic(stream)
    read = (
        npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
    )
    shape, _, dtype = read(stream)
    squeezed = tuple(n for n in shape if n != 1)
    if dtype.kind not in "biuf" or dtype.names is not None or not dtype.itemsize:
        return squeezed, None
    rest = stream.read()
    count = len(rest) // dtype.itemsize
    return squeezed, np.frombuffer(rest[: count * dtype.itemsize], dtype=dtype)
