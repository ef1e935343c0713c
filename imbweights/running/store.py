"""The counts of files in one SQLite file, which several runs may use at once.

Whatever happens to it costs a recount and never a count: each entry has a checksum over itself and
what it belongs to, and a file that is damaged, or none of ours, is set aside. So nothing is
forced to the disk: a kill leaves SQLite's journal, which the next run rolls back, and after a power
failure the checksums decide. Values are JSON and nothing in it is ever run.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar
from zlib import crc32

from imbweights.core.locking import locked
from imbweights.running.cache_folder import marked

# Another layout gets another name, so that two versions of imbweights live side by side.
NAME = "counts.1.sqlite"
DAMAGED = "counts.damaged"
LIMIT = 1 << 30
KEPT_DAYS = 90
_OURS = 0x696D6277  # "imbw"
_PATIENCE = 5.0
_AT_ONCE = 500
_DAY = 86_400
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_SCHEMA = """
CREATE TABLE places (id INTEGER PRIMARY KEY, scope BLOB, folder BLOB, UNIQUE (scope, folder));
CREATE TABLE entries (
    place INTEGER, name BLOB, status BLOB, digest BLOB, record BLOB, check_sum INTEGER, used INTEGER,
    PRIMARY KEY (place, name)
) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER);
"""
_READ_ALL = "SELECT name, status, digest, record, check_sum, used FROM entries WHERE place = ?"

Result = TypeVar("Result")


class Entry(NamedTuple):
    """What was found in one file. ``digest``: of its content, where its status is not enough."""

    status: bytes
    digest: bytes | None
    record: bytes


# Folder → names of files there.
Places = Mapping[bytes, Sequence[bytes]]
# Folder, name, entry.
Placed = tuple[bytes, bytes, Entry]


class DamagedError(Exception):
    """An entry is not what was stored."""


@dataclass
class Store:
    """The store in a cache folder, which need not exist yet.

    ``notes``: what the user should know, each said once. A connection lives only as long as one call, so
    that none is open when processes are forked.
    """

    folder: Path
    notes: list[str] = field(default_factory=list)
    _closed: bool = False
    _stale: set[tuple[int, bytes]] = field(default_factory=set, repr=False)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / NAME

    def look_up(self, scope: bytes, places: Places) -> dict[tuple[bytes, bytes], Entry]:
        """(folder, name) → entry, of those that are there."""
        if self._closed or not self.path.exists():
            return {}
        return self._tried(lambda: self._found(scope, places)) or {}

    def keep(self, scope: bytes, entries: Sequence[Placed]) -> bool:
        """Store entries; those of the same name are replaced. ``False`` when it may be tried again;
        where the folder cannot be written nothing is ever stored.
        """
        return self._closed or self._tried(lambda: self._stored(scope, entries)) is not None

    def tidy(self) -> None:
        """Note what was used today, and once a day drop what was not for long, or is too much."""
        if self._closed or not self.path.exists():
            return
        self._tried(self._tidied)

    def _tried(self, step: Callable[[], Result]) -> Result | None:
        try:
            return step()
        except (DamagedError, TypeError):
            self._set_aside()
        except sqlite3.Error as error:
            self._failed(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF)
        except OSError:
            self._closed = True
        return None

    def _failed(self, code: int) -> None:
        """Damage is mended; another run may be busy for once; anything else will not go away."""
        if code in _DAMAGE:
            self._set_aside()
        elif code != sqlite3.SQLITE_BUSY:
            self._closed = True
            if code == sqlite3.SQLITE_FULL:
                self._say(f"{self.path} cannot grow (no space left); counts are not kept")

    def _say(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _found(self, scope: bytes, places: Places) -> dict[tuple[bytes, bytes], Entry]:
        found: dict[tuple[bytes, bytes], Entry] = {}
        day = today()
        with self._connected() as connection:
            connection.execute("BEGIN")
            for folder, names in places.items():
                place = _place(connection, scope, folder)
                if place is None:
                    continue
                seed = crc32(folder, crc32(scope))
                for row in _rows(connection, place, names):
                    name, entry, used = _checked(row, seed)
                    found[folder, name] = entry
                    if used != day:
                        self._stale.add((place, name))
        return found

    def _stored(self, scope: bytes, entries: Iterable[Placed]) -> bool:
        marked(self.folder)
        day = today()
        with self._connected() as connection:
            if _size(connection) > LIMIT:
                self._closed = True
                return True
            with _transaction(connection):
                known: dict[bytes, int] = {}
                rows = []
                for folder, name, entry in entries:
                    if folder not in known:
                        known[folder] = _made_place(connection, scope, folder)
                    check_sum = _check_sum(crc32(folder, crc32(scope)), name, entry)
                    rows.append((known[folder], name, *entry, check_sum, day))
                connection.executemany(
                    "INSERT OR REPLACE INTO entries VALUES (?,?,?,?,?,?,?)", rows
                )
        return True

    def _tidied(self) -> None:
        day = today()
        with self._connected() as connection:
            row = connection.execute("SELECT value FROM state WHERE name = 'tidied'").fetchone()
            done = row is not None and row[0] == day
            if done and not self._stale:
                return
            with _transaction(connection):
                connection.executemany(
                    "UPDATE entries SET used = ? WHERE place = ? AND name = ?",
                    [(day, place, name) for place, name in self._stale],
                )
                self._stale.clear()
                if not done:
                    _drop_old(connection, day)
                    connection.execute("INSERT OR REPLACE INTO state VALUES ('tidied', ?)", (day,))
            if not done:
                connection.execute("PRAGMA incremental_vacuum").fetchall()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
        with closing(connection):
            connection.text_factory = bytes
            for setting in ("synchronous = OFF", "trusted_schema = OFF", "cell_size_check = ON"):
                connection.execute(f"PRAGMA {setting}")
            if not _is_ours(connection):
                _make(connection)
            yield connection

    def _set_aside(self) -> None:
        """Move away what cannot be used; one such file is kept."""
        self._stale.clear()
        try:
            with locked(self.path, _PATIENCE):
                if _is_usable(self.path):  # another run was quicker
                    return
                os.replace(self.path, self.folder / DAMAGED)  # noqa: PTH105
                for ending in ("-journal", "-wal", "-shm"):
                    self.path.with_name(NAME + ending).unlink(missing_ok=True)
        except (OSError, TimeoutError):
            self._closed = True
        self._say(f"{self.path} was damaged or is no store of imbweights; files are counted anew")


def today() -> int:
    """The day, counted from 1970."""
    return int(time.time()) // _DAY


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the store is there; raises ``DamagedError`` for another sort of database."""
    [(identity,)] = connection.execute("PRAGMA application_id").fetchall()
    if identity == _OURS:
        return True
    [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    if identity or tables:
        raise DamagedError
    return False


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with _transaction(connection):
        if _is_ours(connection):  # another run was quicker
            return
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_OURS}")


