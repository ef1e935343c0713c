"""One remote file: what is known of it, and its bytes in parts, as a stream, or as a plain file."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from imbweights.core.errors import ImbweightsError
from imbweights.sources.files import suffix_of
from imbweights.sources.remote.near import kept_near
from imbweights.sources.remote.problems import RemoteError, cut_off, explaining, told
from imbweights.sources.remote.systems import protocols_of, system_of

# Who reads on gets that much at once; who jumps gets what was asked for.
_AHEAD = 4 << 20
_MOST = 8 << 20
_PAUSES = (0.3, 1.5)
_TAGS = ("ETag", "etag", "md5", "md5Hash", "checksum", "ino", "LastModified", "Last-Modified")
_TIMES = ("last_modified", "mtime", "updated", "modified", "created")

Found = TypeVar("Found")
Version = tuple[int, str]
State = tuple[int | None, str | None]


@dataclass(frozen=True)
class RemoteFile:
    """``address``: names the file system, with whatever credentials it holds; ``path``: in it;
    ``name``: what messages call the file. ``faults``: what went wrong inside other libraries, which
    drop the reason; ``notes``: what the user should know; ``seen``: is told of all bytes read, and
    where they begin.
    """

    address: str
    path: str
    name: str
    faults: list[Exception] = field(default_factory=list, compare=False, repr=False)
    notes: list[str] = field(default_factory=list, compare=False)
    seen: list[Callable[[int, bytes], None]] = field(
        default_factory=list, compare=False, repr=False
    )

    @property
    def system(self) -> Any:
        """fsspec's file system."""
        return system_of(self.address)[0]

    @cached_property
    def info(self) -> dict[str, Any]:
        """What the server says about the file, asked once."""
        return self._asked()

    def _asked(self) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            self.system.invalidate_cache()
            return dict(self.system.info(self.path))

        return self._tried(ask)

    @property
    def size(self) -> int | None:
        """Bytes, if the server tells."""
        size = self.info.get("size")
        return size if isinstance(size, int) else None

    @property
    def state(self) -> State:
        """Size and entity tag, or time of change, when the file was first asked for."""
        return _state(self.info)

    def state_now(self) -> State:
        """The same as it is now."""
        return _state(self._asked())

    @property
    def came_whole(self) -> bool:
        """Whether parts were wanted, and the server sends none."""
        return self.__dict__.get("takes_ranges") is False and not self._is_inside

    @property
    def _is_inside(self) -> bool:
        """Whether this is part of an archive, which is unpacked from its beginning."""
        return "::" in self.address

    @cached_property
    def takes_ranges(self) -> bool:
        """Whether parts of the file can be asked for."""
        if self._is_inside or self.size is None or self.info.get("partial") is False:
            return False
        if not self.size or protocols_of(self.address)[0] not in {"http", "https"}:
            return True
        try:
            with explaining(self.name), self._handle() as handle:
                handle.seek(self.size - 1)
                return len(handle.read(1)) == 1 if self.size > 1 else True
        except RemoteError as error:
            if "ValueError" in error.reason:  # of fsspec, for a server that sends all of it
                return False
            raise

    def first(self, size: int) -> bytes:
        """The first bytes, as they lie there."""
        if self._is_inside or self.size is None:
            with self.near().open("rb") as stream:
                return stream.read(size)

        def read() -> bytes:
            with self._handle() as handle:
                return bytes(handle.read(min(size, self.size or 0)))

        return self._tried(read) if self.size else b""

    def opened(self) -> Any:
        """The file as fsspec opens it, nothing kept ahead."""
        return self._tried(self._handle)

    def open(self) -> BinaryIO:
        """The bytes in order, without the whole file being held anywhere; it may be jumped in."""
        if not self.takes_ranges:
            return self.near().open("rb")
        return cast("BinaryIO", io.BufferedReader(_Parts(self), _AHEAD))

    def near(self) -> Path:
        """A plain copy, which stays until the command ends."""
        kept = kept_near()
        place = kept.places.get((self.address, self.path))
        if place is None:
            place = kept.places[self.address, self.path] = kept.place(suffix_of(self.path))
            before = self.state
            self.fetch(place)
            if self.state_now() != before:
                raise told(
                    self.name, ("was replaced while it was read", "run it again", True, False)
                )
        return place

    def fetch(self, place: Path) -> None:
        """Download the file. Raises ``RemoteError`` also when it does not come whole."""

        def get() -> None:
            self.system.get_file(self.path, str(place))
            size = self.__dict__.get("info", {}).get("size")
            got = place.stat().st_size
            if isinstance(size, int) and got != size:
                raise told(self.name, cut_off(got, size))

        self._tried(get)

    def _handle(self) -> Any:
        options = {}
        if protocols_of(self.address)[0] in {"http", "https"}:
            options["size"] = self.size  # else it asks again
        return self.system.open(self.path, "rb", cache_type="none", **options)

    def part(self, start: int, end: int, handle: Any) -> bytes:
        """The bytes from ``start`` to ``end``, which must be there."""

        def read() -> bytes:
            handle.seek(start)
            found = bytes(handle.read(end - start))
            if len(found) < end - start:
                raise told(self.name, cut_off(start + len(found), self.size or 0))
            return found

        return self._tried(read)

    def _tried(self, step: Callable[[], Found]) -> Found:
        """Again after a moment where the trouble may have passed."""
        for pause in _PAUSES:
            try:
                with explaining(self.name):
                    return step()
            except RemoteError as error:
                if not error.passing:
                    raise
                time.sleep(pause)
        with explaining(self.name):
            return step()


