"""Corrected weights on the scale that the given ones have."""

from __future__ import annotations

import numpy as np

from imbweights.auditing.case import Case
from imbweights.auditing.explaining import Explanation
from imbweights.auditing.scales import title_of
from imbweights.core.weights import FloatArray

_NAMES = {
    "sum1": "sum 1",
    "sumk": "sum K",
    "samples": "mean 1 over samples",
    "max1": "largest 1",
    "min1": "smallest 1",
}


def scaled_like(case: Case, best: Explanation) -> tuple[FloatArray, str]:
    """The values of an explanation of 1/w, scaled as w is: to sum 1, sum K … or to mean 1 over
    samples where w has no such scale; with their title.
    """
    values = best.values
    if case.positives:
        return values, best.title
    name = normalization(case)
    seen = np.isfinite(values) & (case.counts.counts > 0)
    factor = _factor(name, values[seen], case.counts.counts[seen].astype(np.float64))
    if name == "samples" and best.scheme in {"inverse", "balanced", "median-frequency"}:
        return values * factor, "balanced"
    plain = "inverse" if best.scheme in {"inverse", "balanced", "median-frequency"} else None
    title = plain or title_of(best.scheme)
    return values * factor, f"{title}, {_NAMES[name]}"


def normalization(case: Case) -> str:
    """The normalisation that the given numbers have, up to rounding; ``samples`` if none."""
    keep = case.problem.usable
    low, high = case.problem.low[keep], case.problem.high[keep]
    n = case.counts.counts[keep].astype(np.float64)
    sums = {
        "sum1": (low.sum(), high.sum(), 1.0),
        "sumk": (low.sum(), high.sum(), float(len(low))),
        "samples": (n @ low, n @ high, float(n.sum())),
        "max1": (low.max(), high.max(), 1.0),
        "min1": (low.min(), high.min(), 1.0),
    }
    return next((name for name, (a, b, x) in sums.items() if a <= x <= b), "samples")


def _factor(name: str, values: FloatArray, n: FloatArray) -> float:
    whole = float(values.sum())
    return {
        "sum1": 1.0 / whole,
        "sumk": values.size / whole,
        "samples": float(n.sum()) / float(n @ values),
        "max1": 1.0 / float(values.max()),
        "min1": 1.0 / float(values.min()),
    }[name]
