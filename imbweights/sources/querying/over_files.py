"""Counting the result of a query over files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import duckdb

from imbweights.core.options import LabelOptions
from imbweights.running.fingerprints import fingerprint
from imbweights.sources.base import InputFile, Reading
from imbweights.sources.files import FileSet
from imbweights.sources.integrity import verified
from imbweights.sources.querying.asked_files import AskedFile, asked_file
from imbweights.sources.querying.statement import names_in, one_select
from imbweights.sources.querying.trouble import QUERY_FAULTS, explained_query
from imbweights.sources.querying.views import SPLIT, Part, create_views, lock
from imbweights.sources.reading import Read, refuse_twice
from imbweights.sources.tables.counting import count_table
from imbweights.sources.tables.duck import connected, fetch
from imbweights.sources.tables.table import Table
from imbweights.sources.tables.typed import typed_column
from imbweights.sources.text.problems import UnreadableError

KIND = "sql"
_RESULT = "the result of --sql"


class _ObstacleError(Exception):
    """Something in the way of reading one of the files, for which there is a remedy."""

    def __init__(self, file: AskedFile, obstacle: UnreadableError) -> None:
        """Carry both."""
        super().__init__(str(obstacle))
        self.file = file
        self.obstacle = obstacle


def read_query(
    items: Iterable[tuple[str, InputFile | FileSet]], sql: str, options: LabelOptions
) -> Read:
    """Count what ``sql`` selects from the named files, which are parsed as without a query.

    ``options`` speak of the result (``label``, ``split``, ``count_column`` …) and of how the files
    are written (``delimiter``, ``encoding`` …). The grouping is part of the query that DuckDB runs,
    so the result is never held as a whole. Raises ``UsageError`` for a query that is not one select
    or reaches for anything but the files, ``SourceError`` for files that cannot be queried.
    """
    with tempfile.TemporaryDirectory(prefix="imbweights-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        with connected() as connection:
            query = one_select(connection, sql)
            names = names_in(connection, sql)
        files = [
            asked_file(split, item, options, names=names, folder=folder / str(number))
            for number, (split, item) in enumerate(items)
        ]
        marks = [() if f.file.is_copy else (fingerprint(f.file.path),) for f in files]
        refuse_twice(
            [Read(f.split, KIND, Reading(splits={}), m) for f, m in zip(files, marks, strict=True)]
        )
        for each in files:
            stack.enter_context(verified(each.file))
        return Read(
            "", KIND, _read(files, query, options, folder), tuple(m for each in marks for m in each)
        )


def _read(files: Sequence[AskedFile], query: str, options: LabelOptions, folder: Path) -> Reading:
    # Each remedy is tried once for each file (see ``explained``), so that this ends.
    while True:
        try:
            return _counted(files, query, options, folder)
        except _ObstacleError as error:
            error.file.remedy(error.obstacle, options)


def _counted(
    files: Sequence[AskedFile], query: str, options: LabelOptions, folder: Path
) -> Reading:
    with connected() as connection:
        opened = [each.part(connection, options, n) for n, each in enumerate(files)]
        parts = [part for part, _ in opened]
        views = tuple(create_views(connection, parts))
        lock(connection, parts, folder)
        table = _result(
            connection, query, parts, lambda error: _explained(error, files, options, views)
        )
        options = _by_named_splits(table, options, parts)
        reading = count_table(table, options)
        notes = (
            *(note for _, said in opened for note in said),
            *reading.notes,
            *(
                note
                for n, each in enumerate(files)
                for note in each.skipped(connection, options, n)
            ),
            *_splits_note(options, parts),
        )
        return replace(reading, notes=notes)


def _result(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    parts: Sequence[Part],
    explain: Callable[[duckdb.Error], Exception],
) -> Table:
    """The result of the query, as a table to select from."""
    relation = f"(\n{query}\n)"
    try:
        described = fetch(connection, f"DESCRIBE SELECT * FROM {relation}")
    except duckdb.Error as error:
        raise explain(error) from error
    few = f"{len(parts):,} files" if len(parts) > 1 else Path(parts[0].table.name).name
    return Table(
        connection=connection,
        relation=relation,
        bound=(),
        columns=tuple(typed_column(name, kind) for name, kind, *_ in described),
        name=_RESULT,
        details=(f"SQL over {few}",),
        explain=explain,
    )


def _explained(
    error: duckdb.Error, files: Sequence[AskedFile], options: LabelOptions, views: tuple[str, ...]
) -> Exception:
    """An error of the query, or of the file that does not parse: then by reading each of them."""
    if not isinstance(error, QUERY_FAULTS):
        for each in files:
            fault = each.fault(options)
            if isinstance(fault, UnreadableError):
                return _ObstacleError(each, fault)
            if fault is not None:
                return fault
    return explained_query(error, views)


def _by_named_splits(table: Table, options: LabelOptions, parts: Sequence[Part]) -> LabelOptions:
    """Where the user named splits and the query selects the column that tells them, it counts."""
    if options.split is None and parts[0].split and SPLIT in {c.name for c in table.columns}:
        return replace(options, split=SPLIT)
    return options


def _splits_note(options: LabelOptions, parts: Sequence[Part]) -> tuple[str, ...]:
    if not parts[0].split or options.split is not None:
        return ()
    note = (
        "the query selects no column split, so all splits are counted together; "
        "select it from data beside the label to have them side by side"
    )
    return (note,)
