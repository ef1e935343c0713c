"""Formulas that people use and ``suggest`` does not offer, so that they are known when they are met."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes import SCHEMES
from imbweights.schemes.base import Parameters, Scheme, floats


def unfloored(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = −ln(n / N): N the sum of all counts, n the count of the class.

    >>> unfloored(ClassCounts.multiclass({"a": 1000, "b": 1000}), {}).round(5).tolist()
    [0.69315, 0.69315]
    """
    del parameters
    n = floats(counts)
    return -np.log(n / float(n.sum()))


def complement(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = 1 − n / N: N the sum of all counts, n the count of the class.

    >>> complement(ClassCounts.multiclass({"a": 3, "b": 1}), {}).tolist()
    [0.25, 0.75]
    """
    del parameters
    n = floats(counts)
    return 1.0 - n / float(n.sum())


UNFLOORED = Scheme(
    name="log-ratio-unfloored",
    title="Log ratio without its floor",
    formula="−ln(n / N)",
    reference="what is left of log-ratio without max(1, …) and with μ = 1",
    compute=unfloored,
)
COMPLEMENT = Scheme(
    name="one-minus-frequency",
    title="1 − frequency",
    formula="1 − n / N",
    reference="often seen in training code",
    compute=complement,
)

FORMULAS: dict[str, Scheme] = {scheme.name: scheme for scheme in (UNFLOORED, COMPLEMENT)}
KNOWN: dict[str, Scheme] = SCHEMES | FORMULAS
"""Everything that weights are held against, by name."""
