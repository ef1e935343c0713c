"""The threshold that would raise F1, from histograms that one pass can fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# A bin is a float32 without its last 17 bits: 64 bins to every doubling, from 2^-24 to a half, and
# the same again mirrored at a half. So thresholds near 0 and near 1 are found as well as others.
_CUT = 17
_PER_OCTAVE = 1 << (23 - _CUT)
_FLOOR = (127 - 24) * _PER_OCTAVE
_HALF = (127 - 1) * _PER_OCTAVE - _FLOOR
BINS = 2 * _HALF + 2
MOST_CLASSES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Answering yes from ``value`` on has this ``f1``."""

    value: float
    f1: float


def bins_of(p: FloatArray) -> IntArray:
    """The bin of each probability, 0 … ``BINS`` − 1, rising with p.

    >>> bins_of(np.array([0.0, 0.4999, 0.5, 1.0])).tolist() == [0, _HALF - 1, _HALF + 1, BINS - 1]
    True
    """
    near = np.minimum(p, 1 - p).astype(np.float32)
    cut = (near.view(np.uint32) >> _CUT).astype(np.int64) - _FLOOR
    low = np.clip(cut, 0, _HALF)
    return np.where(p < 0.5, low, BINS - 1 - low)


def edge_of(bin_: int) -> float:
    """The least probability in a bin.

    A bin of the upper half is open where its mirror image is closed: it begins behind its edge.

    >>> edge_of(_HALF + 1), edge_of(0), edge_of(_HALF + 2) > 0.5
    (0.5, 0.0, True)
    """
    if bin_ == 0:
        return 0.0
    if bin_ < _HALF:
        return _near(bin_)
    if bin_ <= _HALF + 1:
        return 0.5
    return float(np.nextafter(np.float32(1 - _near(BINS - bin_)), np.float32(1)))


def _near(bin_: int) -> float:
    return float(np.uint32((bin_ + _FLOOR) << _CUT).view(np.float32))


def best_threshold(everything: IntArray, positives: IntArray) -> Threshold | None:
    """The threshold with the largest F1 = 2 TP / (2 TP + FP + FN).

    everything, positives: (BINS,) counts of probabilities by bin. ``None`` without positives. Among
    equals it is the one nearest a half. Exact to the width of a bin: 1.6 % of p or of 1 − p.
    """
    total = int(positives.sum())
    if total == 0:
        return None
    said = np.cumsum(everything[::-1])[::-1]
    right = np.cumsum(positives[::-1])[::-1]
    f1 = 2 * right / np.maximum(said + total, 1)
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    edges = np.array([edge_of(int(i)) for i in best])
    at = int(np.abs(edges - 0.5).argmin())
    return Threshold(value=float(edges[at]), f1=float(f1[best[at]]))
