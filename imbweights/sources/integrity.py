"""Whether a compressed file is whole: DuckDB reads on past damage that still looks like text."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from imbweights.core.errors import SourceError
from imbweights.sources.base import InputFile
from imbweights.sources.remote.following import checked_on_the_way
from imbweights.sources.text.long_rows import ONE_BUFFER, RowLengths

_CHUNK = 1 << 20
_ZSTD_FRAME = 0xFD2FB528
_SKIPPABLE_FRAMES = range(0x184D2A50, 0x184D2A60)
_DICTIONARY_SIZES = (0, 1, 2, 4)
_CONTENT_SIZES = (0, 2, 4, 8)
_RUN_LENGTH = 1


@dataclass(slots=True)
class Seen:
    """What was seen of a file beside reading it: how long its rows are, where that was asked for."""

    lengths: RowLengths = field(default_factory=RowLengths)


@contextmanager
def verified(file: InputFile, *, rows: bool = False) -> Iterator[Seen]:
    """Check a compressed file while it is being read; raises ``SourceError`` when it is damaged.

    gzip: decompressed a second time on another core, for its checksum. zstd: walked from block
    to block, for its end (DuckDB checks the content, but takes a cut-off file for a short one).
    ``rows``: it is a text table, whose longest row must be known. That of a file that is not
    compressed is for ``row_lengths``.
    """
    seen = Seen()
    if file.remote is not None and file.compression is not None:
        with checked_on_the_way(file.remote, _WAYS[file.compression], file.name):
            yield seen
        return
    if file.compression == "zstd":
        _check_zstd(file)
    if file.compression is None or not (rows or file.compression == "gzip"):
        yield seen
        return
    faults: list[SourceError] = []
    stop = threading.Event()
    lengths = seen.lengths if rows else None
    thread = threading.Thread(target=_look, args=(file, stop, faults, lengths), daemon=True)
    thread.start()
    try:
        yield seen
    except BaseException:
        stop.set()
        raise
    finally:
        thread.join()
    if faults:
        raise faults[0]


def row_lengths(file: InputFile) -> RowLengths:
    """How long the rows of a text table are that is not compressed and lies here, if it is large."""
    lengths = RowLengths()
    if file.remote is None and file.compression is None and file.path.stat().st_size > ONE_BUFFER:
        for chunk in _bytes_of(file):
            lengths.feed(chunk)
    return lengths


def _look(
    file: InputFile, stop: threading.Event, faults: list[SourceError], lengths: RowLengths | None
) -> None:
    try:
        for chunk in _bytes_of(file):
            if stop.is_set():
                return
            if lengths is not None:
                lengths.feed(chunk)
    except SourceError as error:  # of zstd, in its own words
        faults.append(error)
    except (OSError, EOFError, zlib.error) as error:
        faults.append(SourceError(f"{file.name}: is a damaged gzip file ({error})"))


def _bytes_of(file: InputFile) -> Iterator[bytes]:
    if file.compression == "zstd":
        from imbweights.sources.tables.duck import inflated

        yield from inflated(file.place, file.name)
        return
    with gzip.open(file.path) if file.compression else file.path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


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
