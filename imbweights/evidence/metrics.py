"""Scores on held-out samples, from sums that add up over folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from imbweights.evidence.goals import Goal, Marks, balanced, f1, precision, recall
from imbweights.evidence.result import ClassScores, Scores

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

METRICS = {
    "precision": "of the answers “minority class”, the share that is right",
    "recall": "of the minority class, the share that is found",
    "f1": "2·precision·recall / (precision + recall) of the minority class",
    "macro_precision": "mean over classes; a class that is never answered counts 0",
    "macro_recall": "mean over classes",
    "macro_f1": "mean over classes (labels that occur)",
    "micro_precision": "over all labels together",
    "micro_recall": "over all labels together",
    "micro_f1": "over all labels together",
    "balanced_accuracy": "mean recall of the classes; per label of recall and specificity",
    "accuracy": "share of samples answered rightly; per label with several labels",
    "average_precision": "area under the precision–recall curve of the minority class; mean over "
    "classes or labels if there are more than two; mean over folds when pooled",
    "log_loss": "−mean log probability of the truth, natural logarithm; per label with several",
    "brier": "mean squared error of the probability of the minority class (K > 2: summed over "
    "classes; several labels: mean over labels)",
    "calibration_error": "expected calibration error over ten bins of equal width: of the "
    "probability of the minority class; K > 2: of the answered class; mean over labels",
    "cost": "mean cost per sample by the cost matrix",
    "goal": "what --optimize asks for, larger is better; where a bound is missed by more than .03, the "
    "score that has the bound, less 1",
}

_BINS = 10
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of held-out samples.

    ``codes``: (N,) class indices, or ``labels``: (N, L) booleans; one of the two. ``minority``:
    index of the minority class (``None`` with labels). ``classes``: K names.
    """

    classes: tuple[str, ...]
    minority: int | None
    codes: IntArray | None = None
    labels: BoolArray | None = None

    @property
    def table(self) -> BoolArray:
        """(N, K): which classes or labels each sample carries."""
        if self.labels is not None:
            return self.labels
        table: BoolArray = self.single[:, None] == np.arange(len(self.classes))
        return table

    @property
    def single(self) -> IntArray:
        """(N,) class indices of single-label data."""
        assert self.codes is not None  # noqa: S101 - one of the two is there
        return self.codes

    def __len__(self) -> int:
        """How many samples."""
        return len(self.single if self.labels is None else self.labels)

    def __getitem__(self, rows: IntArray) -> Truth:
        """What is true of some of the samples."""
        return replace(
            self,
            codes=None if self.codes is None else self.codes[rows],
            labels=None if self.labels is None else self.labels[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What adds up over folds.

    ``right``, ``answered``, ``support``: (K,); ``confusion``: (K, K) true × answered for
    single-label data; ``log_loss`` and ``brier``: sums over samples; ``bins``: (C, 10, 3) sums of
    probability, truth and number, of one or of every label; ``average_precision``: sum over
    samples of the fold's value, ``ranked``: over how many samples; ``rows``: samples.
    """

    classes: tuple[str, ...]
    minority: int | None
    right: FloatArray
    answered: FloatArray
    support: FloatArray
    confusion: FloatArray | None
    log_loss: float
    brier: float
    bins: FloatArray
    average_precision: float
    ranked: int
    rows: int

    def __add__(self, other: Sums) -> Sums:
        """Two sets of held-out samples together."""
        return Sums(
            classes=self.classes,
            minority=self.minority,
            right=self.right + other.right,
            answered=self.answered + other.answered,
            support=self.support + other.support,
            confusion=None
            if self.confusion is None or other.confusion is None
            else self.confusion + other.confusion,
            log_loss=self.log_loss + other.log_loss,
            brier=self.brier + other.brier,
            bins=self.bins + other.bins,
            average_precision=self.average_precision + other.average_precision,
            ranked=self.ranked + other.ranked,
            rows=self.rows + other.rows,
        )

    @property
    def marks(self) -> Marks:
        """What goals look at."""
        return Marks(self.right, self.answered, self.support, self.rows)


def marks_of(truth: BoolArray, answers: BoolArray) -> Marks:
    """Marks of (N, K) answers."""
    return Marks(
        (truth & answers).sum(axis=0).astype(np.float64),
        answers.sum(axis=0).astype(np.float64),
        truth.sum(axis=0).astype(np.float64),
        len(truth),
    )


def measured(truth: Truth, probabilities: FloatArray, answers: npt.NDArray[np.generic]) -> Sums:
    """The sums of one fold.

    ``probabilities``: (N, K). ``answers``: (N,) class indices, or (N, L) booleans.
    """
    table = truth.table
    k = len(truth.classes)
    single = truth.codes is not None
    given = np.asarray(answers)
    answered = given[:, None] == np.arange(k) if single else given.astype(bool)
    marks = marks_of(table, answered)
    average = average_precision(table, probabilities, truth.minority if k == 2 else None)
    confusion = None
    if truth.codes is not None:
        flat = truth.codes * k + given.astype(np.int64)
        confusion = np.bincount(flat, minlength=k * k).reshape(k, k).astype(np.float64)
    return Sums(
        classes=truth.classes,
        minority=truth.minority,
        right=marks.right,
        answered=marks.answered,
        support=marks.support,
        confusion=confusion,
        log_loss=_log_loss(truth, probabilities),
        brier=_brier(truth, probabilities),
        bins=_bins(truth, probabilities),
        average_precision=0.0 if average is None else average * len(table),
        ranked=0 if average is None else len(table),
        rows=len(table),
    )


def _log_loss(truth: Truth, p: FloatArray) -> float:
    if truth.labels is not None:
        right = np.where(truth.labels, p, 1 - p)
        return float(-np.log(np.clip(right, _EPS, None)).mean(axis=1).sum())
    clipped = np.clip(p, _EPS, 1 - _EPS)
    picked = clipped[np.arange(len(p)), truth.codes]
    return float(-np.log(picked).sum())


def _brier(truth: Truth, p: FloatArray) -> float:
    squared = (p - truth.table) ** 2
    if truth.labels is not None:
        return float(squared.mean(axis=1).sum())
    # With two classes both squares are the same; the score is that of one of them.
    return float(squared.sum()) / (2 if p.shape[1] == 2 else 1)


def _bins(truth: Truth, p: FloatArray) -> FloatArray:
    if truth.labels is not None:
        return np.stack([_binned(p[:, i], truth.labels[:, i]) for i in range(p.shape[1])])
    if p.shape[1] == 2:
        index = truth.minority or 0
        return _binned(p[:, index], truth.single == index)[None]
    top = p.argmax(axis=1)
    return _binned(p[np.arange(len(p)), top], truth.single == top)[None]


def _binned(p: FloatArray, true: BoolArray) -> FloatArray:
    place = np.minimum((p * _BINS).astype(np.int64), _BINS - 1)
    return np.stack(
        [np.bincount(place, weights=w, minlength=_BINS) for w in (p, true.astype(float), None)],
        axis=1,
    )


def average_precision(table: BoolArray, p: FloatArray, index: int | None) -> float | None:
    """AP = Σ (R_i − R_{i−1})·P_i over the thresholds, equal probabilities being one threshold.

    ``table`` and ``p``: (N, K). Of one class, or the mean over those that occur; ``None`` if none
    does. Source: scikit-learn ``average_precision_score``.
    """
    if index is not None:
        table, p = table[:, [index]], p[:, [index]]
    occurs = table.any(axis=0)
    if not occurs.any():
        return None
    if not occurs.all():
        table, p = table[:, occurs], p[:, occurs]
    # A row per class, since sorting runs along memory; equal values are one threshold below.
    order = np.argsort(np.ascontiguousarray(-p.T), axis=1)
    true = np.take_along_axis(np.ascontiguousarray(table.T), order, axis=1)
    sorted_p = np.take_along_axis(p.T, order, axis=1)
    last = np.ones_like(true)
    last[:, :-1] = sorted_p[:, 1:] != sorted_p[:, :-1]
    places = np.where(last, np.arange(len(p)), len(p))
    ends = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1]
    found = np.cumsum(true, axis=1, dtype=np.float64)
    at_end = np.take_along_axis(found, ends, axis=1) / (ends + 1)
    return float(((at_end * true).sum(axis=1) / found[:, -1]).mean())


def scores(sums: Sums, goal: Goal, costs: FloatArray | None = None) -> Scores:
    """The scores that follow from the sums."""
    marks = sums.marks
    each = tuple(_class_scores(sums, i) for i in range(len(sums.classes)))
    values: dict[str, float | None] = {}
    if sums.minority is not None:
        mine = each[sums.minority]
        values |= {"precision": mine.precision, "recall": mine.recall, "f1": mine.f1}
    known = marks.support > 0
    values |= {
        "macro_precision": _mean(precision(marks), known),
        "macro_recall": _mean(recall(marks), known),
        "macro_f1": _mean(f1(marks), known),
    }
    if sums.minority is None:
        values |= _micro(marks)
    values |= {
        "balanced_accuracy": _balanced_accuracy(sums),
        "accuracy": _accuracy(sums),
        "average_precision": sums.average_precision / sums.ranked if sums.ranked else None,
        "log_loss": sums.log_loss / sums.rows,
        "brier": sums.brier / sums.rows,
        "calibration_error": _calibration_error(sums),
    }
    if costs is not None:
        values["cost"] = _cost(sums, costs)
    values["goal"] = goal_of(sums, goal)
    return Scores(values=values, per_class=each, rows=sums.rows)


def goal_of(sums: Sums, goal: Goal) -> float:
    """What the goal says of these samples."""
    if goal.costs is not None:
        return -_cost(sums, goal.costs)
    return float(goal.judged(sums.marks))


def pooled(parts: Sequence[Sums]) -> Sums:
    """All held-out samples together."""
    return reduce(lambda a, b: a + b, parts)


def _class_scores(sums: Sums, i: int) -> ClassScores:
    right, answered, support = sums.right[i], sums.answered[i], sums.support[i]
    return ClassScores(
        name=sums.classes[i],
        precision=float(right / answered) if answered else None,
        recall=float(right / support) if support else None,
        f1=float(2 * right / (answered + support)) if answered + support else None,
        support=int(support),
    )


def _mean(values: FloatArray, known: BoolArray) -> float | None:
    return float(values[known].mean()) if known.any() else None


def _micro(marks: Marks) -> dict[str, float | None]:
    right, answered, support = (
        float(a.sum()) for a in (marks.right, marks.answered, marks.support)
    )
    return {
        "micro_precision": right / answered if answered else None,
        "micro_recall": right / support if support else None,
        "micro_f1": 2 * right / (answered + support) if answered + support else None,
    }


def _balanced_accuracy(sums: Sums) -> float | None:
    known = sums.support > 0
    return _mean((balanced if sums.minority is None else recall)(sums.marks), known)


def _accuracy(sums: Sums) -> float:
    if sums.minority is not None:
        return float(sums.right.sum()) / sums.rows
    wrong = sums.answered + sums.support - 2 * sums.right
    return 1 - float(wrong.sum()) / (sums.rows * len(sums.classes))


def _calibration_error(sums: Sums) -> float:
    gaps = np.abs(sums.bins[..., 0] - sums.bins[..., 1]).sum(axis=1)
    return float((gaps / sums.bins[..., 2].sum(axis=1)).mean())


def _cost(sums: Sums, costs: FloatArray) -> float:
    if sums.confusion is not None:
        return float((sums.confusion * costs).sum()) / sums.rows
    missed, wrong = sums.support - sums.right, sums.answered - sums.right
    rest = sums.rows - sums.support - wrong
    total = (
        costs[1, 1] * sums.right + costs[1, 0] * missed + costs[0, 1] * wrong + costs[0, 0] * rest
    )
    return float(total.mean()) / sums.rows
