"""What the predictions get right: per class, over all, and with the thresholds that would do better."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.diagnosis.pairing import Kind
from imbweights.diagnosis.tally import Tally
from imbweights.diagnosis.thresholds import BINS, Threshold, best_threshold
from imbweights.losses.numerics import divided

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """One class or label. Undefined numbers are NaN.

    ``count``: samples with it; ``loss``: their mean unweighted loss; ``loss_share`` and
    ``gradient_share``: of the weighted sums over all classes (for a label: of its positives and
    negatives); ``gradient``: mean norm of ∂ℓ/∂logits of the samples with it, unweighted.
    ``threshold``: from where on to answer yes for the best F1 of this class alone.
    """

    name: str
    count: int
    weight: float
    precision: float
    recall: float
    f1: float
    predicted: int
    loss: float
    loss_share: float
    gradient: float
    gradient_share: float
    threshold: Threshold | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """Over everything: shares of what counts; NaN where nothing does."""

    accuracy: float
    weighted_accuracy: float
    balanced_accuracy: float
    macro_f1: float


def _ratio(a: float, b: float) -> float:
    return float(divided(np.float64(a), b))


@dataclass(frozen=True, slots=True)
class _Group:
    """The groups of a class: ``own`` all of them, ``at`` that of its samples; its histogram."""

    own: list[int]
    at: int
    predicted: int
    histogram: int | None


def class_scores(
    tally: Tally, names: tuple[str, ...], losses: FloatArray
) -> tuple[ClassScore, ...]:
    """Every class or label, in class order; of one label its no and its yes.

    names: one for each; losses: (G,) sums of the loss to show.
    """
    return tuple(_score(tally, names[i], losses, g) for i, g in enumerate(_groups(tally)))


def _groups(tally: Tally) -> list[_Group]:
    if tally.kind is Kind.CLASSES:
        return [_Group([i], i, int(n), i) for i, n in enumerate(tally.predicted.tolist())]
    if tally.width == 1:
        yes = int(tally.predicted[0])
        return [_Group([0], 0, int(tally.counts.sum()) - yes, None), _Group([1], 1, yes, 0)]
    return [
        _Group([2 * i, 2 * i + 1], 2 * i + 1, int(n), i)
        for i, n in enumerate(tally.predicted.tolist())
    ]


def _score(tally: Tally, name: str, losses: FloatArray, group: _Group) -> ClassScore:
    own, at, said = group.own, group.at, group.predicted
    count, right = int(tally.counts[at]), int(tally.right[at])
    with np.errstate(all="ignore"):
        weighted = _times(tally.weights, losses)
        pull = _times(tally.weights, tally.gradient)
        shares = [_ratio(float(v[own].sum()), float(v.sum())) for v in (weighted, pull)]
    f1 = _ratio(2 * right, said + count)
    return ClassScore(
        name=name,
        count=count,
        weight=float(tally.weights[at]),
        precision=_ratio(right, said),
        recall=_ratio(right, count),
        f1=f1,
        predicted=said,
        loss=_ratio(float(losses[at]), count),
        loss_share=shares[0],
        gradient=_ratio(float(tally.gradient[at]), count),
        gradient_share=shares[1],
        threshold=None if group.histogram is None else _threshold(tally, group.histogram),
    )


def _times(weights: FloatArray, sums: FloatArray) -> FloatArray:
    """Weighted sums; a group that does not occur has none, whatever its weight."""
    return np.where(sums == 0, 0.0, weights * sums)


def _threshold(tally: Tally, i: int) -> Threshold | None:
    if tally.everything is None or tally.positives is None:
        return None
    place = slice(i * BINS, (i + 1) * BINS)
    return best_threshold(tally.everything[place], tally.positives[place])


def overall(tally: Tally, scores: tuple[ClassScore, ...]) -> Overall:
    """Accuracy, plain and weighted by the weights of the groups, and the means over classes."""
    there = tally.counts > 0
    with np.errstate(all="ignore"):
        w = tally.weights[there]
        weighted = _ratio(
            float((w * tally.right[there]).sum()), float((w * tally.counts[there]).sum())
        )
        # Of one label: its negatives and its positives; of several: the mean over labels.
        recalls = tally.right[there] / tally.counts[there]
    f1 = [s.f1 for s in scores if s.count or s.predicted]
    return Overall(
        accuracy=_ratio(float(tally.right.sum()), float(tally.counts.sum())),
        weighted_accuracy=weighted,
        balanced_accuracy=float(recalls.mean()) if recalls.size else math.nan,
        macro_f1=float(np.mean(f1)) if f1 else math.nan,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The model that knows only how frequent the classes are.

    ``loss``, ``weighted``: its mean loss, in the same means as the table's first row; ``answer``:
    what it always answers; ``share``: how often that is true; ``same``: in which share of rows (or
    labels) the predictions answer the same.
    """

    loss: float
    weighted: float | None
    answer: str
    share: float
    same: float


def baseline(tally: Tally, names: tuple[str, ...], weights: FloatArray | None) -> Baseline:
    """For classes the majority class; for one label the commoner answer, for several no."""
    if tally.kind is Kind.CLASSES:
        best = int(tally.counts.argmax())
        answer, share = names[best], _ratio(float(tally.counts[best]), float(tally.counts.sum()))
        same = _ratio(float(tally.predicted[best]), float(tally.counts.sum()))
        groups = tally.counts[None, :].astype(np.float64)
    else:
        groups = tally.counts.reshape(-1, 2).astype(np.float64)
        total = float(groups.sum())
        said = float(tally.predicted.sum())
        # Of one label the commoner answer, of several no: there it is nearly always the commoner.
        yes = int(tally.width == 1 and groups[0, 1] > groups[0, 0])
        answer = "no for every label" if tally.width > 1 else names[yes]
        share = _ratio(float(groups[:, yes].sum()), total)
        same = _ratio(said if yes else total - said, total)
    plain = _prior_loss(groups, np.ones_like(groups))
    w = None if weights is None else weights.reshape(groups.shape)
    sizes = tally.kind is Kind.CLASSES
    return Baseline(
        loss=plain,
        weighted=None if w is None else _prior_loss(groups, w, by_weights=sizes),
        answer=answer,
        share=share,
        same=same,
    )


def _prior_loss(groups: FloatArray, w: FloatArray, *, by_weights: bool = False) -> float:
    """−Σ w n ln q / Σ, q ∝ w n within each row of groups: the least loss without looking."""
    with np.errstate(all="ignore"):
        mass = np.where(groups > 0, w * groups, 0.0)
        q = mass / mass.sum(axis=1, keepdims=True)
        loss = -np.where(mass > 0, mass * np.log(q), 0.0).sum()
        # Adding 0 turns the −0 of a single class into 0.
        return _ratio(float(loss) + 0.0, float(mass.sum() if by_weights else groups.sum()))
