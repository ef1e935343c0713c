"""What is said of files that were skipped."""

from __future__ import annotations

from collections.abc import Mapping

_SHOWN = 5


def bad_files_note(bad: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence on the files that were skipped, if any.

    >>> bad_files_note({"a.png": "is damaged"})
    ('skipped 1 file that cannot be read (a.png: is damaged)',)
    """
    if not bad:
        return ()
    shown = "; ".join(f"{path}: {bad[path]}" for path in sorted(bad)[:_SHOWN])
    more = " …" if len(bad) > _SHOWN else ""
    what = "file" if len(bad) == 1 else "files"
    return (f"skipped {len(bad):,} {what} that cannot be read ({shown}{more})",)
