"""Small files that are large, deep, or lie: how they are made."""

from __future__ import annotations

import gzip
import io
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

MIB = 1 << 20
GIB = 1 << 30


def text(content: str) -> bytes:
    """Text as UTF-8."""
    return content.encode("utf-8", "surrogateescape")


def gz(content: bytes) -> bytes:
    """One gzip member."""
    return gzip.compress(content, 9, mtime=0)


def many_gz(content: bytes, times: int, *, before: bytes = b"") -> bytes:
    """Many gzip members one behind the other: valid, and made in no time whatever their size."""
    return gz(before) + gz(content) * times


def zst(content: bytes, times: int = 1) -> bytes:
    """zstd frames."""
    import zstandard

    return zstandard.ZstdCompressor(level=3).compress(content) * times


def zeros_deflated(size: int) -> bytes:
    """A raw deflate stream of ``size`` zeros (whole MiB), from one block that is repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (size // MIB - 1) + packer.flush(zlib.Z_FINISH)


def zip_member(name: str, start: bytes, deflated: bytes, size: int, *, method: int = 8) -> bytes:
    """A ZIP of one member whose stream is ``start`` stored, then ``deflated``; its checksum is a lie."""
    # A stored deflate block in front holds the .npy header.
    head = struct.pack("<BHH", 0, len(start), len(start) ^ 0xFFFF) + start
    data = head + deflated
    path = name.encode()
    extra = struct.pack("<HHQQ", 1, 16, size, len(data))
    big = 0xFFFFFFFF
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, method, 0, 0, 1, big, big, len(path), 20)
    body = local + path + extra + data
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, method, 0, 0, 1, big, big, len(path), 20, 0, 0, 0, 0, 0
    )
    table = central + path + extra
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(table), len(body), 0)
    return body + table + end


def npy_header(header: str, version: tuple[int, int] = (1, 0)) -> bytes:
    """The header of a ``.npy`` file, whatever it says."""
    padded = header.encode("latin-1") + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(padded))
    return b"\x93NUMPY" + bytes(version) + length + padded


def npy(dtype: str, shape: str, data: bytes = b"") -> bytes:
    """A ``.npy`` file that claims a shape."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    return npy_header(header) + data


def saved_npy(array: Any, *, allow_pickle: bool = False) -> bytes:
    """A ``.npy`` file as NumPy writes it."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=allow_pickle)
    return stream.getvalue()


def saved_npz(**arrays: Any) -> bytes:
    """An ``.npz`` archive as NumPy writes it."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int,
    height: int,
    pixels: bytes,
    *,
    bits: int = 8,
    colour: int = 0,
    more: bytes = b"",
    raw: bytes | None = None,
) -> bytes:
    """A PNG that claims a size; ``pixels`` are its rows with their filter bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels, 9) if raw is None else raw)
    return b"\x89PNG\r\n\x1a\n" + head + more + body + chunk(b"IEND", b"")


def grey(values: list[list[int]]) -> bytes:
    """A small grey PNG that is all right."""
    rows = b"".join(b"\0" + bytes(row) for row in values)
    return png(len(values[0]), len(values), rows)


def zlib_zeros(size: int) -> bytes:
    """A zlib stream of zeros; its checksum is right."""
    adler_a, adler_b = 1, size % 65521
    return b"\x78\xda" + zeros_deflated(size) + struct.pack(">HH", adler_b, adler_a)


def tiff(entries: list[tuple[int, int, int, int]], data: bytes = b"", following: int = 0) -> bytes:
    """A little-endian TIFF of one directory: (tag, type, count, value) and what lies behind."""
    fields = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0"
        + struct.pack("<I", 8)
        + struct.pack("<H", len(entries))
        + fields
        + struct.pack("<I", following)
        + data
    )


def nifti(dim: tuple[int, ...], datatype: int = 2, bitpix: int = 8, data: bytes = b"") -> bytes:
    """A NIfTI-1 header that claims dimensions, and data."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, *(*dim, *(1,) * (8 - len(dim))))
    struct.pack_into("<hh", header, 70, datatype, bitpix)
    struct.pack_into("<8f", header, 76, *(1.0,) * 8)
    struct.pack_into("<f", header, 108, 352.0)
    header[344:348] = b"n+1\0"
    return bytes(header) + data


def fifo(path: Path) -> None:
    """A pipe with a name that nobody writes to."""
    import os

    os.mkfifo(path)


def bound_socket(path: Path) -> None:
    """A socket."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def link_to(target: str) -> Callable[[Path], None]:
    """A symbolic link."""
    return lambda path: path.symlink_to(target)


def repeated(piece: bytes, times: int, *, before: bytes = b"", after: bytes = b"") -> Any:
    """A large file, written in pieces."""

    def make(path: Path) -> None:
        with path.open("wb") as stream:
            stream.write(before)
            for _ in range(times):
                stream.write(piece)
            stream.write(after)

    return make
