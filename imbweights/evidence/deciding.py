"""From probabilities to answers, and the decision that suits a goal best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.evidence.goals import Goal, Marks
from imbweights.evidence.metrics import Truth, marks_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_CUTS = 128
_ROUNDS = 3
_MANY_CLASSES = 50


@dataclass(frozen=True, slots=True)
class Decision:
    """How probabilities become answers.

    ``thresholds``: with labels one per label, answer yes above it; with two classes one, answer
    the minority class above it; with more K factors, answer the class with the largest factor ×
    probability. ``None``: .5, or the most probable class. ``costs``: answer what is expected to
    cost least instead, Σ_t p_t·costs[t, q].
    """

    thresholds: tuple[float, ...] | None = None
    costs: FloatArray | None = None


PLAIN = Decision()


def answers(p: FloatArray, decision: Decision, truth: Truth) -> npt.NDArray[np.generic]:
    """(N,) class indices, or (N, L) booleans, from (N, K) probabilities.

    ``truth`` tells what kind of data it is; its labels are not looked at.
    """
    if truth.labels is not None:
        limit = 0.5 if decision.thresholds is None else np.array(decision.thresholds)
        return np.asarray(p > limit)
    if decision.costs is not None:
        return np.asarray((p @ decision.costs).argmin(axis=1))
    if decision.thresholds is None:
        return np.asarray(p.argmax(axis=1))
    if p.shape[1] == 2:
        index = truth.minority or 0
        return np.where(p[:, index] > decision.thresholds[0], index, 1 - index)
    return np.asarray((p * np.array(decision.thresholds)).argmax(axis=1))


def tuned(p: FloatArray, truth: Truth, goal: Goal) -> tuple[Decision, float]:
    """The decision that is best for the goal on these samples, and how good it is there.

    Labels and two classes: every cut between two probabilities is tried. More classes: factors
    are moved one class at a time, rarest first, as long as that helps; for costs, the least
    expected cost, which needs no tuning.
    """
    if truth.labels is not None:
        return _tuned_labels(p, truth.labels, goal)
    if goal.costs is not None:
        decision = Decision(costs=goal.costs)
        return decision, value(p, decision, truth, goal)
    if p.shape[1] == 2:
        return _tuned_two(p, truth, goal)
    return _tuned_factors(p, truth, goal)


def value(p: FloatArray, decision: Decision, truth: Truth, goal: Goal) -> float:
    """How good a decision is on training samples."""
    given = answers(p, decision, truth)
    if goal.costs is not None and truth.codes is not None:
        return -float(goal.costs[truth.single, given.astype(np.int64)].mean())
    k = len(truth.classes)
    table = given[:, None] == np.arange(k) if truth.labels is None else given.astype(bool)
    return float(goal.chosen(marks_of(truth.table, table)))


@dataclass(frozen=True, slots=True)
class Cuts:
    """All ways to cut sorted probabilities: (M,) thresholds, and what lies above each."""

    thresholds: FloatArray
    right: FloatArray
    answered: FloatArray


def cuts(p: FloatArray, true: BoolArray) -> Cuts:
    """Every cut between two different probabilities, from answering no one to everyone.

    >>> found = cuts(np.array([0.1, 0.4, 0.8]), np.array([False, True, True]))
    >>> [round(t, 3) for t in found.thresholds.tolist()], found.right.tolist()
    ([0.9, 0.6, 0.25, 0.05], [0.0, 1.0, 2.0, 2.0])
    """
    order = np.argsort(-p, kind="stable")
    sorted_p = p[order]
    edge = np.flatnonzero(sorted_p[1:] != sorted_p[:-1])
    middle = (sorted_p[edge] + sorted_p[edge + 1]) / 2
    found = np.cumsum(true[order], dtype=np.float64)
    return Cuts(
        np.concatenate([[(1 + sorted_p[0]) / 2], middle, [sorted_p[-1] / 2]]),
        np.concatenate([[0.0], found[edge], [found[-1]]]),
        np.concatenate([[0.0], edge + 1.0, [float(len(p))]]),
    )


def _best(thresholds: FloatArray, values: FloatArray) -> tuple[float, float]:
    """The threshold with the best value; of several equal ones that nearest to one half."""
    top = float(values.max())
    equal = thresholds[values >= top - 1e-12]
    return float(equal[np.abs(equal - 0.5).argmin()]), top


def _tuned_two(p: FloatArray, truth: Truth, goal: Goal) -> tuple[Decision, float]:
    index = truth.minority or 0
    true = truth.single == index
    found = cuts(p[:, index], true)
    n, positives = len(p), float(true.sum())
    others = n - found.answered
    right_others = (n - positives) - (found.answered - found.right)
    columns = [(found.right, found.answered, positives), (right_others, others, n - positives)]
    if index == 1:
        columns.reverse()
    marks = Marks(
        np.stack([c[0] for c in columns], axis=-1),
        np.stack([c[1] for c in columns], axis=-1),
        np.array([c[2] for c in columns]),
        n,
    )
    best, top = _best(found.thresholds, goal.chosen(marks))
    return Decision((best,)), top


def _tuned_labels(p: FloatArray, labels: BoolArray, goal: Goal) -> tuple[Decision, float]:
    thresholds, tops = [], []
    for i in range(p.shape[1]):
        true = labels[:, i]
        if not true.any():
            thresholds.append(0.5)
            continue
        found = cuts(p[:, i], true)
        marks = Marks(
            found.right[:, None], found.answered[:, None], np.array([float(true.sum())]), len(p)
        )
        best, top = _best(found.thresholds, goal.chosen(marks))
        thresholds.append(best)
        tops.append(top)
    return Decision(tuple(thresholds)), float(np.mean(tops)) if tops else 0.0


def _tuned_factors(p: FloatArray, truth: Truth, goal: Goal) -> tuple[Decision, float]:
    """Coordinate ascent on log factors; a round that changes nothing ends it."""
    logs = np.log(np.clip(p, 1e-300, None))
    offsets = np.zeros(p.shape[1])
    codes = truth.single
    rarest_first = np.argsort(np.bincount(codes, minlength=p.shape[1]), kind="stable")
    top = value(p, PLAIN, truth, goal)
    for _ in range(1 if p.shape[1] > _MANY_CLASSES else _ROUNDS):
        before = top
        for k in rarest_first.tolist():
            offset, reached = _best_offset(logs + offsets, codes, k, goal)
            if reached > top + 1e-12:
                offsets[k] += offset
                top = reached
        if top <= before:
            break
    factors = np.exp(offsets - offsets.mean())
    return Decision(tuple(factors.tolist())), top


def _best_offset(
    logs: FloatArray, codes: npt.NDArray[np.int64], k: int, goal: Goal
) -> tuple[float, float]:
    """What to add to the log score of class k, and how good that is."""
    n, width = logs.shape
    others = logs.copy()
    others[:, k] = -np.inf
    rival = others.argmax(axis=1)
    # Sample i is answered k as soon as the offset is above its margin.
    margin = others[np.arange(n), rival] - logs[:, k]
    edges = np.unique(np.quantile(margin, np.linspace(0, 1, _CUTS)))
    if len(edges) < 2:
        return 0.0, -np.inf
    offsets = (edges[1:] + edges[:-1]) / 2
    place = np.searchsorted(offsets, margin)  # answered k by offsets[place] and all later ones
    m = len(offsets)

    def so_far(rows: BoolArray, column: npt.NDArray[np.int64]) -> FloatArray:
        flat = np.bincount(place[rows] * width + column[rows], minlength=(m + 1) * width)
        total: FloatArray = np.cumsum(flat.reshape(m + 1, width), axis=0, dtype=np.float64)
        return total[:m]

    every = np.ones(n, dtype=bool)
    support = np.bincount(codes, minlength=width).astype(np.float64)
    rivals = np.bincount(rival, minlength=width).astype(np.float64)
    rivals_right = np.bincount(rival[rival == codes], minlength=width).astype(np.float64)
    answered = rivals - so_far(every, rival)
    right = rivals_right - so_far(rival == codes, rival)
    answered[:, k] = so_far(every, rival).sum(axis=1)
    right[:, k] = so_far(codes == k, codes)[:, k]
    values = goal.chosen(Marks(right, answered, support, n))
    best = int(values.argmax())
    return float(offsets[best]), float(values[best])
