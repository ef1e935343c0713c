"""Likelihood-ratio imbalance degree."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import Measure, positive_counts


def lrid(counts: ClassCounts) -> dict[str, float | int | None] | None:
    """LRID = 2 Σ n ln(K n / N), the likelihood-ratio statistic against equal classes.

    It grows with N; ``per_2n`` = LRID / 2N = ln K − H does not. K counts the classes that have
    samples. ``None`` without any class. Source: Zhu et al. 2018, "LRID: A new metric of
    multi-class imbalance degree based on likelihood-ratio test", Pattern Recognition Letters 116.

    >>> {k: round(v, 6) for k, v in lrid(ClassCounts.multiclass({"a": 1, "b": 3})).items()}
    {'value': 1.046496, 'per_2n': 0.130812}
    """
    n = positive_counts(counts)
    if not n.size:
        return None
    value = max(0.0, float(2 * (n * np.log(n.size * n / n.sum())).sum()))
    return {"value": value, "per_2n": value / float(2 * n.sum())}


MEASURE = Measure(
    name="lrid",
    title="likelihood-ratio imbalance degree",
    formula="2 Σ n ln(K n / N); per_2n = that / 2N",
    reference="Zhu et al. 2018, Pattern Recognition Letters 116",
    compute=lrid,
    needs_counts=True,
)
