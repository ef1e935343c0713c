"""Class-balanced weights from the effective number of samples."""

from __future__ import annotations

import math

import numpy as np

from imbweights.core.choices import Normalization
from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import GAP, Parameter, Parameters, Scheme, floats

BETA = Parameter(
    name="beta",
    symbol="β",
    default=0.999,
    meaning="0: no weights, towards 1: inverse; counts far above 1/(1 − β) weigh alike",
    least=0,
    below=1,
    auto=lambda counts: {"beta": 1 - 1 / counts.total, GAP: 1 / counts.total},
)


def effective(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = (1 − β) / (1 − β^n), scaled so that Σw = K (the number of classes with samples).

    n: count of the class; (1 − β^n) / (1 − β) is its effective number of samples. β = 0 gives no
    weights, β → 1 the inverse frequency. Computed with ``expm1`` and ``log1p``, so that β next to
    1 keeps all digits. β = (N − 1)/N, N the sum of all counts, needs no choice (``auto``).

    Source: Cui et al. 2019, "Class-Balanced Loss", arXiv:1901.05555.

    >>> counts = ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})
    >>> effective(counts, {"beta": 0.999}).round(6).tolist()
    [1.52903, 0.777273, 0.54035, 1.153347]
    """
    gap = parameters.get(GAP, 1 - parameters["beta"])
    n = floats(counts)
    if gap == 1:
        return np.ones_like(n)
    weights: FloatArray = -gap / np.expm1(n * math.log1p(-gap))
    return weights * (len(weights) / float(weights.sum()))


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """Saturation: above some multiples of 1/(1 − β) all classes weigh alike."""
    beta = parameters["beta"]
    n = floats(counts)
    if n.max() < 2 * n.min() or values.max() > 1.05 * values.min() or beta == 0:
        return ()
    better = 1 - 1 / n.sum()
    gap = parameters.get(GAP, 1 - beta)
    note = (
        f"β = {beta:g} is saturated: all counts are far above 1/(1 − β) = {1 / gap:,.0f}, so the "
        f"weights are nearly equal; (N − 1)/N = {better:.10g} is a choice without that limit (--beta auto)"
    )
    return (note,)


SCHEME = Scheme(
    name="effective",
    title="Effective number of samples",
    formula="(1 − β) / (1 − β^n), sum K",
    reference="Cui et al. 2019, arXiv:1901.05555",
    compute=effective,
    parameters=(BETA,),
    scaled=Normalization.SUMK,
    needs_counts=True,
    caveats=caveats,
)
