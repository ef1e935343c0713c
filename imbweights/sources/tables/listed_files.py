"""The files that a table lists in a column beside the labels."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from imbweights.core.file_facts import FileFacts
from imbweights.sources.tables.duck import fetch
from imbweights.sources.tables.names import FILE_NAMES, normalised
from imbweights.sources.tables.splits import split_name, split_sql
from imbweights.sources.tables.table import Column, LabelColumns, Table

_LOOKED_AT = 1000
_TRIED = 20
# What holds more rows than that is a document or a recording, and the rows are parts of it.
_MOST_ROWS = 20
_LIKE_A_FILE = re.compile(r"[/\\]|\.\w{1,8}$")
_MOSTLY = 0.9


def listed_files(
    table: Table, chosen: LabelColumns, split: Column | None
) -> dict[str, tuple[FileFacts, ...]]:
    """Split → the files of its rows, by their paths alone; empty where no column lists files.

    A column does when it has a usual name for paths, its cells look like paths, and a path stands in
    20 rows at most on the average. Relative paths are meant from the folder of the table, or from
    here if that is where the first of them lie.
    """
    if table.folder is None:
        return {}
    apart = (*chosen.columns, split)
    for column in table.columns:
        if column not in apart and not column.nested and normalised(column.name) in FILE_NAMES:
            found = _paths(table, column, split)
            if found:
                return _facts(found, table.folder)
    return {}


def _paths(table: Table, column: Column, split: Column | None) -> dict[str, list[str]]:
    """Split → the paths of a column, each once; empty where these are no files."""
    split_of_row, bound = split_sql(split)
    sql = (
        f"SELECT s, p, count(*) FROM (SELECT {split_of_row} AS s,"
        f" trim(CAST({column.sql} AS VARCHAR)) AS p FROM {table.relation})"
        " WHERE p <> '' GROUP BY s, p ORDER BY s, p"
    )
    rows = fetch(table.connection, sql, [*bound, *column.bound, *table.bound])
    looked = [path for _, path, _ in islice(rows, _LOOKED_AT)]
    alike = sum(_LIKE_A_FILE.search(path) is not None for path in looked)
    if alike < max(1, _MOSTLY * len(looked)) or sum(n for *_, n in rows) > _MOST_ROWS * len(rows):
        return {}
    found: dict[str, list[str]] = {}
    for name, path, _ in rows:
        found.setdefault(split_name(name, split), []).append(path)
    return found


def _facts(found: dict[str, list[str]], folder: Path) -> dict[str, tuple[FileFacts, ...]]:
    """Files that are there are called by the way to them, others as they are listed."""
    tried = [path for paths in found.values() for path in paths[:_TRIED]]
    bases = (folder, Path())
    base = next((each for each in bases if _leads(each, tried)), None)
    called = base is not None
    base = folder if base is None else base
    # A Path for each of a million rows takes longer than all the rest.
    start = "" if base == Path() else os.path.join(base, "")  # noqa: PTH118
    facts: dict[str, tuple[FileFacts, ...]] = {}
    for split, paths in found.items():
        whole = [path if os.path.isabs(path) else start + path for path in paths]  # noqa: PTH117
        pairs = zip(whole if called else paths, whole, strict=True)
        facts[split] = tuple(FileFacts(name=name, path=path) for name, path in pairs)
    return facts


def _leads(base: Path, paths: Sequence[str]) -> bool:
    return any(os.path.lexists(base / path) for path in paths)
