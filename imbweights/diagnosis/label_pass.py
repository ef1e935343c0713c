"""One block of predictions of labels, each for itself yes or no, added to the tally."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.diagnosis.class_pass import UNDERFLOW, Manner, as_numbers
from imbweights.diagnosis.formulas import (
    SAFE_EPSILON,
    TORCH_LEAST_LOG,
    Formula,
    clipping,
    minus_log,
    with_other,
)
from imbweights.diagnosis.pairing import IGNORED, STRAY
from imbweights.diagnosis.scale import Scale
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tally import Tally
from imbweights.diagnosis.thresholds import BINS, bins_of
from imbweights.losses.numerics import sigmoid, softplus

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# 1/(1 + e^−z) is exactly 1 once e^−z is lost beside 1.
_ROUNDS_TO_ONE = {False: 24 * np.log(2), True: 11 * np.log(2)}
_BELOW = -1e-9
_ABOVE = 1e-6
_SUM_OFF = 1e-3


class _Elements:
    """The labels of a block that count, one after the other, and where they came from."""

    def __init__(self, tally: Tally, start: int, t: IntArray) -> None:
        """t: (M, L), 0 and 1 where they count."""
        kept = np.flatnonzero(t.reshape(-1) >= 0)
        self.tally, self.start = tally, start
        self.kept = kept
        self.row, self.column = np.divmod(kept, t.shape[1])
        self.yes = t.reshape(-1)[kept] == 1

    def see(self, trace: Trace, mask: Mask) -> None:
        """Rows in which some label is concerned, and the labels."""
        if mask.any():
            rows = np.unique(self.row[mask])
            self.tally.see(trace, self.start, rows, self.column[mask])


def add_labels(tally: Tally, start: int, x: npt.NDArray[Any], t: IntArray, manner: Manner) -> None:
    """x: (M, L) predictions, t: (M, L) of 0 and 1, of the rows from ``start`` on."""
    stray = t == STRAY
    tally.ignored += int((t == IGNORED).sum())
    tally.see(Trace.STRAY, start, np.flatnonzero(stray.any(axis=1)), np.nonzero(stray)[1])
    tally.several += int(((t == 1).sum(axis=1) > 1).sum())
    elements = _Elements(tally, start, t)
    if not len(elements.kept):
        return
    with np.errstate(all="ignore"):
        _see_rounding(elements, x, manner)
        full = as_numbers(x, manner)
        if manner.scale is Scale.PROBABILITIES and tally.width > 1:
            off = np.abs(full.sum(axis=1) - 1) > _SUM_OFF
            tally.see(Trace.SUM, start, np.flatnonzero(off))
        values = full.reshape(-1)[elements.kept]
        elements.see(Trace.NAN, np.isnan(values))
        elements.see(Trace.INFINITE, np.isinf(values))
        if manner.scale is Scale.LOGITS:
            losses, p = _of_logits(elements, values, manner)
        else:
            losses, p = _of_probabilities(elements, values, manner)
        if manner.twice:
            losses[Formula.TWICE] = softplus(np.where(elements.yes, -p, p))
        _add(elements, losses, p)


def _see_rounding(elements: _Elements, x: npt.NDArray[Any], manner: Manner) -> None:
    """What only float16 makes infinite, 0 or 1."""
    if not manner.half or x.dtype == np.float16:
        return
    before = x.astype(np.float64).reshape(-1)[elements.kept]
    after = as_numbers(x, manner).reshape(-1)[elements.kept]
    lost = np.isinf(after) & np.isfinite(before)
    if manner.scale is Scale.PROBABILITIES:
        lost |= ((after == 0) & (before != 0)) | ((after == 1) & (before != 1))
    elements.see(Trace.HALF, lost)


def _of_logits(
    elements: _Elements, z: FloatArray, manner: Manner
) -> tuple[dict[Formula, FloatArray], FloatArray]:
    yes = elements.yes
    exact = softplus(np.where(yes, -z, z))
    low, high = UNDERFLOW[manner.half], _ROUNDS_TO_ONE[manner.half]
    zero, one = z < low, z >= high
    quiet, loud = (zero & ~yes) | (one & yes), (zero & yes) | (one & ~yes)
    elements.see(Trace.UNDERFLOW, quiet & np.isfinite(z))
    elements.see(Trace.UNDERFLOW_TRUE, loud & np.isfinite(z))
    elements.see(Trace.ZERO_TRUE, np.isinf(exact))
    textbook = np.where(quiet, np.nan, np.where(loud, np.inf, exact))
    p = sigmoid(z)
    losses = dict.fromkeys((Formula.EXACT, Formula.TORCH, Formula.KERAS, Formula.SAFE), exact)
    return {**losses, Formula.TEXTBOOK: textbook}, p


def _of_probabilities(
    elements: _Elements, p: FloatArray, manner: Manner
) -> tuple[dict[Formula, FloatArray], FloatArray]:
    yes = elements.yes
    true, other = np.where(yes, p, 1 - p), np.where(yes, 1 - p, p)
    elements.see(Trace.ZERO, other == 0)
    elements.see(Trace.ZERO_TRUE, true == 0)
    elements.see(Trace.OUTSIDE, ((p < _BELOW) | (p > 1 + _ABOVE)) & np.isfinite(p))
    low, high = clipping(np.dtype(np.float16) if manner.half else manner.stored)
    clipped = np.clip(p, low, high)
    elements.see(Trace.CLIPPED, np.where(yes, p < low, p > high))
    exact = minus_log(true)
    keras = minus_log(np.where(yes, clipped, 1 - clipped))
    losses = {
        Formula.EXACT: exact,
        Formula.TORCH: np.minimum(exact, -TORCH_LEAST_LOG),
        Formula.KERAS: with_other(keras, minus_log(np.where(yes, 1 - clipped, clipped))),
        Formula.SAFE: minus_log(true, SAFE_EPSILON),
        Formula.TEXTBOOK: with_other(exact, minus_log(other)),
    }
    return losses, p


def _add(elements: _Elements, losses: dict[Formula, FloatArray], p: FloatArray) -> None:
    tally, yes, column = elements.tally, elements.yes, elements.column
    said = p > 0.5
    facts = {
        "row": elements.start + elements.row,
        "true": 2 * column + yes,
        "answer": 2 * column + said,
        "p": np.where(yes, p, 1 - p),
    }
    tally.add(2 * column + yes, losses, np.abs(p - yes), said == yes, facts)
    tally.predicted += np.bincount(column[said], minlength=tally.width)
    if tally.everything is not None and tally.positives is not None:
        at = bins_of(np.clip(np.nan_to_num(p), 0, 1)) + BINS * column
        tally.everything += np.bincount(at, minlength=tally.width * BINS)
        tally.positives += np.bincount(at[yes], minlength=tally.width * BINS)
