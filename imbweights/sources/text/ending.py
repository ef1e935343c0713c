"""Streams that come to an end: what is decompressed to disk, and lines, have a limit."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from imbweights.core.errors import SourceError
from imbweights.sources.base import InputFile

LONGEST_LINE = 1 << 26
_BUFFER = 1 << 20


class _Ending(io.RawIOBase):
    """A stream that refuses to go on where it gets longer than the limits of its file allow."""

    def __init__(self, stream: BinaryIO, file: InputFile) -> None:
        self._stream = stream
        self._file = file
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        self._size += len(chunk)
        refuse_more(self._size, self._file)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()


def ending(stream: BinaryIO, file: InputFile) -> BinaryIO:
    """The same stream, which raises ``SourceError`` where it gets too long."""
    return io.BufferedReader(_Ending(stream, file), _BUFFER)


def refuse_more(size: int, file: InputFile) -> None:
    """Raise ``SourceError`` when the decompressed copy of a file takes more than is allowed."""
    if size > file.limits.bytes:
        raise SourceError(
            f"{file.name}: must be copied to be read, decompresses to more than that, and "
            f"{file.limits.allowed}",
            hint="decompress it yourself, or raise --max-bytes",
        )


def lines_of(stream: TextIO, name: str) -> Iterator[str]:
    """The lines of a text. Raises ``SourceError`` for one that has no end."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise too_long(name, number)
        yield line


def byte_lines_of(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """The same for bytes."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise too_long(name, number)
        yield line


def too_long(name: str, number: int) -> SourceError:
    """What to raise for a line without an end."""
    return SourceError(f"{name}, line {number:,}: a line is longer than {LONGEST_LINE >> 20} MiB")
