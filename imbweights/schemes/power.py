"""Inverse power of the frequency: one knob from no weights to inverse and beyond."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameter, Parameters, Scheme, floats

GAMMA = Parameter(
    name="gamma",
    symbol="γ",
    default=0.75,
    meaning="0: no weights, 0.5: inverse square root, 1: inverse",
    least=0,
)


def power(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = (max n / n)^γ, that is n^−γ scaled so that the largest class has weight 1.

    γ = 0 gives no weights, ½ the inverse square root, 1 the inverse frequency. n^−γ alone would
    print weights of 0.001 for a thousand samples; the scale carries no meaning.

    Source: Mikolov et al. 2013 (γ = ¾ for word counts), Mahajan et al. 2018 (γ = ½ for labels).

    >>> power(ClassCounts.multiclass({"a": 400, "b": 100}), {"gamma": 0.5}).tolist()
    [1.0, 2.0]
    """
    n = floats(counts)
    relative: FloatArray = float(n.max()) / n
    return relative ** parameters["gamma"]


SCHEME = Scheme(
    name="power",
    title="Inverse power",
    formula="(max n / n)^γ",
    reference="Mahajan et al. 2018, ECCV; Mikolov et al. 2013, NeurIPS",
    compute=power,
    parameters=(GAMMA,),
)
