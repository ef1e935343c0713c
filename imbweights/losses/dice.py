"""Dice loss over classes with weights: one number for a whole batch of masks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.losses.base import Loss, at_least
from imbweights.losses.class_axis import class_rows, class_vector
from imbweights.losses.numerics import divided, log_softmax


def weighted_dice(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    weight: npt.ArrayLike | None = None,
    smooth: float = 0.0,
    ignore_index: int | None = None,
) -> Loss:
    """D = 1 − A/B, A = 2 Σ_c w_c Σᵢ pᵢ[c] gᵢ[c] + ε, B = Σ_c w_c Σᵢ (pᵢ[c] + gᵢ[c]) + ε.

    ∂D/∂p[c] = w_c (A/B² − 2 g[c]/B), and ∂D/∂z[c] = p[c] (∂D/∂p[c] − Σ_q p[q] ∂D/∂p[q]).

    p = softmax(z), z: logits (N, K) or (N, K, d₁, …). g: class indices (N,) or (N, d₁, …), or
    one-hot or soft with the shape of the logits. i runs over **all** pixels of the batch. w: class
    weights (K,), 1 unless given; their scale cancels (for ε = 0). ε: ``smooth`` ≥ 0, in pixels
    times weight. Pixels with ``ignore_index`` are in neither sum. The value has no unit: 0 for a
    perfect mask, 1 for no overlap. It is not a mean over pixels and knows no reduction; 0/0 (all
    ignored, or all weights 0, and ε = 0) is nan.

    The generalised Dice loss has w = 1/n², n the pixels of the class. MONAI's
    ``GeneralizedDiceLoss(softmax=True, batch=True)`` computes those weights from each batch and
    gives a class without pixels the largest of the others; with the same weights and
    ``smooth_nr = smooth_dr = smooth`` it is this loss. Without ``batch=True`` it is the mean of this
    loss over the images, each with weights of its own. For one foreground channel z give the
    logits (0, z).

    Raises ``UsageError`` for shapes that do not fit, negative weights and negative ``smooth``.

    Source: Sudre et al. 2017, "Generalised Dice overlap", arXiv:1707.03237.

    >>> loss = weighted_dice([[0.0, 0.0], [0.0, 0.0]], [0, 1], weight=[1, 3])
    >>> float(loss.value), loss.gradient.tolist()
    (0.5, [[-0.09375, 0.09375], [0.15625, -0.15625]])
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    classes = rows.logits.shape[1]
    w = class_vector("weight", np.ones(classes) if weight is None else weight, classes)
    smooth = at_least("smooth", smooth, 0)
    kept = rows.kept[:, None]
    p = np.where(kept, np.exp(log_softmax(rows.logits)), 0.0)
    g = rows.targets
    overlap = 2 * float((p * g).sum(axis=0) @ w) + smooth
    total = float((p + g).sum(axis=0) @ w) + smooth
    score = float(divided(np.float64(overlap), total))
    slope = w * divided(score - 2 * g, total)
    # Where nothing counts the value is nan, but an ignored pixel still has no influence.
    gradient = np.where(kept, p * (slope - (p * slope).sum(axis=1, keepdims=True)), 0.0)
    return Loss(float(1 - score), rows.spread(gradient))
