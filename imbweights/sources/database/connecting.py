"""A connection to a database that reads only, and errors that hold no password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from imbweights.core.database_url import DatabaseUrl
from imbweights.core.errors import SourceError, UsageError
from imbweights.sources.database.drivers import connect_arguments, missing_dialect, with_driver

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

# Said first in the transaction; where a database is not listed, being rolled back must do.
_READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET TRANSACTION READ ONLY",
    "cockroachdb": "SET TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
    "mysql": "START TRANSACTION READ ONLY",
    "mariadb": "START TRANSACTION READ ONLY",
}


@contextmanager
def connected_to(url: DatabaseUrl) -> Iterator[Connection]:
    """A connection in a transaction that may only read, where the database has such, and that is
    rolled back in any case.

    Raises ``UsageError`` for what is not installed or no URL, ``SourceError`` for a database that
    does not answer or refuses; no message holds a secret of the URL.
    """
    engine = _engine(url)
    from sqlalchemy.exc import SQLAlchemyError

    try:
        connection = engine.connect()
    # Drivers raise the others for parameters of the URL that mean nothing to them.
    except (SQLAlchemyError, OSError, TypeError) as error:
        engine.dispose()
        raise SourceError(
            f"{url.shown}: no connection ({said(error, url)[0]})",
        ) from None
    try:
        read_only = _READ_ONLY.get(engine.dialect.name)
        if read_only is not None:
            connection.exec_driver_sql(read_only)
        yield connection
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        message, hint = said(error, url)
        raise SourceError(f"--query: {message}", hint=hint) from None
    finally:
        with suppress(SQLAlchemyError):
            connection.rollback()
        with suppress(SQLAlchemyError):
            connection.close()
        engine.dispose()


def said(error: Exception, url: DatabaseUrl) -> tuple[str, str | None]:
    """What the driver says, in one line, and its hint; without secrets."""
    text = url.scrubbed(str(getattr(error, "orig", None) or error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    hints = [line for line in lines[1:] if line.upper().startswith(("HINT", "DETAIL"))]
    return (lines[0] if lines else type(error).__name__), "\n".join(hints) or None


def _engine(url: DatabaseUrl) -> Engine:
    try:
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        from sqlalchemy.pool import NullPool
    except ModuleNotFoundError as error:
        raise UsageError(
            "--database needs SQLAlchemy, which is not installed",
            hint="pip install 'imbweights[sql]'",
        ) from error
    try:
        parsed = make_url(url.whole)
    except (ArgumentError, ValueError):
        raise UsageError("--database: is not the URL of a database") from None
    parsed = with_driver(parsed)
    _check_file(parsed)
    try:
        return create_engine(
            parsed,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args=connect_arguments(parsed),
        )
    except NoSuchModuleError:
        raise missing_dialect(parsed) from None
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--database: the driver {error.name} is not installed",
            hint=f"pip install {error.name}",
        ) from None
    except (ArgumentError, TypeError, ValueError) as error:
        raise UsageError(f"--database: {said(error, url)[0]}") from None


def _check_file(url: URL) -> None:
    """SQLite makes an empty database of a file that is not there."""
    path = sqlite_file(url)
    if url.get_backend_name() == "sqlite" and path is None:
        raise UsageError("--database: an SQLite database in memory is empty")
    if path is not None and not path.is_file():
        raise SourceError(f"{path}: no such file")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    name = str(url.database)
    return Path(name.removeprefix("file:"))
