"""Where remote files that must be plain files lie while a command runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Near:
    """A temporary folder, and which remote file lies where in it."""

    folder: Path
    places: dict[tuple[str, str], Path] = field(default_factory=dict)

    def place(self, suffix: str) -> Path:
        """A new place for a file; the suffix tells some readers what it is."""
        return self.folder / f"{len(self.places)}{suffix}"


_near: ContextVar[Near | None] = ContextVar("near", default=None)


@contextmanager
def keeping_near() -> Iterator[Near]:
    """Files that were brought near stay until the outermost of these contexts ends."""
    known = _near.get()
    if known is not None:
        yield known
        return
    with tempfile.TemporaryDirectory(prefix="imbweights-") as folder:
        token = _near.set(Near(Path(folder)))
        try:
            yield _near.get() or Near(Path(folder))
        finally:
            _near.reset(token)


def kept_near() -> Near:
    """The place of this command."""
    known = _near.get()
    if known is None:
        raise RuntimeError("remote files are brought near within keeping_near() only")
    return known
