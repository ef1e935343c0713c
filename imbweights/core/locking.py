"""A lock on a file that several runs may change, by a second file beside it; works everywhere."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 30.0
_STALE = 10.0
_PAUSE = 0.02


@contextmanager
def locked(path: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold ``.NAME.lock`` beside ``path``; whoever else asks for it waits.

    A file is made only if there is none (``O_EXCL``), which holds on network drives and on Windows,
    too. What is held takes milliseconds; so a lock older than ten seconds was left by a run that was
    killed, and is taken away, as is one from the future, which a clock that was set back leaves. Raises ``TimeoutError`` after ``patience`` seconds, and ``OSError``
    where the folder cannot be written to.
    """
    lock = path.with_name(f".{path.name}.lock")
    end = time.monotonic() + patience
    while not _taken(lock):
        if time.monotonic() > end:
            raise TimeoutError(f"{lock.name} is held by another run; remove it if there is none")
        _drop_stale(lock)
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _taken(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    except PermissionError:
        # Windows says so of a lock that is being removed just now.
        if os.name != "nt" or not os.access(lock.parent, os.W_OK):
            raise
        return False
    return True


def _drop_stale(lock: Path) -> None:
    """Remove a lock that was left; moved aside first, which only one of several runs can do."""
    try:
        if abs(time.time() - lock.stat().st_mtime) < _STALE:
            return
        aside = lock.with_name(f"{lock.name}.{os.getpid()}")
        lock.replace(aside)
        aside.unlink()
    except OSError:
        return  # another run was quicker, or has it again
