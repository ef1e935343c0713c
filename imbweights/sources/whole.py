"""Files that are read whole, because their format allows no other way: weighed before."""

from __future__ import annotations

import zlib
from pathlib import Path

from imbweights.core.limits import Limits, size_text

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


class TooLargeError(Exception):
    """A file that would take more memory than is allowed, or is damaged, with the reason for people."""


def refuse_large_file(path: Path, limits: Limits, times: int) -> None:
    """Raise ``TooLargeError`` for a file that would take too much memory: ``times`` its size.

    ``OSError`` when it is not there.
    """
    _refuse(path.stat().st_size, limits, times)


def whole_bytes(path: Path, limits: Limits, times: int) -> bytes:
    """The content of a file, decompressed if it is gzip, that will take ``times`` its size in memory.

    Raises ``TooLargeError`` before it takes too much, and for gzip that is damaged; ``OSError``.
    """
    refuse_large_file(path, limits, times)
    content = path.read_bytes()
    if not content.startswith(_GZIP):
        return content
    parts: list[bytes] = []
    size = 0
    try:
        while content.startswith(_GZIP):
            unpacker = zlib.decompressobj(31)
            while not unpacker.eof:
                part = unpacker.decompress(content, _CHUNK)
                content = unpacker.unconsumed_tail or unpacker.unused_data
                size += len(part)
                _refuse(size, limits, times)
                parts.append(part)
                if not part and not content and not unpacker.eof:
                    raise TooLargeError("is a damaged gzip file (it is cut off)")
    except zlib.error as error:
        raise TooLargeError(f"is a damaged gzip file ({error})") from error
    return b"".join(parts)


def reason_of(error: Exception) -> str:
    """What an error of this module, or of the system, means."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error})"
    return str(error)


def _refuse(size: int, limits: Limits, times: int) -> None:
    if size * times > limits.bytes:
        raise TooLargeError(
            f"holds {size_text(size)} or more, which take {times} times as much memory, and {limits.allowed}"
        )
