"""χ² of the table of then and now, and Cramér's V: how strong, whatever the number of samples."""

from __future__ import annotations

import math

import numpy as np

from imbweights.drift.base import DriftMeasure, FloatArray


def chi_squared(before: FloatArray, now: FloatArray) -> tuple[float, int]:
    """χ² = Σ (O − E)²/E over the 2 × K table of counts, and its degrees of freedom K − 1.

    O: the observed counts; E = row total × column total / grand total. Classes with no samples
    then and now are left out.

    >>> chi_squared(np.array([10.0, 20.0]), np.array([20.0, 10.0]))[1]
    1
    """
    table = np.stack([before, now])
    table = table[:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum()), table.shape[1] - 1


def significance(before: FloatArray, now: FloatArray) -> float:
    """P of a χ² this large when both are samples of one distribution; 1 for a single class."""
    statistic, freedom = chi_squared(before, now)
    if freedom < 1:
        return 1.0
    from scipy.special import gammaincc

    return float(gammaincc(freedom / 2, statistic / 2))


def cramers_v(before: FloatArray, now: FloatArray) -> float:
    """V = √(χ² / N) for a table with two rows, N the grand total; between 0 and 1.

    >>> cramers_v(np.array([10.0, 0.0]), np.array([0.0, 10.0]))
    1.0
    """
    statistic, _ = chi_squared(before, now)
    return math.sqrt(statistic / float(before.sum() + now.sum()))


MEASURE = DriftMeasure(
    name="cramers-v",
    title="Cramér's V",
    formula="√(χ²/N) of the 2 × K table of counts",
    alarm=0.1,
    reference="Cramér 1946; Cohen 1988 (0.1: a small effect); scipy.stats.contingency.association",
    compute=cramers_v,
)
