"""What tells whether a file is as it was when it was counted: its status, or its content."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

_STATUS = struct.Struct("<QQQqq")
_WHOLE = (1 << 64) - 1
_DIGEST_BYTES = 16
_PIECE = 1 << 20
_READERS = 4
# A file that was changed less than this before it was counted may be changed once more with the
# same status: the clock of the file system has ticks (2 s on FAT), that of a server may be behind,
# and what a program writes through mapped memory is dated when the page was first touched, which
# Linux forgets after 35 s at the latest.
SETTLING_NS = 40_000_000_000
# Larger ones take as long to hash as to count.
MOST_HASHED = 64 << 20


class Mark(NamedTuple):
    """A file as it is now.

    ``status``: device, inode, size, modification and change time in ns, as bytes; ``size`` in
    bytes; ``changed``: the later one of its two times, in ns.
    """

    status: bytes
    size: int
    changed: int

    def is_fresh(self, now: int) -> bool:
        """Whether it may be changed once more without showing, seen at ``now`` (ns since 1970).

        Git calls such entries racy: https://git-scm.com/docs/racy-git
        """
        return self.changed + SETTLING_NS >= now


def mark_of(path: str) -> Mark | None:
    """The status of a file (of what a link leads to); ``None`` when there is none.

    The change time cannot be set by a program, so that a file whose modification time was put back
    is noticed. On Windows it is the time of creation.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - of millions of files
    except (OSError, ValueError):
        return None
    size, written, changed = found.st_size, found.st_mtime_ns, found.st_ctime_ns
    device, inode = found.st_dev & _WHOLE, found.st_ino & _WHOLE
    status = _STATUS.pack(device, inode, size, written, changed)
    return Mark(status, size, max(written, changed))


def digest_of(path: str) -> bytes | None:
    """BLAKE2b of the content; ``None`` when it cannot be read."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - likewise
            while piece := stream.read(_PIECE):
                digest.update(piece)
    except (OSError, ValueError):
        return None
    return digest.digest()


def digests_of(paths: Iterable[str]) -> list[bytes | None]:
    """Those of several files. The threads are gone afterwards: what forks may follow."""
    with ThreadPoolExecutor(_READERS) as pool:
        return list(pool.map(digest_of, paths))
