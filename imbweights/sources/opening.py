"""From what the user typed to files that can be read: globs, splits, standard input, compression."""

from __future__ import annotations

import glob
import gzip
import os
import re
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from imbweights.core.errors import SourceError, UsageError
from imbweights.core.limits import Limits
from imbweights.core.urls import MASK, is_remote, local_path
from imbweights.running.engine import working
from imbweights.sources.base import HEAD_BYTES, InputFile
from imbweights.sources.files import FileSet, folder_files
from imbweights.sources.pipes import copied, opened_pipe

if TYPE_CHECKING:
    from imbweights.sources.remote.file import RemoteFile

STDIN = "-"
_SPLIT = re.compile(r"([A-Za-z][\w-]*)=(.+)", re.DOTALL)
_START = 512
_ROOM = 1 << 24
_USUAL = Limits()


def split_of(typed: str) -> tuple[str, str]:
    """Split ``train=a.csv`` into split name and path; a file of that very name comes first.

    >>> split_of("train=a.csv"), split_of("a.csv")
    (('train', 'a.csv'), ('', 'a.csv'))
    """
    match = _SPLIT.fullmatch(typed)
    if match is None or os.path.lexists(typed):
        return "", typed
    return match[1], match[2]


@contextmanager
def opened(
    typed_paths: tuple[str, ...], limits: Limits = _USUAL
) -> Iterator[list[tuple[str, InputFile | FileSet]]]:
    """What lies behind the paths as typed, each with the split it was given to (``""``: none).

    Temporary copies (of standard input) live until the context ends. Raises ``SourceError``
    for what cannot be read and ``UsageError`` when only some paths name a split.
    """
    with ExitStack() as stack:
        files = [
            (split, file)
            for typed in typed_paths
            for split, path in [split_of(typed)]
            for file in _files_at(path, stack, limits)
        ]
        named = [bool(split) for split, _ in files]
        if any(named) and not all(named):
            raise UsageError(
                "some paths name a split and some do not",
                hint="write train=a.csv val=b.csv, or name no split at all",
            )
        yield [(split, replace(file, limits=limits)) for split, file in files]


def _files_at(path: str, stack: ExitStack, limits: Limits) -> list[InputFile | FileSet]:
    if path == STDIN:
        return [_spooled(sys.stdin.buffer, "standard input", stack, limits)]
    if is_remote(path) and not os.path.lexists(path):
        return remote_files(path, stack)
    path = local_path(path)
    if glob.has_magic(path) and not os.path.lexists(path):
        matches = sorted(
            p
            for p in glob.glob(path, recursive=True)  # noqa: PTH207 - patterns may be absolute
            if Path(p).is_file() or Path(p).is_dir()
        )
        # A pattern such as **/* matches folders besides the files in them; those are meant then.
        matches = [p for p in matches if Path(p).is_file()] or matches
        if not matches:
            raise SourceError(f"no file matches {path}")
        return [_checked(Path(p), stack, limits) for p in matches]
    return [_checked(Path(path), stack, limits)]


def _checked(path: Path, stack: ExitStack, limits: Limits) -> InputFile | FileSet:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise SourceError(f"{path}: no such file", hint=_near(path)) from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:  # a NUL, or half a surrogate pair
        raise SourceError(f"{str(path)!r}: is no path ({error})") from error
    if stat.S_ISDIR(mode):
        return _folder(path)
    try:
        if stat.S_ISFIFO(mode):
            with opened_pipe(path) as stream:
                return _spooled(stream, str(path), stack, limits)
        if not stat.S_ISREG(mode) or _is_kernels(path):
            raise SourceError(f"{path}: is a device, a socket or a file of the kernel, not data")
        return input_file(path, str(path))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from error


def _is_kernels(path: Path) -> bool:
    """Files of /proc and /sys look regular; some have no end, and reading others waits."""
    return os.path.realpath(path).startswith(("/proc/", "/sys/"))


def _near(path: Path) -> str | None:
    """Name the file that was probably meant."""
    if path.name.isdigit():
        return "counts are given as --counts 198,436 or --counts A=198,B=436"
    from difflib import get_close_matches

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return None
    close = get_close_matches(path.name, names, n=1)
    return f"did you mean {path.parent / close[0]}?" if close else None


def _folder(path: Path) -> FileSet:
    files = folder_files(path, str(path))
    if not files.paths:
        what = f"only hidden files ({files.hidden:,})" if files.hidden else "no files"
        raise SourceError(f"{path}: is a folder with {what}")
    return files


def _spooled(
    stream: BinaryIO | RawIOBase, name: str, stack: ExitStack, limits: Limits
) -> InputFile:
    """A copy on disk of something that can be read only once."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imbweights-")))
    copy = folder / "input"
    copied(stream, copy, name, limits)
    return replace(input_file(copy, name), is_copy=True)


def input_file(path: Path, name: str) -> InputFile:
    """A plain file on disk. Raises ``OSError`` when it cannot be read."""
    with path.open("rb") as stream:
        start = stream.read(_START)
    return InputFile(
        path,
        name,
        lambda: start,
        lambda packed: _read_head(path, name, packed),
    )


def remote_files(url: str, stack: ExitStack) -> list[InputFile | FileSet]:
    """What lies at an address; what must be a plain file is downloaded when it is asked for."""
    from imbweights.sources.remote.listing import at_address
    from imbweights.sources.remote.near import keeping_near
    from imbweights.sources.remote.systems import is_of_this_process

    if MASK in url:
        raise UsageError(
            f"{url}: {MASK} stands for what was left out when this address was shown",
            hint="name the whole address",
        )
    stack.enter_context(keeping_near())
    if is_of_this_process(url):
        stack.enter_context(working(jobs=1))
    return [
        found if isinstance(found, FileSet) else _remote_input(found) for found in at_address(url)
    ]


def _remote_input(file: RemoteFile) -> InputFile:
    return InputFile(
        file,
        file.name,
        lambda: file.first(_START),
        lambda packed: _read_head(file, file.name, packed),
        room=_ROOM,  # its rows cannot be measured before DuckDB reads them
    )


def _read_head(place: Path | RemoteFile, name: str, compression: str | None) -> bytes:
    if compression == "zstd":
        from imbweights.sources.tables.duck import zstd_head

        return zstd_head(place, name, HEAD_BYTES)
    if not isinstance(place, Path) and compression is None:
        return place.first(HEAD_BYTES)
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(place.open("rb") if isinstance(place, Path) else place.open())
            stream = stack.enter_context(gzip.open(raw)) if compression == "gzip" else raw
            return stream.read(HEAD_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{name}: is a damaged gzip file ({error})") from error
