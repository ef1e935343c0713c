"""From decision values to answers: what the training folds choose, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

# Cuts that are tried for all labels at once, in log odds: probabilities of .00005 to .998.
_LOWEST, _STEP, _CUTS = -10.0, 0.05, 321

HALF, ONE, ONE_MICRO, EACH, TOP = "half", "one", "one for micro F1", "each", "top k"
DECISIONS = (HALF, ONE, ONE_MICRO, EACH, TOP)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """How often each label was answered, and rightly, (L,); and the share of rows with none."""

    right: Floats
    answered: Floats
    empty: float


def answers(y: Bools, given: Bools) -> Answers:
    """What the answers (N, L) amount to."""
    return Answers(
        right=(y & given).sum(axis=0, dtype=np.float64),
        answered=given.sum(axis=0, dtype=np.float64),
        empty=float(1 - given.any(axis=1).mean()),
    )


def macro_f1(found: Answers, support: Floats) -> float:
    """Mean F1 of the labels that occur."""
    occurs = support > 0
    both = (found.answered + support)[occurs]
    return float((2 * found.right[occurs] / both).mean())


def micro_f1(found: Answers, support: Floats) -> float:
    """F1 of all labels together."""
    return float(2 * found.right.sum() / (found.answered.sum() + support.sum()))


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """Thresholds in log odds, the k of the k most probable labels, and macro F1 at one half."""

    one: float
    one_micro: float
    each: Floats
    k: int
    value: float


def choose(z: Singles, y: Bools) -> Chosen:
    """The best thresholds for decision values (N, L) of held-out training rows.

    For F1 of each label, and one for all labels, for macro and for micro F1. Of several that are
    equally good the one nearest to one half is taken, so that a label without positives keeps it.
    """
    right, answered = _above(z, y)
    support = y.sum(axis=0, dtype=np.float64)
    f1 = 2 * right / np.maximum(answered + support, 1)
    macro = f1[:, support > 0].mean(axis=1)
    micro = 2 * right.sum(axis=1) / (answered.sum(axis=1) + support.sum())
    return Chosen(
        one=float(_best(macro)),
        one_micro=float(_best(micro)),
        each=np.where(support > 0, _best(f1), 0.0),
        k=max(1, round(float(y.sum(axis=1).mean()))),
        value=macro_f1(answers(y, z > 0), support),
    )


def _best(values: Floats) -> Floats:
    """The cut with the best value, along the first axis; the one nearest to 0 of several."""
    cuts = _LOWEST + _STEP * np.arange(_CUTS)
    nearest_first = np.argsort(np.abs(cuts), kind="stable")
    return np.asarray(cuts[nearest_first][values[nearest_first].argmax(axis=0)])


def _above(z: Singles, y: Bools) -> tuple[Floats, Floats]:
    """(cuts, L): rows above each cut with the label, and all rows above it."""
    rows, labels = z.shape
    place = np.ceil((z - _LOWEST) / _STEP).clip(0, _CUTS).astype(np.int64)
    flat = place + np.arange(labels) * (_CUTS + 1)
    found = []
    for chosen in (flat[y], flat.reshape(rows * labels)):
        table = np.bincount(chosen, minlength=labels * (_CUTS + 1)).reshape(labels, _CUTS + 1)
        # A value at place i is above the cuts 0 … i − 1.
        found.append(table[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].T.astype(np.float64))
    return found[0], found[1]


def decided(z: Singles, y: Bools, chosen: Chosen) -> dict[str, Answers]:
    """Held-out rows under every decision."""
    best = np.argpartition(-z, chosen.k - 1, axis=1)[:, : chosen.k]
    top = np.zeros(z.shape, dtype=bool)
    np.put_along_axis(top, best, values=True, axis=1)
    return {
        HALF: answers(y, z > 0),
        ONE: answers(y, z > chosen.one),
        ONE_MICRO: answers(y, z > chosen.one_micro),
        EACH: answers(y, z > chosen.each),
        TOP: answers(y, top),
    }
