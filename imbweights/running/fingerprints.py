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
    size, latest = 0, status.st_mtime_ns
    for folder, folders, names in os.walk(resolved, followlinks=False):
        for name in names:
            try:
                found = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - a million files
            except OSError:
                continue
            latest = max(latest, found.st_mtime_ns)
            size += found.st_size
        for name in folders:
            latest = max(latest, Path(folder, name).lstat().st_mtime_ns)
    return str(resolved), size, latest
