"""A file that is replaced, cut off or written to while it is read gives no counts, or wrong ones."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from imbweights.core.errors import SourceError

REASON = "was changed while it was read"


class ChangedError(SourceError):
    """A file that is not what it was when its reading began."""


class Steady:
    """A context in which a file must stay as it is; what fails because it did not is told so.

    Raises ``ChangedError`` at its end. A file that cannot be looked at is left to who reads it.
    """

    __slots__ = ("_before", "_name", "_path")

    def __init__(self, path: Path, name: str) -> None:
        """``name``: what messages call the file."""
        self._path = path
        self._name = name
        self._before: tuple[int, int, int] | None = None

    def __enter__(self) -> Path:
        """The file."""
        self._before = _state(self._path)
        return self._path

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look again, unless somebody wants to end."""
        if kind is not None and not issubclass(kind, Exception):
            return
        if self._before is not None and _state(self._path) != self._before:
            message = f"{self._name}: {REASON}"
            raise ChangedError(message, hint="run it again once nobody writes to it") from error


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
