"""Binary cross-entropy, each element for itself, in which positives have a weight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.losses.base import Loss, Reduction
from imbweights.losses.elements import element_pair, reduced, spread_over
from imbweights.losses.numerics import product, sigmoid, softplus


def weighted_binary_cross_entropy(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    pos_weight: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓ = w [ω y softplus(−z) + (1 − y) softplus(z)]; ∂ℓ/∂z = w [(1 − y) σ(z) − ω y σ(−z)].

    z: logits of any shape, (N,), (N, L), (N, L, H, W) …, in nats: ln p/(1 − p). y: targets of the
    same shape, 0 or 1 or between. ω: ``pos_weight``, multiplies the positive term only. w:
    ``weight``, multiplies both. softplus(x) = ln(1 + eˣ), σ its derivative, the sigmoid.

    ω and w broadcast to the shape of the logits **from the last axis**: L numbers fit (N, L). For
    masks (N, L, H, W) give them the shape (L, 1, 1), or they would be taken for columns of pixels
    where W = L. The mean divides by the number of elements, whatever the weights, so their scale
    is that of the gradient. The value is in nats; nan for the mean of nothing.

    Raises ``UsageError`` for targets of another shape or outside 0 … 1, and for weights that are
    negative, not finite, or do not broadcast.

    Source: torch.nn.BCEWithLogitsLoss; tf.nn.weighted_cross_entropy_with_logits.

    >>> loss = weighted_binary_cross_entropy([0.0, 0.0], [1, 0], pos_weight=3)
    >>> round(float(loss.value), 6), loss.gradient.tolist()
    (1.386294, [-0.75, 0.25])
    """
    z, y = element_pair("logits", logits, targets, soft=True)
    factor = spread_over("weight", weight, z.shape)
    positive = factor * spread_over("pos_weight", pos_weight, z.shape) * y
    negative = factor * (1 - y)
    losses = product(positive, softplus(-z)) + product(negative, softplus(z))
    slope = product(negative, sigmoid(z)) - product(positive, sigmoid(-z))
    return reduced(losses, slope, reduction)


def weighted_binary_cross_entropy_of_probabilities(
    probabilities: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    pos_weight: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    clip: float = 1e-7,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓ = −w [ω y ln p̂ + (1 − y) ln(1 − p̂)], p̂ = p limited to [ε, 1 − ε].

    The gradient is with respect to p: w [(1 − y)/(1 − p̂) − ω y/p̂], and 0 where p was clipped,
    that is, outside [ε, 1 − ε]. p: probabilities of any shape. y, ω, w, mean and unit as in
    ``weighted_binary_cross_entropy``, which to prefer where there are logits: clipping bounds the
    loss by −ln ε (16.1 for the default) and stops the gradient of the worst mistakes. ε: ``clip``,
    0 for none, when a sure mistake costs ∞ and 0 · ln 0 counts as 0.

    Raises ``UsageError`` for probabilities or targets outside 0 … 1, and for weights that are
    negative, not finite, or do not broadcast.

    Source: keras.losses.BinaryCrossentropy, whose ε is 1e-7 too.

    >>> loss = weighted_binary_cross_entropy_of_probabilities([0.25, 0.0], [1, 1], reduction="none")
    >>> loss.value.round(6).tolist(), loss.gradient.tolist()
    ([1.386294, 16.118096], [-4.0, 0.0])
    """
    p, y = element_pair("probabilities", probabilities, targets, soft=True)
    if not ((p >= 0) & (p <= 1)).all():
        raise UsageError(
            "probabilities must be between 0 and 1",
            hint="for logits use weighted_binary_cross_entropy",
        )
    if not 0 <= clip < 0.5:
        raise UsageError(f"clip is {clip:g}; it must be at least 0 and below 0.5")
    factor = spread_over("weight", weight, p.shape)
    positive = factor * spread_over("pos_weight", pos_weight, p.shape) * y
    negative = factor * (1 - y)
    clipped = np.clip(p, clip, 1 - clip)
    # Without clipping ln 0 and 1/0 are meant: ∞ where it counts, left out by ``product`` elsewhere.
    with np.errstate(divide="ignore"):
        losses = -product(positive, np.log(clipped)) - product(negative, np.log1p(-clipped))
        slope = product(negative, 1 / (1 - clipped)) - product(positive, 1 / clipped)
    return reduced(losses, np.where(p == clipped, slope, 0.0), reduction)
