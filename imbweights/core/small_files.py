"""Files that are settings, not data: class lists, palettes, descriptions, weights, baselines."""

from __future__ import annotations

import stat
from pathlib import Path

from imbweights.core.errors import UsageError
from imbweights.core.limits import size_text

SMALL = 64 << 20


def small_bytes(path: Path, most: int = SMALL) -> bytes:
    """The content of a file that nobody makes large.

    Raises ``UsageError`` for one that is larger, or that is a pipe or a device, which may have no
    end; ``OSError`` for one that cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(f"{path}: is no file (a folder, pipe or device)")
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise UsageError(f"{path}: is larger than {size_text(most)}, too large for such a file")
    return content


def small_text(path: Path, encoding: str = "utf-8", errors: str = "strict") -> str:
    r"""The same as text with ``\n`` as line end, as ``Path.read_text`` gives it."""
    text = small_bytes(path).decode(encoding, errors)
    return text.replace("\r\n", "\n").replace("\r", "\n")
