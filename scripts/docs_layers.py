"""The house as it stands: the layers of the import contract, as a picture and as a table."""

from __future__ import annotations

import tomllib
from html import escape
from importlib import import_module

from docs_running import TOP
from docs_text import cell, summary, table

_BOX, _GAP, _LEFT, _WIDTH = 34, 12, 16, 720
_INK, _PAPER, _FILL, _EDGE = "#1c2733", "#ffffff", "#e6eef8", "#5b7fa6"


def layers() -> list[list[str]]:
    """The rooms of each floor, the top one first."""
    contracts = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    floors = next(c["layers"] for c in contracts if c["type"] == "layers")
    rooms = [[room.strip(" ()") for room in floor.split("|")] for floor in floors]
    there = [[room for room in floor if _doc(room) is not None] for floor in rooms]
    return [floor for floor in there if floor]


def _doc(room: str) -> str | None:
    try:
        return import_module(f"imbweights.{room}").__doc__
    except ModuleNotFoundError:
        return None


def layers_part() -> str:
    """What lives in each room, in its own words."""
    rows = [
        [f"`{room}`", cell(summary(_doc(room)))] for floor in reversed(layers()) for room in floor
    ]
    return table(["room", "what it is for"], rows)


def layers_picture() -> str:
    """An SVG: a box for each room, a row for each floor, imports point down."""
    floors = layers()
    height = len(floors) * (_BOX + _GAP) + 2 * _GAP + 18
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="14">',
        "<title>The rooms of imbweights; imports point down</title>",
        f'<rect width="{_WIDTH}" height="{height}" rx="8" fill="{_PAPER}"/>',
    ]
    for row, floor in enumerate(floors):
        parts += _floor(floor, _GAP + row * (_BOX + _GAP))
    parts += _arrow(height), "</svg>\n"
    return "\n".join(parts)


def _floor(rooms: list[str], top: int) -> list[str]:
    inside = _WIDTH - 2 * _LEFT - 40
    width = (inside - _GAP * (len(rooms) - 1)) / len(rooms)
    parts = []
    for number, room in enumerate(rooms):
        left = _LEFT + number * (width + _GAP)
        parts.append(
            f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BOX}" rx="5" '
            f'fill="{_FILL}" stroke="{_EDGE}"/>'
        )
        parts.append(
            f'<text x="{left + width / 2:.1f}" y="{top + _BOX / 2 + 5:.1f}" text-anchor="middle" '
            f'fill="{_INK}">{escape(room)}</text>'
        )
    return parts


def _arrow(height: int) -> str:
    x, end = _WIDTH - _LEFT - 12, height - 2 * _GAP - 20
    return (
        f'<path d="M{x} {_GAP + 4}V{end}m-6 -9l6 10l6 -10" fill="none" stroke="{_EDGE}" '
        f'stroke-width="2"/>\n<text x="{_WIDTH - _LEFT}" y="{height - 12}" text-anchor="end" '
        f'fill="{_INK}" font-size="12">imports point down, data flows up</text>'
    )
