"""The named files as views that a query can name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from imbweights.sources.tables.duck import identifier, path_pattern, text_literal
from imbweights.sources.tables.names import SPLIT_NAMES, normalised
from imbweights.sources.tables.table import Table

ALL = "data"
SPLIT = "split"
# Apart from the views of the query, so that a file may have any name.
_OWN = "imbweights_files"
# What stands in quotes is passed over: a column may be called "what?".
_MARKS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\?""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file as a part of the views.

    ``split``: to which the user gave it, or empty. ``stem``: its name without suffixes, if it may
    be called by it. ``path``: what is read, the file or a clean copy. ``typed``: the columns are
    taken as they are, with their types; else those of ``table``, which are text.
    """

    split: str
    stem: str | None
    path: Path
    table: Table
    typed: bool


def create_views(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]
) -> dict[str, tuple[Part, ...]]:
    """View → its files: ``data`` for all together, one for each split, and one for each file.

    A file is called by its name without suffixes, where no other view has that name; in other
    letter case it is the same name, as SQL has it. Columns of several files are matched by name;
    what one of them lacks is null. ``data`` has a column ``split`` where the user named splits
    and no file has such a column.
    """
    connection.execute(f"CREATE SCHEMA {_OWN}")
    for number, part in enumerate(parts):
        connection.execute(f"CREATE VIEW {_own(number)} AS {_select(part)}")
    views = _views(parts)
    numbers = {id(part): number for number, part in enumerate(parts)}
    split = SPLIT if parts[0].split and not any(map(_has_split, parts)) else None
    for name, members in views.items():
        selects = [
            f"SELECT *{_split_sql(part, split if name == ALL else None)} "
            f"FROM {_own(numbers[id(part)])}"
            for part in members
        ]
        connection.execute(
            f"CREATE VIEW {identifier(name)} AS {' UNION ALL BY NAME '.join(selects)}"
        )
    return views


def lock(connection: duckdb.DuckDBPyConnection, parts: Iterable[Part], folder: Path) -> None:
    """From here on the connection reads these files and nothing else, and stays so.

    ``folder``: where DuckDB may put what does not fit into memory.
    """
    paths = {text for part in parts for text in (str(part.path), path_pattern(part.path))}
    allowed = ", ".join(map(text_literal, sorted(paths)))
    for setting in (
        f"temp_directory = {text_literal(str(folder / 'spilled'))}",
        f"allowed_paths = [{allowed}]",
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def _own(number: int) -> str:
    return f'{_OWN}."{number}"'


def _views(parts: Sequence[Part]) -> dict[str, tuple[Part, ...]]:
    views: dict[str, tuple[Part, ...]] = {ALL: tuple(parts)}
    for split in dict.fromkeys(part.split for part in parts if part.split):
        if split.lower() != ALL:
            views[split] = tuple(part for part in parts if part.split == split)
    taken = {name.lower() for name in views}
    stems = Counter(part.stem.lower() for part in parts if part.stem)
    for part in parts:
        if part.stem and stems[part.stem.lower()] == 1 and part.stem.lower() not in taken:
            views[part.stem] = (part,)
    return views


def _has_split(part: Part) -> bool:
    return any(normalised(column.name) in SPLIT_NAMES for column in part.table.columns)


def _split_sql(part: Part, name: str | None) -> str:
    return "" if name is None else f", {text_literal(part.split)} AS {identifier(name)}"


def _select(part: Part) -> str:
    """The columns of a file under names of their own."""
    table = part.table
    relation = inlined(table.relation, table.bound)
    if part.typed:
        return f"SELECT * FROM {relation}"
    names = column_names([c.name for c in table.columns], named=table.named)
    columns = ", ".join(
        f"{_as_json(inlined(c.sql, c.bound)) if c.nested else inlined(c.sql, c.bound)}"
        f" AS {identifier(name)}"
        for c, name in zip(table.columns, names, strict=True)
    )
    return f"SELECT {columns} FROM {relation}"


def _as_json(sql: str) -> str:
    return f"CAST({sql} AS JSON)"


def column_names(names: Sequence[str], *, named: bool) -> list[str]:
    """The names of columns in a query: SQL knows no two that differ in case alone, and no empty one.

    >>> column_names(["Label", "label", ""], named=True), column_names(["a", "b"], named=False)
    (['Label', 'label_1', 'column3'], ['column1', 'column2'])
    """
    taken: set[str] = set()
    found = []
    for place, name in enumerate(names, 1):
        base = name if named and name else f"column{place}"
        free = next(
            text
            for text in (base, *(f"{base}_{n}" for n in range(1, len(names) + 1)))
            if text.lower() not in taken
        )
        taken.add(free.lower())
        found.append(free)
    return found


def inlined(sql: str, bound: Sequence[object]) -> str:
    r"""The SQL with its values written out, since a view cannot hold bound ones.

    >>> inlined('f(?, "what?")', ["it's"])
    'f(\'it\'\'s\', "what?")'
    """
    values = iter(bound)
    return _MARKS.sub(lambda m: text_literal(str(next(values))) if m[0] == "?" else m[0], sql)
