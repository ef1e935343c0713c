"""The charts of a report as numbers and texts; the templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size

from imbweights.core.counts import ClassCounts
from imbweights.render.escaping import quoted
from imbweights.render.numbers import count_text, ratio_text
from imbweights.render.report.tables import shown_name
from imbweights.render.telling_apart import told_apart

MOST_BARS = 40
MOST_SPLITS = 6
_MOST_DOTS = 30
_MOST_POINTS = 1000
_WIDTH, _ROW, _TOP = 760.0, 22.0, 24.0
_LEFT, _RIGHT = 210.0, 100.0
_CELLS, _SIGN = 24, 7.5
_RANK_LEFT, _RANK_RIGHT, _RANK_HEIGHT, _RANK_BOTTOM = 70.0, 20.0, 260.0, 40.0
_LOWEST, _HIGHEST = 0.25, 4.0
_ABSENT = 64.0
_WIDE = 100.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale: where it is, in pixels, and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A class: its top edge and length in pixels, its name (short, and in full), its number."""

    y: float
    length: float
    name: str
    full: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Horizontal bars, the largest first. ``scale``: ``linear`` or ``log``."""

    scale: str
    title: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    left: float
    top: float = _TOP
    row: float = _ROW
    width: float = _WIDTH

    @property
    def height(self) -> float:
        """Of the whole picture."""
        return self.top + self.row * len(self.bars) + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RankChart:
    """Counts against the rank of the class, as an area: for very many classes.

    ``path``: the outline; ``ticks`` on the left, ``ranks`` below.
    """

    scale: str
    title: str
    path: str
    ticks: tuple[Tick, ...]
    ranks: tuple[Tick, ...]
    left: float = _RANK_LEFT
    bottom: float = _RANK_HEIGHT
    width: float = _WIDTH
    right: float = _WIDTH - _RANK_RIGHT
    height: float = _RANK_HEIGHT + _RANK_BOTTOM


@dataclass(frozen=True, slots=True)
class Dot:
    """A split's share of a class: where it is, the number of its marker, what a pointer is told."""

    x: float
    marker: int
    text: str
    absent: bool


@dataclass(frozen=True, slots=True)
class DotRow:
    """A class with a dot per split."""

    y: float
    name: str
    full: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitChart:
    """How many times as frequent each class is in each split as in the whole."""

    title: str
    splits: tuple[str, ...]
    rows: tuple[DotRow, ...]
    ticks: tuple[Tick, ...]
    hidden: int
    left: float
    top: float = _TOP
    row: float = _ROW
    width: float = _WIDTH

    @property
    def absent(self) -> float:
        """Where the markers of absent classes are."""
        return self.left + _ABSENT / 2

    @property
    def height(self) -> float:
        """Of the whole picture."""
        return self.top + self.row * len(self.rows) + 6


def short_name(name: str, cells: int = _CELLS) -> str:
    """A name that has room beside a bar.

    >>> short_name("a" * 40, 8)
    'aaaaaaa…'
    """
    text = shown_name(name)
    if cell_len(text) <= cells:
        return text
    return f"{set_cell_size(text, cells - 1).rstrip()}…"


def frequency_charts(counts: ClassCounts, what: str) -> tuple[BarChart | RankChart, ...]:
    """The counts on a linear and on a logarithmic scale; none where nothing was counted."""
    values = dict(zip(counts.classes, counts.counts.tolist(), strict=True))
    if not any(values.values()):
        return ()
    draw = bar_chart if len(values) <= MOST_BARS else rank_chart
    return tuple(draw(values, what, scale) for scale in ("linear", "log"))


def best_scale(counts: ClassCounts) -> str:
    """The scale on which most of the classes can be seen."""
    positive = counts.counts[counts.counts > 0]
    return "log" if len(positive) and positive.max() / positive.min() > _WIDE else "linear"


