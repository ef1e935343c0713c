"""Remote files as DuckDB sees them: a file system of its own, which asks for parts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
from fsspec import AbstractFileSystem

from imbweights.sources.remote.file import AheadReader, RemoteFile

_PROTOCOL = "imbweights"


def registered(connection: duckdb.DuckDBPyConnection, file: RemoteFile) -> str:
    """What the file is called in the SQL of this connection, under a file system of its own.

    The name says nothing of the address, so that it cannot be taken for a pattern, and DuckDB loads
    none of its own extensions for remote files.
    """
    number = 0
    while connection.filesystem_is_registered(f"{_PROTOCOL}{number}"):
        number += 1
    connection.register_filesystem(_OneFile(file, f"{_PROTOCOL}{number}"))
    return f"{_PROTOCOL}{number}://file"


class _OneFile(AbstractFileSystem):  # type: ignore[misc] # fsspec has no types
    """A file system of one file."""

    cachable = False

    def __init__(self, file: RemoteFile, protocol: str) -> None:
        super().__init__()
        self.protocol = protocol
        self._file = file

    def _open(self, path: str, mode: str = "rb", **_: Any) -> Any:
        del path, mode
        return AheadReader(self._file)

    def open(self, path: str, mode: str = "rb", **_: Any) -> Any:  # without text and compression
        return self._open(path, mode)

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": self._file.size, "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:
        del path
        return True

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path]

    def modified(self, path: str) -> dt.datetime:
        del path
        return dt.datetime.fromtimestamp(0, tz=dt.UTC)
