"""Samples with equal weight, grouped: what the other forecasts are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import UsageError
from imbweights.core.weights import ClassWeights, FloatArray, Role


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One question put to the network, and how its answers are weighted.

    ``names``, ``sizes`` (G,) and ``weights`` (G,): of each class (of ``no`` and ``yes`` for one
    label) how many samples there are and what the loss multiplies them with. ``sigmoid``: one
    logit per question, else one per class.
    """

    names: tuple[str, ...]
    sizes: FloatArray
    weights: FloatArray
    sigmoid: bool

    @property
    def shares(self) -> FloatArray:
        """(G,) the share of the samples in each."""
        shares: FloatArray = self.sizes / float(self.sizes.sum())
        return shares

    @property
    def mean_weight(self) -> float:
        """m = Σ n w / Σ n: the mean weight over samples."""
        return float(self.shares @ self.weights)


def groups(counts: ClassCounts, weights: ClassWeights) -> tuple[Group, ...]:
    """The questions: one for classes that exclude each other, one per label for several.

    Classes without samples are left out, since no loss ever sees them. Raises ``UsageError`` for
    numbers that are not weights, whose effect these formulas do not tell.
    """
    fitting = tuple(counts.classes[i] for i in weights.indices if i < len(counts.classes))
    single = weights.role is Role.POS_WEIGHT and counts.task is not Task.MULTILABEL
    if fitting != weights.classes or len(fitting) != (1 if single else len(counts.classes)):
        raise UsageError("these weights are for other classes than the counts")
    if weights.role is Role.POS_WEIGHT:
        return _with_pos_weight(counts, weights)
    if weights.role is Role.CLASS_WEIGHT:
        seen = counts.counts > 0
        names = tuple(c for c, s in zip(counts.classes, seen.tolist(), strict=True) if s)
        return (Group(names, counts.counts[seen].astype(np.float64), weights.values[seen], False),)
    raise UsageError(
        f"there is no forecast for this role ({weights.role}): it is not a weight of the loss",
        hint="--explain goes with class weights and pos_weight",
    )


def _with_pos_weight(counts: ClassCounts, weights: ClassWeights) -> tuple[Group, ...]:
    if counts.task is Task.MULTILABEL:
        found = zip(counts.classes, counts.counts.tolist(), weights.values.tolist(), strict=True)
        return tuple(
            Group(
                (f"no {c}", c), np.array([counts.samples - n, n], float), np.array([1.0, w]), True
            )
            for c, n, w in found
        )
    [positive] = weights.indices
    order = [1 - positive, positive]
    names = tuple(counts.classes[i] for i in order)
    sizes = counts.counts[order].astype(np.float64)
    return (Group(names, sizes, np.array([1.0, float(weights.values[0])]), True),)
