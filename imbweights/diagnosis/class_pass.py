"""One block of predictions over exclusive classes, added to the tally."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.diagnosis.formulas import SAFE_EPSILON, Formula, clipping, minus_log
from imbweights.diagnosis.pairing import IGNORED, STRAY
from imbweights.diagnosis.scale import Scale
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tally import Tally
from imbweights.diagnosis.thresholds import BINS, bins_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# ln of what rounds to 0: half of the smallest number of each precision.
UNDERFLOW = {False: -150 * np.log(2), True: -25 * np.log(2)}
_SUM_OFF = {False: 1e-3, True: 1e-2}
_NEARLY_ONE = 1e-2
# From where on a probability is sure, of those that a softmax was taken of once more.
SURE, _SURE_OF_TWO = 0.9, 0.99
_BELOW = -1e-9
_ABOVE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the predictions are read.

    ``half``: as float16 holds them; ``stored``: the type they are stored in; ``twice``: whether the
    loss with a second softmax is wanted.
    """

    scale: Scale
    half: bool
    stored: np.dtype[Any]
    twice: bool


def as_numbers(x: npt.NDArray[Any], manner: Manner) -> FloatArray:
    """Float64, rounded through float16 if asked for."""
    if manner.half:
        with np.errstate(over="ignore"):
            x = x.astype(np.float16)
    return x.astype(np.float64)


def add_classes(tally: Tally, start: int, x: npt.NDArray[Any], t: IntArray, manner: Manner) -> None:
    """x: (M, K) predictions, t: (M,) class indices, of the rows from ``start`` on."""
    _see_rounding(tally, start, x, t, manner)
    x = as_numbers(x, manner)
    tally.ignored += int((t == IGNORED).sum())
    tally.see(Trace.STRAY, start, np.flatnonzero(t == STRAY))
    kept = np.flatnonzero(t >= 0)
    if len(kept) < len(t):
        x, t = x[kept], t[kept]
    if not len(t):
        return
    # Positions of the rows that are left, for what is seen in them.
    block = _Block(tally, start, kept)
    with np.errstate(all="ignore"):
        _see_broken(block, x)
        if manner.scale is Scale.LOGITS:
            losses, p = _of_logits(block, x, t, manner)
        else:
            losses, p = _of_probabilities(block, x, t, manner)
        if manner.twice:
            losses[Formula.TWICE] = _cross_entropy(p, t)
        _add(block, losses, p, t)


@dataclass(frozen=True, slots=True)
class _Block:
    tally: Tally
    start: int
    kept: IntArray

    def see(self, trace: Trace, mask: npt.NDArray[np.bool_]) -> None:
        """(M, K) mask: rows and columns; (M,): rows."""
        if not mask.any():
            return
        if mask.ndim == 1:
            self.tally.see(trace, self.start, self.kept[np.flatnonzero(mask)])
            return
        rows = np.flatnonzero(mask.any(axis=1))
        self.tally.see(trace, self.start, self.kept[rows], np.nonzero(mask)[1])


def _see_rounding(
    tally: Tally, start: int, x: npt.NDArray[Any], t: IntArray, manner: Manner
) -> None:
    """What only float16 makes infinite or 0."""
    if not manner.half or x.dtype == np.float16:
        return
    rounded = as_numbers(x, manner)
    lost = (np.isinf(rounded) & np.isfinite(x)) | ((rounded == 0) & (x != 0))
    if manner.scale is Scale.LOGITS:
        lost = np.isinf(rounded) & np.isfinite(x)
    rows = np.flatnonzero(lost.any(axis=1) & (t >= 0))
    tally.see(Trace.HALF, start, rows, np.nonzero(lost[rows])[1])


def _see_broken(block: _Block, x: FloatArray) -> None:
    if np.isfinite(x).all():
        return
    block.see(Trace.NAN, np.isnan(x))
    block.see(Trace.INFINITE, np.isinf(x))
    # Of a class that cannot be the logit is −∞, and softmax makes 0 of it; of +∞ it makes NaN.
    nowhere = np.isneginf(x).all(axis=1, keepdims=True)
    block.see(Trace.NO_SOFTMAX, np.isposinf(x) | nowhere)


def _of_logits(
    block: _Block, z: FloatArray, t: IntArray, manner: Manner
) -> tuple[dict[Formula, FloatArray], FloatArray]:
    rows = np.arange(len(z))
    if block.tally.looks_normal:
        block.tally.looks_normal = _is_normal(z)
    top = z.max(axis=1, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=1, keepdims=True)
    p = e / total
    # All of a row but its largest, so that the loss of a sure prediction keeps its digits.
    first = z.argmax(axis=1)
    others = total[:, 0] - e[rows, first]
    sure = total[:, 0] < 1 + 1e-6
    if sure.any():
        e[rows, first] = 0
        others[sure] = e[sure].sum(axis=1)
    log_total = np.log1p(others)
    exact = (top[:, 0] - z[rows, t]) + log_total
    exact = np.where(np.isnan(total[:, 0]), np.nan, exact)
    textbook = exact
    limit = UNDERFLOW[manner.half]
    lowest = z.min(axis=1) - top[:, 0] - log_total
    if (lowest < limit).any():
        gone = (z - top - log_total[:, None]) < limit
        true = gone[rows, t]
        gone[rows, t] = False
        block.see(Trace.UNDERFLOW, gone)
        block.tally.see(
            Trace.UNDERFLOW_TRUE, block.start, block.kept[np.flatnonzero(true)], t[true]
        )
        textbook = np.where(gone.any(axis=1), np.nan, np.where(true, np.inf, exact))
    infinite = np.isinf(exact)
    if infinite.any():
        block.tally.see(
            Trace.ZERO_TRUE, block.start, block.kept[np.flatnonzero(infinite)], t[infinite]
        )
    losses = {Formula.EXACT: exact, Formula.KERAS: exact, Formula.TEXTBOOK: textbook}
    # MATLAB's functions take probabilities, so that what is lost in softmax is lost there too.
    losses[Formula.SAFE] = np.where(
        np.isnan(exact), np.nan, np.minimum(exact, -np.log(SAFE_EPSILON))
    )
    return losses, p


