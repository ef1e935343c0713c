"""Rows with a class each: which classes, how high, and their names at the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts
from imbweights.render.numbers import count_text
from imbweights.render.plots.looks import BAND, GREY, TEXT_SIZE
from imbweights.render.plots.options import PlotOptions
from imbweights.render.plots.page import MARGIN, Page
from imbweights.render.telling_apart import told_apart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

READABLE = 40
SHORT = 20
_NAMES = 0.38
_LOW, _HIGH = 0.235, 0.33
_LEAST_ROW, _LEAST_SIZE = 0.05, 2.0
_GAP = 0.09
_HEAD, _POINTS = 50, 300


def ranked(counts: ClassCounts) -> list[int]:
    """Class indices, the most frequent first, of equals in class order."""
    numbers = counts.counts.tolist()
    return sorted(range(len(numbers)), key=lambda i: (-numbers[i], i))


def singled_out(counts: ClassCounts, top: int | None) -> tuple[list[int], list[int]]:
    """The classes that get a row each, and the rest, both most frequent first.

    >>> singled_out(ClassCounts.multiclass({"a": 1, "b": 3, "c": 2}), 2)
    ([1, 2], [0])
    """
    order = ranked(counts)
    if top is None:
        top = len(order) if len(order) <= READABLE else SHORT
    return order[:top], order[top:]


def drawn_ranks(number: int) -> npt.NDArray[np.int64]:
    """The ranks at which a curve has points: all of the steep head, of the rest as many as are seen.

    >>> drawn_ranks(3).tolist(), len(drawn_ranks(100_000)) < 400
    ([0, 1, 2], True)
    """
    rest = np.linspace(0, number - 1, min(number, _POINTS)).astype(np.int64)
    return np.union1d(np.arange(min(number, _HEAD), dtype=np.int64), rest)


def others(count: int) -> str:
    """What the row of the rest is called.

    >>> others(980), others(1)
    ('980 others', '1 other')
    """
    return f"{count_text(count)} other{'s' * (count != 1)}"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as they fit: their number, their height and where they begin, in inches, and the size of
    their letters in points.
    """

    number: int
    height: float
    left: float
    size: float

    @property
    def total(self) -> float:
        """Height of all rows."""
        return self.number * self.height


def lay_out(
    page: Page, names: Sequence[str], options: PlotOptions, *, below: float, least: float = 0.0
) -> Rows:
    """Put the names at the left of the page, one per row, from where it is filled to.

    ``below``: inches that are needed under the rows; ``least``: the lowest row that shows its data.
    """
    letters = page.lettering
    most = page.width * _NAMES
    apart = told_apart(names, lambda name: letters.fitted(name, TEXT_SIZE, most))
    fitted = [apart[name] for name in names]
    double = any("\n" in name for name in fitted)
    height, size = max(_HIGH if double else _LOW, least), TEXT_SIZE
    if options.height is not None:
        height = max((options.height - page.used - below) / max(len(names), 1), _LEAST_ROW)
    needed = size * (2.3 if double else 1.1) / 72
    if needed > height:
        size = max(_LEAST_SIZE, size * height / needed)
    widest = max((letters.width(line, size) for n in fitted for line in n.split("\n")), default=0)
    left = MARGIN + widest + _GAP
    for i, name in enumerate(fitted):
        middle = page.used + (i + 0.5) * height
        page.text(
            left - _GAP, middle, name, size,
            ha="right", va="center" if "\n" in name else "center_baseline", linespacing=1.05,
        )  # fmt: skip
    return Rows(len(names), height, left, size)


def dress_rows(axes: Axes, rows: Rows, *, banded: bool = False) -> None:
    """One unit of y per row, the first on top; no ticks, since the names stand there."""
    axes.set_ylim(rows.number - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_color(GREY)
    axes.spines["bottom"].set_color(GREY)
    if banded:
        for i in range(0, rows.number, 2):
            axes.axhspan(i - 0.5, i + 0.5, color=BAND, linewidth=0, zorder=-5)
