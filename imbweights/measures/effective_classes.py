"""Effective number of classes: of how many equal classes the data is as varied."""

from __future__ import annotations

import math

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import Measure, positive_counts
from imbweights.measures.entropy import shannon_entropy


def effective_classes(counts: ClassCounts) -> float | None:
    """exp H with H = −Σ p ln p (Hill number of order 1); between 1 and K.

    ``None`` without any class. Source: Hill 1973, "Diversity and Evenness", Ecology 54(2).

    >>> round(effective_classes(ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})), 6)
    3.567851
    """
    return math.exp(shannon_entropy(counts)) if positive_counts(counts).size else None


MEASURE = Measure(
    name="effective_classes",
    title="effective number of classes",
    formula="exp H, H = −Σ p ln p",
    reference="Hill 1973, Ecology 54(2)",
    compute=effective_classes,
)
