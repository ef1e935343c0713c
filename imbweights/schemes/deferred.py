"""Deferred re-weighting: no weights at first, then the effective number of samples."""

from __future__ import annotations

from imbweights.core.choices import Normalization
from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FROM_EPOCH, FloatArray
from imbweights.schemes import effective
from imbweights.schemes.base import Parameter, Parameters, Scheme

BETA = effective.BETA
EPOCH = Parameter(
    name=FROM_EPOCH,
    symbol="from epoch",
    default=160,
    meaning="until then every weight is 1; the authors train 200 epochs and change at 160",
    least=1,
    whole=True,
)


def deferred(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = 1 before ``epoch``, from then on (1 − β) / (1 − β^n), scaled so that Σw = K.

    n: count of the class. These are the later weights; ``ClassWeights.stages`` has both vectors
    with the epoch at which each begins. Features are learned on the data as it is, the balance
    only later, together with a smaller learning rate.

    Source: Cao et al. 2019, "LDAM-DRW", arXiv:1906.07413, and the authors' code (β = 0.9999).

    >>> counts = ClassCounts.multiclass({"a": 400, "b": 100})
    >>> deferred(counts, {"beta": 0.999, "epoch": 160}).round(4).tolist()
    [0.448, 1.552]
    """
    return effective.effective(counts, parameters)


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """When the second stage begins, and the limits of its formula."""
    start = parameters[EPOCH.name]
    note = (
        f"every weight is 1 before epoch {start:.0f} (counted from 0), these hold from then on: set "
        "the epoch (--epoch) to about four fifths of your training, where the learning rate drops"
    )
    return (note, *effective.caveats(counts, parameters, values))


SCHEME = Scheme(
    name="deferred",
    title="Deferred re-weighting (DRW)",
    formula="1, later (1 − β) / (1 − β^n), sum K",
    reference="Cao et al. 2019, arXiv:1906.07413",
    compute=deferred,
    parameters=(BETA, EPOCH),
    scaled=Normalization.SUMK,
    needs_counts=True,
    numbers_of="effective",
    caveats=caveats,
)
