"""NumPy's files from strangers: what a header claims is weighed before anything is read."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy_format

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.core.limits import Limits

_MOST_MEMBERS = 10_000
_VERSIONS = frozenset(((1, 0), (2, 0), (3, 0)))


class ArrayFileError(Exception):
    """A file that holds no arrays that may be read, with the reason for people.

    ``pickle``: it holds Python objects, which are never read.
    """

    def __init__(self, reason: str, *, pickle: bool = False) -> None:
        """Carry the reason."""
        super().__init__(reason)
        self.pickle = pickle


@dataclass(frozen=True, slots=True)
class Claim:
    """What the header of an array claims."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Bytes of its values."""
        size: int = prod(self.shape) * self.dtype.itemsize
        return size


def mapped(path: Path) -> npt.NDArray[Any]:
    """A ``.npy`` file through a memory map: it takes no memory, whatever its size.

    Raises ``ArrayFileError``.
    """
    try:
        with path.open("rb") as stream:
            claim = _claim(stream)
            left = path.stat().st_size - stream.tell()
        if claim.dtype.hasobject:
            raise _pickle()
        if claim.size > left:
            raise ArrayFileError(
                f"is cut off: its header claims {claim.size:,} bytes of values, it holds {left:,}"
            )
        if not claim.size:
            return np.empty(claim.shape, claim.dtype)
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGED as error:
        raise _explained(error) from error
    return array


def claims(path: Path) -> dict[str, Claim]:
    """What the header of every array of an archive claims. Raises ``ArrayFileError``."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            if len(names) > _MOST_MEMBERS:
                raise ArrayFileError(f"holds {len(names):,} arrays, which no data set does")
            return {name.removesuffix(".npy"): _claim_of(archive, name) for name in names}
    except DAMAGED as error:
        raise _explained(error) from error


def member(path: Path, name: str, limits: Limits) -> npt.NDArray[Any]:
    """One array of an archive, in memory. Raises ``ArrayFileError``, also when it takes too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            claim = _claim_of(archive, f"{name}.npy")
            if claim.dtype.hasobject:
                raise _pickle()
            too_much = limits.too_many_bytes(claim.size, "decompressed")
            if too_much is not None:
                raise ArrayFileError(f"array {name!r} {too_much}")
            with archive.open(f"{name}.npy") as stream:
                array: npt.NDArray[Any] = npy_format.read_array(stream, allow_pickle=False)
    except DAMAGED as error:
        raise _explained(error) from error
    return array


def all_members(path: Path, limits: Limits) -> Mapping[str, npt.NDArray[Any]]:
    """Every array of an archive that is no pickle. Raises ``ArrayFileError``."""
    found = {name: claim for name, claim in claims(path).items() if not claim.dtype.hasobject}
    too_much = limits.too_many_bytes(sum(claim.size for claim in found.values()), "decompressed")
    if too_much is not None:
        raise ArrayFileError(too_much)
    return {name: member(path, name, limits) for name in found}


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP archive by its first bytes."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _claim_of(archive: zipfile.ZipFile, name: str) -> Claim:
    held = archive.getinfo(name).file_size
    with archive.open(name) as stream:
        claim = _claim(stream)
        if not claim.dtype.hasobject and claim.size > held:
            raise ArrayFileError(
                f"array {name.removesuffix('.npy')!r} is cut off: its header claims {claim.size:,} bytes, "
                f"it holds {held:,}"
            )
    return claim


def _claim(stream: IO[bytes]) -> Claim:
    version = npy_format.read_magic(stream)
    if version not in _VERSIONS:
        raise ArrayFileError(
            f"is damaged, or of version {version[0]}.{version[1]}, which is unknown"
        )
    read = (
        npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
    )
    shape, _, dtype = read(stream)
    if any(n < 0 for n in shape):
        raise ArrayFileError(f"claims the shape {shape}")
    if dtype.hasobject:
        return Claim(shape, dtype)
    if dtype.itemsize == 0 and all(shape):
        raise ArrayFileError(f"holds {dtype} of no size")
    return Claim(shape, dtype)


def _pickle() -> ArrayFileError:
    return ArrayFileError("holds Python objects (a pickle), which are never read", pickle=True)


def _explained(error: Exception) -> Exception:
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return error
    text = str(error)
    reason = text.splitlines()[0][:120] if text else type(error).__name__
    return ArrayFileError(f"is damaged or cut off ({reason})")
