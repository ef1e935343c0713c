"""Losses of single yes-or-no answers: every element of an array is one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import choice
from imbweights.core.errors import UsageError
from imbweights.losses.base import FloatArray, Loss, Reduction, floats, weights_like
from imbweights.losses.numerics import divided


def element_pair(
    name: str, predictions: npt.ArrayLike, targets: npt.ArrayLike, *, soft: bool
) -> tuple[FloatArray, FloatArray]:
    """Predictions and targets of the same shape; targets 0 and 1, or between them if ``soft``.

    Raises ``UsageError`` otherwise. Shapes that would merely broadcast are refused, since (N, 1)
    against (N,) makes N × N losses.
    """
    x, y = floats(name, predictions), floats("targets", targets)
    if x.shape != y.shape:
        raise UsageError(
            f"{name} have shape {x.shape}, targets {y.shape}; expected the same shape",
            hint="targets.reshape(logits.shape) where only an axis of length 1 differs",
        )
    good = (y >= 0) & (y <= 1) if soft else (y == 0) | (y == 1)
    if not good.all():
        found = y.reshape(-1)[int((~good).reshape(-1).argmax())]
        raise UsageError(
            f"target {found:g} is not {'between 0 and 1' if soft else '0 or 1'}",
            hint="for class indices use a loss over classes, such as weighted_cross_entropy",
        )
    return x, y


def spread_over(name: str, values: npt.ArrayLike | None, shape: tuple[int, ...]) -> FloatArray:
    """Weights that broadcast to ``shape``, as views of that shape; 1 where there are none.

    Raises ``UsageError`` for weights that do not broadcast, that are negative or not finite.
    """
    array = weights_like(name, 1.0 if values is None else values)
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise UsageError(
            f"{name} has shape {array.shape}, which does not broadcast to {shape}",
            hint=f"{name} lines up with the last axis; for L labels on axis 1 of (N, L, H, W) "
            "give it the shape (L, 1, 1)",
        ) from None


def reduced(losses: FloatArray, gradient: FloatArray, reduction: Reduction | str) -> Loss:
    """From losses and gradients per element to what the caller asked for.

    The mean divides by the number of elements, whatever their weights, as in torch and Keras.
    """
    reduction = choice(Reduction, reduction)
    losses, gradient = losses + 0.0, np.asarray(gradient)  # a perfect −0.0 is shown as 0.0
    if reduction is Reduction.MEAN:
        return Loss(float(divided(losses.sum(), losses.size)), divided(gradient, losses.size))
    return Loss(float(losses.sum()) if reduction is Reduction.SUM else np.asarray(losses), gradient)
