"""One training set and one test set: every weight, every decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from imbweights.evidence.fitting import alone
from imbweights.evidence.many_labels import fit_many as fit_dense
from imbweights.evidence.metrics import average_precision
from imbweights.evidence.multilabel import fit_many
from imbweights.evidence.validation import Grouping, inner_split
from pos_weights.choosing import Answers, Chosen, choose, decided
from pos_weights.data import Bools, Split

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

GAMMAS = (0.0, 0.25, 0.5, 0.75, 1.0)
INNER_FOLDS = 3
_BINS = 10


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How far probabilities can be believed; means over rows and labels.

    ``expected``: labels that the probabilities promise, for each that is there.
    """

    log_loss: float
    brier: float
    error: float
    expected: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """What came of one split.

    ``support``: test rows with each label; ``positives``: training rows with it. By γ: the answers
    of every decision, calibration, that after the weight is undone, average precision.
    ``base``: calibration of the shares of the training rows. ``best``: the γ > 0 that the inner
    folds choose at one half.
    """

    support: Floats
    positives: Floats
    ratio: float
    rows: int
    answers: dict[float, dict[str, Answers]]
    chosen: dict[float, Chosen]
    calibration: dict[float, Calibration]
    undone: dict[float, Calibration]
    base: Calibration
    precision: dict[float, float]
    best: float


def run(split: Split, c: float = 1.0) -> Trial:
    """Fit with every weight; thresholds come from three folds of the training rows."""
    y = split.y
    names = tuple(map(str, range(y.shape[1])))
    inner = inner_split(Grouping(classes=names, labels=y), INNER_FOLDS, split.seed + 7919)
    parts = [(part, _fitted(split.x[part.train], y[part.train], c)) for part in inner]
    final = _fitted(split.x, y, c)
    test = split.test_y
    against = _odds_against(y)
    chosen, found, honest, undone, ranked = {}, {}, {}, {}, {}
    for g, gamma in enumerate(GAMMAS):
        z = np.zeros(y.shape, dtype=np.float32)
        for part, fitted in parts:
            z[part.test] = _values(fitted, split.x[part.test], g)
        chosen[gamma] = choose(z, y)
        z = _values(final, split.test_x, g)
        found[gamma] = decided(z, test, chosen[gamma])
        honest[gamma] = calibration(z, test)
        undone[gamma] = calibration(z - (gamma * np.log(against)).astype(np.float32), test)
        precision = average_precision(test, z.astype(np.float64), None)
        ranked[gamma] = 0.0 if precision is None else precision
    share = (y.sum(axis=0) + 0.5) / (len(y) + 1)
    constant = np.broadcast_to(np.log(share / (1 - share)).astype(np.float32), test.shape)
    return Trial(
        support=test.sum(axis=0, dtype=np.float64),
        positives=y.sum(axis=0, dtype=np.float64),
        ratio=float(np.median(against)),
        rows=len(y),
        answers=found,
        chosen=chosen,
        calibration=honest,
        undone=undone,
        base=calibration(constant, test),
        precision=ranked,
        best=max(GAMMAS[1:], key=lambda gamma: chosen[gamma].value),
    )


def _odds_against(y: Bools) -> Floats:
    """Negatives / positives; a label without positives is as one with one."""
    on = np.maximum(y.sum(axis=0, dtype=np.float64), 1)
    return np.asarray((len(y) - on) / on)


def _fitted(x: Any, y: Bools, c: float) -> Any:
    weights = np.stack([_odds_against(y) ** gamma for gamma in GAMMAS])
    if isinstance(x, np.ndarray):
        return fit_dense(x, y, list(weights), c=c, jobs=1)
    with alone():
        return fit_many(x, y, weights, c=c)


def _values(fitted: Any, x: Any, g: int) -> Singles:
    return np.asarray(x @ fitted.coef[g].T + fitted.intercept[g], dtype=np.float32)


def calibration(z: Singles, y: Bools) -> Calibration:
    """Of log odds (N, L). The error is over ten bins of equal width, mean over labels."""
    p = expit(z)
    rows, labels = z.shape
    # ln(1 + e^z) − y·z without overflow.
    loss = np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - np.where(y, z, 0)
    place = np.minimum((p * _BINS).astype(np.int64), _BINS - 1) + np.arange(labels) * _BINS
    gap = np.bincount(place.ravel(), weights=(p - y).ravel(), minlength=labels * _BINS)
    return Calibration(
        log_loss=float(loss.mean(dtype=np.float64)),
        brier=float(((p - y) ** 2).mean(dtype=np.float64)),
        error=float(np.abs(gap).sum() / (rows * labels)),
        expected=float(p.sum(dtype=np.float64) / max(y.sum(), 1)),
    )
