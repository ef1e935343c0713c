"""Atomic writing: a killed run leaves the old file or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace ``path`` by ``content`` (text as UTF-8, newlines as they are) in one step.

    Raises ``OSError`` when the folder is missing, full or read-only; the old file then stays.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(
                content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
            )
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(_mode(path))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The old file's permissions, or those that ``open`` would have given a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
