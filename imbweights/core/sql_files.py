"""The files that a query names itself, as DuckDB's own command line takes them."""

from __future__ import annotations

import re
from pathlib import Path

_QUOTED = re.compile(r"'((?:[^']|'')+)'|\"((?:[^\"]|\"\")+)\"")
_LONGEST = 1000


def files_in(sql: str | None) -> tuple[str, ...]:
    """The quoted names in a query that are files, each once, in their order.

    >>> files_in("select a from 'no such file.csv'")
    ()
    """
    found = (
        (single or double).replace("''" if single else '""', "'" if single else '"')
        for single, double in _QUOTED.findall(sql or "")
    )
    return tuple(dict.fromkeys(name for name in found if _is_file(name)))


def _is_file(name: str) -> bool:
    return len(name) < _LONGEST and "\0" not in name and Path(name).is_file()