def bar_chart(values: Mapping[str, int], what: str, scale: str) -> BarChart:
    """A bar per class."""
    place, marks = _scale(values.values(), scale)
    left = _margin(values)
    room = _WIDTH - left - _RIGHT
    ranked = sorted(values, key=lambda name: -values[name])
    short = told_apart(ranked, short_name)
    bars = tuple(
        Bar(
            y=_TOP + i * _ROW,
            length=round(place(values[name]) * room, 1),
            name=short[name],
            full=shown_name(name),
            value=count_text(values[name]),
        )
        for i, name in enumerate(ranked)
    )
    ticks = tuple(Tick(round(left + place(v) * room, 1), _short_count(v)) for v in marks)
    return BarChart(scale=scale, title=_title(what, scale), bars=bars, ticks=ticks, left=left)


def _margin(names: Iterable[str]) -> float:
    """Room for the names; a sign of a usual font is about half as wide as it is high."""
    longest = max(map(cell_len, told_apart(names, short_name).values()))
    return min(_LEFT, 16.0 + _SIGN * longest)


def rank_chart(values: Mapping[str, int], what: str, scale: str) -> RankChart:
    """One area for all classes."""
    place, marks = _scale(values.values(), scale)
    ordered = sorted(values.values(), reverse=True)
    across = _WIDTH - _RANK_LEFT - _RANK_RIGHT
    up = _RANK_HEIGHT - _TOP / 2
    shown = np.unique(np.linspace(0, len(ordered) - 1, min(len(ordered), _MOST_POINTS)).round())
    steps = []
    for i in shown.astype(int).tolist():
        y = _RANK_HEIGHT - place(ordered[i]) * up
        x = _RANK_LEFT + (i + 1) / len(ordered) * across
        steps.append(f"V{y:.1f}H{x:.1f}")
    path = f"M{_RANK_LEFT:.1f} {_RANK_HEIGHT:.1f}{''.join(steps)}V{_RANK_HEIGHT:.1f}Z"
    every = [1, *(round(len(ordered) * part) for part in (0.25, 0.5, 0.75, 1.0))]
    return RankChart(
        scale=scale,
        title=_title(what, scale),
        path=path,
        ticks=tuple(Tick(round(_RANK_HEIGHT - place(v) * up, 1), _short_count(v)) for v in marks),
        ranks=tuple(
            Tick(round(_RANK_LEFT + (r - 0.5) / len(ordered) * across, 1), count_text(r))
            for r in every
        ),
    )


def _title(what: str, scale: str) -> str:
    return f"{what}, the most frequent first, {scale} scale"


class _Scale:
    """Value → part of the room, between 0 and 1."""

    def __init__(self, low: float, high: float, *, logarithmic: bool) -> None:
        """From ``low``, where bars begin, to ``high``."""
        self.low, self.high, self.logarithmic = low, high, logarithmic

    def __call__(self, value: float) -> float:
        """The part."""
        if value <= 0:
            return 0.0
        if not self.logarithmic:
            return value / self.high
        return (math.log10(value) - self.low) / (math.log10(self.high) - self.low)


