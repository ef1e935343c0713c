"""The questions put to a database: which columns, and how many rows of each combination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from imbweights.sources.database.letters import as_written

if TYPE_CHECKING:
    from sqlalchemy import Connection, Subquery

_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A query on a connection, to be grouped there."""

    connection: Connection
    query: str

    def columns(self) -> list[str]:
        """The names of the columns; not one row is fetched."""
        from sqlalchemy import false, literal_column, select

        statement: Any = select(literal_column("*")).select_from(self._inner(())).where(false())
        return list(self.connection.execute(statement).keys())

    def groups(self, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Each combination of values of the named columns with the number of its rows; values that are
        written otherwise are others, whatever the database takes for equal.
        """
        from sqlalchemy import func, select

        inner = self._inner(names)
        cells = [inner.c[name] for name in names]
        written = [as_written(cell, self.connection.dialect.name) for cell in cells]
        keys = [*cells, *(each for each in written if each is not None)]
        statement: Any = select(*cells, func.count()).select_from(inner).group_by(*keys)
        result = self.connection.execute(statement)
        for rows in result.partitions(_AT_A_TIME):
            yield from (tuple(row) for row in rows)

    def _inner(self, names: Sequence[str]) -> Subquery:
        """The query between brackets. The line end closes a comment at its end; and a colon in it is
        a colon, not the start of a parameter.
        """
        from sqlalchemy import column, text

        literal = self.query.replace(":", r"\:")
        return text(f"{literal}\n").columns(*(column(name) for name in names)).subquery("q")
