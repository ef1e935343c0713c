"""Counted once: what was found in a file is kept, and holds as long as the file is as it was.

An entry belongs to a file (folder and name), its status, and to everything else that decides what
is found in it: the reader, its settings, this version of imbweights and the libraries that decode. It is
stored only when the file was the same before it was counted and afterwards. ``CacheBy.CONTENT`` asks for
the content instead, wherever the file lies and whenever it was written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from imbweights.core.choices import CacheBy
from imbweights.running.engine import in_batches

if TYPE_CHECKING:
    from imbweights.running.store import Store

# What JSON can hold.
Record = Any
# Less than this is counted as soon as it is looked up.
FEWEST_FILES = 16
FEWEST_BYTES = 1 << 20
# Of ten million files the status of all takes gigabytes.
_AT_ONCE = 250_000


class Counted(NamedTuple):
    """What was found in a file, or why it cannot be read (which is never kept)."""

    path: str
    record: Record
    bad: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What decides, beside the content of a file, what is found in it.

    ``reader``: its name; ``settings``: as JSON; ``libraries``: the packages that read.
    """

    reader: str
    settings: Any = None
    libraries: tuple[str, ...] = ()


@dataclass
class Use:
    """How much was known already, and what the user should hear about the cache."""

    files: int = 0
    known: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def said(self) -> tuple[str, ...]:
        """Notes for people.

        >>> Use(10_000, 9_998).said, Use(10, 0).said, Use(1, 1).said
        (('9,998 of 10,000 files counted before',), (), ('counted before, and unchanged',))
        """
        if not self.known:
            return tuple(self.notes)
        of_all = f"{self.known:,} of {self.files:,} files counted before"
        return (*self.notes, "counted before, and unchanged" if self.files == 1 else of_all)


@dataclass(frozen=True, slots=True)
class Cache:
    """Where counts are kept, and by what files are known again. ``stores``: the store, once it is needed:
    most runs over one small table do without, and without loading SQLite.
    """

    folder: Path
    by: CacheBy
    use: Use
    stores: list[Store] = field(default_factory=list)

    def store(self) -> Store:
        """The store, opened by the first who asks."""
        from imbweights.running.store import Store

        if not self.stores:
            self.stores.append(Store(self.folder, self.use.notes))
        return self.stores[0]


_cache: ContextVar[Cache | None] = ContextVar("cache", default=None)


@contextmanager
def caching(folder: Path | None, by: CacheBy = CacheBy.STATUS) -> Iterator[Use]:
    """Within this context what is counted is kept in the cache folder ``folder``; ``None``: nowhere."""
    use = Use()
    cache = None if folder is None else Cache(folder.absolute(), by, use)
    token = _cache.set(cache)
    try:
        yield use
    finally:
        _cache.reset(token)
        for store in () if cache is None else cache.stores:
            store.tidy()


@contextmanager
def asking_for(by: CacheBy | None) -> Iterator[None]:
    """Within this context a file is known by its status or its content; ``None``: as before."""
    cache = _cache.get()
    token = _cache.set(cache if cache is None or by is None else replace(cache, by=by))
    try:
        yield
    finally:
        _cache.reset(token)


def is_caching() -> bool:
    """Whether what is counted is kept."""
    return _cache.get() is not None


def is_any_known() -> bool:
    """Whether some file was not counted because it is known."""
    cache = _cache.get()
    return cache is not None and cache.use.known > 0


def counted_each(
    about: About,
    count: Callable[[Sequence[str]], list[Counted]],
    root: Path | None,
    paths: Sequence[str],
    take: Callable[[Sequence[Counted]], None],
) -> None:
    """Give ``take`` what is found in every file, in any order: what is known, then the rest, which
    ``count`` finds batch by batch.

    ``paths`` are relative to ``root``; without one they lie elsewhere, and nothing is kept. ``count`` must be picklable. What comes back is stored as it comes,
    so that a run that is cancelled has not counted for nothing.
    """
    for i in range(0, len(paths), _AT_ONCE):
        _counted_some(about, count, root, paths[i : i + _AT_ONCE], take)


def _counted_some(
    about: About,
    count: Callable[[Sequence[str]], list[Counted]],
    root: Path | None,
    paths: Sequence[str],
    take: Callable[[Sequence[Counted]], None],
) -> None:
    cache = _cache.get()
    if cache is None or root is None or not _is_worth_it(root, paths):
        for part in in_batches(count, paths):
            take(part)
        return
    from imbweights.running.keeping import Files, Keeper

    keeper = Keeper(cache, about, Files.at(root, paths))
    left = keeper.give_known(take)
    cache.use.files += len(paths)
    cache.use.known += len(paths) - len(left)
    try:
        for part in in_batches(count, left) if left else ():
            take(part)
            keeper.add(part)
    finally:
        keeper.store()


def kept(about: About, paths: Sequence[Path], read: Callable[[], Record]) -> Record:
    """What ``read`` finds in the files ``paths`` together, unless that is known.

    ``read`` returns ``None`` where nothing is to be kept; then so does this.
    """
    cache = _cache.get()
    names = [str(path) for path in paths]
    if cache is None or not _is_worth_it(Path(), names):
        return read()
    from imbweights.running.keeping import Files, Keeper

    files = Files.at(Path(), names)
    if not names or not files.whole():
        return read()
    keeper = Keeper(cache, about, files)
    found: list[Counted] = []
    cache.use.files += len(paths)
    keeper.give_known(found.extend)
    if found:
        cache.use.known += len(paths)
        keeper.store()
        return found[0].record
    record = read()
    if record is not None:
        keeper.add([Counted(names[0], record)])
        keeper.store()
    return record


def _is_worth_it(root: Path, paths: Sequence[str]) -> bool:
    """Whether it takes longer to count files than to look them up."""
    if len(paths) >= FEWEST_FILES:
        return True
    size = 0
    for path in paths:
        try:
            size += os.stat(root / path).st_size  # noqa: PTH116 - as everywhere here
        except (OSError, ValueError):
            continue
    return size >= FEWEST_BYTES
