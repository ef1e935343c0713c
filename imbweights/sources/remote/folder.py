"""Many remote files that are one source, brought near one by one, for as long as each is counted."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from imbweights.core.errors import SourceError
from imbweights.sources.files import suffix_of
from imbweights.sources.remote.file import RemoteFile
from imbweights.sources.remote.systems import system_of

# Most of the time is waiting for answers; so many are asked for at once, and no more lie here.
_AT_ONCE = 8
_FIRST_BYTES = 4096


@dataclass(frozen=True)
class RemoteSet:
    """``address``: names the file system; ``root``: the path of the folder in it, ``""`` where files
    are named by their addresses. ``hidden``: shown name → address, where they differ. ``size`` and
    ``version``: of all files together, when they were listed.
    """

    address: str
    root: str
    hidden: Mapping[str, str] = field(default_factory=dict, repr=False)
    size: int = 0
    version: int = 0
    starts: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def file(self, path: str, shown: str) -> RemoteFile:
        """One file of the set."""
        if self.root:
            return RemoteFile(self.address, f"{self.root}{path}", shown)
        address = self.hidden.get(path, path)
        return RemoteFile(address, system_of(address)[1], shown)

    def start(self, path: str, shown: str, size: int) -> bytes:
        """The first bytes of a file; those of few files are asked for, often several times."""
        known = self.starts.get(path)
        if known is None or len(known) < size:
            known = self.starts[path] = self.file(path, shown).first(max(size, _FIRST_BYTES))
        return known[:size]


class Fetched:
    """A file that is on its way; entered, it is there, and left, it is gone."""

    def __init__(self, place: Path, coming: Future[None]) -> None:
        """``place`` is where it will lie."""
        self._place = place
        self._coming = coming

    def __enter__(self) -> Path:
        """Wait for it. Raises ``RemoteError`` when it does not come."""
        self._coming.result()
        return self._place

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        with suppress(OSError):
            self._place.unlink()


def fetched(remote: RemoteSet, named: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Fetched]]:
    """Each path of ``named`` (path, shown name) with its file, some of them asked for ahead.

    Disk and memory stay flat: a file is removed when the next one is asked for at the latest.
    """
    coming: deque[tuple[str, Fetched]] = deque()
    left = iter(enumerate(named))
    with (
        tempfile.TemporaryDirectory(prefix="imbweights-") as folder,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        try:
            while True:
                for number, (path, shown) in left:
                    place = Path(folder) / f"{number}{suffix_of(path)}"
                    job = pool.submit(remote.file(path, shown).fetch, place)
                    coming.append((path, Fetched(place, job)))
                    if len(coming) >= _AT_ONCE:
                        break
                if not coming:
                    return
                path, file = coming.popleft()
                yield path, file
                file.__exit__()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def named_set(files: Sequence[RemoteFile]) -> tuple[RemoteSet, tuple[str, ...]]:
    """Files that were named by their addresses, as one set, and what they are called in it."""
    hidden: dict[str, str] = {}
    names: list[str] = []
    for file in files:
        name, address = file.name, address_of(file)
        if name != address:
            if name in hidden:
                name = f"{name} ({len(names)})"
            hidden[name] = address
        names.append(name)
    return RemoteSet(files[0].address, "", hidden), tuple(names)


def address_of(file: RemoteFile) -> str:
    """The whole address of a file, also of one that a pattern found."""
    system, path = system_of(file.address)
    if file.path == path:
        return file.address
    _, mark, rest = file.address.partition("::")
    return f"{system.unstrip_protocol(file.path)}{mark}{rest}"


def refuse_strange(path: str, name: str) -> None:
    """A listing that leads out of its folder is not to be trusted."""
    if path.startswith("/") or ".." in path.split("/") or "\0" in path:
        raise SourceError(f"{name}: the server lists a file outside of the folder ({path[:80]!r})")
