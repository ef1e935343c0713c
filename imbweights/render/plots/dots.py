"""Rows with a marker per series: splits side by side, schemes side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imbweights.render.plots.looks import DARK, LOOKS, PALE, SOURCE_SIZE
from imbweights.render.plots.options import PlotOptions
from imbweights.render.plots.page import BOLD, MARGIN, Page
from imbweights.render.plots.rows import dress_rows, lay_out
from imbweights.render.plots.scales import dress, limits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_AXIS = 0.44
_STEP = 0.075
_COLUMNS = 4
_FOR_NUMBERS = 0.4
_SPREAD = 0.72


@dataclass(frozen=True, slots=True)
class Series:
    """One marker per row: values (NaN: nothing to draw), and the same as text for the column."""

    name: str
    values: Sequence[float]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the axis says and how it is divided."""

    label: str
    logarithmic: bool
    shares: bool = False


def dots(
    page: Page, names: Sequence[str], series: Sequence[Series], scale: Scale, options: PlotOptions
) -> Figure:
    """The figure: names, markers, and the numbers themselves where there is room for them."""
    letters = page.lettering
    if len(series) > 1:
        page.key([(s.name, LOOKS[i]) for i, s in enumerate(series)])
        page.skip(0.06)
    heads = [letters.shortened(s.name, SOURCE_SIZE, 1.0) for s in series]
    widths = [
        max(
            BOLD * letters.width(head, SOURCE_SIZE),
            *(letters.width(t, SOURCE_SIZE) for t in s.texts),
        )
        + 0.14
        for head, s in zip(heads, series, strict=True)
    ]
    numbers = len(series) <= _COLUMNS and sum(widths) <= _FOR_NUMBERS * page.width
    if numbers:
        page.skip(0.2)
    rows = lay_out(page, names, options, below=_AXIS + MARGIN, least=0.1 + _STEP * len(series))
    right = MARGIN + (sum(widths) if numbers else 0.0) + 0.08
    if numbers:
        _columns(page, heads, widths, series, (rows.height, min(rows.size, SOURCE_SIZE)))
    number = page.box(rows.left, right, rows.total)
    page.skip(_AXIS)
    figure, boxes = page.figure()
    axes = boxes[number]
    _draw(axes, series, scale, rows.height)
    dress_rows(axes, rows, banded=True)
    dress(axes, "x", scale.label, logarithmic=scale.logarithmic, shares=scale.shares)
    return figure


def _columns(
    page: Page,
    heads: Sequence[str],
    widths: Sequence[float],
    series: Sequence[Series],
    letters: tuple[float, float],
) -> None:
    """The numbers at the right, a column per series. ``letters``: row height and size of letters."""
    height, size = letters
    x = page.width - MARGIN - sum(widths)
    for head, width, one in zip(heads, widths, series, strict=True):
        x += width
        page.text(x, page.used - 0.06, head, SOURCE_SIZE, ha="right", fontweight="bold")
        for i, text in enumerate(one.texts):
            middle = page.used + (i + 0.5) * height
            page.text(x, middle, text, size, ha="right", va="center_baseline")


def _draw(axes: Axes, series: Sequence[Series], scale: Scale, height: float) -> None:
    low, high = _ends(series, scale)
    axes.set_xlim(low, high)
    several = len(series) > 1
    size = max(2.5, min(6.0, height * 72 * _SPREAD / len(series)))
    for i, one in enumerate(series):
        look = LOOKS[i]
        shift = ((i + 0.5) / len(series) - 0.5) * _SPREAD if several else 0.0
        for row, value in enumerate(one.values):
            if not math.isfinite(value):
                continue
            gone = scale.logarithmic and value <= 0
            at = low if gone else value
            if not several:
                axes.plot([low, at], [row, row], color=PALE, linewidth=1.2, zorder=1)
            axes.plot(
                [at], [row + shift], look.marker, color=look.color, markersize=size * look.scale, clip_on=False,
                fillstyle="none" if gone else "full",
                markeredgecolor=look.color if gone else "white", markeredgewidth=0.9 if gone else 0.3,
                zorder=4,
            )  # fmt: skip
    axes.spines["bottom"].set_color(DARK)


def _ends(series: Sequence[Series], scale: Scale) -> tuple[float, float]:
    values = [value for one in series for value in one.values if math.isfinite(value)]
    low, high = limits(values, scale.logarithmic)
    if scale.logarithmic:
        return low, high * (high / low) ** 0.04
    return min(0.0, *values, 0.0) * 1.05, (high or 1.0) * 1.05
