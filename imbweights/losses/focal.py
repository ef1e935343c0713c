"""Focal loss: what the model is sure of hardly counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.losses.base import Loss, Reduction, at_least
from imbweights.losses.class_axis import class_rows, class_vector
from imbweights.losses.elements import element_pair, reduced, spread_over
from imbweights.losses.numerics import log_softmax, product, sigmoid, softplus


def focal(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    alpha: npt.ArrayLike | None = 0.25,
    gamma: float = 2.0,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓ = −a (1 − u)^γ ln u, u = σ(s), s = z if y = 1 else −z; a = α if y = 1 else 1 − α.

    ∂ℓ/∂s = −a σ(−s)^γ [σ(−s) − γ u ln u], and ∂s/∂z = ±1. z: logits of any shape, in nats. y:
    targets of the same shape, 0 or 1, each element for itself (binary or multi-label). u: the
    probability of what is true. α: of the positives, 0 … 1, one number or what broadcasts to the
    logits as ``pos_weight`` does; ``None``: a = 1. γ ≥ 0; 0 leaves the weighted cross-entropy.

    α = .25 *lowers* the rare positives; the authors found it best together with γ = 2, which has
    already lowered the easy negatives. The mean divides by the number of elements, as torchvision
    does; RetinaNet divides the sum by the number of positives. The value is in nats.

    Raises ``UsageError`` for targets of another shape or other than 0 and 1, α outside 0 … 1, and
    negative γ.

    Source: Lin et al. 2017, "Focal loss for dense object detection", arXiv:1708.02002;
    torchvision.ops.sigmoid_focal_loss.

    >>> loss = focal([0.0, 0.0], [1, 0], reduction="none")
    >>> loss.value.round(6).tolist()
    [0.043322, 0.129965]
    """
    z, y = element_pair("logits", logits, targets, soft=False)
    gamma = at_least("gamma", gamma, 0)
    sign = 2 * y - 1
    s = sign * z
    true, false = sigmoid(s), sigmoid(-s)
    scale = false**gamma
    if alpha is not None:
        a = spread_over("alpha", alpha, z.shape)
        if (a > 1).any():
            raise UsageError(f"alpha is {a.max():g}; it must be between 0 and 1")
        scale = scale * np.where(y == 1, a, 1 - a)
    surprise = softplus(-s)
    slope = -scale * (false + gamma * product(true, surprise))
    return reduced(product(scale, surprise), sign * slope, reduction)


def softmax_focal(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    alpha: npt.ArrayLike | None = None,
    gamma: float = 2.0,
    ignore_index: int | None = None,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓᵢ = −α[t] (1 − p[t])^γ ln p[t], p = softmax(z), for K exclusive classes.

    ∂ℓᵢ/∂z[c] = α[t] (1[c = t] − p[c]) · (γ (1 − p[t])^(γ−1) p[t] ln p[t] − (1 − p[t])^γ).

    z: logits (N, K) or (N, K, d₁, …), in nats. t: class indices (N,) or (N, d₁, …), or one-hot with
    the shape of the logits. α: (K,) weights of the classes, each at least 0; ``None``: 1. γ ≥ 0.
    The mean divides by the number of samples that are not ignored, whatever α; nan if there are
    none. The value is in nats.

    Raises ``UsageError`` for shapes that do not fit, targets that are neither class indices nor
    one-hot, a single number as α (it would multiply all classes alike), and negative γ.

    Source: Lin et al. 2017, arXiv:1708.02002; keras.losses.CategoricalFocalCrossentropy.

    >>> loss = softmax_focal([[0.0, 0.0]], [1], alpha=[1, 4])
    >>> round(float(loss.value), 6)
    0.693147
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    gamma = at_least("gamma", gamma, 0)
    if rows.soft and not _is_one_hot(rows.targets):
        raise UsageError("softmax_focal needs one true class per sample: indices or one-hot")
    weights = np.ones(rows.logits.shape[1])
    if alpha is not None:
        if np.ndim(alpha) == 0:
            raise UsageError(
                "alpha is one number, which would multiply every class alike",
                hint="give one entry per class, or leave it out; for 0/1 targets use focal",
            )
        weights = class_vector("alpha", alpha, len(weights))
    logs = log_softmax(rows.logits)
    log_true = product(rows.targets, logs).sum(axis=1)
    true, false = np.exp(log_true), -np.expm1(log_true)
    scale = (rows.targets @ weights) * false**gamma
    # (ln p)/(1 − p) tends to −1 as p tends to 1, where 0^(γ−1) · ln 1 would be ∞ · 0.
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(false == 0, -1.0, log_true / false)
    slope = scale * (gamma * product(true, ratio) - 1)
    gradient = slope[:, None] * (rows.targets - np.exp(logs))
    return rows.loss(-product(scale, log_true), gradient, reduction=reduction)


def _is_one_hot(targets: npt.NDArray[np.float64]) -> bool:
    """Whether each row has a single 1 and else 0."""
    return bool(((targets == 0) | (targets == 1)).all() and (targets.sum(axis=1) == 1).all())
