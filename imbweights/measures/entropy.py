"""Normalised entropy: how evenly the samples spread over the classes."""

from __future__ import annotations

import math

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import Measure, positive_counts


def shannon_entropy(counts: ClassCounts) -> float:
    """H = −Σ p ln p in nats, with p = n/N over the classes that have samples.

    Source: Shannon 1948, "A Mathematical Theory of Communication".

    >>> round(shannon_entropy(ClassCounts.multiclass({"a": 1, "b": 1})), 6)
    0.693147
    """
    n = positive_counts(counts)
    if not n.size:
        return 0.0
    p = n / n.sum()
    return max(0.0, float(-(p * [math.log(v) for v in p]).sum()))


def normalized_entropy(counts: ClassCounts) -> float | None:
    """H / ln K with K the number of classes that have samples.

    1 when all are equal, towards 0 when one class has nearly everything; ``None`` for K < 2.

    Source: Shannon evenness, Pielou 1966, J. Theoretical Biology 13.

    >>> round(normalized_entropy(ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})), 6)
    0.917528
    """
    k = positive_counts(counts).size
    return min(1.0, shannon_entropy(counts) / math.log(k)) if k > 1 else None


MEASURE = Measure(
    name="normalized_entropy",
    title="normalised entropy",
    formula="H / ln K, H = −Σ p ln p",
    reference="Pielou 1966, J. Theoretical Biology 13",
    compute=normalized_entropy,
)
