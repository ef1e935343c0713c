"""``--jobs`` holds for tables, too."""

from __future__ import annotations

import os

from imbweights.running.engine import working
from imbweights.sources.tables.duck import connected, fetch


def test_a_table_is_queried_by_as_many_threads_as_there_are_jobs() -> None:
    """DuckDB takes a thread per core unless it is told otherwise."""
    for jobs in (1, 3, 1_000_000):
        with working(jobs=jobs), connected() as connection:
            assert fetch(connection, "SELECT current_setting('threads')") == [
                (min(jobs, max(8, os.cpu_count() or 1)),)
            ]
