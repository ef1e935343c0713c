"""The bias with which the last layer should start."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import CountsError
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import EVERY_TASK, Parameters, Scheme, floats
from imbweights.schemes.pos_weight import odds_against


def initial_bias(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """b = ln(positives / negatives) for two classes and per label; ln(n/N) for a softmax over more.

    n: count of the class, N the sum of all counts. With small random weights the network then
    starts at the class frequencies, instead of spending its first epochs on learning them.

    Source: TensorFlow tutorial "Classification on imbalanced data" (492 of 284,807: −6.35935934).

    >>> initial_bias(ClassCounts.multiclass({"0": 284315, "1": 492}), {}).round(8).tolist()[1]
    -6.35935934
    """
    del parameters
    if counts.task is Task.MULTILABEL or len(counts.classes) == 2:
        odds = odds_against(counts)
        if not odds.all():
            always = counts.classes[int((odds == 0).argmax())]
            raise CountsError(
                f"{always!r} is on in every row, so its bias would be infinite",
                hint="leave it out: a label that is always on needs no network",
            )
        return -np.log(odds)
    n = floats(counts)
    shares: FloatArray = n / float(n.sum())
    return np.log(shares)


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """How to use it."""
    del parameters, values
    sigmoid = counts.task is Task.MULTILABEL or len(counts.classes) == 2
    note = (
        "this is no weight: it is where the bias of the last layer starts, before a "
        f"{'sigmoid' if sigmoid else 'softmax'}; "
        + (
            "with a pos_weight w in the loss it is ln w larger, so 0 for w = negatives / positives"
            if sigmoid
            else "with class weights w in the loss add ln w, so nothing is left with balanced weights"
        )
    )
    return (note,)


SCHEME = Scheme(
    name="initial-bias",
    title="Initial bias",
    formula="ln(positives / negatives), ln(n/N) for more than two classes",
    reference="TensorFlow, Classification on imbalanced data",
    compute=initial_bias,
    tasks=EVERY_TASK,
    role=Role.INITIAL_BIAS,
    one_if_binary=True,
    caveats=caveats,
)
