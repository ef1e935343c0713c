"""What must hold while a remote file is read: it stays the same, and a packed one is whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from imbweights.core.errors import ImbweightsError, SourceError

if TYPE_CHECKING:
    from imbweights.running.fingerprints import Fingerprint
    from imbweights.sources.base import InputFile
    from imbweights.sources.remote.file import RemoteFile

_AT_ONCE = 16
_WAITING = 8
_MOMENT = 0.2
_CHUNK = 1 << 20


@contextmanager
def followed(file: RemoteFile) -> Iterator[None]:
    """Say what really went wrong inside DuckDB and others, and whether the file was replaced.

    A file that is replaced while it is read would be counted half from one and half from the other.
    """
    before = file.state
    try:
        yield
    except Exception:
        if file.faults:
            _refuse_change(file, before, file.faults[0])
            raise file.faults[0] from None
        _refuse_change(file, before, None)
        raise
    _refuse_change(file, before, None)
    if file.came_whole:
        file.notes.append(f"{file.name} was downloaded whole: its server sends no parts of files")


def _refuse_change(file: RemoteFile, before: Any, fault: Exception | None) -> None:
    """Raise when the file is no longer what it was; a server that fails just now tells nothing."""
    try:
        now = file.state_now()
    except SourceError:
        if fault is None:
            raise
        return
    if before != now:
        raise SourceError(
            f"{file.name}: was replaced while it was read", hint="run it again"
        ) from None


def look_ahead(files: Sequence[InputFile]) -> None:
    """Ask for the beginning of many files at once, so that it is there when each has its turn."""
    if len(files) < 2:
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_known, files))


def _known(file: InputFile) -> None:
    _ = file.start


def mark_of(file: RemoteFile) -> Fingerprint:
    """What tells later whether a remote file is as it was, without anything secret."""
    import hashlib

    size, tag = file.state
    digest = hashlib.sha256(repr(tag).encode()).digest()
    return file.name, size or 0, int.from_bytes(digest[:7], "big") if tag else 0


@contextmanager
def checked_on_the_way(
    file: RemoteFile, check: Callable[[BinaryIO], None], name: str
) -> Iterator[None]:
    """Within this context ``check`` reads, in a thread, the bytes that others read of a packed file.

    So it is downloaded once. What nobody read is read at the end. Raises ``SourceError`` when
    ``check`` finds the file damaged.
    """
    stream = _Passed()
    faults: list[Exception] = []

    def run() -> None:
        try:
            check(cast("BinaryIO", stream))
        except Exception as error:  # noqa: BLE001 - told in the thread that waits
            faults.append(error)
        finally:
            stream.is_done = True

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    file.seen.append(stream.take)
    try:
        yield
        _read_rest(file, stream)
    except ImbweightsError:
        # What cannot be read may be what is damaged; that says more.
        if not file.faults:
            _read_rest(file, stream)
            stream.finish(thread)
            _refuse_damage(faults, name)
        raise
    finally:
        file.seen.remove(stream.take)
        stream.finish(thread)
    _refuse_damage(faults, name)


def _read_rest(file: RemoteFile, stream: _Passed) -> None:
    with file.open() as rest:
        at = rest.seek(stream.passed)
        while not stream.is_done and (found := rest.read(_CHUNK)):
            stream.take(at, found)
            at += len(found)


def _refuse_damage(faults: Sequence[Exception], name: str) -> None:
    if faults:
        raise SourceError(f"{name}: is damaged ({faults[0]})") from None


class _Passed:
    """Bytes that pass by, in their order, each once; read in another thread."""

    def __init__(self) -> None:
        self.passed = 0
        self.is_done = False
        from queue import Full, Queue

        self._waiting: Queue[bytes] = Queue(_WAITING)
        self._full = Full
        self._lock = threading.Lock()
        self._left = b""
        self._ended = False

    def take(self, start: int, found: bytes) -> None:
        """Bytes that were read elsewhere; those that came before, or leave a gap, are not needed."""
        with self._lock:
            if start <= self.passed < start + len(found):
                self._put(found[self.passed - start :])
                self.passed = start + len(found)

    def finish(self, thread: threading.Thread) -> None:
        """Nothing follows; wait for who reads."""
        self._put(b"")
        thread.join()

    def _put(self, found: bytes) -> None:
        while not self.is_done:
            try:
                self._waiting.put(found, timeout=_MOMENT)
            except self._full:
                continue
            return

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` of the next bytes; none at the end."""
        if not self._left and not self._ended:
            self._left = self._waiting.get()
            self._ended = not self._left
        cut = len(self._left) if size < 0 else size
        found, self._left = self._left[:cut], self._left[cut:]
        return found

    def readable(self) -> bool:
        """Like any stream."""
        return True

    def seek(self, offset: int, whence: int = 1) -> int:
        """Pass over bytes; nothing else is possible."""
        del whence
        while offset > 0 and (found := self.read(offset)):
            offset -= len(found)
        return 0
