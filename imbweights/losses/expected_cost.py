"""The cost that a prediction by chance, with the model's own probabilities, would have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.losses.base import Loss, Reduction, floats
from imbweights.losses.class_axis import class_rows
from imbweights.losses.numerics import log_softmax


def expected_cost(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    costs: npt.ArrayLike,
    *,
    ignore_index: int | None = None,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓᵢ = Σ_q C[t, q] pᵢ[q], p = softmax(z); ∂ℓᵢ/∂z[q] = pᵢ[q] (C[t, q] − ℓᵢ).

    z: logits (N, K) or (N, K, d₁, …). t: true class; targets are class indices (N,) or (N, d₁, …),
    or probabilities y with the shape of the logits, for which C[t] becomes Σ_c yᵢ[c] C[c].
    C: costs (K, K), rows true, columns predicted, in any unit, which is that of the value; a
    negative cost is a gain. Unlike a cross-entropy it is bounded by the costs and has no
    logarithm: sure mistakes have hardly any gradient, so it is often joined with one.

    The mean is over the samples that are not ignored, nan if there are none.

    Raises ``UsageError`` for shapes that do not fit and costs that are not finite.

    Source: Elkan 2001, "The foundations of cost-sensitive learning" (whose matrix is transposed:
    rows predicted).

    >>> loss = expected_cost([[0.0, 0.0]], [1], [[0, 1], [9, 0]])
    >>> float(loss.value), loss.gradient.tolist()
    (4.5, [[2.25, -2.25]])
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    classes = rows.logits.shape[1]
    matrix = floats("costs", costs)
    if matrix.shape != (classes, classes):
        raise UsageError(
            f"costs have shape {matrix.shape}; the logits have {classes} classes, "
            f"so expected ({classes}, {classes}): rows true, columns predicted"
        )
    if not np.isfinite(matrix).all():
        raise UsageError("costs must be finite", hint="a large number forbids a confusion as well")
    shares = np.exp(log_softmax(rows.logits))
    cost = rows.targets @ matrix
    losses = (shares * cost).sum(axis=1)
    return rows.loss(losses, shares * (cost - losses[:, None]), reduction=reduction)
