"""Looking up what was found in files before, and keeping what is found now."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from imbweights.core.choices import CacheBy
from imbweights.running.cache import About, Cache, Counted, Record
from imbweights.running.marks import MOST_HASHED, Mark, digest_of, digests_of, mark_of
from imbweights.running.store import Entry
from imbweights.running.versions import version_of

# What one file of many holds (a photo has 100,000 colours), and what a file of labels holds.
_LARGEST_RECORD, _LARGEST_READING = 1 << 17, 1 << 24
_STORED_EVERY = 1.0
_BY_CONTENT = b""


def scope_of(about: About, by: CacheBy) -> bytes:
    """A digest of what decides beside the files, and of the versions of those who read them."""
    versions = [version_of(name) for name in ("imbweights", *about.libraries)]
    told = [about.reader, about.settings, about.libraries, versions, by.value]
    text = json.dumps(told, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=16).digest()


@dataclass
class Files:
    """Files, as they were before they were counted.

    ``marks``: path → status; ``seen``: when, in ns. Several may stand for one entry, that of the first.
    """

    where: dict[str, str]
    marks: dict[str, Mark]
    seen: int
    together: bool = False

    @classmethod
    def at(cls, root: Path, paths: Sequence[str]) -> Files:
        """Look at them."""
        base = os.path.join(os.path.abspath(root), "")  # noqa: PTH100, PTH118 - of millions of files
        # Named files lie wherever their paths lead; those of a folder below it.
        free = str(root) == "."
        where = {p: p if free and os.path.isabs(p) else base + p for p in paths}  # noqa: PTH117
        seen = time.time_ns()
        marks = {p: mark for p, place in where.items() if (mark := mark_of(place)) is not None}
        return cls(where, marks, seen)

    def whole(self) -> bool:
        """Take the files as one, if all are there."""
        self.together = True
        return len(self.marks) == len(self.where)


class Keeper:
    """Looks files up, and stores what is counted."""

    def __init__(self, cache: Cache, about: About, files: Files) -> None:
        """Note which files may change without showing, and what is in them now."""
        self._cache = cache
        self._scope = scope_of(about, cache.by)
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
        entries = self._cache.store().look_up(self._scope, places)
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
        if self._pending and self._cache.store().keep(self._scope, self._pending):
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
