"""Balanced weights, as scikit-learn defines them."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameters, Scheme, floats


def balanced(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = N / (K n): N the sum of all counts, K the number of classes with samples, n the count.

    Every class then has the same total weight, and Σ n w = N: the mean over samples is 1.

    Source: scikit-learn ``compute_class_weight("balanced")``, after King and Zeng 2001.

    >>> balanced(ClassCounts.multiclass({"0": 2, "1": 4}), {}).tolist()
    [1.5, 0.75]
    """
    del parameters
    return counts.total / (len(counts.classes) * floats(counts))


SCHEME = Scheme(
    name="balanced",
    title="Balanced",
    formula="N / (K n)",
    reference="scikit-learn, compute_class_weight",
    compute=balanced,
)
