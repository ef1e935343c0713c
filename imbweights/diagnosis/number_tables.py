"""Tables of numbers: the columns of a CSV or Parquet file as an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from imbweights.core.errors import ImbweightsError, SourceError, UsageError
from imbweights.diagnosis.blocks import Array
from imbweights.sources.tables.duck import (
    connected,
    fetch,
    first_line,
    identifier,
    path_pattern,
)
from imbweights.sources.tables.names import USUAL_LABEL_NAMES, normalised

PARQUET = (".parquet", ".pq")
_NUMBERS = frozenset(
    [
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "FLOAT",
        "DOUBLE",
        "BOOLEAN",
    ]
)
_IDS = frozenset(
    ["", "id", "index", "row", "row_id", "rowid", "unnamed:_0", "column0_", "sample_id"]
)
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTable:
    """(N, K) numbers, what their columns are called (``None``: nothing), which were left out."""

    values: Array
    names: tuple[str, ...] | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    connection: duckdb.DuckDBPyConnection
    relation: str
    path: str
    columns: dict[str, str]

    def numbers(self, names: Sequence[str]) -> Array:
        """The columns as float64, an empty cell as NaN."""
        casts = ", ".join(f"CAST({identifier(n)} AS DOUBLE) AS c{i}" for i, n in enumerate(names))
        found = self.connection.execute(
            f"SELECT {casts} FROM {self.relation}", [self.path]
        ).fetchnumpy()
        columns = [np.ma.filled(found[f"c{i}"], np.nan) for i in range(len(names))]
        return np.column_stack(columns).astype(np.float64, copy=False)

    def lists(self, name: str) -> Array:
        """A column of lists, all of one length."""
        rows = fetch(
            self.connection, f"SELECT {identifier(name)} FROM {self.relation}", [self.path]
        )
        return np.array([row[0] for row in rows], dtype=np.float64)


def read_numbers(
    path: Path, wanted: str | None, *, option: str, without: str | None = None
) -> NumberTable:
    """The columns that ``wanted`` names (comma list, glob, or first:last), or all of numbers.

    Ids and a column with a usual label name are left out, as are the columns of ``without``. A single column of lists is taken as the
    table. Raises ``SourceError`` for what is no table of numbers, ``UsageError`` for a column that
    is not there.
    """
    with connected() as connection:
        try:
            opened = _opened(connection, path)
            chosen = opened if without is None else _lacking(opened, without)
            return _table(chosen, path, wanted, option)
        except ImbweightsError:
            raise
        except duckdb.Error as error:
            raise SourceError(
                f"{path}: is no table of numbers ({first_line(error)})",
                hint="expected one column per class, with or without a header, or a .npy file",
            ) from error
        except (ValueError, TypeError) as error:
            raise SourceError(f"{path}: the lists differ in length or hold no numbers") from error


def _opened(connection: duckdb.DuckDBPyConnection, path: Path) -> _Opened:
    pattern = path_pattern(path)
    if path.suffix.lower() in PARQUET:
        relations = ["read_parquet(?)"]
    else:
        # A decimal comma makes every column text; then the second reading has more numbers.
        plain = "read_csv(?, sample_size=-1, null_padding=false)"
        relations = [plain, plain.replace("(?", "(?, delim=';', decimal_separator=','")]
    found: list[_Opened] = []
    for relation in relations:
        try:
            rows = fetch(connection, f"DESCRIBE SELECT * FROM {relation}", [pattern])
        except duckdb.Error:
            if found or relation != relations[-1]:
                continue
            raise
        columns = {str(name): str(kind) for name, kind, *_ in rows}
        found.append(_Opened(connection, relation, pattern, columns))
    return max(found, key=lambda opened: len(_numeric(opened)))


def _numeric(opened: _Opened) -> list[str]:
    return [n for n, kind in opened.columns.items() if _is_number(kind)]


def _is_number(kind: str) -> bool:
    return kind in _NUMBERS or kind.startswith("DECIMAL")


def _table(opened: _Opened, path: Path, wanted: str | None, option: str) -> NumberTable:
    names = list(opened.columns) if wanted is None else _named(opened, path, wanted, option)
    if len(names) == 1 and opened.columns[names[0]].endswith("]"):
        return NumberTable(values=opened.lists(names[0]), names=None, left_out=())
    numbers = [n for n in names if _is_number(opened.columns[n])]
    if wanted is not None and len(numbers) < len(names):
        text = next(n for n in names if n not in numbers)
        raise SourceError(f"{path}: column {text!r} holds text, not numbers")
    if wanted is None:
        numbers = [n for n in numbers if not _is_apart(n, opened)] or numbers
    if not numbers:
        raise SourceError(
            f"{path}: no column holds numbers", hint=f"columns: {_listed(list(opened.columns))}"
        )
    left_out = tuple(n for n in opened.columns if n not in numbers)
    generated = all(_is_generated(n, opened) for n in opened.columns)
    return NumberTable(
        values=opened.numbers(numbers),
        names=None if generated else tuple(numbers),
        left_out=left_out if wanted is None else (),
    )


def _lacking(opened: _Opened, without: str) -> _Opened:
    """The same table without some of its columns."""
    gone = set(_matching(list(opened.columns), without))
    return replace(opened, columns={n: k for n, k in opened.columns.items() if n not in gone})


def _is_apart(name: str, opened: _Opened) -> bool:
    """Whether a column is no prediction: an id, a label, or row numbers under an empty heading."""
    if normalised(name) in _IDS | USUAL_LABEL_NAMES:
        return True
    others = [n for n in opened.columns if not _is_generated(n, opened)]
    return bool(others) and _is_generated(name, opened) and next(iter(opened.columns)) == name


def _is_generated(name: str, opened: _Opened) -> bool:
    """Whether DuckDB made the name up, by position."""
    at = list(opened.columns).index(name)
    return name.startswith("column") and name.removeprefix("column").lstrip("0") == str(at).lstrip(
        "0"
    )


def _named(opened: _Opened, path: Path, wanted: str, option: str) -> list[str]:
    names = list(opened.columns)
    found = _matching(names, wanted)
    if not found:
        raise UsageError(
            f"{option} {wanted}: {path} has no such column", hint=f"columns: {_listed(names)}"
        )
    return found


def _matching(names: list[str], wanted: str) -> list[str]:
    """One name, first:last, or a comma list of names and globs."""
    if wanted in names:
        return [wanted]
    if wanted.count(":") == 1:
        first, last = (part.strip() for part in wanted.split(":"))
        if first in names and last in names:
            return names[names.index(first) : names.index(last) + 1]
    found = [n for part in wanted.split(",") for n in names if fnmatchcase(n, part.strip())]
    return list(dict.fromkeys(found))


def _listed(names: Sequence[Any]) -> str:
    return ", ".join(map(repr, names[:_SHOWN])) + (" …" if len(names) > _SHOWN else "")