def _is_usable(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            [(identity,)] = connection.execute("PRAGMA application_id").fetchall()
            [(verdict,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
            rows = connection.execute(
                "SELECT scope, folder, name, status, digest, record, check_sum, used"
                " FROM entries JOIN places ON place = id"
            )
            for scope, folder, *row in rows:
                _checked(tuple(row), crc32(folder, crc32(scope)))
    except (sqlite3.Error, DamagedError, TypeError):
        return False
    return bool(identity == _OURS and verdict == "ok")


def _place(connection: sqlite3.Connection, scope: bytes, folder: bytes) -> int | None:
    row = connection.execute(
        "SELECT id FROM places WHERE scope = ? AND folder = ?", (scope, folder)
    ).fetchone()
    return None if row is None else int(row[0])


def _made_place(connection: sqlite3.Connection, scope: bytes, folder: bytes) -> int:
    place = _place(connection, scope, folder)
    if place is not None:
        return place
    made = connection.execute("INSERT INTO places (scope, folder) VALUES (?, ?)", (scope, folder))
    return made.lastrowid or 0


Row = tuple[bytes, bytes, bytes | None, bytes, int, int]


def _rows(connection: sqlite3.Connection, place: int, names: Sequence[bytes]) -> Iterator[Row]:
    if len(names) > _AT_ONCE:
        query = "SELECT count(*) FROM entries WHERE place = ?"
        [(there,)] = connection.execute(query, (place,)).fetchall()
        if there < 2 * len(names):  # all of them are read as quickly as half of them by name
            asked = set(names)
            rows = connection.execute(_READ_ALL, (place,))
            yield from (row for row in rows if row[0] in asked)
            return
    for i in range(0, len(names), _AT_ONCE):
        some = names[i : i + _AT_ONCE]
        marks = ",".join("?" * len(some))
        yield from connection.execute(f"{_READ_ALL} AND name IN ({marks})", (place, *some))


def _checked(row: Row, seed: int) -> tuple[bytes, Entry, int]:
    name, status, digest, record, check_sum, used = row
    entry = Entry(status, digest, record)
    try:
        if _check_sum(seed, name, entry) == check_sum:
            return name, entry, used
    except TypeError:
        pass
    raise DamagedError


def _check_sum(seed: int, name: bytes, entry: Entry) -> int:
    """CRC-32 of an entry and of whose it is; lengths are in it, so that nothing can move over."""
    status, digest, record = entry
    digest = digest or b""
    lengths = b"%d %d %d " % (len(name), len(status), len(digest))
    return crc32(b"".join((lengths, name, status, digest, record)), seed)


def _size(connection: sqlite3.Connection) -> int:
    """Bytes in use."""
    numbers = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    ]
    return int(numbers[0] - numbers[1]) * int(numbers[2])


def _drop_old(connection: sqlite3.Connection, now: int) -> None:
    """Entries that were not used for long; of a store that is too large the oldest days."""
    connection.execute("DELETE FROM entries WHERE used < ?", (now - KEPT_DAYS,))
    days = connection.execute(
        "SELECT used, sum(length(name) + length(status) + length(record)) FROM entries"
        " GROUP BY used ORDER BY used DESC"
    ).fetchall()
    held = 0
    for day, size in days:
        held += size
        if held > LIMIT // 2 and day < now:
            connection.execute("DELETE FROM entries WHERE used <= ?", (day,))
            break
    connection.execute("DELETE FROM places WHERE id NOT IN (SELECT DISTINCT place FROM entries)")
