"""What a cache folder holds, and how it is emptied."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from imbweights.running.cache_folder import MARKS
from imbweights.running.store import DAMAGED, NAME

_LAST = "last.json"
# The files of this version and of others, what is being written, and locks.
_OURS = re.compile(
    r"counts\.(?:\d+\.sqlite|damaged)(?:-journal|-wal|-shm)?|last\.json"
    r"|\.(?:counts\.\d+\.sqlite\.lock(?:\.\d+)?|(?:last\.json|\.gitignore|CACHEDIR\.TAG)\..*\.part)"
)


@dataclass(frozen=True, slots=True)
class Held:
    """One file of the cache. ``entries``: of a store, ``None`` when it cannot be read; ``used``: the day."""

    name: str
    size: int
    used: date
    entries: int | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The cache folder: what is ours, by size, and what is not."""

    folder: Path
    held: tuple[Held, ...]
    others: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of what is ours."""
        return sum(each.size for each in self.held)


def contents(folder: Path) -> Contents | None:
    """What a cache folder holds; ``None`` when there is none. A link is none of ours."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    files = sorted(folder.iterdir())
    ours = [path for path in files if _OURS.fullmatch(path.name) and path.is_file()]
    marks = [path for path in files if path.name in MARKS]
    others = tuple(path.name for path in files if path not in ours and path not in marks)
    held = sorted((_held(path) for path in ours), key=lambda each: -each.size)
    return Contents(folder, tuple(held), others)


def clear(folder: Path) -> Contents | None:
    """Remove what is ours, and the folder if nothing else is in it; returns what was there.

    Raises ``OSError`` where that is impossible.
    """
    found = contents(folder)
    if found is None:
        return None
    for each in found.held:
        (folder / each.name).unlink(missing_ok=True)
    if not found.others:
        for name in MARKS:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
    return found


def _held(path: Path) -> Held:
    status = path.stat()
    used = datetime.fromtimestamp(status.st_mtime, UTC).date()
    entries = _entries(path) if path.name == NAME else None
    return Held(path.name, status.st_size, used, entries)


def _entries(path: Path) -> int | None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            [(number,)] = connection.execute("SELECT count(*) FROM entries").fetchall()
    except (sqlite3.Error, TypeError, ValueError):
        return None
    return int(number)


__all__ = ["DAMAGED", "Contents", "Held", "clear", "contents"]
