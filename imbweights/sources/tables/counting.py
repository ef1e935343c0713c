"""Counting the labels of a table, whatever the file format and however the labels are laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import duckdb

from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import Reading
from imbweights.sources.kept import fresh_readings
from imbweights.sources.tables.given_counts import read_given_counts
from imbweights.sources.tables.indicators import count_indicators
from imbweights.sources.tables.listed_files import listed_files
from imbweights.sources.tables.one_column import count_one_column
from imbweights.sources.tables.table import (
    Column,
    LabelColumns,
    Table,
    choose_label,
    find_column,
)

Visitor = Callable[[Table, LabelColumns, Column | None, Reading], None]
_visitor: ContextVar[Visitor | None] = ContextVar("visitor", default=None)


@contextmanager
def visited_by(visitor: Visitor) -> Iterator[None]:
    """Within this context ``visitor`` is shown every table while it can still be queried.

    It is called with the table, its label columns, its split column and what was counted, and may
    be called again for a table that could not be read to the end; the last call holds. So who
    needs the other columns reads them just as the labels were read.
    """
    token = _visitor.set(visitor)
    try:
        with fresh_readings():
            yield
    finally:
        _visitor.reset(token)


def is_visited() -> bool:
    """Whether somebody waits to be shown the tables, so that they must be read in this process."""
    return _visitor.get() is not None


def count_table(table: Table, options: LabelOptions, chosen: LabelColumns | None = None) -> Reading:
    """Count the labels of a table, per split if a split column was named.

    ``chosen``: the label columns, where the format itself names them.
    Raises ``AmbiguousSourceError`` when the label column is not evident, and ``SourceError``
    when what was found cannot be labels.
    """
    chosen = chosen or choose_label(table, options)
    split = find_column(table, options.split) if options.split else None
    if split is not None and split in chosen.columns:
        raise UsageError(f"{split.name!r} cannot be both the label and the split column")
    try:
        reading = _counted(table, chosen, split, options)
        if options.keep_paths and options.count_column is None:
            reading = replace(reading, files=listed_files(table, chosen, split))
        visitor = _visitor.get()
        if visitor is not None:
            visitor(table, chosen, split, reading)
    except duckdb.Error as error:
        raise (table.explain(error) if table.explain else error) from error
    return reading


def _counted(
    table: Table, chosen: LabelColumns, split: Column | None, options: LabelOptions
) -> Reading:
    several = chosen.several or chosen.columns[0].nested
    if options.one_hot and not several:
        raise UsageError("--one-hot goes with several 0/1 columns: --label 'class_*' or a,b,c")
    if options.count_column is not None:
        return read_given_counts(table, chosen, split, options)
    if chosen.several:
        return count_indicators(table, chosen, split, options)
    return count_one_column(table, chosen, split, options)
