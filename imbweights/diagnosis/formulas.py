"""The loss of a single row as each framework computes it, and where that is NaN or infinite.

A row of exclusive classes costs −ln p[t]; a label costs −ln p or −ln (1 − p). What differs is what
happens at 0 and 1. Where a formula multiplies a target of 0 by the log of 0, the result is NaN, as
it is there.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

KERAS_EPSILON = 1e-7
SAFE_EPSILON = float(np.finfo(np.float64).eps)
TORCH_LEAST_LOG = -100.0


class Formula(StrEnum):
    """How one row's loss is computed.

    ``EXACT``: from logits by log-sum-exp or softplus; from probabilities −ln p, as NLLLoss of
    log p. ``TORCH``: BCELoss, whose logs are at least −100. ``KERAS``: p divided by the sum of its
    row (classes only) and clipped to 1e-7 … 1 − 1e-7 in the precision of the predictions. ``SAFE``:
    p at least 2.2e-16, as in ``--for matlab-layer``. ``TEXTBOOK``: T.*log(Y) over all classes, as
    written by hand. ``TWICE``: the softmax or sigmoid of what is a probability already.
    """

    EXACT = "exact"
    TORCH = "torch"
    KERAS = "keras"
    SAFE = "safe"
    TEXTBOOK = "textbook"
    TWICE = "twice"


def clipping(dtype: np.dtype[np.generic]) -> tuple[float, float]:
    """Keras' 1e-7 and 1 − 1e-7 as that type holds them.

    >>> clipping(np.dtype("float16"))[1], clipping(np.dtype("float32"))[1]
    (1.0, 0.9999998807907104)
    """
    kind = dtype.type if dtype.kind == "f" else np.float64
    return float(kind(KERAS_EPSILON)), float(kind(1 - KERAS_EPSILON))


def minus_log(p: FloatArray, least: float | None = None) -> FloatArray:
    """−ln p; ∞ for 0, NaN below; with ``least`` p is at least that."""
    with np.errstate(divide="ignore", invalid="ignore"):
        # Adding 0 turns the −0 of a perfect row into 0.
        return -np.log(p if least is None else np.maximum(p, least)) + 0.0


def with_other(loss: FloatArray, other: FloatArray) -> FloatArray:
    """The loss plus 0 · the log of the other side: NaN where that is infinite."""
    with np.errstate(invalid="ignore"):
        return loss + 0.0 * other