def _scale(values: Iterable[int], scale: str) -> tuple[_Scale, list[float]]:
    """The scale, and the numbers that are written at it."""
    positive = [v for v in values if v > 0]
    most = max(positive)
    if scale == "log":
        # The smallest bar must not vanish: it begins below its own number.
        low = math.floor(math.log10(min(positive) * 0.8))
        exponents = range(max(0, low), math.floor(math.log10(most)) + 1)
        step = max(1, len(exponents) // 6)
        return _Scale(low, most, logarithmic=True), [10.0**e for e in exponents][::step]
    return _Scale(0, most, logarithmic=False), _round_numbers(most)


def _round_numbers(most: float) -> list[float]:
    """0 and a few round numbers up to ``most``.

    >>> _round_numbers(710), _round_numbers(3)
    ([0, 200, 400, 600], [0, 1, 2, 3])
    """
    power = 10.0 ** math.floor(math.log10(most))
    step = next(s * power for s in (0.2, 0.5, 1.0, 2.0) if most / (s * power) <= 5)
    step = max(1, round(step))
    return [i * step for i in range(int(most // step) + 1)]


def _short_count(value: float) -> str:
    """A number that has room at a scale.

    >>> _short_count(200), _short_count(150000), _short_count(2e6)
    ('200', '150k', '2M')
    """
    for least, size, sign in ((1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if value >= least:
            return f"{value / size:g}{sign}"
    return count_text(round(value))


def split_chart(whole: ClassCounts, splits: Mapping[str, ClassCounts]) -> SplitChart | None:
    """The classes whose shares differ most between the splits; ``None`` for fewer than two splits
    or very many.
    """
    filled = {name: counts for name, counts in splits.items() if counts.total}
    if not 2 <= len(filled) <= MOST_SPLITS:
        return None
    shares = {name: counts.shares for name, counts in filled.items()}
    there = [i for i, n in enumerate(whole.counts.tolist()) if n]
    ratios = {i: [float(s[i] / whole.shares[i]) for s in shares.values()] for i in there}
    sizes = {name: counts.total for name, counts in filled.items()}
    surprise = {
        i: _surprise(
            int(whole.counts[i]), {name: int(c.counts[i]) for name, c in filled.items()}, sizes
        )
        for i in there
    }
    ranked = sorted(there, key=lambda i: -surprise[i])[:_MOST_DOTS]
    chosen = sorted(ranked) if len(there) <= _MOST_DOTS else ranked
    short = told_apart([whole.classes[i] for i in chosen], short_name)
    left = _margin(short)
    rows = tuple(
        DotRow(
            y=_TOP + place * _ROW,
            name=short[whole.classes[i]],
            full=shown_name(whole.classes[i]),
            dots=tuple(_dots(list(filled), ratios[i], left)),
        )
        for place, i in enumerate(chosen)
    )
    marks = {0.25: "¼ ×", 0.5: "½ ×", 1.0: "1 ×", 2.0: "2 ×", 4.0: "4 ×"}
    return SplitChart(
        title="How many times as frequent a class is in a split as in the whole",
        splits=tuple(quoted(name, 24) for name in filled),
        rows=rows,
        ticks=tuple(Tick(_across(value, left), text) for value, text in marks.items()),
        hidden=len(there) - len(chosen),
        left=left,
    )


def _surprise(whole: int, part: Mapping[str, int], sizes: Mapping[str, int]) -> float:
    """Σ (n − e)² / e over the splits, with e the count expected by the size of the split.

    So a few samples that happen to lie in one split do not hide what differs beyond chance.
    """
    total = sum(sizes.values())
    expected = {name: whole * size / total for name, size in sizes.items()}
    return sum((part[name] - e) ** 2 / e for name, e in expected.items())


def _across(ratio: float, left: float) -> float:
    """Where a ratio is drawn; those beyond the scale lie at its ends."""
    room = _WIDTH - left - _ABSENT - _RIGHT / 2
    inside = min(max(ratio, _LOWEST), _HIGHEST)
    part = math.log(inside / _LOWEST) / math.log(_HIGHEST / _LOWEST)
    return round(left + _ABSENT + 14 + part * (room - 28), 1)


def _dots(splits: Sequence[str], ratios: Sequence[float], left: float) -> Iterable[Dot]:
    for marker, (split, ratio) in enumerate(zip(splits, ratios, strict=True)):
        shown = quoted(split, 24)
        if ratio == 0:
            yield Dot(left + _ABSENT / 2, marker, f"absent from {shown}", absent=True)
        else:
            text = f"{shown}: {ratio_text(ratio) if ratio >= 1 else f'{ratio:.2f}'} times"
            yield Dot(_across(ratio, left), marker, text, absent=False)
