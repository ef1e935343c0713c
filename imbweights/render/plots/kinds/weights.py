"""The weight of each class under each scheme; of many classes as curves over their ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from imbweights.core.weights import ClassWeights
from imbweights.render.numbers import count_text, weight_texts
from imbweights.render.plots.dots import Scale, Series, dots
from imbweights.render.plots.kinds.base import Kind, Subject
from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.looks import LOOKS, TEXT_SIZE
from imbweights.render.plots.page import MARGIN, Page
from imbweights.render.plots.rows import READABLE, drawn_ranks
from imbweights.render.plots.scales import compact, dress, is_wide, limits, said

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DIGITS = 4
_AXIS = 0.44
_CURVES = 3.2


def draw(subject: Subject, lettering: Lettering) -> Figure:
    """The figure. All weights belong to the same classes."""
    first = subject.weights[0]
    order = sorted(range(len(first.classes)), key=lambda i: (-first.counts[i], i))
    page = Page(lettering, subject.options.width)
    page.heading(subject.title, subject.caption)
    if subject.options.top is None and len(order) > READABLE:
        return _curves(page, subject, order)
    shown = _ends(order, subject.options.top)
    names = [f"{lettering.shown(first.classes[i])} ({count_text(first.counts[i])})" for i in shown]
    series = [_series(w, shown) for w in subject.weights]
    values = [value for one in series for value in one.values]
    logarithmic = is_wide(values, subject.options.log) and min(values) >= 0
    label = said(_called(subject.weights), values, logarithmic)
    if logarithmic and min(values) == 0:
        label += "; hollow: 0"
    return dots(
        page, names, series, Scale(label=label, logarithmic=logarithmic), subject.options
    )  # fmt: skip


def _ends(order: list[int], top: int | None) -> list[int]:
    """Weights cannot be summed, so of many classes both ends of the ranking are shown."""
    if top is None or top >= len(order):
        return order
    return [*order[: (top + 1) // 2], *order[len(order) - top // 2 :]]


def _series(weights: ClassWeights, shown: list[int]) -> Series:
    values = [float(weights.values[i]) for i in shown]
    return Series(weights.scheme, values, weight_texts(values, _DIGITS))


def _called(weights: tuple[ClassWeights, ...]) -> str:
    """The roles, which are not interchangeable."""
    return " or ".join(dict.fromkeys(w.role.value for w in weights))


def _curves(page: Page, subject: Subject, order: list[int]) -> Figure:
    weights = subject.weights
    every = np.concatenate([w.values for w in weights]).tolist()
    logarithmic = is_wide(every, subject.options.log) and min(every) >= 0
    page.key([(w.scheme, LOOKS[i]) for i, w in enumerate(weights)])
    page.skip(0.08)
    height = subject.options.height
    tall = _CURVES if height is None else max(0.5, height - page.used - _AXIS - MARGIN)
    number = page.box(MARGIN + 0.75, MARGIN + 0.1, tall)
    page.skip(_AXIS)
    figure, boxes = page.figure()
    axes = boxes[number]
    low, high = limits(every, logarithmic)
    axes.set_xlim(1, len(order))
    axes.set_ylim(
        low if logarithmic else min(0.0, *every),
        high * ((high / low) ** 0.03 if logarithmic else 1.04),
    )
    picked = drawn_ranks(len(order))
    for i, one in enumerate(weights):
        look = LOOKS[i]
        values = one.values[np.array(order)][picked]
        axes.plot(
            picked + 1, np.where(values > 0, values, np.nan) if logarithmic else values,
            color=look.color, dashes=look.dashes or (None, None), linewidth=1.4,
            marker=look.marker, markersize=5 * look.scale, markeredgecolor="white", markeredgewidth=0.3,
            markevery=0.11,
        )  # fmt: skip
    label = _called(weights) + (" (log scale)" if logarithmic else "")
    dress(axes, "y", label, logarithmic=logarithmic)
    axes.xaxis.set_major_formatter(compact)
    axes.set_xlabel("rank by frequency", fontsize=TEXT_SIZE)
    return figure


KIND = Kind(
    name="weights",
    summary="the weight of each class under each scheme; of many classes as curves over their ranks",
    draw=draw,
    needs_weights=True,
)
