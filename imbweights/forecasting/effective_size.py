"""How many unweighted samples the weighted ones are worth."""

from __future__ import annotations

from imbweights.forecasting.groups import Group


def effective_size(group: Group) -> float:
    """(Σ n w)² / Σ n w²: n the samples of a class, w their weight; between 1 and Σ n.

    The variance of a weighted mean is that of a plain mean over so many samples.

    Source: Kish 1965, "Survey Sampling", section 11.7.

    >>> import numpy as np
    >>> counts = np.array([198.0, 436, 710, 272])
    >>> round(effective_size(Group(tuple("ABCD"), counts, 1616 / (4 * counts), False)), 2)
    1287.31
    """
    n, w = group.sizes, group.weights
    squares = float(n @ (w * w))
    return float(n @ w) ** 2 / squares if squares else 0.0
