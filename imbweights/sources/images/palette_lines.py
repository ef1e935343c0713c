"""One line of a palette file: a class and its colour, in whichever order they stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

Header = Mapping[str, int]

_HEX = re.compile(r"#([0-9A-Fa-f]{6})\b")
_COLUMNS = {
    "name": ("name", "class", "label", "class_name", "category"),
    "id": ("id", "index", "number", "value", "class_id", "label_id", "trainid"),
    "r": ("r", "red"),
    "g": ("g", "green"),
    "b": ("b", "blue"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A class: its colour 0xRRGGBB, its name, and its number where the line gives one."""

    colour: int
    name: str
    number: int | None = None


def header_of(line: str) -> Header | None:
    """Which column is which, when the line says so."""
    cells = [cell.lower().strip("# ") for cell in _cells(line)]
    found = {
        what: next(i for i, cell in enumerate(cells) if cell in names)
        for what, names in _COLUMNS.items()
        if any(cell in names for cell in cells)
    }
    if {"name", "r", "g", "b"} <= set(found):
        # Between blanks a name may have several words, so that columns cannot be counted.
        return found if re.search("[,;\t]", line) else {}
    told = "label" in line.lower() and "color" in line.lower() and not re.search(r"\d", line)
    return {} if told else None  # CVAT's "# label:color_rgb:parts:actions" has one meaning


def entry_of(line: str, header: Header | None = None) -> Entry | None:
    """The class on a line; ``None`` when there is none.

    >>> entry_of("sea ice 1 2 3"), entry_of("7,1,2,3,sea")
    (Entry(colour=66051, name='sea ice', number=None), Entry(colour=66051, name='sea', number=7))
    """
    found = _HEX.search(line)
    if found:
        name = (line[: found.start()].strip(" \t,;:") or line[found.end() :].strip(" \t,;:")).strip(
            "\"'"
        )
        return Entry(int(found[1], 16), name) if name else None
    cells = _cells(line)
    if header:
        return _by_header(cells, header)
    numbers = [i for i, cell in enumerate(cells) if cell.isdecimal()]
    words = [cell for cell in cells if cell and not cell.isdecimal()]
    if len(numbers) not in {3, 4, 5} or not words:
        return None
    first = cells[numbers[0]]
    # Four numbers or more: an id stands before everything else, an alpha value behind.
    has_id = len(numbers) > 3 and numbers[0] == 0
    rgb = numbers[1:4] if has_id else numbers[:3]
    if len(rgb) < 3 or rgb != list(range(rgb[0], rgb[0] + 3)):
        return None
    colour = _packed([cells[i] for i in rgb])
    name = " ".join(words)
    return None if colour is None else Entry(colour, name, int(first) if has_id else None)


def _by_header(cells: list[str], header: Header) -> Entry | None:
    if max(header.values()) >= len(cells):
        return None
    colour = _packed([cells[header[c]] for c in "rgb"])
    number = cells[header["id"]] if "id" in header else ""
    name = cells[header["name"]]
    if colour is None or not name:
        return None
    return Entry(colour, name, int(number) if re.fullmatch(r"-?\d+", number) else None)


def _cells(line: str) -> list[str]:
    """Fields between commas, tabs, semicolons or colons; else between blanks."""
    text = line.strip()
    if ":" in text and "," in text.split(":", 2)[1]:
        name, rgb = text.split(":", 2)[:2]  # CVAT: name:r,g,b:parts:actions
        return [name.strip(), *(c.strip() for c in rgb.split(","))]
    for delimiter in (",", "\t", ";"):
        if delimiter in text:
            return [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter))]
    return text.split()


def _packed(rgb: list[str]) -> int | None:
    if not all(cell.isdecimal() and int(cell) < 256 for cell in rgb):
        return None
    red, green, blue = map(int, rgb)
    return red << 16 | green << 8 | blue
