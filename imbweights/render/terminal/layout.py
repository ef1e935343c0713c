"""Lines and tables of a terminal page, as a string."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal
from unicodedata import bidirectional

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from imbweights.core.escaping import visible
from imbweights.core.profile import Profile
from imbweights.render.telling_apart import told_apart
from imbweights.render.terminal.long_table import LongTable, deciding, marked
from imbweights.render.view import View

_LEFT_TO_RIGHT = "\u200e"  # takes no room
_ELLIPSIS = "…"
_EIGHTHS = " ▏▎▍▌▋▊▉"
MOST_ROWS = 10
_LONG = 200
_PLAIN = str.maketrans(
    {
        "–": "-",
        "·": "|",
        "…": "~",
        "√": "sqrt",
        "×": "x",
        "γ": "gamma",
        "β": "beta",
        "−": "-",
        "←": "<",
        "±": "+-",
        _LEFT_TO_RIGHT: "",
    }
)


@dataclass(frozen=True, slots=True)
class Col:
    """A column: heading, alignment, widest and narrowest it may get, style."""

    heading: str
    justify: Literal["left", "right"] = "right"
    most: int | None = None
    style: str | Style = ""
    least: int | None = None


def table(
    columns: Sequence[Col], rows: Iterable[Sequence[str]], *, bold: int | None = None
) -> RenderableType:
    """A table without lines, two blanks before each column; ``bold`` is the row that stands out."""
    rows = _told_apart(columns, list(rows))
    if len(rows) <= _LONG or any("\n" in cell for row in rows for cell in row):
        return _grid(columns, rows, rows, bold)
    rows = [_kept_apart(row) for row in rows]
    sample = [rows[i] for i in deciding(rows, len(columns))]
    styled = [replace(col, style=marked(i, str(col.style))) for i, col in enumerate(columns)]
    return LongTable(_grid(styled, sample, rows, None), rows, bold)


def _grid(
    columns: Sequence[Col],
    rows: Sequence[Sequence[str]],
    measured: Sequence[Sequence[str]],
    bold: int | None,
) -> Table:
    """The rows as a table of Rich, whose columns have room for those that are ``measured``."""
    grid = Table(
        box=None, show_edge=False, pad_edge=False, padding=(0, 0, 0, 2), header_style="bold"
    )
    for i, col in enumerate(columns):
        # Numbers are never cut: half a number is a wrong one.
        widths = [cell_len(row[i]) for row in measured] if col.justify == "right" else []
        least = col.least if col.least is not None or col.most else max(widths, default=None)
        # Names never break, they are shortened.
        grid.add_column(
            Text(col.heading),
            justify=col.justify,
            no_wrap=True,
            overflow="ellipsis",
            max_width=col.most,
            min_width=least,
            style=col.style,
            vertical="bottom",
        )
    for i, row in enumerate(rows):
        cells = (Text(cell) for cell in _kept_apart(row))
        grid.add_row(*cells, style="bold" if i == bold else "")
    return grid


def _told_apart(columns: Sequence[Col], rows: list[Sequence[str]]) -> list[Sequence[str]]:
    """The rows; names that are too long for their column, and begin alike, without that beginning."""
    for i, col in enumerate(columns):
        if col.most is not None and col.justify == "left":
            apart = told_apart((row[i] for row in rows), partial(_cut, most=col.most))
            rows = [[*row[:i], apart[row[i]], *row[i + 1 :]] for row in rows]
    return rows


def _cut(name: str, *, most: int) -> str:
    if cell_len(name) <= most:
        return name
    return f"{set_cell_size(name, most - 1)}{_ELLIPSIS}"


def _kept_apart(row: Sequence[str]) -> list[str]:
    """The cells, with a mark behind right-to-left names.

    Without it a terminal that knows of directions takes the number in the next column for a part
    of the name and shows it on the other side. The mark stands in the next cell, since the end of
    a long name is cut.
    """
    before = ("", *row)
    return [
        f"{_LEFT_TO_RIGHT}{cell}" if cell and _is_right_to_left(last) else cell
        for last, cell in zip(before, row, strict=False)
    ]


def _is_right_to_left(text: str) -> bool:
    return not text.isascii() and any(bidirectional(c) in {"R", "AL"} for c in text)


def wrapped(text: str, view: View, *, style: str = "", indent: int = 0) -> Text:
    """A paragraph broken at blanks to the width of the screen; wide characters count twice."""
    blanks = " " * indent
    lines, line = [], ""
    for word in re.split(r"[ \t\n]", text):
        longer = f"{line} {word}" if line else word
        if line and indent + cell_len(longer) > view.width:
            lines.append(blanks + line)
            longer = word
        line = longer
    return Text("\n".join([*lines, blanks + line]), style=style)


def bar(part: float, width: int, view: View) -> str:
    """A bar of ``part`` (0 to 1) of ``width`` cells, in eighths where the screen can show them."""
    if not view.unicode:
        return "#" * round(part * width)
    eighths = round(part * width * 8)
    if part > 0 and eighths == 0:
        eighths = 1
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def page(parts: Iterable[RenderableType], view: View) -> str:
    """Everything on one page, lines without trailing blanks."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=view.width,
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        no_color=not view.color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, Text))
    text = "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))
    return text if view.unicode else text.translate(_PLAIN)


def name_width(names: Iterable[str], most: int) -> int:
    """The width of the widest name as shown, at most ``most``."""
    return min(most, max((cell_len(visible(n)) for n in names), default=0))


def shown_ids(profile: Profile) -> dict[str, str]:
    """Class → its number in the data, when for some class that is not its index."""
    ids = profile.source.ids
    index = {name: i for i, name in enumerate(profile.total.classes)}
    if all(index.get(name, number) == number for name, number in ids.items()):
        return {}
    return {name: str(number) for name, number in ids.items()}


def shown_name(name: str, most: int = 60) -> str:
    """A class name for a table cell; very long ones are cut before they are measured."""
    text = visible(name[: most + 1])
    if name != name.strip():  # blanks at the ends make two classes of what looks like one
        text = f'"{text}"'
    return text if len(name) <= most else text[:most] + "…"
