"""Where a label that something is wrong with occurs first: its row, and its line in a text file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from imbweights.core.errors import ImbweightsError
from imbweights.core.findings import Finding
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile
from imbweights.core.rows import TOGETHER
from imbweights.profiling import profile_of

# Rows are read a second time for it; beyond that many the answer is not worth the wait.
MOST_ROWS = 2_000_000
_AT_A_ROW = {"IMB010", "IMB011", "IMB013", "IMB014", "IMB015"}


def located(findings: Sequence[Finding], spec: SourceSpec, profile: Profile) -> list[Finding]:
    """The findings, those about single labels of one file with the first row that has the label.

    The line is given only where the file's text there does hold the label.
    """
    file = _one_file(spec)
    if file is None or profile.total.samples > MOST_ROWS or not any(map(_at_a_row, findings)):
        return list(findings)
    first = _first_rows(spec)
    if not first:
        return list(findings)
    header = 0 if "no header" in profile.source.details else 1
    return [_with_row(f, first, file, header) if _at_a_row(f) else f for f in findings]


def _one_file(spec: SourceSpec) -> Path | None:
    # Rows of a query's result are not lines of the file.
    path = Path(spec.paths[0]) if len(spec.paths) == 1 and spec.sql is None else None
    return path if path is not None and path.is_file() else None


def _at_a_row(found: Finding) -> bool:
    return found.code in _AT_A_ROW


def _first_rows(spec: SourceSpec) -> dict[str | None, int]:
    """Label → the first row with it; empty where the source does not tell rows."""
    options = replace(spec.options, keep_rows=True, keep_undeclared=True)
    try:
        rows = profile_of(replace(spec, options=options)).rows
    except ImbweightsError:  # it was counted before; only the rows cannot be had
        return {}
    whole = rows.get(TOGETHER) or (rows.get("") if set(rows) == {""} else None)
    if whole is None:
        return {}
    codes, places = np.unique(whole.codes, return_index=True)
    return {
        whole.labels[code]: int(place)
        for code, place in zip(codes.tolist(), places.tolist(), strict=True)
    }


def _with_row(found: Finding, first: dict[str | None, int], file: Path, header: int) -> Finding:
    row = first.get(found.where.cls)
    if row is None:
        return found
    line = _line(file, row + header, found.where.cls)
    return replace(found, where=replace(found.where, row=row, line=line))


def _line(file: Path, before: int, label: str | None) -> int | None:
    """The line of a row with so many lines ``before`` it, counted from 1.

    Line breaks within quotes move lines; so it is given only if the label stands there.
    """
    if not label or "\n" in label:
        return None
    try:
        with file.open(encoding="utf-8", errors="strict") as stream:
            text = next(islice(stream, before, before + 1), "")
    except (OSError, UnicodeDecodeError):
        return None
    return before + 1 if label in text else None
