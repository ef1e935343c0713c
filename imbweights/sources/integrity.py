"""Whether a compressed file is whole: DuckDB reads on past damage that still looks like text."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from imbweights.core.errors import SourceError
from imbweights.sources.base import InputFile
from imbweights.sources.remote.following import checked_on_the_way

_CHUNK = 1 << 20
_ZSTD_FRAME = 0xFD2FB528
_SKIPPABLE_FRAMES = range(0x184D2A50, 0x184D2A60)
_DICTIONARY_SIZES = (0, 1, 2, 4)
_CONTENT_SIZES = (0, 2, 4, 8)
_RUN_LENGTH = 1


@contextmanager
def verified(file: InputFile) -> Iterator[None]:
    """Check a compressed file while it is being read; raises ``SourceError`` when it is damaged.

    gzip: decompressed a second time on another core, for its checksum. zstd: walked from block
    to block, for its end (DuckDB checks the content, but takes a cut-off file for a short one).
    """
    if file.remote is not None and file.compression is not None:
        with checked_on_the_way(file.remote, _WAYS[file.compression], file.name):
            yield
        return
    if file.compression == "zstd":
        _check_zstd(file)
    if file.compression != "gzip":
        yield
        return
    faults: list[Exception] = []
    stop = threading.Event()
    thread = threading.Thread(target=_check_gzip, args=(file.path, stop, faults), daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        stop.set()
        raise
    finally:
        thread.join()
    if faults:
        raise SourceError(f"{file.name}: is a damaged gzip file ({faults[0]})") from faults[0]


def _check_gzip(path: Path, stop: threading.Event, faults: list[Exception]) -> None:
    try:
        with gzip.open(path) as stream:
            while not stop.is_set() and stream.read(_CHUNK):
                pass
    except (OSError, EOFError, zlib.error) as error:
        faults.append(error)


def _check_zstd(file: InputFile) -> None:
    try:
        with file.open() as stream:
            _pass_frames(stream)
    except EOFError as error:
        raise SourceError(f"{file.name}: is a damaged zstd file (it is cut off)") from error


def _pass_frames(stream: BinaryIO) -> None:
    while magic := stream.read(4):
        _pass_frame(stream, int.from_bytes(magic, "little"))


def _unpack(stream: BinaryIO) -> None:
    with gzip.open(stream) as unpacked:
        while unpacked.read(_CHUNK):
            pass


def _walk(stream: BinaryIO) -> None:
    try:
        _pass_frames(stream)
    except EOFError:
        raise EOFError("it is cut off") from None


_WAYS = {"gzip": _unpack, "zstd": _walk}


def _pass_frame(stream: BinaryIO, magic: int) -> None:
    """Move to the end of a frame. The format: RFC 8878, section 3.1."""
    if magic in _SKIPPABLE_FRAMES:
        _skip(stream, int.from_bytes(_take(stream, 4), "little"))
        return
    if magic != _ZSTD_FRAME:
        raise EOFError
    [descriptor] = _take(stream, 1)
    single_segment = descriptor >> 5 & 1
    size_flag = descriptor >> 6
    content_size = _CONTENT_SIZES[size_flag] or single_segment
    _skip(stream, (not single_segment) + _DICTIONARY_SIZES[descriptor & 3] + content_size)
    last = 0
    while not last:
        header = int.from_bytes(_take(stream, 3), "little")
        last, kind, size = header & 1, header >> 1 & 3, header >> 3
        _skip(stream, 1 if kind == _RUN_LENGTH else size)
    if descriptor >> 2 & 1:
        _skip(stream, 4)  # the checksum


def _take(stream: BinaryIO, size: int) -> bytes:
    taken = stream.read(size)
    if len(taken) < size:
        raise EOFError
    return taken


def _skip(stream: BinaryIO, size: int) -> None:
    """Pass over bytes that must be there."""
    if size:
        stream.seek(size - 1, 1)
        _take(stream, 1)
