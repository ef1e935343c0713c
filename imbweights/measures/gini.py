"""Gini coefficient of the counts: how unequally the samples are dealt out."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import EVERY_TASK, Measure, positive_counts


def gini(counts: ClassCounts) -> float | None:
    """G = Σᵢ (2i − K − 1) n₍ᵢ₎ / (K N), counts n₍ᵢ₎ ascending, i = 1 … K.

    0 when all are equal, towards 1 − 1/K when one class has nearly everything; ``None`` without
    any class. Source: Gini 1912; this form in Dixon et al. 1987, Ecology 68(5), uncorrected.

    >>> gini(ClassCounts.multiclass({"a": 1, "b": 3}))
    0.25
    """
    n = np.sort(positive_counts(counts))
    k = n.size
    if not k:
        return None
    ranks = np.arange(1, k + 1)
    return float(((2 * ranks - k - 1) * n).sum() / (k * n.sum()))


MEASURE = Measure(
    name="gini",
    title="Gini coefficient of the counts",
    formula="Σ (2i − K − 1) n₍ᵢ₎ / (K N)",
    reference="Dixon et al. 1987, Ecology 68(5)",
    compute=gini,
    tasks=EVERY_TASK,
)
