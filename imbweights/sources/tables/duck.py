"""DuckDB, set up so that reading a file can neither reach the network nor run anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from imbweights.core.errors import SourceError
from imbweights.running.engine import threads_asked
from imbweights.sources.base import InputFile

if TYPE_CHECKING:
    from imbweights.sources.remote.file import RemoteFile

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_unsigned_extensions": False,
    "allow_community_extensions": False,
}
_AT_A_TIME = 10_000
_CHUNK = 1 << 20


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database in memory, with as many threads as the user wants jobs."""
    threads = threads_asked()
    config = _CONFIG if threads is None else _CONFIG | {"threads": threads}
    connection = duckdb.connect(":memory:", config=config)
    try:
        # The bar is drawn on the terminal, over the results.
        connection.execute("SET enable_progress_bar = false")
        yield connection
    finally:
        connection.close()


def text_literal(value: str) -> str:
    """A string as SQL text, for the options that DuckDB does not accept as bound values.

    >>> text_literal("it's")
    "'it''s'"
    """
    if "\0" in value:
        raise SourceError("a name or option holds a NUL character")
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column name as SQL text.

    >>> print(identifier('a "b" c'))
    "a ""b"" c"
    """
    if "\0" in name:
        raise SourceError("a column name holds a NUL character")
    return '"' + name.replace('"', '""') + '"'


def path_pattern(path: Path) -> str:
    r"""A path that DuckDB does not take for a glob.

    >>> path_pattern(Path("a[1]*.csv")).replace("\\", "/")
    'a[[]1][*].csv'
    """
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SourceError(
            f"{path}: its name is not UTF-8, and DuckDB cannot open it",
            hint="rename it, or send it to standard input: imbweights analyze - < FILE",
        ) from None
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)


def queried(connection: duckdb.DuckDBPyConnection, place: Path | RemoteFile) -> str:
    """What a file is called in the SQL of this connection.

    A remote file whose server sends no parts is downloaded.
    """
    if isinstance(place, Path):
        return path_pattern(place)
    if not place.takes_ranges:
        return path_pattern(place.near())
    from imbweights.sources.remote.queried import registered

    return registered(connection, place)


def fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return connection.execute(sql, list(parameters)).fetchall()


def streamed(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, some at a time."""
    result = connection.execute(sql, list(parameters))
    while rows := result.fetchmany(_AT_A_TIME):
        yield from rows


def first_line(error: Exception) -> str:
    """The message of a DuckDB error without its advice for SQL users."""
    text = str(error).split("\n", 1)[0].strip()
    return text.split(": ", 1)[-1] if "Error: " in text else text


def zstd_head(path: Path | RemoteFile, name: str, size: int) -> bytes:
    """The first bytes inside a zstd file."""
    collected = b""
    for chunk in inflated(path, name):
        collected += chunk
        if len(collected) >= size:
            break
    return collected[:size]


def zstd_decompressed(file: InputFile, folder: Path) -> Path:
    """A decompressed copy of a text file in ``folder``. Raises ``SourceError`` when it gets too large."""
    from imbweights.sources.text.ending import refuse_more

    target = folder / "decompressed.txt"
    size = 0
    with target.open("wb") as stream:
        for chunk in inflated(file.place, file.name):
            size += len(chunk)
            refuse_more(size, file)
            stream.write(chunk)
    return target


def inflated(path: Path | RemoteFile, name: str) -> Iterator[bytes]:
    """The bytes in a zstd file, some at a time: DuckDB gives text only, not bytes as they are."""
    import zstandard

    try:
        with path.open("rb") if isinstance(path, Path) else path.open() as packed:
            reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
            while chunk := reader.read(_CHUNK):
                yield chunk
    except zstandard.ZstdError as error:
        raise SourceError(f"{name}: is a damaged zstd file ({error})") from error
