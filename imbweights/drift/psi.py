"""Population stability index."""

from __future__ import annotations

import numpy as np

from imbweights.drift.base import DriftMeasure, FloatArray

_HALF = 0.5


def psi(before: FloatArray, now: FloatArray) -> float:
    """Σ (q − p) ln(q/p), with p and q the shares of the classes then and now; ≥ 0.

    Half a sample is added to every class, then and now, so that a class that is new or gone gives
    a large finite number instead of infinity.

    >>> round(psi(np.array([500.0, 500.0]), np.array([600.0, 400.0])), 4)
    0.0405
    """
    p = (before + _HALF) / (before + _HALF).sum()
    q = (now + _HALF) / (now + _HALF).sum()
    return float(((q - p) * np.log(q / p)).sum())


MEASURE = DriftMeasure(
    name="psi",
    title="population stability index",
    formula="Σ (q − p) ln(q/p), half a sample added to each class",
    alarm=0.1,
    reference="Siddiqi 2006, Credit Risk Scorecards (below 0.1: no change; above 0.25: a large one)",
    compute=psi,
)
