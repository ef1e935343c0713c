"""Jensen–Shannon distance between the class distributions then and now."""

from __future__ import annotations

import numpy as np

from imbweights.drift.base import DriftMeasure, FloatArray, shares


def jensen_shannon(before: FloatArray, now: FloatArray) -> float:
    """√(½ KL(p‖m) + ½ KL(q‖m)) with m = (p + q)/2 and logarithms to base 2; between 0 and 1.

    p and q: the shares then and now; KL(p‖m) = Σ p log₂(p/m), terms with p = 0 are 0.

    >>> jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    1.0
    """
    p, q = shares(before), shares(now)
    middle = (p + q) / 2
    divergence = (_kl(p, middle) + _kl(q, middle)) / 2
    return float(np.sqrt(max(divergence, 0.0)))


def _kl(p: FloatArray, m: FloatArray) -> float:
    there = p > 0
    return float((p[there] * np.log2(p[there] / m[there])).sum())


MEASURE = DriftMeasure(
    name="js",
    title="Jensen–Shannon distance",
    formula="√(½ KL(p‖m) + ½ KL(q‖m)), m = (p + q)/2, base 2",
    alarm=0.1,
    reference="Endres and Schindelin 2003, IEEE Trans. Inf. Theory 49(7); scipy.spatial.distance.jensenshannon",
    compute=jensen_shannon,
)
