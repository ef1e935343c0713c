"""``--classes``: the fixed list of classes, with or without the numbers that stand for them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from imbweights.core.errors import UsageError
from imbweights.core.existing import is_file
from imbweights.core.small_files import small_text
from imbweights.core.urls import refuse_remote

# Eighteen digits fit into 64 bits; a longer number is no number of a class, but a name.
_PAIR = re.compile(r"(-?\d{1,18})\s*=\s*(.+)")
_RANGE = re.compile(r"(\d{1,18})-(\d{1,18})")
_LUT_LINE = re.compile(r"(-?\d{1,18})\s+(.*?)((?:\s+\d+){3,4})?")
_MOST = 1_000_000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ClassList:
    """Class names in class order and, where the list gives them, their numbers in the data."""

    names: tuple[str, ...]
    ids: tuple[int, ...] | None = None


def class_list(given: str) -> ClassList:
    """Classes from a comma list, a range of numbers, or a file.

    A list is ``a,b,c`` or ``0=background,255=crack``; a range is ``0-18``. A file holds one name a
    line, an ``id,name`` table (CSV or tab-separated, with or without header), or a look-up table
    as FreeSurfer and ITK-SNAP write it (``id name r g b a``). Classes with numbers are ordered by
    them. Raises ``UsageError`` for what is none of these.

    >>> class_list("b, a").names, class_list("0=sky,255=crack").ids
    (('b', 'a'), (0, 255))
    >>> class_list("0-2").names
    ('0', '1', '2')
    """
    path = Path(given)
    if is_file(path):
        return _checked_lines(path, given)
    span = _RANGE.fullmatch(given.strip())
    if span:
        return _from_range(int(span[1]), int(span[2]))
    refuse_remote("--classes", given)
    if "," not in given and "=" not in given:
        raise UsageError(
            f"--classes {given}: no such file, and one class alone is no list",
            hint="write --classes a,b,c or 0=a,1=b or 0-18, or name a file with one class a line",
        )
    return from_texts(part.strip() for part in given.split(",") if part.strip())


def from_texts(texts: Iterable[str]) -> ClassList:
    """Classes from names or ``id=name`` pairs; the list is of pairs only if all of it is."""
    parts = tuple(texts)
    pairs = [_PAIR.fullmatch(part) for part in parts]
    found = [(int(pair[1]), pair[2].strip()) for pair in pairs if pair]
    return _numbered(found) if found and len(found) == len(parts) else ClassList(parts)


def _from_range(first: int, last: int) -> ClassList:
    if not first < last < _MOST:
        raise UsageError(f"--classes {first}-{last}: is no range of class numbers")
    ids = tuple(range(first, last + 1))
    return ClassList(tuple(map(str, ids)), ids)


def _checked_lines(path: Path, given: str) -> ClassList:
    try:
        return _from_lines(_lines(path), given)
    except UsageError:
        raise
    except (ValueError, OverflowError, RecursionError, csv.Error) as error:
        # A number of thousands of digits, JSON without an end to its depth, a field of 200 kB.
        raise UsageError(f"--classes {given}: is no list of classes ({str(error)[:80]})") from error


def _lines(path: Path) -> list[str]:
    try:
        text = small_text(path, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"--classes {path}: is not UTF-8 text (byte {error.start})") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _from_lines(lines: Sequence[str], given: str) -> ClassList:
    if not lines:
        raise UsageError(f"--classes {given}: is empty")
    if lines and lines[0].startswith(("{", "[")):
        return _from_json("\n".join(lines), given)
    try:
        table = _label_map(lines) or _id_name_table(lines) or _look_up_table(lines)
    except csv.Error as error:
        raise UsageError(f"--classes {given}: is no list of classes ({error})") from error
    if table is not None:
        return table
    return from_texts(lines)


def _from_json(text: str, given: str) -> ClassList:
    """A list of names, or a mapping of numbers to names."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--classes {given}: is no JSON ({error})") from error
    if isinstance(data, dict) and all(map(_is_id, data)):
        return _numbered((int(number), str(name)) for number, name in data.items())
    if isinstance(data, dict) and all(type(number) is int for number in data.values()):
        return _numbered((number, str(name)) for name, number in data.items())
    if isinstance(data, list) and all(isinstance(name, str) for name in data):
        return ClassList(tuple(data))
    raise UsageError(f"--classes {given}: JSON must be a list of names, or map numbers to names")


def _label_map(lines: Sequence[str]) -> ClassList | None:
    """``name,r,g,b`` rows: the n-th name is class n."""
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    if rows and not any(map(_is_id, rows[0][1:])):
        rows = rows[1:]
    if not rows or any(len(row) != 4 or not all(map(_is_id, row[1:])) for row in rows):
        return None
    return None if any(_is_id(row[0]) for row in rows) else ClassList(tuple(row[0] for row in rows))


def _id_name_table(lines: Sequence[str]) -> ClassList | None:
    """``id,name`` rows; a first row without a number is the header and says which is which."""
    for delimiter in (",", "\t", ";"):
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
        if any(len(row) < 2 for row in rows):
            continue
        head, body = rows[0], rows[1:]
        if any(_is_id(cell) for cell in head[:2]):
            head, body = [], rows
        for at, name in ((0, 1), (1, 0)):
            if body and all(_is_id(row[at]) and not _is_id(row[name]) for row in body):
                return _numbered((int(row[at]), row[name]) for row in body)
    return None


def _look_up_table(lines: Sequence[str]) -> ClassList | None:
    """``id name r g b a`` lines, comments with ``#``; names may hold blanks or be quoted."""
    found = []
    for line in lines:
        if line.startswith("#"):
            continue
        match = _LUT_LINE.fullmatch(line)
        if match is None or not match[2].strip():
            return None
        quoted = re.search(r'"([^"]+)"', line)
        found.append((int(match[1]), quoted[1] if quoted else match[2].strip()))
    return _numbered(found) if found else None


def _is_id(cell: str) -> bool:
    return re.fullmatch(r"-?\d{1,18}", cell) is not None


def _numbered(pairs: Iterable[tuple[int, str]]) -> ClassList:
    """In the order of the numbers. Raises when a number has two names."""
    names: dict[int, str] = {}
    for number, name in pairs:
        if abs(number) > _LARGEST:
            raise UsageError("--classes has a number beyond 64 bits, which no label file holds")
        if names.setdefault(number, name) != name:
            raise UsageError(f"--classes gives number {number} to {names[number]!r} and {name!r}")
    by_name: dict[str, int] = {}
    for number in sorted(names):
        first = by_name.setdefault(names[number], number)
        if first != number:
            raise UsageError(
                f"--classes calls both {first} and {number} {names[number]!r}, and classes are not merged",
                hint="give each number a name of its own",
            )
    return ClassList(tuple(names[i] for i in sorted(names)), tuple(sorted(names)))
