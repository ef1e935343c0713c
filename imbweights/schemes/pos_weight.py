"""``pos_weight``: the weight of the positive term of a binary cross-entropy, per label."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import EVERY_TASK, Parameter, Parameters, Scheme

_HUGE = 100
_ROOT = 0.5

GAMMA = Parameter(
    name="gamma",
    symbol="γ",
    default=1.0,
    meaning="1: full weight, 0.5: its root, 0: no weights",
    least=0,
)


def odds_against(counts: ClassCounts) -> FloatArray:
    """Negatives / positives of each class on its own, (K,)."""
    whole = counts.samples if counts.task is Task.MULTILABEL else counts.total
    # Whole numbers: a float would lose the few negatives of a label that is nearly always on.
    return np.array([(whole - n) / n for n in counts.counts.tolist()], dtype=np.float64)


def pos_weight(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = (negatives / positives)^γ = ((M − n) / n)^γ, for each label on its own.

    n: rows (pixels) with the label; M: all rows (pixels); γ ≥ 0 tempers it (1: as defined). For binary data only the value of the
    positive class is used. Above 1 it raises recall, below 1 precision. Undefined for a label
    without positives.

    Source: PyTorch ``BCEWithLogitsLoss``, TensorFlow ``weighted_cross_entropy_with_logits``.

    >>> counts = ClassCounts.multiclass({"negative": 300, "positive": 100})
    >>> pos_weight(counts, {"gamma": 1.0}).tolist()[1]
    3.0
    """
    return odds_against(counts) ** parameters["gamma"]


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """Labels that are always on, and values that will unsettle training."""
    notes = []
    if counts.task is Task.MULTILABEL:
        always = [c for c, w in zip(counts.classes, values.tolist(), strict=True) if w == 0]
        if always:
            notes.append(
                f"{len(always)} label{'s are' * (len(always) > 1) or ' is'} on in every row "
                f"({', '.join(map(repr, always[:4]))}{' …' * (len(always) > 4)}): pos_weight 0 removes "
                f"{'them' if len(always) > 1 else 'the label'} from the loss"
            )
        huge = int((values > _HUGE).sum())
        if huge:
            root = f"--gamma {_ROOT:g} takes roots, " if parameters["gamma"] > _ROOT else ""
            notes.append(
                f"{huge:,} of {values.size:,} values {'is' if huge == 1 else 'are'} above {_HUGE} (largest {values.max():,.0f}): "
                f"training may become unsteady, {root}--cap 10 or --cap 100 limits them"
            )
    return tuple(notes)


SCHEME = Scheme(
    name="pos-weight",
    title="pos_weight",
    formula="negatives / positives",
    reference="PyTorch, BCEWithLogitsLoss",
    compute=pos_weight,
    parameters=(GAMMA,),
    only_binary=True,
    one_if_binary=True,
    tasks=EVERY_TASK,
    role=Role.POS_WEIGHT,
    caveats=caveats,
)
