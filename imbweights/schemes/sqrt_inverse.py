"""Inverse square root of the frequency: half-way between no weights and inverse."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameters, Scheme, floats


def sqrt_inverse(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = √(max n / n): n the count of the class. The largest class has weight 1.

    Source: CatBoost ``auto_class_weights="SqrtBalanced"``.

    >>> sqrt_inverse(ClassCounts.multiclass({"a": 400, "b": 100}), {}).tolist()
    [1.0, 2.0]
    """
    del parameters
    n = floats(counts)
    return np.sqrt(float(n.max()) / n)


SCHEME = Scheme(
    name="sqrt-inverse",
    title="Inverse square root",
    formula="√(max n / n)",
    reference="CatBoost, SqrtBalanced",
    compute=sqrt_inverse,
)
