"""A CSV file that we wrote ourselves, as a table: nothing about it has to be found out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from imbweights.sources.tables.duck import path_pattern
from imbweights.sources.tables.table import Column, Table
from imbweights.sources.text.long_rows import ONE_BUFFER


def clean_table(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    names: Sequence[str],
    name: str,
    detail: str,
) -> Table:
    """The table at ``path``: UTF-8, commas, every field quoted, no header."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    relation = (
        f"read_csv(?, columns={{{columns}}}, auto_detect=false, header=false, delim=',', quote='\"',"
        " escape='\"', strict_mode=true, max_line_size=67108864"
        f"{', buffer_size=268435456' if path.stat().st_size > ONE_BUFFER else ''})"
    )
    return Table(
        connection=connection,
        relation=relation,
        bound=(path_pattern(path),),
        columns=tuple(Column(label, f"c{i}") for i, label in enumerate(names)),
        name=name,
        details=(detail,),
    )
