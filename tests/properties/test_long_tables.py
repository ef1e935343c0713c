"""Long tables look as Rich would have laid them out."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from rich.text import Text

from imbweights.render.terminal import layout
from imbweights.render.terminal.layout import Col, bar, table
from imbweights.render.view import View

_NAMES = st.text(st.sampled_from("ab  cd…漢字é—שלום_.-"), max_size=30).map(
    lambda text: text.replace("\n", "")
)
_ROWS = st.lists(
    st.tuples(st.integers(0, 10**7).map(str), _NAMES, st.integers(0, 10**12).map("{:,}".format)),
    min_size=1,
    max_size=30,
)


def looks(part: RenderableType, width: int) -> list[tuple[str, list[tuple[int, str, bool]]]]:
    """The lines with the colour and weight of every character that is seen."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system="standard",
                      highlight=False, markup=False, emoji=False, legacy_windows=False)  # fmt: skip
    console.print(part)
    found = []
    for line in stream.getvalue().split("\n"):
        text = Text.from_ansi(line)
        seen = []
        for i, char in enumerate(text.plain):
            if not char.isspace():
                style = text.get_style_at_offset(console, i)
                seen.append((i, style.color.name if style.color else "", bool(style.bold)))
        found.append((text.plain.rstrip(), seen))
    return found


@given(
    rows=_ROWS,
    most=st.none() | st.integers(3, 20),
    width=st.integers(30, 100),
    bold=st.none() | st.integers(0, 29),
)
def test_a_long_table_looks_as_rich_lays_it_out(
    rows: list[tuple[str, str, str]], most: int | None, width: int, bold: int | None
) -> None:
    """Whatever the names, the room and the row that stands out."""
    view = View(width=width)
    columns = [
        Col("index"),
        Col("class", "left", most),
        Col("count"),
        Col("", "left", style="cyan"),
    ]
    cells = [[*row, bar(i / len(rows), 12, view)] for i, row in enumerate(rows)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_LONG", 1000)
        by_rich = looks(table(columns, cells, bold=bold), width)
        patch.setattr(layout, "_LONG", 0)
        by_us = looks(table(columns, cells, bold=bold), width)
    assert by_us == by_rich


def test_a_cell_of_several_lines_is_left_to_rich() -> None:
    """Only lines can be written line by line."""
    rows = [["1", "a\nb"], *([str(i), "c"] for i in range(300))]
    assert "b" in looks(table([Col("index"), Col("class", "left")], rows), 80)[2][0]
