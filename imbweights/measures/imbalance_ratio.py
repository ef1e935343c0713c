"""Imbalance ratio: how many times the largest class outnumbers the smallest."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import EVERY_TASK, Measure, positive_counts


def imbalance_ratio(counts: ClassCounts) -> float | None:
    """max n / min n over the classes that have samples (n: count of a class).

    1 when all are equal, no upper limit; ``None`` without any class. For multi-label data the
    ratio of the most to the least frequent label.

    Source: He and Garcia 2009, "Learning from Imbalanced Data", IEEE TKDE 21(9).

    >>> imbalance_ratio(ClassCounts.multiclass({"a": 60, "b": 1}))
    60.0
    """
    n = positive_counts(counts)
    return float(n.max() / n.min()) if n.size else None


MEASURE = Measure(
    name="imbalance_ratio",
    title="imbalance ratio",
    formula="max n / min n",
    reference="He and Garcia 2009, IEEE TKDE 21(9)",
    compute=imbalance_ratio,
    tasks=EVERY_TASK,
)
