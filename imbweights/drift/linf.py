"""L∞: how far the share of one class has moved at most."""

from __future__ import annotations

import numpy as np

from imbweights.drift.base import DriftMeasure, FloatArray, shares


def linf(before: FloatArray, now: FloatArray) -> float:
    """max |q − p|, with p and q the shares of the classes then and now; between 0 and 1.

    >>> linf(np.array([50.0, 50.0]), np.array([60.0, 40.0]))
    0.1
    """
    return float(np.round(np.abs(shares(now) - shares(before)).max(), 15))


MEASURE = DriftMeasure(
    name="linf",
    title="largest change of a share",
    formula="max |q − p|",
    alarm=0.05,
    reference="TensorFlow Data Validation, skew and drift comparator (L-infinity norm)",
    compute=linf,
)
