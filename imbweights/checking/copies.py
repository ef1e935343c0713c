"""Files that are in two splits: named twice, listed twice, or copied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from imbweights.core.file_facts import FileFacts

_CHUNK = 1 << 20
Copy = tuple[str, str, str, str]


def copies(
    files: Mapping[str, Sequence[FileFacts]], named: Sequence[tuple[str, str]] = ()
) -> tuple[Copy, ...]:
    """(split, name, other split, other name) of files that two splits share.

    ``named``: (split, path) of files that were named for a split. Equal content counts where it
    cannot be chance: a mask of a single value looks like many others.
    """
    places = [
        (split, file.name, file.path, _telling(file))
        for split, part in files.items()
        for file in part
    ]
    places += [(split, path, Path(path), True) for split, path in named]
    by_path = list(_same_path([(s, n, p) for s, n, p, _ in places]))
    found = {(name, other) for _, name, _, other in by_path}
    by_content = _same_content([(s, n, p) for s, n, p, telling in places if telling])
    return (*by_path, *(c for c in by_content if (c[1], c[3]) not in found))


def _telling(file: FileFacts) -> bool:
    """Whether equal content means that it is the same sample."""
    return file.size is None or len([n for n in file.labels.values() if n]) > 1


def _same_path(places: Sequence[tuple[str, str, Path]]) -> Iterator[Copy]:
    first: dict[Path, tuple[str, str]] = {}
    for split, name, path in places:
        there, what = first.setdefault(path.resolve(), (split, name))
        if there != split:
            yield there, what, split, name


def _same_content(places: Sequence[tuple[str, str, Path]]) -> Iterator[Copy]:
    """Only files of equal size that lie in different splits are read."""
    by_size: dict[int, list[tuple[str, str, Path]]] = {}
    for place in places:
        size = _size(place[2])
        if size:
            by_size.setdefault(size, []).append(place)
    for group in by_size.values():
        if len({split for split, _, _ in group}) < 2:
            continue
        first: dict[bytes, tuple[str, str, Path]] = {}
        for split, name, path in group:
            digest = _digest(path)
            there, what, where = first.setdefault(digest, (split, name, path))
            if there != split and where.resolve() != path.resolve():
                yield there, what, split, name


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def _digest(path: Path) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return str(path).encode()
    return digest.digest()
