"""Whether a curve passes through numbers that were rounded, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from imbweights.auditing.curves import Curve, Knob
from imbweights.auditing.problem import Problem
from imbweights.core.weights import FloatArray

_STARTS = 3
_INTERVALS = 12
_BENT = "mu"
_HALVINGS = 60
_TIGHT = 1e-9
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Fit:
    """A point of a curve that explains every number: the value of the parameter (``None``: there is
    none), whether it had to be fitted, and the factors that the scale may have.
    """

    curve: Curve
    value: float | None
    fitted: bool
    least: float
    most: float

    @property
    def factor(self) -> float:
        """The middle one of the factors."""
        return float(np.sqrt(self.least * self.most))


def slack(logs: FloatArray, problem: Problem, *, free: bool) -> FloatArray:
    """(G,) for each of the (G, K) vectors, by how much, in ln, it fits: ≥ 0 where all numbers are
    explained by rounding alone.

    A vector v fits when some factor a has low ≤ a·v ≤ high everywhere: max ln(low/v) ≤ ln a ≤
    min ln(high/v). Where the scale is not free, a = 1.
    """
    first, last = _bounds(logs, problem)
    if not free:
        first, last = np.fmax(first, 0.0), np.fmin(last, 0.0)
    gap: FloatArray = last - first
    return np.where(np.isnan(gap), -np.inf, gap)


def _bounds(logs: FloatArray, problem: Problem) -> tuple[FloatArray, FloatArray]:
    keep = problem.usable
    with np.errstate(all="ignore"):
        low = np.log(np.where(problem.low > 0, problem.low, 0.0))[keep]
        high = np.log(problem.high)[keep]
        seen = logs[:, keep]
        first, last = (low - seen).max(axis=1), (high - seen).min(axis=1)
    return first, last


def fit(curve: Curve, problem: Problem) -> Fit | None:
    """The point of the curve that explains the numbers, if there is one; a usual one if possible."""
    if not problem.usable.any():
        return None
    fits = slack(curve.usual_table, problem, free=curve.free) >= -_TIGHT
    if fits.any():
        return at(curve, curve.usual[int(fits.argmax())], problem, fitted=False)
    knob = curve.knob
    return None if knob is None else _fitted(curve, knob, problem)


def _accepts(curve: Curve, value: float) -> bool:
    return any(p.name == curve.parameter and p.accepts(value) for p in curve.scheme.parameters)


def at(curve: Curve, value: float | None, problem: Problem, *, fitted: bool) -> Fit | None:
    """The fit at one point of the curve, if it does."""
    logs = curve.logs(value)[None, :]
    if slack(logs, problem, free=curve.free)[0] < -_TIGHT:
        return None
    first, last = _bounds(logs, problem)
    least, most = np.exp(min(first[0], last[0])), np.exp(max(first[0], last[0]))
    if not curve.free:
        return Fit(curve, value, fitted, 1.0, 1.0)
    return Fit(curve, value, fitted, float(max(least, 1e-300)), float(most))


def _fitted(curve: Curve, knob: Knob, problem: Problem) -> Fit | None:
    """Climb from the best points of the table; then the roundest parameter that still fits."""

    def gap(x: float) -> float:
        return float(slack(curve.logs(knob.value(x))[None, :], problem, free=curve.free)[0])

    for left, right in _hills(curve, slack(curve.table, problem, free=curve.free)):
        x = _climb(gap, float(knob.points[left]), float(knob.points[right]))
        if gap(x) >= -_TIGHT:
            value = _roundest(curve, knob.value(x), problem)
            return at(curve, value, problem, fitted=True)
    return None


def _hills(curve: Curve, gaps: FloatArray) -> list[tuple[int, int]]:
    """Pairs of points of the table with a hill between them that may be high enough, the most
    promising first.

    A curve has one hill, or a few with a peak in the table each; but where a floor bends it, as that
    of log-ratio, a hill may stand between two points that show nothing of it.
    """
    near = gaps + curve.reach >= 0
    if curve.parameter == _BENT:
        between = np.flatnonzero(near[:-1] | near[1:])
        order = sorted(between.tolist(), key=lambda i: -float(max(gaps[i], gaps[i + 1])))
        return [(i, i + 1) for i in order[:_INTERVALS]]
    inner = np.concatenate([[-np.inf], gaps, [-np.inf]])
    peaks = np.flatnonzero((gaps >= inner[:-2]) & (gaps >= inner[2:]) & near)
    starts = sorted(peaks.tolist(), key=lambda i: -float(gaps[i]))[:_STARTS]
    return [(max(0, i - 1), min(len(gaps) - 1, i + 1)) for i in starts]


def _climb(gap: Callable[[float], float], left: float, right: float) -> float:
    """The highest point between two others, by golden section; stops at the first that fits."""
    a, b = left, right
    x, y = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    fx, fy = gap(x), gap(y)
    for _ in range(_HALVINGS):
        if max(fx, fy) >= 0:
            break
        if fx >= fy:
            b, y, fy = y, x, fx
            x = b - _GOLDEN * (b - a)
            fx = gap(x)
        else:
            a, x, fx = x, y, fy
            y = a + _GOLDEN * (b - a)
            fy = gap(y)
    return x if fx >= fy else y


def _roundest(curve: Curve, value: float, problem: Problem) -> float:
    """The parameter with the fewest digits that still explains the numbers."""
    one = 1.0 if curve.parameter in {"beta", "c"} else 0.0
    away = abs(value - one)
    sign = -1.0 if value < one else 1.0
    rounded = (one + sign * float(f"{away:.{digits}g}") for digits in range(1, 12))
    fits = (
        x for x in rounded if _accepts(curve, x) and at(curve, x, problem, fitted=True) is not None
    )
    return next(fits, value)
