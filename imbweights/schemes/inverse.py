"""Inverse class frequency."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameters, Scheme, floats


def inverse(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = N / n: N the sum of all counts, n the count of the class.

    Not to be confused with n / N, the frequency itself, which favours the majority.

    Source: MATLAB ``countEachLabel``, tips on class weighting.

    >>> inverse(ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272}), {}).round(5).tolist()
    [8.16162, 3.70642, 2.27606, 5.94118]
    """
    del parameters
    return counts.total / floats(counts)


SCHEME = Scheme(
    name="inverse",
    title="Inverse frequency",
    formula="N / n",
    reference="MATLAB, countEachLabel",
    compute=inverse,
)
