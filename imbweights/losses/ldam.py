"""Label-distribution-aware margin loss: rare classes must win by more."""

from __future__ import annotations

from dataclasses import replace

import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.losses.base import Loss, MeanOver, Reduction, at_least
from imbweights.losses.class_axis import class_rows, class_vector
from imbweights.losses.weighted_cross_entropy import cross_entropy_of_rows


def ldam(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    margins: npt.ArrayLike,
    *,
    scale: float = 30.0,
    weight: npt.ArrayLike | None = None,
    ignore_index: int | None = None,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓᵢ = −w[t] ln softmax(s · (z − m[t] · 1[c = t]))[t]; ∂ℓᵢ/∂z[c] = s w[t] (p[c] − 1[c = t]).

    z: (N, K) or (N, K, d₁, …), in the authors' networks cosines between features and class
    vectors, −1 … 1, hence the scale. t: class indices (N,) or (N, d₁, …). m: margins (K,) in the
    unit of z, in the paper n^(−¼) scaled so that the largest is 0.5. s: ``scale`` > 0. w: class
    weights (K,), 1 unless given (the paper's deferred re-weighting gives them late in training).
    p: the softmax above. The value is in nats, of the scaled logits.

    The mean divides by the sum of the weights, as in the authors' code and torch, so their scale
    cancels; nan where that is 0.

    Raises ``UsageError`` for shapes that do not fit, targets that are no class indices, negative
    margins or weights, and a scale that is not positive.

    Source: Cao et al. 2019, "Learning imbalanced datasets with label-distribution-aware margin
    loss", arXiv:1906.07413; the authors' LDAM-DRW, losses.py.

    >>> loss = ldam([[0.5, 0.5]], [1], margins=[0.2, 0.5], scale=2)
    >>> round(float(loss.value), 6)  # ln(1 + exp 1)
    1.313262
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    if rows.soft:
        raise UsageError(
            "ldam needs class indices: a margin belongs to the one true class",
            hint="targets.argmax(1) for one-hot targets",
        )
    classes = rows.logits.shape[1]
    m = class_vector("margins", margins, classes)
    w = class_vector("weight", [1.0] * classes if weight is None else weight, classes)
    if at_least("scale", scale, 0) == 0:
        raise UsageError("scale is 0; it must be positive")
    rows = replace(rows, logits=scale * (rows.logits - m * rows.targets))
    loss = cross_entropy_of_rows(
        rows, w * rows.targets, reduction=reduction, mean_over=MeanOver.WEIGHTS
    )
    return Loss(loss.value, scale * loss.gradient)
