"""The logarithmic weights of ENet."""

from __future__ import annotations

import math

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import VOID, Parameter, Parameters, Scheme, floats, void_left_out

C = Parameter(
    name="c",
    symbol="c",
    default=1.02,
    meaning="bounds the largest weight at 1 / ln c: 50.5 for 1.02, 10.5 for 1.1, 5.48 for 1.2",
    above=1,
)


def log(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = 1 / ln(c + p): p = n/N the share of the class, c > 1 a constant. N holds the ignored pixels
    when they are kept in the denominators.

    Bounded between 1 / ln(c + 1) and 1 / ln c, so that no class gets a runaway weight.

    Source: Paszke et al. 2016, "ENet", arXiv:1606.02147 (c = 1.02).

    >>> counts = ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})
    >>> log(counts, {"c": 1.02}).round(6).tolist()
    [7.505225, 3.929448, 2.645534, 5.795829]
    """
    n = floats(counts)
    whole = float(n.sum()) + parameters.get(VOID, 0.0)
    return 1.0 / np.log(parameters["c"] + n / whole)


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """The bound, once it makes rare classes of different size nearly equal."""
    bound = 1.0 / math.log(parameters["c"])
    n = floats(counts)
    near = values > 0.9 * bound
    void = void_left_out(counts, parameters)
    if near.sum() < 2 or n[near].max() < 2 * n[near].min():
        return void
    note = (
        f"{int(near.sum())} rare classes are near the largest possible weight "
        f"1/ln c = {bound:.2f}, though their counts differ; a smaller c tells them apart"
    )
    return (*void, note)


SCHEME = Scheme(
    name="log",
    title="Logarithmic (ENet)",
    formula="1 / ln(c + n/N)",
    reference="Paszke et al. 2016, arXiv:1606.02147",
    compute=log,
    parameters=(C,),
    divides=True,
    caveats=caveats,
)
