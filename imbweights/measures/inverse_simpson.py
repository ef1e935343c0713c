"""Inverse Simpson index: an effective number of classes that rare ones hardly move."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import Measure, positive_counts


def inverse_simpson(counts: ClassCounts) -> float | None:
    """1 / Σ p² with p = n/N (Hill number of order 2); between 1 and K.

    ``None`` without any class. Source: Simpson 1949, "Measurement of Diversity", Nature 163.

    >>> round(inverse_simpson(ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})), 6)
    3.234466
    """
    n = positive_counts(counts)
    return float(1.0 / ((n / n.sum()) ** 2).sum()) if n.size else None


MEASURE = Measure(
    name="inverse_simpson",
    title="inverse Simpson index",
    formula="1 / Σ p²",
    reference="Simpson 1949, Nature 163",
    compute=inverse_simpson,
)
