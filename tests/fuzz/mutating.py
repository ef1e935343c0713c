"""Changing what lies below a checksum or inside a compressed file, where plain changes only break it."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

Change = Callable[[bytes], bytes]

_PNG = b"\x89PNG\r\n\x1a\n"
_FILTERED = (b"IDAT",)


def png(data: bytes, change: Change) -> bytes:
    """Change one chunk (pixels decompressed first) and set the checksums right; sometimes neither."""
    turn = zlib.crc32(data)
    if not data.startswith(_PNG) or turn % 8 == 0:
        return change(data)
    chunks = _chunks(data)
    if not chunks:
        return change(data)
    at = (turn >> 3) % len(chunks)
    name, body = chunks[at]
    try:
        plain = zlib.decompress(body) if name in _FILTERED else None
    except zlib.error:
        plain = None
    changed = change(body) if plain is None else zlib.compress(change(plain))
    chunks[at] = (name, changed)
    return _PNG + b"".join(
        struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in chunks
    )


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(_PNG)
    while at + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        found.append((name, data[at + 8 : at + 8 + size]))
        at += size + 12
    return found


def zipped(data: bytes, change: Change) -> bytes:
    """Change one member of an archive; sometimes the archive itself."""
    turn = zlib.crc32(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()[:8]]
    except Exception:  # noqa: BLE001 - what is no archive is changed as it is
        members = []
    if not members or turn % 6 == 0:
        return change(data)
    at = (turn >> 3) % len(members)
    members[at] = (members[at][0], change(members[at][1]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", (turn >> 6) % 2 * zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def gzipped(data: bytes, change: Change) -> bytes:
    """Change what a gzip file holds; sometimes the file itself."""
    if not data.startswith(b"\x1f\x8b") or zlib.crc32(data) % 6 == 0:
        return change(data)
    try:
        plain = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return change(data)
    return gzip.compress(change(plain), mtime=0)


def matlab(data: bytes, change: Change) -> bytes:
    """Change what a compressed variable of a MATLAB file holds."""
    if zlib.crc32(data) % 6 == 0 or len(data) < 144 or data[128:132] != b"\x0f\0\0\0":
        return change(data)
    try:
        plain = zlib.decompress(data[136:])
    except zlib.error:
        return change(data)
    body = zlib.compress(change(plain))
    return data[:132] + struct.pack("<I", len(body)) + body
