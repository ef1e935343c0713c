"""Counted once: what was found in a file is kept, and holds as long as the file is as it was.

An entry belongs to a file (folder and name), its status, and to everything else that decides what
is found in it: the reader, its settings, this version of imbweights and the libraries that decode. It is
stored only when the file was the same before it was counted and afterwards. ``CacheBy.CONTENT`` asks for
the content instead, wherever the file lies and whenever it was written.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from imbweights.core.choices import CacheBy
from imbweights.running.engine import in_batches
from imbweights.running.marks import MOST_HASHED, Mark, digest_of, digests_of, mark_of
from imbweights.running.store import Entry, Store
from imbweights.running.versions import version_of

# What JSON can hold.
Record = Any
# Less than this is counted as soon as it is looked up.
FEWEST_FILES = 16
FEWEST_BYTES = 1 << 20
# What one file of many holds (a photo has 100,000 colours), and what a file of labels holds.
_LARGEST_RECORD, _LARGEST_READING = 1 << 17, 1 << 24
_STORED_EVERY = 1.0
# Of ten million files the status of all takes gigabytes.
_AT_ONCE = 250_000
_BY_CONTENT = b""


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

    def scope(self, by: CacheBy) -> bytes:
        """A digest of all this, and of the version of imbweights."""
        versions = [version_of(name) for name in ("imbweights", *self.libraries)]
        told = [self.reader, self.settings, self.libraries, versions, by.value]
        text = json.dumps(told, sort_keys=True, default=str)
        return blake2b(text.encode(), digest_size=16).digest()


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
class _Cache:
    store: Store
    by: CacheBy
    use: Use


_cache: ContextVar[_Cache | None] = ContextVar("cache", default=None)


@contextmanager
def caching(folder: Path | None, by: CacheBy = CacheBy.STATUS) -> Iterator[Use]:
    """Within this context what is counted is kept in the cache folder ``folder``; ``None``: nowhere."""
    store = None if folder is None else Store(folder.absolute())
    use = Use(notes=[] if store is None else store.notes)
    token = _cache.set(None if store is None else _Cache(store, by, use))
    try:
        yield use
    finally:
        _cache.reset(token)
        if store is not None:
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


def counted_each(
    about: About,
    count: Callable[[Sequence[str]], list[Counted]],
    root: Path,
    paths: Sequence[str],
    take: Callable[[Sequence[Counted]], None],
) -> None:
    """Give ``take`` what is found in every file, in any order: what is known, then the rest, which
    ``count`` finds batch by batch.

    ``paths`` are relative to ``root``. ``count`` must be picklable. What comes back is stored as it comes,
    so that a run that is cancelled has not counted for nothing.
    """
    for i in range(0, len(paths), _AT_ONCE):
        _counted_some(about, count, root, paths[i : i + _AT_ONCE], take)


def _counted_some(
    about: About,
    count: Callable[[Sequence[str]], list[Counted]],
    root: Path,
    paths: Sequence[str],
    take: Callable[[Sequence[Counted]], None],
) -> None:
    cache = _cache.get()
    files = _Files.at(root, paths) if cache is not None else None
    if cache is None or files is None:
        for part in in_batches(count, paths):
            take(part)
        return
    keeper = _Keeper(cache, about.scope(cache.by), files)
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
    files = _Files.at(Path(), names) if cache is not None and names else None
    if cache is None or files is None or not files.whole():
        return read()
    keeper = _Keeper(cache, about.scope(cache.by), files)
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


@dataclass
class _Files:
    """Files, as they were before they were counted.

    ``marks``: path → status; ``seen``: when, in ns. Several may stand for one entry, that of the first.
    """

    where: dict[str, str]
    marks: dict[str, Mark]
    seen: int
    together: bool = False

    @classmethod
    def at(cls, root: Path, paths: Sequence[str]) -> _Files | None:
        """``None`` when looking them up takes as long as counting them, or they are not here."""
        if "://" in str(root):
            return None
        base = os.path.join(os.path.abspath(root), "")  # noqa: PTH100, PTH118 - of millions of files
        # Named files lie wherever their paths lead; those of a folder below it.
        free = str(root) == "."
        where = {p: p if free and os.path.isabs(p) else base + p for p in paths}  # noqa: PTH117
        seen = time.time_ns()
        marks = {p: mark for p, place in where.items() if (mark := mark_of(place)) is not None}
        small = sum(mark.size for mark in marks.values()) < FEWEST_BYTES
        if len(marks) < FEWEST_FILES and small:
            return None
        return cls(where, marks, seen)

    def whole(self) -> bool:
        """Take the files as one, if all are there."""
        self.together = True
        return len(self.marks) == len(self.where)


class _Keeper:
    """Looks files up, and stores what is counted."""

    def __init__(self, cache: _Cache, scope: bytes, files: _Files) -> None:
        """Note which files may change without showing, and what is in them now."""
        self._cache = cache
        self._scope = scope
        self._files = files
        self._pending: list[tuple[bytes, bytes, Entry]] = []
        self._stored = time.monotonic()
        self._paths = list(files.marks)
        if files.together:
            self._paths = self._paths[:1]
        self._digests: dict[str, bytes] = {}
        self._hash_now()

    def _members(self, path: str) -> list[str]:
        return list(self._files.where) if self._files.together else [path]

    def _status(self, path: str) -> bytes:
        if not self._files.together:
            return self._files.marks[path].status
        marks = [self._files.marks[each].status for each in self._members(path)]
        return marks[0] if len(marks) == 1 else blake2b(b"".join(marks), digest_size=16).digest()

    def _hash_now(self) -> None:
        """The digests of all files, or of those whose status is not enough and that are small."""
        content = self._cache.by is CacheBy.CONTENT
        wanted = [path for path in self._paths if content or self._needs_digest(path)]
        members = [self._members(path) for path in wanted]
        places = [self._files.where[each] for group in members for each in group]
        found = iter(digests_of(places) if places else ())
        for path, group in zip(wanted, members, strict=True):
            together = _together([next(found) for _ in group])
            if together is not None:
                self._digests[path] = together

    def _needs_digest(self, path: str) -> bool:
        marks = [self._files.marks[each] for each in self._members(path)]
        fresh = any(mark.is_fresh(self._files.seen) for mark in marks)
        return fresh and sum(mark.size for mark in marks) <= MOST_HASHED

    def _key(self, path: str) -> tuple[bytes, bytes] | None:
        """Folder and name under which a file is stored; ``None``: not at all."""
        if self._cache.by is CacheBy.CONTENT:
            digest = self._digests.get(path)
            return None if digest is None else (_BY_CONTENT, digest + os.fsencode(_suffix(path)))
        where = self._files.where[path]
        start = where.rfind(os.sep) + 1
        folder, name = _encoded(where[:start]), os.fsencode(where[start:])
        if self._files.together and len(self._files.where) > 1:
            others = os.fsencode("\0".join(self._files.where.values()))
            name = blake2b(others, digest_size=16).digest()
        return folder, name

    def give_known(self, take: Callable[[Sequence[Counted]], None]) -> list[str]:
        """Give ``take`` what is known; returns the paths that must be counted."""
        keys = {path: key for path in self._paths if (key := self._key(path)) is not None}
        places: dict[bytes, list[bytes]] = {}
        for folder, name in keys.values():
            places.setdefault(folder, []).append(name)
        entries = self._cache.store.look_up(self._scope, places)
        known = {
            path: entries[key].record
            for path, key in keys.items()
            if key in entries and self._holds(path, key, entries[key])
        }
        records = _decoded(known.values())
        take([Counted(path, record) for path, record in zip(known, records, strict=True)])
        return [path for path in self._files.where if path not in known]

    def _holds(self, path: str, key: tuple[bytes, bytes], entry: Entry) -> bool:
        """Whether what is stored is what would be found now."""
        if self._cache.by is CacheBy.CONTENT:
            return True
        if entry.status != self._status(path):
            return False
        if entry.digest is None:
            return True
        now = self._digests.get(path) or _together(
            [digest_of(self._files.where[each]) for each in self._members(path)]
        )
        if now != entry.digest:
            return False
        if not self._is_fresh(path):  # from now on a change would show
            self._pending.append((*key, entry._replace(digest=None)))
        return True

    def _is_fresh(self, path: str) -> bool:
        members = self._members(path)
        return any(self._files.marks[each].is_fresh(self._files.seen) for each in members)

    def add(self, part: Iterable[Counted]) -> None:
        """Keep what was found, unless a file was changed meanwhile."""
        for each in part:
            entry = None if each.bad is not None else self._entry(each)
            key = self._key(each.path) if entry is not None else None
            if entry is not None and key is not None:
                self._pending.append((*key, entry))
        if time.monotonic() - self._stored > _STORED_EVERY:
            self.store()

    def _entry(self, each: Counted) -> Entry | None:
        members = self._members(each.path)
        if any(mark_of(self._files.where[m]) != self._files.marks.get(m) for m in members):
            return None
        before = self._digests.get(each.path)
        content = self._cache.by is CacheBy.CONTENT
        if content or self._is_fresh(each.path):
            now = _together([digest_of(self._files.where[m]) for m in members])
            if before is None or now != before:
                return None
        record = json.dumps(each.record, separators=(",", ":")).encode()
        if len(record) > (_LARGEST_READING if self._files.together else _LARGEST_RECORD):
            return None
        if content:
            return Entry(b"", None, record)
        return Entry(self._status(each.path), before, record)

    def store(self) -> None:
        """Store what was found so far."""
        if self._pending and self._cache.store.keep(self._scope, self._pending):
            self._pending = []
        self._stored = time.monotonic()


def _together(digests: Sequence[bytes | None]) -> bytes | None:
    """The digest of several files from theirs; ``None`` when one cannot be read."""
    known = [digest for digest in digests if digest is not None]
    if len(known) < len(digests):
        return None
    return known[0] if len(known) == 1 else blake2b(b"".join(known), digest_size=16).digest()


_encoded = lru_cache(maxsize=256)(os.fsencode)


def _suffix(path: str) -> str:
    """Some files are read by what they are called."""
    stem, suffix = os.path.splitext(path.lower())  # noqa: PTH122
    return os.path.splitext(stem)[1] + suffix if suffix == ".gz" else suffix  # noqa: PTH122


def _decoded(records: Iterable[bytes]) -> list[Record]:
    """All of them at once, which takes a third of the time."""
    decoded: list[Record] = json.loads(b"[%s]" % b",".join(records))
    return decoded
