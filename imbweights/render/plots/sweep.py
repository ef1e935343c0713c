"""A sweep as a picture: precision against recall, and what each weight does to them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from imbweights.core.counts import Task
from imbweights.core.escaping import visible
from imbweights.evidence.result import CandidateResult, Kind, SweepResult
from imbweights.render import sweep_words
from imbweights.render.escaping import quoted
from imbweights.render.plots.drawing import picture
from imbweights.render.plots.labels import Box, Plane, dense, leader, placed
from imbweights.render.sweep_columns import is_binary
from imbweights.schemes import SCHEMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL, LEADER = "label", "leader"
_SIZE = (10.0, 5.4)
_TITLE_WIDTH = 100
_TITLE_LINES = 2
_LONGEST_LABEL = 30
_FONT = 8.0
_PAD = 3.0
_GAP = 7.0
_MARKER, _RING = 10.0, 26.0
_ISO = (0.2, 0.4, 0.6, 0.8)
_GREY, _DARK = "#8a8a8a", "#303030"


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of point is drawn. Colours are those of Okabe and Ito (2008), which the
    colour-blind tell apart; markers differ too, so that nothing depends on colour.
    """

    marker: str
    color: str
    title: str
    size: float = 6.5


_LOOKS = {
    Kind.PLAIN: Look("o", "#000000", "plain"),
    Kind.THRESHOLD: Look("D", "#0072B2", "plain, threshold tuned", 9.5),
    Kind.BEST_WEIGHT: Look("P", "#D55E00", "best weight", 9.0),
    Kind.WEIGHT_THRESHOLD: Look("X", "#CC79A7", "best weight, threshold tuned", 6.5),
    Kind.POS_WEIGHT: Look("s", "#E69F00", "weights of the grid"),
    Kind.SCHEME: Look("^", "#009E73", "schemes"),
    Kind.DUMMY: Look("v", "#8a8a8a", "without features"),
}
_MANY = {Kind.POS_WEIGHT, Kind.SCHEME, Kind.DUMMY}  # they lie under those that were chosen
_SERIES = (  # score, colour, marker, dashes
    ("precision", "#0072B2", "s", (4.0, 2.0)),
    ("recall", "#E69F00", "^", (1.0, 1.5)),
    ("f1", "#000000", "o", ()),
)


def sweep_picture(result: SweepResult, suffix: str) -> bytes:
    """The picture as an ``.svg`` or ``.png`` file. Needs matplotlib."""
    return picture(partial(sweep_figure, result), suffix, sweep_words.headline(result))


