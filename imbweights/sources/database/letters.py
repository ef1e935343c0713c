"""What tells two values apart where a database would not: ``Cat`` and ``cat``, ``cat`` and ``cat␣``.

MySQL, MariaDB and SQL Server compare texts without letter case unless told otherwise, SQLite does in
columns with ``NOCASE``, PostgreSQL in those of type ``citext``. Labels count as they are written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    Cell = ColumnElement[Any]


def as_written(cell: Cell, dialect: str) -> Cell | None:
    """What to group by beside the cell itself; ``None`` where the cell says it all."""
    way = _WAYS.get(dialect)
    return None if way is None else way(cell)


def _bytes(cell: Cell) -> Cell:
    from sqlalchemy import BINARY, cast

    return cast(cell, BINARY)


def _binary_text(cell: Cell) -> Cell:
    from sqlalchemy import collate

    return collate(cell, "BINARY")


def _plain_text(cell: Cell) -> Cell:
    from sqlalchemy import Text, cast, collate

    return collate(cast(cell, Text), "C")


def _many_bytes(cell: Cell) -> Cell:
    from sqlalchemy import cast
    from sqlalchemy.dialects import mssql

    kind: Any = mssql.VARBINARY
    return cast(cell, kind("max"))


_WAYS: dict[str, Callable[[Cell], Cell]] = {
    "mysql": _bytes,
    "mariadb": _bytes,
    "sqlite": _binary_text,
    "postgresql": _plain_text,
    "mssql": _many_bytes,
}
