"""The margins of the LDAM loss."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import Parameter, Parameters, Scheme, floats

MARGIN = Parameter(
    name="margin", symbol="m", default=0.5, meaning="the margin of the rarest class", above=0
)


def ldam_margins(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """m_c = m (min n / n)^¼: n the count of the class, m the largest margin, that of the rarest.

    Subtracted from the logit of the true class before a softmax with scale s = 30; the logits are
    cosines, of normalised features and weights.

    Source: Cao et al. 2019, arXiv:1906.07413, and the authors' code (m = 0.5, s = 30).

    >>> ldam_margins(ClassCounts.multiclass({"a": 1600, "b": 100}), {"margin": 0.5}).tolist()
    [0.25, 0.5]
    """
    n = floats(counts)
    relative: FloatArray = float(n.min()) / n
    return parameters["margin"] * relative**0.25


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """How to use it."""
    del counts, parameters, values
    note = (
        "these are no weights: subtract the margin from the logit of the true class, multiply all "
        "logits by s = 30, then cross-entropy; the logits must be cosines (normalised features and weights)"
    )
    return (note,)


SCHEME = Scheme(
    name="ldam-margins",
    title="LDAM margins",
    formula="m (min n / n)^¼",
    reference="Cao et al. 2019, arXiv:1906.07413",
    compute=ldam_margins,
    parameters=(MARGIN,),
    role=Role.MARGIN,
    caveats=caveats,
)
