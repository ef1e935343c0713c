"""What the printed losses must be: written down in NumPy, gradients by central differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def same(found: Any, wanted: Any) -> None:
    """Equal to 1e-6."""
    np.testing.assert_allclose(np.asarray(found), np.asarray(wanted), rtol=1e-6, atol=1e-6)


def slopes(function: Callable[[Floats], float], at: Floats, step: float = 1e-6) -> Floats:
    """The gradient of ``function``, in the shape of ``at``."""
    result = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        right, left = at.copy(), at.copy()
        right[place] += step
        left[place] -= step
        result[place] = (function(right) - function(left)) / (2 * step)
    return result


def cross_entropies(logits: Floats, targets: npt.NDArray[Any]) -> Floats:
    """−ln softmax of the true class; logits (…, K), targets (…)."""
    largest = logits.max(axis=-1, keepdims=True)
    log_sums = largest[..., 0] + np.log(np.exp(logits - largest).sum(axis=-1))
    true: Floats = np.take_along_axis(logits, targets[..., None].astype(int), axis=-1)[..., 0]
    losses: Floats = log_sums - true
    return losses


def weighted(
    logits: Floats,
    targets: npt.NDArray[Any],
    weights: Floats,
    *,
    ignored: int | None = None,
    over: str = "weights",
) -> float:
    """Weighted cross-entropy, divided by the sum of the weights or the number of samples."""
    kept = np.ones(targets.shape, bool) if ignored is None else targets != ignored
    losses, used = cross_entropies(logits[kept], targets[kept]), weights[targets[kept]]
    return float((losses * used).sum() / (used.sum() if over == "weights" else kept.sum()))


def weighted_binary(
    logits: Floats, targets: npt.NDArray[Any], weights: Any, *, ignored: int | None = None
) -> float:
    """Mean of −w y ln σ(z) − (1 − y) ln(1 − σ(z)) over all elements that are not ignored."""
    kept = np.ones(targets.shape, bool) if ignored is None else targets != ignored
    y = np.where(kept, targets, 0)
    losses = weights * y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits)
    return float(losses[kept].mean())


def focal(
    logits: Floats, targets: npt.NDArray[Any], alpha: float, *, ignored: int | None = None
) -> float:
    """Mean of −α (1 − p)² ln p for positives and −(1 − α) p² ln(1 − p) for negatives."""
    kept = np.ones(targets.shape, bool) if ignored is None else targets != ignored
    p = 1 / (1 + np.exp(-logits[kept]))
    y = targets[kept]
    losses = np.where(
        y == 1, -alpha * (1 - p) ** 2 * np.log(p), -(1 - alpha) * p**2 * np.log(1 - p)
    )
    return float(losses.mean())


def ldam(
    cosines: Floats,
    targets: npt.NDArray[Any],
    margins: Floats,
    *,
    ignored: int | None = None,
) -> float:
    """Cross-entropy of 30 (cosine − margin of the true class), mean over the samples."""
    kept = np.ones(targets.shape, bool) if ignored is None else targets != ignored
    z, y = cosines[kept].copy(), targets[kept]
    z[np.arange(len(y)), y] -= margins[y]
    return float(cross_entropies(30 * z, y).mean())