def _is_normal(z: FloatArray) -> bool:
    """Whether these are probabilities already: then a softmax is one too many."""
    if z.min() < -_ABOVE or not z.max() <= 1 + _ABOVE:
        return False
    return bool((np.abs(z.sum(axis=1) - 1) <= _NEARLY_ONE).all())


def _of_probabilities(
    block: _Block, p: FloatArray, t: IntArray, manner: Manner
) -> tuple[dict[Formula, FloatArray], FloatArray]:
    rows = np.arange(len(p))
    true = p[rows, t]
    zero = p == 0
    textbook = exact = minus_log(true)
    if zero.any():
        at_true = zero[rows, t]
        zero[rows, t] = False
        block.see(Trace.ZERO, zero)
        block.tally.see(
            Trace.ZERO_TRUE, block.start, block.kept[np.flatnonzero(at_true)], t[at_true]
        )
        textbook = np.where(zero.any(axis=1), np.nan, exact)
    broken = ~(p >= _BELOW) | (p > 1 + _ABOVE)
    if broken.any():
        block.see(Trace.OUTSIDE, broken & np.isfinite(p))
        textbook = np.where(
            (broken & (p <= 1)).any(axis=1) | np.isnan(p).any(axis=1), np.nan, textbook
        )
    total = p.sum(axis=1)
    block.see(Trace.SUM, np.abs(total - 1) > _SUM_OFF[manner.half])
    low, high = clipping(np.dtype(np.float16) if manner.half else manner.stored)
    share = true / total
    block.tally.see(
        Trace.CLIPPED, block.start, block.kept[np.flatnonzero(share < low)], t[share < low]
    )
    losses = {
        Formula.EXACT: exact,
        Formula.KERAS: minus_log(np.clip(share, low, high)),
        Formula.SAFE: minus_log(true, SAFE_EPSILON),
        Formula.TEXTBOOK: textbook,
    }
    _undo_softmax(block.tally, p)
    return losses, p


def _undo_softmax(tally: Tally, p: FloatArray) -> None:
    """Of what the probabilities would be the softmax, if that sums to 1 itself."""
    if tally.undone_least < -0.05:
        return
    logs = np.log(p)
    undone = logs + (1 - logs.sum(axis=1, keepdims=True)) / p.shape[1]
    tally.undone_least = min(tally.undone_least, float(np.nan_to_num(undone.min(), nan=-1.0)))
    most = undone.max(axis=1)
    tally.undone_most = max(tally.undone_most, float(np.nan_to_num(most.max(), nan=-1.0)))
    tally.undone_sure += int((most >= (_SURE_OF_TWO if p.shape[1] == 2 else SURE)).sum())


def _cross_entropy(z: FloatArray, t: IntArray) -> FloatArray:
    top = z.max(axis=1, keepdims=True)
    loss: FloatArray = np.log(np.exp(z - top).sum(axis=1)) + top[:, 0] - z[np.arange(len(z)), t]
    return loss


def _add(block: _Block, losses: dict[Formula, FloatArray], p: FloatArray, t: IntArray) -> None:
    tally, width = block.tally, block.tally.width
    rows = np.arange(len(p))
    answer = p.argmax(axis=1)
    true = p[rows, t]
    # ‖p − y‖² = Σ p² − 2 p[t] + 1
    squared = np.einsum("ij,ij->i", p, p) - 2 * true + 1
    gradient = np.sqrt(np.maximum(squared, 0))
    facts = {"row": block.start + block.kept, "true": t, "answer": answer, "p": true}
    tally.add(t, losses, gradient, answer == t, facts)
    tally.predicted += np.bincount(answer, minlength=width)
    if tally.confusion is not None:
        pairs = np.bincount(t * width + answer, minlength=width * width)
        tally.confusion += pairs.reshape(width, width)
    if tally.everything is not None and tally.positives is not None:
        at = bins_of(_bounded(p)) + BINS * np.arange(width)
        tally.everything += np.bincount(at.reshape(-1), minlength=width * BINS)
        tally.positives += np.bincount(at[rows, t], minlength=width * BINS)


def _bounded(p: FloatArray) -> FloatArray:
    """Probabilities for a histogram: what is none is put at an end."""
    if p.min() >= 0 and p.max() <= 1:
        return p
    return np.clip(np.nan_to_num(p), 0, 1)
