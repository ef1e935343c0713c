"""Axes: when they are logarithmic, what their ticks say, and that they say so."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from imbweights.render.numbers import ratio_text
from imbweights.render.plots.lettering import text_width
from imbweights.render.plots.looks import GREY, PALE, SOURCE_SIZE, TEXT_SIZE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

WIDE = 50.0
_TICK = 0.75


def is_wide(values: Iterable[float], wish: bool | None) -> bool:
    """Whether the axis is logarithmic: as wished, else where the largest is above 50 times the
    smallest, whose bar would not be seen.

    >>> is_wide([1, 51, 0], None), is_wide([1, 50], None), is_wide([1, 51], False)
    (True, False, False)
    """
    known = [value for value in values if value > 0 and math.isfinite(value)]
    if wish is not None or not known:
        return bool(wish) and bool(known)
    return max(known) / min(known) > WIDE


def said(label: str, values: Iterable[float], logarithmic: bool) -> str:
    """The axis label, with the scale when it is no usual one.

    >>> said("samples", [2, 500, 0], True)
    'samples, log scale (largest : smallest = 250 : 1)'
    """
    if not logarithmic:
        return label
    known = [value for value in values if value > 0]
    return f"{label}, log scale (largest : smallest = {ratio_text(max(known) / min(known))} : 1)"


def compact(value: float, _: object = None) -> str:
    """A tick label: short, and without powers of ten to decipher.

    >>> compact(0.25), compact(12000), compact(2500000), compact(3e9), compact(1e-7)
    ('0.25', '12,000', '2.5 M', '3 G', '1e-07')
    """
    for least, letter in ((1e15, ""), (1e12, " T"), (1e9, " G"), (1e6, " M")):
        if abs(value) >= least:
            return f"{value:.0e}" if not letter else f"{value / least:g}{letter}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def per_cent(value: float, _: object = None) -> str:
    """A tick label of a share.

    >>> per_cent(0.25), per_cent(0.0001)
    ('25 %', '0.01 %')
    """
    return f"{100 * value:g} %"


def limits(values: Iterable[float], logarithmic: bool) -> tuple[float, float]:
    """The ends of the axis: from 0, or from half of the smallest, to the largest."""
    known = [value for value in values if value > 0 and math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    return (min(known) / 2 if logarithmic else 0.0), max(known)


def dress(
    axes: Axes, which: str, label: str, *, logarithmic: bool, shares: bool = False, whole: bool = False
) -> None:  # fmt: skip
    """Scale, few plain ticks, pale lines behind, and the label of one axis (``x`` or ``y``)."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

    axis: Axis = axes.xaxis if which == "x" else axes.yaxis
    if logarithmic:
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
        low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
        narrow = high / low < 100
        most = _ticks(axes, which)
        subs = (1.0, 2.0, 5.0) if narrow and most > 4 else (1.0,)
        axis.set_major_locator(LogLocator(10, subs=subs, numticks=most))
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(MaxNLocator(min(5, _ticks(axes, which)), integer=whole))
    axis.set_major_formatter(FuncFormatter(per_cent if shares else compact))
    axis.set_label_text(_fitting(axes, which, label), fontsize=TEXT_SIZE)
    axes.tick_params(axis="both", labelsize=SOURCE_SIZE, color=GREY, length=2.5)
    axes.grid(visible=True, axis="x" if which == "x" else "y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def _inches(axes: Axes) -> tuple[float, float, float, float]:
    """Left edge, width and height of the axes, and width of the figure."""
    box, page, dpi = axes.bbox, axes.figure.bbox, axes.figure.dpi
    return box.x0 / dpi, box.width / dpi, box.height / dpi, page.width / dpi


def _ticks(axes: Axes, which: str) -> int:
    """How many tick labels there is room for."""
    _, width, height, _ = _inches(axes)
    return max(2, min(7, int(width / _TICK if which == "x" else height / 0.2)))


def _fitting(axes: Axes, which: str, label: str) -> str:
    """The label without what is in brackets, where it would leave the page."""
    left, width, _, page = _inches(axes)
    middle = left + width / 2
    room = 2 * min(middle, page - middle)
    if which == "y" or text_width(label, TEXT_SIZE) < room:
        return label
    return re.sub(r" \(.*?\)", "", label)
