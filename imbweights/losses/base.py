"""What a loss returns, and the choices that losses share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError

FloatArray = npt.NDArray[np.float64]


class Reduction(StrEnum):
    """What becomes of the losses of the single samples: their mean, their sum, or nothing."""

    MEAN = "mean"
    SUM = "sum"
    NONE = "none"


class MeanOver(StrEnum):
    """What a weighted mean divides by: the sum of the weights, or the number of samples.

    ``weights``: as ``torch.nn.CrossEntropyLoss`` with class indices; the scale of the weights
    cancels. ``samples``: as Keras; the scale of the weights multiplies the gradient.
    """

    WEIGHTS = "weights"
    SAMPLES = "samples"


class WeightOf(StrEnum):
    """Whose weight a sample gets: that of its true class, or of the class with the largest logit."""

    TRUE = "true"
    PREDICTED = "predicted"


@dataclass(frozen=True, eq=False, slots=True)
class Loss:
    """A loss and its gradient.

    ``value``: a float, in nats for every cross-entropy; with reduction ``none`` an array with the
    shape of the targets. ``gradient``: ∂value/∂logits, float64, with the shape of the logits;
    with reduction ``none`` that of the sum of the values. (Where a loss takes probabilities, read
    "probabilities" for "logits".)

    >>> loss = Loss(0.5, np.array([[0.1, -0.1]]))
    >>> float(loss.value), loss.gradient.tolist()
    (0.5, [[0.1, -0.1]])
    """

    value: float | FloatArray
    gradient: FloatArray


def floats(name: str, values: npt.ArrayLike) -> FloatArray:
    """The values as float64. Raises ``UsageError`` when they are not numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError(f"{name} must be an array of numbers") from None


def weights_like(name: str, values: npt.ArrayLike) -> FloatArray:
    """The values as float64, all finite and at least 0. Raises ``UsageError`` otherwise.

    >>> weights_like("weight", [1.0, float("inf")])
    Traceback (most recent call last):
    imbweights.core.errors.UsageError: weight[1] is inf; it must be finite and at least 0
    """
    array = floats(name, values)
    bad = ~(np.isfinite(array) & (array >= 0))
    if bad.any():
        where = np.unravel_index(int(bad.argmax()), array.shape)
        at = f"[{', '.join(map(str, where))}]" if where else ""
        raise UsageError(f"{name}{at} is {array[where]:g}; it must be finite and at least 0")
    return array


def at_least(name: str, value: float, least: float) -> float:
    """The option, if it is finite and not too small. Raises ``UsageError`` otherwise."""
    if not (np.isfinite(value) and value >= least):
        raise UsageError(f"{name} is {value:g}; it must be finite and at least {least:g}")
    return float(value)
