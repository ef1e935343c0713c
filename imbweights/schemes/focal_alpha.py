"""The α of the focal loss."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import EVERY_TASK, POSITIVE, Parameter, Parameters, Scheme

ALPHA = Parameter(
    name="alpha",
    symbol="α",
    default=0.25,
    meaning="0.25 is the authors' choice for rare positives together with γ = 2",
    above=0,
    below=1,
)


def focal_alpha(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """α for the positive class and 1 − α for the negative; for several labels α for each.

    The loss is −α (1 − p)^γ ln p for positives. It does not depend on the counts: the authors found
    α = 0.25 best with γ = 2, a *smaller* weight for the rare positives than for the negatives,
    because (1 − p)^γ already takes the easy negatives out.

    Source: Lin et al. 2017, arXiv:1708.02002, section 3.

    >>> focal_alpha(ClassCounts.multiclass({"0": 300, "1": 100}), {"alpha": 0.25}).tolist()
    [0.75, 0.25]
    """
    alpha = parameters["alpha"]
    k = len(counts.classes)
    if counts.task is Task.MULTILABEL or k != 2:
        return np.full(k, alpha)
    values = np.full(2, 1 - alpha)
    values[int(parameters.get(POSITIVE, 1))] = alpha
    return values


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """More than two classes, and positives that are not rare."""
    del values
    n = counts.counts
    if counts.task is Task.MULTILABEL:
        return ()
    if len(n) > 2:
        note = (
            f"a scalar α multiplies all {len(n)} classes alike and so does nothing; for a focal loss over "
            "classes that exclude each other take a weight per class: --scheme balanced --normalize sum1"
        )
        return (note,)
    positive = int(parameters.get(POSITIVE, 1))
    if parameters["alpha"] < 0.5 and n[positive] > n[1 - positive]:
        note = (
            f"α = {parameters['alpha']:g} is meant for rare positives, and here the positive class "
            f"{counts.classes[positive]!r} is the frequent one"
        )
        return (note,)
    return ()


SCHEME = Scheme(
    name="focal-alpha",
    title="Focal α",
    formula="α for the positive class, 1 − α for the negative",
    reference="Lin et al. 2017, arXiv:1708.02002",
    compute=focal_alpha,
    parameters=(ALPHA,),
    tasks=EVERY_TASK,
    role=Role.FOCAL_ALPHA,
    caveats=caveats,
)
