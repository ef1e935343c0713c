"""What tells later whether a file or folder is as it was when it was counted."""

from __future__ import annotations

import os
from pathlib import Path

Fingerprint = tuple[str, int, int]


def fingerprint(path: Path) -> Fingerprint:
    """Absolute path, size in bytes and modification time in ns.

    For a folder: the size of all files in it, and the latest time of any file or folder.
    """
    resolved = path.resolve()
    status = resolved.stat()
    if not resolved.is_dir():
        return str(resolved), status.st_size, status.st_mtime_ns
    size, latest = _below(resolved)
    return str(resolved), size, max(latest, status.st_mtime_ns)


def _below(folder: str | Path) -> tuple[int, int]:
    """Bytes of all files below a folder, and the latest time; links to folders are not entered."""
    size = latest = 0
    try:
        entries = os.scandir(folder)
    except OSError:
        return size, latest
    with entries:
        for entry in entries:
            try:
                is_folder = entry.is_dir()
                status = entry.stat(follow_symlinks=not is_folder)
            except OSError:
                continue
            latest = max(latest, status.st_mtime_ns)
            if not is_folder:
                size += status.st_size
            elif not entry.is_symlink():
                inner, time = _below(entry.path)
                size, latest = size + inner, max(latest, time)
    return size, latest
