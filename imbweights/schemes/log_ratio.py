"""The logarithmic ratio that a much-copied answer gave."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameter, Parameters, Scheme, floats

MU = Parameter(
    name="mu",
    symbol="μ",
    default=0.15,
    meaning="classes with a share above μ/e all get the floor of 1",
    above=0,
)


def log_ratio(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = max(1, ln(μ N / n)): N the sum of all counts, n the count of the class, μ > 0.

    The floor of 1 holds for every class with a share above μ/e (5.5 % for μ = 0.15): those weigh
    alike. Without the floor the majority would get 0 or less and be left out of the loss.

    Source: the answer on class_weight in Keras that everyone copies (Stack Exchange, data science).

    >>> counts = ClassCounts.multiclass({"a": 1000, "b": 900, "c": 10})
    >>> log_ratio(counts, {"mu": 0.15}).round(6).tolist()
    [1.0, 1.0, 3.355153]
    """
    n = floats(counts)
    return np.maximum(1.0, np.log(parameters["mu"] * float(n.sum()) / n))


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """The floor, once it makes classes of different size equal."""
    n = floats(counts)
    floored = values <= 1.0
    if floored.sum() < 2 or n[floored].max() < 1.5 * n[floored].min():
        return ()
    share = parameters["mu"] / np.e
    note = (
        f"{int(floored.sum())} classes are at the floor of 1 and weigh alike, though the largest of "
        f"them has {n[floored].max() / n[floored].min():,.2g} times as many samples as the smallest: "
        f"with μ = {parameters['mu']:g} that is every class with a share above {share:.2%}"
    )
    return (note,)


SCHEME = Scheme(
    name="log-ratio",
    title="Log ratio",
    formula="max(1, ln(μ N / n))",
    reference="the Keras class_weight answer on Stack Exchange",
    compute=log_ratio,
    parameters=(MU,),
    caveats=caveats,
)
