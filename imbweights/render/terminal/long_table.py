"""Tables of thousands of rows: laid out by Rich, as wide as Rich makes them, but written line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table

_GAP = 2  # blanks before each column but the first


@dataclass(frozen=True)
class LongTable:
    """The rows of a table, beside the same table with just the rows that decide its widths.

    Rich lays out every cell as a page of its own, which takes half a minute for 20,000 rows.
    ``sample``: the table with the widest cells of each column, in Rich's hands; each of its columns
    carries a mark, from which its width is read. ``bold``: the row that stands out.
    """

    sample: Table
    rows: Sequence[Sequence[str]]
    bold: int | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The heading as Rich has it, then each row."""
        # Lines that are too long for the screen stay so here; the console crops them all alike.
        lines = list(Segment.split_lines(console.render(self.sample, options)))
        height = len(lines) - self.sample.row_count
        for line in lines[:height]:
            yield from line
            yield Segment.line()
        widths = _widths(lines[-1], len(self.sample.columns))
        styles = [console.get_style(column.style or "") for column in self.sample.columns]
        gaps = [0] + [_GAP] * (len(styles) - 1)
        right = [column.justify == "right" for column in self.sample.columns]
        for number, row in enumerate(self.rows):
            strong = Style(bold=True) if number == self.bold else Style()
            cells = zip(row, widths, styles, right, gaps, strict=True)
            for cell, width, style, is_right, gap in cells:
                if width > 0:
                    yield Segment(_fitted(cell, width, gap, is_right=is_right), style + strong)
            yield Segment.line()


def _widths(line: Iterable[Segment], columns: int) -> list[int]:
    """The cells that each column has in a line of the sample, by the marks of the columns."""
    widths = [0] * columns
    for segment in line:
        if segment.style is not None and "column" in segment.style.meta:
            widths[segment.style.meta["column"]] += segment.cell_length
    return widths


def marked(number: int, style: str) -> Style:
    """The style of a column, with its number in it; a mark is not seen."""
    return Style.parse(style) + Style(meta={"column": number})


def _fitted(cell: str, width: int, gap: int, *, is_right: bool) -> str:
    """A cell with the blanks before it, cut with “…” where the column is narrower."""
    room = max(0, width - gap)
    text = cell.rstrip() if is_right else cell
    size = cell_len(text)
    if size > room:
        text = f"{set_cell_size(text, room - 1)}…" if room else ""
        size = cell_len(text)
    blanks = " " * (room - size)
    body = f"{blanks}{text}" if is_right else f"{text}{blanks}"
    return " " * min(gap, width) + body


def deciding(rows: Sequence[Sequence[str]], columns: int) -> list[int]:
    """The rows that decide how wide columns are: with the widest cell, and the widest word."""
    chosen: dict[int, None] = {}
    for i in range(columns):
        cells = [row[i] for row in rows]
        chosen[max(range(len(cells)), key=lambda r: cell_len(cells[r]))] = None
        chosen[max(range(len(cells)), key=lambda r: _longest_word(cells[r]))] = None
    return list(chosen)


def _longest_word(cell: str) -> int:
    return max(map(cell_len, cell.split()), default=0)
