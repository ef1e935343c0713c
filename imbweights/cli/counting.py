"""How commands count: with a bar, on all cores, and each file once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imbweights.cli import streams
from imbweights.cli.progress import progress_bar
from imbweights.running.cache import caching
from imbweights.running.cache_folder import FOLDER
from imbweights.running.engine import working


@contextmanager
def counting(*, cache: bool) -> Iterator[None]:
    """Within this context sources are counted, which a bar shows."""
    with (
        counted_once(cache=cache),
        progress_bar() as progress,
        working(progress=progress, forks=True),
    ):
        yield


@contextmanager
def counted_once(*, cache: bool) -> Iterator[None]:
    """Within this context what was counted here before is not counted again, if ``cache``.

    Says on standard error how much that was, when all went well.
    """
    with caching(Path.cwd() / FOLDER if cache else None) as use:
        yield
    for text in use.said:
        streams.note(text)
