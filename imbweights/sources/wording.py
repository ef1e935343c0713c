"""How notes speak of numbers, and of files that were skipped."""

from __future__ import annotations

from collections.abc import Mapping

_SHOWN = 5


def counted(number: int, one: str, many: str) -> str:
    """A number with what it counts.

    >>> counted(1, "row has", "rows have"), counted(2000, "row has", "rows have")
    ('1 row has', '2,000 rows have')
    """
    return f"{number:,} {one if number == 1 else many}"


def bad_files_note(bad: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence on the files that were skipped, if any.

    >>> bad_files_note({"a.png": "is damaged"})
    ('skipped 1 file that cannot be read (a.png: is damaged)',)
    """
    if not bad:
        return ()
    shown = "; ".join(f"{path}: {bad[path]}" for path in sorted(bad)[:_SHOWN])
    more = " …" if len(bad) > _SHOWN else ""
    return (f"skipped {counted(len(bad), 'file', 'files')} that cannot be read ({shown}{more})",)
