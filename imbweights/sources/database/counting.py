"""From a query to counts: the database groups, and only its groups are fetched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from imbweights.core.choices import ClassOrder
from imbweights.core.database_url import database_url
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.labels import label_text
from imbweights.core.options import LabelOptions
from imbweights.core.profile import Recognised
from imbweights.running.fingerprints import fingerprint
from imbweights.sources.base import Reading, Tally, multilabel_counts
from imbweights.sources.database.asking import Asked
from imbweights.sources.database.connecting import connected_to, sqlite_file
from imbweights.sources.database.statement import one_select
from imbweights.sources.tables.given_counts import unit_of, whole_count
from imbweights.sources.tables.indicators import FALSE_TEXTS, TRUE_TEXTS
from imbweights.sources.tables.one_column import Grouped, reading_of
from imbweights.sources.tables.splits import split_name
from imbweights.sources.tables.table import (
    Column,
    Header,
    LabelColumns,
    candidates,
    evident_label,
    find_column,
    title,
)

KIND = "database"
_RESULT = "the result of --query"
_TITLES = {"postgresql": "PostgreSQL", "sqlite": "SQLite", "mysql": "MySQL", "mariadb": "MariaDB"}
# They say how files are written, or what is in them.
_OF_FILES = {
    "kind": "as",
    "delimiter": "delimiter",
    "encoding": "encoding",
    "header": "header",
    "quotes": "quotes",
    "on_bad_rows": "on-bad-rows",
    "count": "count",
    "palette": "palette",
    "pixel_divisor": "pixel-divisor",
    "on_bad_files": "on-bad-files",
}


def read_database(typed: str, query: str, options: LabelOptions) -> tuple[Recognised, Reading]:
    """Count what ``query`` selects in a database; no row of it is fetched.

    What is sent is ``select label, count(*) from (query) as q group by label``, with the split column
    and all label columns where there are several, so that what comes back has one row for each
    combination of them; and grouped by their bytes, too, where the database takes different texts for
    one. ``typed``: the URL, or ``env:NAME`` for that of an environment variable.
    Raises ``UsageError`` and ``SourceError``, which hold no password.
    """
    _refuse_idle(options)
    url = database_url(typed)
    with connected_to(url) as connection:
        dialect = connection.dialect.name
        asked = Asked(connection, one_select(query, dialect))
        reading = _counted(asked, options, f"grouped by {_TITLES.get(dialect, dialect)}")
        path = sqlite_file(connection.engine.url)
    source = Recognised(
        name=url.shown,
        kind=KIND,
        label=reading.label,
        details=reading.details,
        notes=reading.notes,
        files=() if path is None or not path.is_file() else (fingerprint(path),),
    )
    return source, reading


def _refuse_idle(options: LabelOptions) -> None:
    default = LabelOptions()
    for name, option in _OF_FILES.items():
        if getattr(options, name) != getattr(default, name):
            raise UsageError(f"--{option} speaks of files; with --database there are none")
    if options.class_order is ClassOrder.APPEARANCE:
        raise UsageError(
            "--class-order appearance: what a database groups has no order of rows",
            hint="name the order with --classes",
        )


def _counted(asked: Asked, options: LabelOptions, detail: str) -> Reading:
    names = asked.columns()
    header = Header(
        columns=tuple(Column(name, name) for name in names), name=_RESULT, details=(detail,)
    )
    chosen = _label(header, options)
    split = find_column(header, options.split) if options.split else None
    if split is not None and split in chosen.columns:
        raise UsageError(f"{split.name!r} cannot be both the label and the split column")
    _refuse_one_name_twice(header, (*chosen.columns, *(() if split is None else (split,))))
    if options.one_hot and not chosen.several:
        raise UsageError("--one-hot goes with several 0/1 columns: --label 'class_*' or a,b,c")
    if options.count_column is not None:
        return _given_counts(asked, header, chosen, split, options)
    if chosen.several:
        return _indicators(asked, header, chosen, split, options)
    return _one_column(asked, header, chosen, split, options)


def _refuse_one_name_twice(header: Header, wanted: Sequence[Column]) -> None:
    """Some databases take the first of two columns of one name in silence, in any letter case."""
    names = [column.name.casefold() for column in header.columns]
    for column in wanted:
        if names.count(column.name.casefold()) > 1:
            raise UsageError(
                f"{header.name}: two columns are named {column.name!r}",
                hint="name them apart in the query: select a.label as label, b.label as other",
            )


def _label(header: Header, options: LabelOptions) -> LabelColumns:
    """The label columns by name alone: to look at their values, rows would have to travel."""
    free, usual = candidates(header, options)
    found = evident_label(header, options, free, usual)
    if found is not None:
        return found
    listed = "\n".join(f"  --label {column.name}" for column in free[:12])
    raise AmbiguousSourceError(
        f"{header.name}: which of the {len(free):,} columns holds the labels?",
        hint=f"name it, or select that one alone:\n{listed}" + "\n  …" * (len(free) > 12),
    )


def _groups(
    asked: Asked, columns: Sequence[Column], split: Column | None
) -> Iterable[tuple[str, tuple[Any, ...], int]]:
    """(split, values, number of rows) for each combination of values of the columns."""
    names = [column.name for column in (*columns, *(() if split is None else (split,)))]
    for *values, number in asked.groups(names):
        of_split = "" if split is None else label_text(values.pop()) or ""
        yield split_name(of_split.strip(), split), tuple(values), number


def _one_column(
    asked: Asked,
    header: Header,
    chosen: LabelColumns,
    split: Column | None,
    options: LabelOptions,
) -> Reading:
    grouped: Grouped = {}
    nested = False
    for name, (value,), number in _groups(asked, chosen.columns, split):
        if isinstance(value, list | tuple | dict):  # an array or JSON of PostgreSQL
            nested = True
            cell = json.dumps(value, default=label_text)
        else:
            cell = value
        grouped.setdefault(name, []).append((cell, number))
    if nested:
        column = Column(chosen.columns[0].name, "", nested=True)
        chosen = LabelColumns(columns=(column,), several=False, by_name=chosen.by_name)
    return reading_of(grouped, header, chosen, split, options)


def _indicators(
    asked: Asked,
    header: Header,
    chosen: LabelColumns,
    split: Column | None,
    options: LabelOptions,
) -> Reading:
    """Several 0/1 columns: each distinct row of them is a set of labels, with its number of rows."""
    sets: dict[str, dict[tuple[int, ...], int]] = {}
    missing = 0
    blank = {"", "nan", *(m.strip().lower() for m in options.missing_values)}
    for name, values, number in _groups(asked, chosen.columns, split):
        labels = []
        for place, value in enumerate(values):
            text = (label_text(value) or "").strip().lower()
            missing += number * (text in blank)
            if text in TRUE_TEXTS:
                labels.append(place)
            elif text not in blank and text not in FALSE_TEXTS:
                raise SourceError(
                    f"{header.name}: column {chosen.columns[place].name!r} holds {text[:40]!r}; "
                    "several label columns must hold only 0 and 1",
                    hint="name one column with --label if it holds the class names",
                )
        found = sets.setdefault(name, {})
        found[tuple(labels)] = found.get(tuple(labels), 0) + number
    names = [column.name for column in chosen.columns]
    return Reading(
        splits={name: multilabel_counts(names, found, options) for name, found in sets.items()},
        label=f"{len(names)} columns {chosen.title}",
        details=header.details,
        notes=(f"{missing:,} empty cells are read as 0 (label absent)",) if missing else (),
    )


def _given_counts(
    asked: Asked,
    header: Header,
    chosen: LabelColumns,
    split: Column | None,
    options: LabelOptions,
) -> Reading:
    """A table that holds counts: equal ones of a class are fetched once, with how many there are."""
    if chosen.several:
        raise UsageError("--count-column goes with one label column, not several")
    column = find_column(header, options.count_column or "")
    if column == chosen.columns[0]:
        raise UsageError(f"{column.name!r} cannot be both the label and the count column")
    tallies: dict[str, Tally] = {}
    for name, (label, count), times in _groups(asked, (chosen.columns[0], column), split):
        whole = whole_count(count, column, header)
        tallies.setdefault(name, Tally(options)).add(label, whole * times)
    unit = unit_of(column)
    return Reading(
        splits={name: tally.to_counts(unit) for name, tally in tallies.items()},
        label=title(header, chosen),
        details=header.details,
    )
