"""The scheme that most numbers are near to, though none explains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imbweights.auditing.curves import Curve
from imbweights.auditing.explaining import Explanation, explanation
from imbweights.auditing.fitting import Fit
from imbweights.auditing.problem import Problem
from imbweights.core.weights import FloatArray

_MEDIAN = 0.12
_INLIER = 0.25
_SHARE = 0.7
_LEAST = 4


@dataclass(frozen=True, eq=False)
class Near:
    """``off`` (K,): ln of given over explained; ``spread``: the median of |off|."""

    explanation: Explanation
    off: FloatArray
    spread: float


def near(curves: Sequence[Curve], problem: Problem) -> Near | None:
    """Compared by the median of |ln w − ln v|, after the scale was set by the median.

    Only usual parameters: a fitted one comes near to nearly anything. At least four classes of
    different size, of which at least 70 % must be within a quarter.
    """
    if problem.equations < _LEAST - 1:
        return None
    keep = problem.usable
    with np.errstate(all="ignore"):
        logs = np.log(problem.values)
    best: tuple[float, Curve, float | None, FloatArray, float] | None = None
    for curve in (c for c in curves if c.suggested):
        for value in curve.usual:
            shape = curve.logs(value)
            shift = float(np.median((logs - shape)[keep])) if curve.free else 0.0
            off = np.where(keep, logs - shape - shift, np.nan)
            spread = float(np.median(np.abs(off[keep])))
            if (
                np.isfinite(spread)
                and not _flat(shape[keep])
                and (best is None or spread < best[0])
            ):
                best = (spread, curve, value, off, shift)
    if best is None:
        return None
    spread, curve, value, off, shift = best
    inliers = float((np.abs(off[keep]) < _INLIER).mean())
    if spread > _MEDIAN or inliers < _SHARE:
        return None
    factor = float(np.exp(shift))
    width = min(0.3, 2 * spread + 1e-6)
    found = explanation(
        Fit(curve, value, fitted=False, least=factor * (1 - width), most=factor * (1 + width)),
        problem,
    )
    with np.errstate(all="ignore"):
        off = np.where(keep, logs - np.log(found.values), np.nan)
    return Near(found, off, spread)


def _flat(logs: FloatArray) -> bool:
    """Nearly equal weights are near anything that is nearly equal."""
    return float(logs.max() - logs.min()) < 2 * _INLIER