def remote_version(info: dict[str, Any]) -> Version | None:
    """Size and entity tag (else time of change) of a file as its server tells it.

    ``None`` where the server tells neither, so that nothing can be known about changes.

    >>> remote_version({"size": 12, "ETag": '"abc"'}), remote_version({"size": 12})
    ((12, 'abc'), None)
    """
    size, tag = _state(info)
    return None if size is None or tag is None else (size, tag)


def _state(info: dict[str, Any]) -> State:
    tag = next((info[key] for key in (*_TAGS, *_TIMES) if info.get(key)), None)
    size = info.get("size")
    shown = None if tag is None else str(tag).removeprefix("W/").strip('"')
    return size if isinstance(size, int) else None, shown


class _Parts(io.RawIOBase):
    """A remote file as a raw stream: each read is a request for just that part."""

    def __init__(self, file: RemoteFile) -> None:
        self._file = file
        self._size = file.size or 0
        self._at = 0
        self._handle = file.opened()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, and at most as many as are asked for at once."""
        left = self._size - self._at
        end = self._at + max(0, min(left, _MOST, left if size < 0 else size))
        if end == self._at:
            return b""
        try:
            found = self._file.part(self._at, end, self._handle)
        except ImbweightsError as error:
            self._file.faults.append(error)
            raise
        for told_of in self._file.seen:
            told_of(self._at, found)
        self._at = end
        return found

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._handle.close()  # as often as one likes
        super().close()


class AheadReader:
    """For DuckDB: exact parts for who jumps (Parquet), more at once for who reads on (CSV)."""

    def __init__(self, file: RemoteFile) -> None:
        """Begin at the start."""
        self._raw = _Parts(file)
        self._at = 0
        self._end = 0  # of the last read, so that reading on is noticed
        self._kept = b""
        self._kept_at = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move."""
        self._raw.seek(self._at)
        self._at = self._raw.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as many as asked for unless the file ends."""
        wanted = self._raw.seek(0, io.SEEK_END) - self._at if size < 0 else size
        parts: list[bytes] = []
        while wanted > 0 and (part := self._some(wanted)):
            parts.append(part)
            wanted -= len(part)
        self._end = self._at
        return b"".join(parts)

    def _some(self, size: int) -> bytes:
        """What is kept here, else some of what is asked for."""
        start = self._at - self._kept_at
        if not 0 <= start < len(self._kept):
            reads_on = self._at == self._end and self._at > 0
            self._raw.seek(self._at)
            self._kept = self._raw.read(max(size, _AHEAD) if reads_on else size)
            self._kept_at, start = self._at, 0
        found = self._kept[start : start + size]
        self._at += len(found)
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()
