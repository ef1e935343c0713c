"""Losses over K exclusive classes: class axis 1 in the caller's arrays, rows in ours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import choice
from imbweights.core.errors import UsageError
from imbweights.losses.base import FloatArray, Loss, Reduction, floats, weights_like
from imbweights.losses.numerics import divided


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRows:
    """Logits and targets with one row for each of the M samples, pixels or voxels.

    ``logits`` and ``targets`` are (M, K), the targets one-hot or soft and all 0 in rows that are
    ignored; ``kept`` (M,) says which rows count; ``shape`` is that of the logits as they were
    given; ``soft`` whether the targets were given as probabilities.
    """

    logits: FloatArray
    targets: FloatArray
    kept: npt.NDArray[np.bool_]
    shape: tuple[int, ...]
    soft: bool

    def spread(self, gradient: FloatArray) -> FloatArray:
        """A gradient per row, (M, K), in the shape of the logits."""
        spatial = (*self.shape[:1], *self.shape[2:], self.shape[1])
        return np.ascontiguousarray(np.moveaxis(gradient.reshape(spatial), -1, 1))

    def loss(
        self,
        losses: FloatArray,
        gradient: FloatArray,
        *,
        reduction: Reduction | str,
        divisor: float | None = None,
    ) -> Loss:
        """From losses (M,) and gradients (M, K) per row to what the caller asked for.

        ``divisor``: that of the mean; the number of rows that count unless given. Where it is 0
        the mean is nan, and so is the gradient of the rows that count.
        """
        reduction = choice(Reduction, reduction)
        losses = np.where(self.kept, losses, 0.0) + 0.0  # a perfect −0.0 is shown as 0.0
        if reduction is Reduction.MEAN:
            by = int(np.count_nonzero(self.kept)) if divisor is None else divisor
            gradient = divided(gradient, by)
            value: float | FloatArray = float(divided(losses.sum(), by))
        elif reduction is Reduction.SUM:
            value = float(losses.sum())
        else:
            value = losses.reshape((*self.shape[:1], *self.shape[2:]))
        return Loss(value, self.spread(np.where(self.kept[:, None], gradient, 0.0)))


def class_rows(
    logits: npt.ArrayLike, targets: npt.ArrayLike, *, ignore_index: int | None = None
) -> ClassRows:
    """Check the shapes and lay the class axis last.

    logits: (N, K) or (N, K, d₁, …), of any float type. targets: class indices 0 … K−1 of an
    integer type, (N,) or (N, d₁, …); or probabilities with the shape of the logits.
    ``ignore_index``: the class index that means "do not count this one"; it need not be a class.
    Raises ``UsageError`` for shapes that do not fit and for targets that are no class.

    >>> class_rows(np.zeros((2, 3)), [0, 2]).targets.tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    z = floats("logits", logits)
    if z.ndim < 2 or z.shape[1] == 0:
        raise UsageError(
            f"logits have shape {z.shape}; expected (N, K) or (N, K, d1, …)",
            hint="classes are axis 1: use logits[None] for one sample, "
            "np.moveaxis(logits, -1, 1) for classes last",
        )
    classes = z.shape[1]
    labels = np.asarray(targets)
    soft = labels.shape == z.shape
    if soft:
        expected, kept = _soft(labels, ignore_index), np.ones(z.size // classes, dtype=bool)
    else:
        expected, kept = _one_hot(labels, z.shape, ignore_index)
    return ClassRows(logits=_rows(z), targets=expected, kept=kept, shape=z.shape, soft=soft)


def class_vector(name: str, values: npt.ArrayLike, classes: int) -> FloatArray:
    """One number at least 0 per class, (K,). Raises ``UsageError`` otherwise."""
    vector = weights_like(name, values)
    if vector.shape != (classes,):
        raise UsageError(
            f"{name} has shape {vector.shape}; the logits have {classes} classes, "
            f"so expected ({classes},)",
            hint="one entry per class, in the order of the class indices (axis 1 of the logits)",
        )
    return vector


def _rows(array: FloatArray) -> FloatArray:
    return np.moveaxis(array, 1, -1).reshape(-1, array.shape[1])


def _soft(targets: npt.NDArray[np.generic], ignore_index: int | None) -> FloatArray:
    if ignore_index is not None:
        raise UsageError(
            "ignore_index needs targets that are class indices; these have the shape of the logits",
            hint="set the soft targets of what is to be ignored to 0 for every class",
        )
    return _rows(weights_like("targets", targets))


def _one_hot(
    targets: npt.NDArray[np.generic], shape: tuple[int, ...], ignore_index: int | None
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """One-hot rows, and which of them count."""
    wanted = (*shape[:1], *shape[2:])
    if targets.shape != wanted:
        raise UsageError(
            f"targets have shape {targets.shape}, logits {shape}; expected {wanted} class indices "
            f"or {shape} probabilities"
        )
    if targets.size and targets.dtype.kind not in "iub":
        raise UsageError(
            f"class indices must be whole numbers, found dtype {targets.dtype}",
            hint="targets.astype(int), or give probabilities with the shape of the logits",
        )
    indices = targets.reshape(-1).astype(np.int64)
    kept = np.ones(indices.size, dtype=bool) if ignore_index is None else indices != ignore_index
    stray = kept & ((indices < 0) | (indices >= shape[1]))
    if stray.any():
        found = int(indices[stray.argmax()])
        raise UsageError(
            f"target {found} is no class: the logits have {shape[1]} classes, 0 … {shape[1] - 1}",
            hint=f"ignore_index={found} leaves these targets out",
        )
    one_hot = np.zeros((indices.size, shape[1]))
    one_hot[kept, indices[kept]] = 1
    return one_hot, kept