def sweep_figure(result: SweepResult) -> Figure:
    """The figure: on the left a point per candidate, on the right the grid of weights."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine()
    figure = Figure(figsize=_SIZE, layout=layout)
    lines = textwrap.wrap(sweep_words.headline(result), _TITLE_WIDTH)[:_TITLE_LINES]
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=11.5, fontweight="bold")
    figure.supxlabel(
        _shortened(f"{visible(result.tried.name)}: {sweep_words.data_line(result)}", 150),
        x=0.01, ha="left", fontsize=_FONT, color=_DARK,
    )  # fmt: skip
    left, right = figure.subplots(1, 2)
    points = _draw_points(left, result)
    _draw_grid(right, result)
    # What is where is known only after the layout; labels come last and change nothing of it.
    layout.execute(figure)
    figure.set_layout_engine("none")
    _draw_labels(left, result, points)
    return figure


def _keys(result: SweepResult) -> tuple[str, str]:
    """The scores on the left. Micro ones have the F1 of the lines; macro ones have not."""
    several = result.task is Task.MULTILABEL
    return ("micro_precision", "micro_recall") if several else ("precision", "recall")


def _points(result: SweepResult) -> list[tuple[CandidateResult, tuple[float, float]]]:
    """The candidates with a defined precision, at (recall, precision)."""
    above, along = _keys(result)
    found = []
    for candidate in result.candidates:
        precision, recall = candidate.pooled[above], candidate.pooled[along]
        if precision is not None and recall is not None:
            found.append((candidate, (recall, precision)))
    return found


def _kind(candidate: CandidateResult) -> Kind:
    return Kind.POS_WEIGHT if sweep_words.is_grid(candidate) else candidate.kind


def _draw_points(
    axes: Axes, result: SweepResult
) -> list[tuple[CandidateResult, tuple[float, float]]]:
    of = "all labels" if result.minority is None else f"class {quoted(result.minority, 24)}"
    axes.set_title(f"Precision and recall of {of}")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="recall", ylabel="precision")
    _draw_iso_lines(axes)
    if result.curve:
        axes.plot(
            [p.recall for p in result.curve], [p.precision for p in result.curve],
            color=_DARK, linewidth=1.0, label="plain, every threshold",
        )  # fmt: skip
    points = _points(result)
    places = {candidate.name: at for candidate, at in points}
    path = [places[c.name] for _, c in _grid(result)[0] if c.name in places]
    axes.plot(*_columns(path), color=_LOOKS[Kind.POS_WEIGHT].color, linewidth=0.8, dashes=(1, 2))
    for kind, look in _LOOKS.items():
        found = [at for candidate, at in points if _kind(candidate) is kind]
        if found:
            axes.plot(
                *_columns(found), look.marker, color=look.color, label=look.title,
                markersize=look.size, markeredgecolor="white", markeredgewidth=0.6, clip_on=False,
                zorder=4 if kind in _MANY else 6 - look.size / 10,
            )  # fmt: skip
    winner = [at for candidate, at in points if candidate is result.winner]
    if winner:
        axes.plot(
            *_columns(winner), "o", markersize=17, fillstyle="none", color="black",
            markeredgewidth=1.2, clip_on=False, zorder=6, label="the advice",
        )  # fmt: skip
    _draw_legend(axes)
    return points


def _draw_legend(axes: Axes) -> None:
    """Below the axes, where it hides nothing."""
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, fontsize=_FONT)


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _draw_iso_lines(axes: Axes) -> None:
    """Where F1 is the same: precision = F1·recall / (2·recall − F1); named in the margin."""
    for f1 in _ISO:
        start = f1 / (2 - f1)
        recalls = [start + (1 - start) * (i / 60) ** 2 for i in range(61)]
        axes.plot(recalls, [f1 * r / (2 * r - f1) for r in recalls], color="#c8c8c8", linewidth=0.7)
        name = f"F1 .{round(10 * f1)}"
        axes.text(1.03, start, name, color=_GREY, fontsize=7, va="center", clip_on=False)


def _draw_grid(axes: Axes, result: SweepResult) -> None:
    """F1, precision and recall against the weight."""
    grid, logarithmic = _grid(result)
    binary = is_binary(result) and result.minority is not None
    key, word = ("", "") if binary else ("macro_", "macro ")
    of = f"scores of class {quoted(result.minority or '', 24)}" if binary else "macro scores"
    axes.set_title(f"What weights do: {of}")
    axes.set(ylim=(-0.02, 1.02))
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlabel("pos_weight")
        _plain_ticks(axes)
    else:
        axes.set_xlabel("exponent γ of the weights, 0: no weights")
    xs = [x for x, _ in grid]
    for score, color, marker, dashes in _SERIES if grid else ():
        ys = [_number(c.pooled[key + score]) for _, c in grid]
        title = word + ("F1" if score == "f1" else score)
        axes.plot(
            xs, ys, color=color, marker=marker, dashes=dashes or (None, None), linewidth=1.4,
            markersize=5, label=title,
        )  # fmt: skip
    _draw_spread(axes, grid, f"{key}f1")
    for candidate in result.of_kind(Kind.THRESHOLD):
        tuned = candidate.pooled[f"{key}f1"]
        if tuned is not None:
            axes.axhline(
                tuned,
                color=_GREY,
                linewidth=1.0,
                linestyle="-.",
                label=f"{word}F1, threshold tuned",
            )
    _draw_legend(axes)
    if not grid:
        axes.text(0.5, 0.5, "no weights of the grid", ha="center", transform=axes.transAxes)


def _draw_spread(axes: Axes, grid: Sequence[tuple[float, CandidateResult]], key: str) -> None:
    """One standard error of F1, up and down."""
    found = [(x, c.pooled[key], c.spread.get(key)) for x, c in grid]
    known = [(x, y, s) for x, y, s in found if y is not None and s is not None]
    if known:
        axes.fill_between(
            [x for x, _, _ in known], [y - s for _, y, s in known], [y + s for _, y, s in known],
            color="#d0d0d0", linewidth=0, zorder=0, label="± standard error of F1",
        )  # fmt: skip


def _plain_ticks(axes: Axes) -> None:
    """1, 2, 5, 10 … instead of powers of ten."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axes.xaxis.set_major_locator(LogLocator(10, subs=(1.0, 2.0, 5.0), numticks=12))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _grid(result: SweepResult) -> tuple[list[tuple[float, CandidateResult]], bool]:
    """The weights of the grid in order with the plain model, and whether they are ``pos_weight``."""
    grid = [c for c in result.candidates if sweep_words.is_grid(c)]
    values = [_pos_weight(c) for c in grid]
    plain = result.of_kind(Kind.PLAIN)[:1]
    if grid and all(value is not None and value > 0 for value in values):
        pairs = [(1.0, c) for c in plain]
        pairs += [(value, c) for value, c in zip(values, grid, strict=True) if value is not None]
        return sorted(pairs, key=_place), True
    pairs = [(0.0, c) for c in plain] if grid else []
    pairs += [(c.gamma, c) for c in grid if c.gamma is not None]
    return sorted(pairs, key=_place), False


