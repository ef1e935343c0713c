"""What can be read only once: standard input and pipes, copied to disk, with an end to it."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from imbweights.core.errors import SourceError
from imbweights.core.limits import Limits

_CHUNK = 1 << 20
_PATIENCE = 10.0
_PAUSE = 0.02


def copied(stream: BinaryIO | io.RawIOBase, target: Path, name: str, limits: Limits) -> None:
    """Copy a stream to a file. Raises ``SourceError`` for one that is longer than ``limits`` allow."""
    size = 0
    with target.open("wb") as copy:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limits.bytes:
                raise SourceError(
                    f"{name}: is copied to disk to be read, holds more than that, and {limits.allowed}",
                    hint="save it as a file, which is read where it lies, or raise --max-bytes",
                )
            copy.write(chunk)


@contextmanager
def opened_pipe(path: Path) -> Iterator[io.RawIOBase]:
    """A pipe with a name, as soon as something writes to it.

    Raises ``SourceError`` when nothing does: opening it the usual way would wait for ever.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb", buffering=0) as stream:
        waited_until = time.monotonic() + _PATIENCE
        while (first := stream.read(_CHUNK)) == b"":  # None: a writer is there, and has not written
            if time.monotonic() > waited_until:
                raise SourceError(
                    f"{path}: is a pipe, and nothing wrote to it for {_PATIENCE:g} seconds",
                    hint="start what writes to it first",
                )
            time.sleep(_PAUSE)
        os.set_blocking(handle, True)
        yield _Rest(first or b"", stream)


class _Rest(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, stream: io.RawIOBase) -> None:
        """Keep both."""
        self._first = first
        self._stream = stream

    def read(self, size: int = -1) -> bytes | None:
        """Some bytes; none at the end."""
        first, self._first = self._first, b""
        return first or self._stream.read(size)
