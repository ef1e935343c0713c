"""A bar per class, the most frequent on top; of many classes also the curve of their ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imbweights.core.counts import ClassCounts, Task
from imbweights.render.numbers import UNDEFINED, count_text, share_text
from imbweights.render.plots.kinds.base import Kind, Subject
from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.looks import BAR, DARK, GREY, OTHERS, SOURCE_SIZE, TEXT_SIZE
from imbweights.render.plots.page import MARGIN, Page
from imbweights.render.plots.rows import (
    drawn_ranks,
    dress_rows,
    lay_out,
    others,
    ranked,
    singled_out,
)
from imbweights.render.plots.scales import compact, dress, is_wide, limits, said
from imbweights.render.plots.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_AXIS = 0.44
_CURVE = 1.7
_FOLDED = 15
_BAR = 0.74


def draw(subject: Subject, lettering: Lettering) -> Figure:
    """The figure. What is not shown singly is summed, and said to be."""
    counts, options = subject.profile.total, subject.options
    shown, rest = singled_out(counts, options.top)
    numbers = counts.counts
    values = [int(numbers[i]) for i in shown]
    names = [counts.classes[i] for i in shown]
    labels = [_label(counts, n) for n in values]
    if rest:
        values.append(sum(int(numbers[i]) for i in rest))
        names.append(others(len(rest)))
        labels.append(_sum_label(counts, values[-1]))
    curve = len(rest) >= _FOLDED
    logarithmic = is_wide(numbers.tolist(), options.log)

    page = Page(lettering, options.width)
    page.heading(subject.title, subject.caption)
    below = _AXIS + MARGIN + (_CURVE + _AXIS + 0.55) * curve
    rows = lay_out(page, names, options, below=below)
    right = MARGIN + 0.08 + max(lettering.width(label, rows.size) for label in labels)
    bars = page.box(rows.left, right, rows.total)
    page.skip(_AXIS)
    if curve:
        page.skip(0.12)
        page.paragraph(_tail(counts), TEXT_SIZE, fontweight="bold")
        page.skip(0.08)
        line = page.box(MARGIN + 0.75, MARGIN + 0.1, _CURVE)
        page.skip(_AXIS)
    figure, axes = page.figure()
    axes[bars].set_xlim(*limits([*numbers.tolist(), *values], logarithmic))
    _bars(axes[bars], values, labels, rows.size, summed=bool(rest))
    dress_rows(axes[bars], rows)
    label = said(counted(counts), numbers.tolist(), logarithmic)
    dress(axes[bars], "x", label, logarithmic=logarithmic, whole=True)
    if curve:
        _curve(axes[line], counts, len(shown), logarithmic=logarithmic)
    return figure


def _label(counts: ClassCounts, count: int) -> str:
    whole = counts.samples if counts.task is Task.MULTILABEL else counts.total
    share = share_text(count / whole) if whole else UNDEFINED
    return f"{count_text(count)}  ({share})"


def _sum_label(counts: ClassCounts, count: int) -> str:
    """Rows may have several labels, so that a sum of labels is no share of rows."""
    if counts.task is Task.MULTILABEL:
        return f"{count_text(count)} labels"
    return _label(counts, count)


def _bars(
    axes: Axes, values: list[int], labels: list[str], size: float, *, summed: bool
) -> None:  # fmt: skip
    low, _ = axes.get_xlim()
    last = len(values) - 1
    for i, (value, label) in enumerate(zip(values, labels, strict=True)):
        rest = summed and i == last
        if value:
            axes.barh(
                i, value - low, left=low, height=_BAR,
                color=OTHERS if rest else BAR, hatch="///" if rest else None,
                edgecolor="white" if rest else "none", linewidth=0,
            )  # fmt: skip
        axes.annotate(
            label, (max(value, low), i), xytext=(4, 0), textcoords="offset points",
            fontsize=size, color=DARK, va="center_baseline", annotation_clip=False,
        )  # fmt: skip


def _tail(counts: ClassCounts) -> str:
    """What the curve shows, in words."""
    numbers = sorted(counts.counts.tolist())
    half = numbers[(len(numbers) - 1) // 2]
    empty = sum(n == 0 for n in numbers)
    none = f"; {count_text(empty)} have none" if empty else ""
    kinds = "labels" if counts.task is Task.MULTILABEL else "classes"
    what = counted(counts).removesuffix(" with the label")
    return (
        f"All {count_text(len(numbers))} {kinds} by rank: half of them have at most "
        f"{count_text(half)} {what}{none}"
    )


def _curve(axes: Axes, counts: ClassCounts, shown: int, *, logarithmic: bool) -> None:
    """Counts against rank; the part that the bars show lies left of the dotted line."""
    values = counts.counts[ranked(counts)]
    known = values[values > 0] if logarithmic else values
    picked = drawn_ranks(len(known))
    low, high = limits(known.tolist(), logarithmic)
    axes.set_xlim(1, len(values))
    axes.set_ylim(low, high * (1.3 if logarithmic else 1.04))
    axes.fill_between(picked + 1, known[picked], low, color=BAR, alpha=0.25, linewidth=0)
    axes.plot(picked + 1, known[picked], color=BAR, linewidth=1.4)
    axes.axvline(shown + 0.5, color=GREY, linewidth=0.9, linestyle=":")
    axes.annotate(
        "← bars above", (shown + 0.5, 1), xycoords=("data", "axes fraction"), xytext=(3, -9),
        textcoords="offset points", fontsize=SOURCE_SIZE, color=GREY,
    )  # fmt: skip
    dress(axes, "y", said(counted(counts), [], False), logarithmic=logarithmic, whole=True)
    axes.set_ylabel(counted(counts) + (" (log)" if logarithmic else ""), fontsize=TEXT_SIZE)
    axes.xaxis.set_major_formatter(compact)
    axes.set_xlabel("rank by frequency", fontsize=TEXT_SIZE)


KIND = Kind(
    name="bar",
    summary="a bar per class with count and share; of many classes also the curve of their ranks",
    draw=draw,
)
