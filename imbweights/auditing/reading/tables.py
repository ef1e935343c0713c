"""Weights in text tables: our own CSV, name and number, or just numbers."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.found import Contents, Found
from imbweights.auditing.reading.names import use_of

_NAMES = frozenset({"class", "name", "label", "index", "id"})
_NO_WEIGHTS = frozenset({"index", "id", "count", "share", "n"})


def contents(text: str) -> Contents:
    """The columns that hold numbers, with the class names beside them."""
    rows = _rows(text)
    if not rows:
        return Contents()
    head = rows[0] if any(Written.of(c) is None for c in rows[0][-1:]) else None
    body = rows[1:] if head else rows
    if not body or len({len(row) for row in body}) > 1:
        return _loose(rows)
    if len(body) == 1 and len(body[0]) > 1:
        keys = tuple(head) if head and len(head) == len(body[0]) else None
        return _one(body[0], keys)
    if len(body[0]) == 1:
        return _one([row[0] for row in body], None, head[0] if head else "")
    return _columns(head, body)


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    delimiter = next((d for d in ",;\t" if lines and d in lines[0]), None)
    if delimiter is None:
        return [line.split() for line in lines]
    found = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    return [row[:-1] if row and not row[-1] else row for row in found]


def _loose(rows: Sequence[Sequence[str]]) -> Contents:
    """Numbers over several lines."""
    return _one([cell for row in rows for cell in row], None)


def _one(cells: Sequence[str], keys: tuple[str, ...] | None, name: str = "") -> Contents:
    numbers = [Written.of(cell) for cell in cells]
    if any(n is None for n in numbers):
        return Contents()
    kept = tuple(n for n in numbers if n is not None)
    return Contents(
        vectors=(Found(path=name, numbers=kept, keys=keys, use=use_of(name)),), numbers_only=True
    )


def _columns(head: Sequence[str] | None, body: Sequence[Sequence[str]]) -> Contents:
    names = [c.lower() for c in head] if head else []
    place = next((names.index(n) for n in ("class", "name", "label") if n in names), 0)
    keys = tuple(row[place] for row in body)
    found = []
    for i in range(len(body[0])):
        title = head[i] if head and i < len(head) else ""
        numbers = [Written.of(row[i]) for row in body]
        if i == place or any(n is None for n in numbers) or title.lower() in _NO_WEIGHTS | _NAMES:
            continue
        kept = tuple(n for n in numbers if n is not None)
        use = use_of(title)
        found.append(Found(path=title, numbers=kept, keys=keys, use=use, known=bool(use)))
    return Contents(vectors=tuple(found), numbers_only=True)
