"""Imbalance degree of Ortigosa-Hernández, with the Hellinger and total-variation distances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import Measure, positive_counts

_Vector = npt.NDArray[np.float64]


def imbalance_degree(counts: ClassCounts) -> dict[str, float | int | None] | None:
    """ID = d(ζ, e) / d(ι_m, e) + (m − 1), one number per distance d.

    ζ: the class shares; e = (1/K, …, 1/K); m: the number of minority classes, those with share
    below 1/K; ι_m: the distribution with m minority classes that is farthest from e (m zeros,
    K − m − 1 times 1/K, the rest in one class). 0 when all are equal. K counts the classes that
    have samples; ``None`` for K < 2.

    Source: Ortigosa-Hernández, Inza, Lozano 2017, "Measuring the class-imbalance extent of
    multi-class problems", Pattern Recognition Letters 98.

    >>> {k: round(v, 4) for k, v in imbalance_degree(ClassCounts.multiclass({"a": 1, "b": 3})).items()}
    {'hellinger': 0.3411, 'total_variation': 0.5}
    """
    n = positive_counts(counts)
    k = n.size
    if k < 2:
        return None
    shares = n / n.sum()
    # Exact in whole numbers: a share of just 1/K must not count as below it.
    numbers = counts.counts.tolist()
    total = sum(numbers)
    m = sum(k * c < total for c in numbers if c)
    return {name: _degree(shares, k, m, distance) for name, distance in _DISTANCES.items()}


def _degree(
    shares: _Vector, k: int, m: int, distance: Callable[[_Vector, _Vector], float]
) -> float:
    if m == 0:
        return 0.0
    even = np.full(k, 1 / k)
    farthest = np.concatenate([np.zeros(m), np.full(k - m - 1, 1 / k), [1 - (k - m - 1) / k]])
    return distance(shares, even) / distance(farthest, even) + m - 1


def _hellinger(a: _Vector, b: _Vector) -> float:
    return float(np.sqrt(((np.sqrt(a) - np.sqrt(b)) ** 2).sum() / 2))


def _total_variation(a: _Vector, b: _Vector) -> float:
    return float(np.abs(a - b).sum() / 2)


_DISTANCES = {"hellinger": _hellinger, "total_variation": _total_variation}

MEASURE = Measure(
    name="imbalance_degree",
    title="imbalance degree",
    formula="d(ζ, e) / d(ι_m, e) + (m − 1)",
    reference="Ortigosa-Hernández et al. 2017, Pattern Recognition Letters 98",
    compute=imbalance_degree,
)