def _place(pair: tuple[float, CandidateResult]) -> float:
    return pair[0]


def _pos_weight(candidate: CandidateResult) -> float | None:
    """The value of the grid: of two classes, or the same for every label."""
    if candidate.pos_weight is not None:
        return candidate.pos_weight
    if candidate.gamma is None and candidate.weights is not None:
        return float(candidate.weights.values[0])
    return None


def _number(score: float | None) -> float:
    return math.nan if score is None else score


def _draw_labels(
    axes: Axes, result: SweepResult, points: Sequence[tuple[CandidateResult, tuple[float, float]]]
) -> None:
    """A label beside every marker, the advice first, so that it has the best place."""
    order = (Kind.PLAIN, Kind.THRESHOLD, Kind.BEST_WEIGHT, Kind.WEIGHT_THRESHOLD, Kind.POS_WEIGHT)
    ranked = sorted(
        points,
        key=lambda pair: (pair[0] is not result.winner, _kind(pair[0]) not in order),
    )
    texts = [_label(candidate) for candidate, _ in ranked]
    anchors = [_pixels(axes, at) for _, at in ranked]
    curve = dense([_pixels(axes, (p.recall, p.precision)) for p in result.curve])
    found = axes.get_window_extent()
    plane = Plane(
        room=Box(found.x0, found.y0, found.x1, found.y1),
        taken=tuple(_marker_box(c, at, result) for (c, _), at in zip(ranked, anchors, strict=True)),
        curves=curve,
    )
    sizes = [_extent(axes, text) for text in texts]
    boxes = placed(anchors, sizes, plane, _GAP)
    for text, anchor, box in zip(texts, anchors, boxes, strict=True):
        if box is not None:
            _draw_label(axes, text, anchor, box)


def _marker_box(candidate: CandidateResult, at: tuple[float, float], result: SweepResult) -> Box:
    size = _RING if candidate is result.winner else _MARKER
    return Box.around(at, size, size)


def _label(candidate: CandidateResult) -> str:
    """The weight itself for what has no other name."""
    if sweep_words.is_grid(candidate) and candidate.name not in SCHEMES:
        value = _pos_weight(candidate)
        return f"γ {candidate.gamma:g}" if value is None else sweep_words.weight_text(value)
    return _shortened(sweep_words.candidate_name(candidate), _LONGEST_LABEL)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _pixels(axes: Axes, at: tuple[float, float]) -> tuple[float, float]:
    x, y = axes.transData.transform(at)
    return float(x), float(y)


def _extent(axes: Axes, text: str) -> tuple[float, float]:
    """Width and height of a label in pixels, with a margin."""
    artist = axes.text(0, 0, text, fontsize=_FONT)
    found = artist.get_window_extent()
    artist.remove()
    return found.width + 2 * _PAD, found.height + 2 * _PAD


def _draw_label(axes: Axes, text: str, anchor: tuple[float, float], box: Box) -> None:
    """The text in its box, with a thin line to its marker where that is not close by."""
    inverse = axes.transData.inverted()
    x, y = inverse.transform(box.middle)
    artist = axes.text(
        x, y, text, fontsize=_FONT, color=_DARK, ha="center", va="center", zorder=3.5,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
    )  # fmt: skip
    artist.set_gid(f"{LABEL}-{len(axes.texts)}")
    if leader(anchor, box, _GAP) is not None:
        ends = inverse.transform([anchor, box.nearest(anchor, _PAD)])
        axes.plot(ends[:, 0], ends[:, 1], color=_GREY, linewidth=0.5, zorder=3, gid=LEADER)
