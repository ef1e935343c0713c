"""A table that DuckDB can query, and which of its columns hold the labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

import duckdb

from imbweights.core.errors import AmbiguousSourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.tables.duck import fetch
from imbweights.sources.tables.names import normalised, usual_label_columns

_SHOWN_COLUMNS = 12
_LOOKED_AT = 100_000
_MOST_COLUMNS = 2000
_A_FEW_ROWS = 1000
_ZERO_ONE = {("0", "1"), ("0.0", "1.0"), ("-1", "1")}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for people, and the SQL that gives its value with bound values.

    ``nested``: the value is JSON text of a list or an object, not one label. ``whole``: it is a
    whole number or a truth value, not text.
    """

    name: str
    sql: str
    bound: tuple[object, ...] = ()
    nested: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of a table, wherever it is.

    ``named``: whether the columns have names of their own. ``details``: what was recognised.
    ``name``: for messages.
    """

    columns: tuple[Column, ...]
    name: str
    named: bool = True
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Header):
    """Something to select from.

    ``relation`` and ``bound``: the SQL of the FROM clause. ``folder``: from which paths in it are
    meant, where rows may be files. ``numbered``: the same FROM clause with a further column
    ``file_row_number``, where single columns can be read. ``cells``: how often each cell of a column
    occurs, by a quicker way than a query, or ``None`` where there is no such way.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    bound: tuple[object, ...]
    folder: Path | None = None
    explain: Callable[[duckdb.Error], Exception] | None = None
    numbered: str | None = None
    cells: Callable[[Column], Mapping[str | None, int] | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelColumns:
    """The chosen column, or several 0/1 columns, and whether the user named them."""

    columns: tuple[Column, ...]
    several: bool
    by_name: bool

    @property
    def title(self) -> str:
        """The choice in words of the options."""
        return ", ".join(c.name for c in self.columns[:3]) + (" …" if len(self.columns) > 3 else "")


def choose_label(table: Table, options: LabelOptions) -> LabelColumns:
    """The label column(s): as named, or the only one, or the one with a usual name.

    Raises ``AmbiguousSourceError`` with a list of the columns when nothing decides.
    """
    free, usual = candidates(table, options)
    found = evident_label(table, options, free, usual)
    if found is None:
        raise _undecided(table, free, len(usual))
    return found


def candidates(table: Header, options: LabelOptions) -> tuple[list[Column], list[int]]:
    """The columns that may hold labels, and the positions in it of those with a usual name."""
    apart = [find_column(table, w) for w in (options.split, options.count_column) if w]
    free = [c for c in table.columns if c not in apart]
    return free, usual_label_columns([c.name for c in free]) if table.named else []


def evident_label(
    table: Header, options: LabelOptions, free: Sequence[Column], usual: Sequence[int]
) -> LabelColumns | None:
    """The label column(s) as named or by the header alone; ``None`` when that does not decide."""
    if options.label is not None:
        return _named(table, options.label)
    if len(free) == 1:
        return LabelColumns(columns=(free[0],), several=False, by_name=False)
    if len(usual) == 1:
        return LabelColumns(columns=(free[usual[0]],), several=False, by_name=False)
    return None


def title(table: Header, chosen: LabelColumns) -> str:
    """What the label column is called on screen."""
    column = chosen.columns[0]
    return column.name if table.named else f"column {table.columns.index(column) + 1}"


def find_column(table: Header, wanted: str) -> Column:
    """One column by its name (blanks and case forgiven when unambiguous) or 1-based number."""
    exact = [c for c in table.columns if c.name == wanted]
    if not exact:
        exact = [c for c in table.columns if normalised(c.name) == normalised(wanted)]
    if len(exact) > 1:
        raise UsageError(
            f"{table.name}: {len(exact)} columns are named {wanted!r}", hint="use the number"
        )
    if exact:
        return exact[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(table.columns):
        return table.columns[int(wanted) - 1]
    names = [c.name for c in table.columns]
    close = get_close_matches(wanted, names, n=1, cutoff=0.5)
    raise UsageError(
        f"{table.name}: no column {wanted!r} among its {len(names)}",
        hint=f"did you mean {close[0]!r}?" if close else f"columns: {_listed(names)}",
    )


def _listed(names: Sequence[str]) -> str:
    more = f" … {len(names) - _SHOWN_COLUMNS} more" if len(names) > _SHOWN_COLUMNS else ""
    return ", ".join(repr(n) for n in names[:_SHOWN_COLUMNS]) + more


def _named(table: Header, wanted: str) -> LabelColumns:
    names = [c.name for c in table.columns]
    if wanted not in names and any(sign in wanted for sign in "*?["):
        columns = tuple(c for c in table.columns if fnmatchcase(c.name, wanted))
        if not columns:
            raise UsageError(
                f"{table.name}: no column matches {wanted!r}", hint=f"columns: {_listed(names)}"
            )
        return LabelColumns(columns=columns, several=len(columns) > 1, by_name=True)
    span = _range(table, wanted, names)
    if span is not None:
        return span
    if wanted not in names and "," in wanted:
        columns = tuple(find_column(table, part.strip()) for part in wanted.split(","))
        if len(set(columns)) < len(columns):
            raise UsageError(f"--label {wanted} names a column twice")
        return LabelColumns(columns=columns, several=True, by_name=True)
    return LabelColumns(columns=(find_column(table, wanted),), several=False, by_name=True)


def _range(table: Header, wanted: str, names: Sequence[str]) -> LabelColumns | None:
    """``first:last``, both included."""
    if wanted in names or wanted.count(":") != 1:
        return None
    first, last = (
        table.columns.index(find_column(table, part.strip())) for part in wanted.split(":")
    )
    if first >= last:
        raise UsageError(f"--label {wanted}: the first column must stand before the last")
    return LabelColumns(columns=table.columns[first : last + 1], several=True, by_name=True)


def _undecided(table: Table, free: Sequence[Column], usual: int) -> AmbiguousSourceError:
    values, looked_at = _distinct_values(table, free)
    part = f" (values in the first {looked_at:,} rows)" if looked_at == _LOOKED_AT else ""
    names = [_quoted(c, table) for c in free[:_SHOWN_COLUMNS]]
    width = max(map(len, names))
    lines = [
        f"  --label {name:{width}}  {n:,} distinct, {low!r} to {high!r}"
        if n
        else f"  --label {name:{width}}  empty"
        for name, (n, low, high) in zip(names, values, strict=True)
    ]
    if len(free) > _SHOWN_COLUMNS:
        lines.append(f"  … and {len(free) - _SHOWN_COLUMNS:,} more columns")
    lines += _several_hint(table, free, values)
    reason = "more than one has a usual label name" if usual else "none has a usual label name"
    return AmbiguousSourceError(
        f"{table.name}: which of the {len(free):,} columns holds the labels? ({reason})",
        hint=f"name it{part}:\n" + "\n".join(lines),
    )


def _several_hint(
    table: Table, free: Sequence[Column], values: Sequence[tuple[int, str, str]]
) -> list[str]:
    """How to name the 0/1 columns together, if there are several in a row."""
    zero_one = [n == 2 and (low, high) in _ZERO_ONE for n, low, high in values]
    if sum(zero_one) > 1 and len(zero_one) < len(free):
        zero_one = _all_zero_one(table, free)
    if len(free) == len(zero_one) and all(zero_one):
        return ["All of them hold only 0 and 1; if each is a label: --label '*'"]
    places = [i for i, found in enumerate(zero_one) if found]
    if len(places) < 2 or places[-1] - places[0] >= len(places):
        return []
    first, last = (_quoted(free[i], table) for i in (places[0], places[-1]))
    return [
        f"Columns {first} to {last} hold only 0 and 1; if each is a label: --label {first}:{last}"
    ]


def _all_zero_one(table: Table, free: Sequence[Column]) -> list[bool]:
    """Whether each column holds nothing but 0 and 1, in a few rows; for tables with many columns."""
    if len(free) > _MOST_COLUMNS:
        return []
    inner = ", ".join(f"CAST({c.sql} AS VARCHAR) AS v{i}" for i, c in enumerate(free))
    signs = "('0', '1', '0.0', '1.0', '-1')"
    tests = ", ".join(f"coalesce(bool_and(v{i} IN {signs}), false)" for i in range(len(free)))
    bound = [value for c in free for value in c.bound]
    sql = f"SELECT {tests} FROM (SELECT {inner} FROM {table.relation} LIMIT {_A_FEW_ROWS})"
    [found] = fetch(table.connection, sql, [*bound, *table.bound])
    return list(found)


def _quoted(column: Column, table: Table) -> str:
    alike = [c for c in table.columns if normalised(c.name) == normalised(column.name)]
    if not column.name.strip() or not table.named or len(alike) > 1:
        return str(next(i for i, c in enumerate(table.columns, 1) if c is column))
    name = column.name[:40]
    return f"'{name}'" if set(name) & set(' *?[,()&;|<>$"') else name


def _extreme(which: str, i: int) -> str:
    """The least or greatest value as written; by value when all are numbers."""
    number = f"try_cast(v{i} AS DOUBLE)"
    return (
        f"left(CASE WHEN count(v{i}) = count({number}) THEN arg_{which}(v{i}, {number})"
        f" ELSE {which}(v{i}) END, 16)"
    )


def _distinct_values(
    table: Table, free: Sequence[Column]
) -> tuple[list[tuple[int, str, str]], int]:
    """Per column: distinct values, least and greatest, in the first rows; and how many rows."""
    shown = free[:_SHOWN_COLUMNS]
    inner = ", ".join(f"CAST({c.sql} AS VARCHAR) AS v{i}" for i, c in enumerate(shown))
    counts = ", ".join(
        f"count(DISTINCT v{i}), {_extreme('min', i)}, {_extreme('max', i)}"
        for i in range(len(shown))
    )
    bound = [value for c in shown for value in c.bound]
    sql = (
        f"SELECT count(*), {counts} FROM (SELECT {inner} FROM {table.relation} LIMIT {_LOOKED_AT})"
    )
    try:
        [(rows, *found)] = fetch(table.connection, sql, [*bound, *table.bound])
    except duckdb.Error as error:
        raise (table.explain(error) if table.explain else error) from error
    return list(zip(found[::3], found[1::3], found[2::3], strict=True)), rows
