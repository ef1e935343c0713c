"""Cross-entropy in which classes, or confusions of classes, have weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import choice
from imbweights.core.errors import UsageError
from imbweights.losses.base import FloatArray, Loss, MeanOver, Reduction, WeightOf, weights_like
from imbweights.losses.class_axis import ClassRows, class_rows, class_vector
from imbweights.losses.numerics import log_softmax, product


def weighted_cross_entropy(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    weight: npt.ArrayLike | None = None,
    weight_of: WeightOf | str = WeightOf.TRUE,
    ignore_index: int | None = None,
    reduction: Reduction | str = Reduction.MEAN,
    mean_over: MeanOver | str | None = None,
) -> Loss:
    """ℓᵢ = −vᵢ ln pᵢ[t], p = softmax(z); ∂ℓᵢ/∂z[c] = vᵢ (pᵢ[c] − 1 if c = t else vᵢ pᵢ[c]).

    z: logits (N, K) or (N, K, d₁, …), natural-log units. t: true class; targets are class
    indices (N,) or (N, d₁, …), or probabilities y with the shape of the logits, for which
    ℓᵢ = −Σ_c v_c yᵢ[c] ln pᵢ[c]. v: the weight, 1 unless ``weight`` is given:

    - (K,) and ``weight_of="true"``: v = weight[t], the usual class weights;
    - (K,) and ``weight_of="predicted"``: v = weight[q], q = argmax z, the first if several;
    - (K, K): v = weight[t, q], rows true, columns predicted.

    q jumps but never slides, so v is a constant in the gradient.

    ``mean_over`` says what the mean divides by: ``weights``, Σᵢ vᵢ; ``samples``, the number of
    samples that are not ignored; ``None``, as torch: ``weights`` for class indices, ``samples`` for
    probabilities. Where that is 0 (all ignored, or all of weight 0) the mean is nan, as in torch.
    The value is in nats. With reduction ``none`` it has the shape of the class indices, 0 where
    ignored. Logits of −∞ are classes that cannot be; nan and +∞ make nan.

    Raises ``UsageError`` for shapes that do not fit, targets that are no class (give
    ``ignore_index``), and weights that are negative or not finite.

    Source: torch.nn.CrossEntropyLoss, for the weights of the true class.

    >>> loss = weighted_cross_entropy([[0.0, 0.0], [0.0, 0.0]], [0, 1], weight=[1, 3])
    >>> round(float(loss.value), 6), loss.gradient.tolist()
    (0.693147, [[-0.125, 0.125], [0.375, -0.375]])
    >>> matrix = [[0, 1], [9, 0]]  # only confusions cost, and 1 taken for 0 most
    >>> loss = weighted_cross_entropy([[0.0, -1.0]], [1], weight=matrix, reduction="sum")
    >>> round(float(loss.value), 6)  # 9 ln(1 + exp 1)
    11.819355
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    expected = _weighted_targets(rows, weight, choice(WeightOf, weight_of))
    usual = MeanOver.SAMPLES if rows.soft else MeanOver.WEIGHTS
    over = usual if mean_over is None else choice(MeanOver, mean_over)
    return cross_entropy_of_rows(rows, expected, reduction=reduction, mean_over=over)


def cross_entropy_of_rows(
    rows: ClassRows,
    expected: FloatArray,
    *,
    reduction: Reduction | str,
    mean_over: MeanOver,
) -> Loss:
    """−Σ_c u_c ln p_c per row, u = ``expected`` (M, K): the targets times their weights.

    The gradient is p Σu − u. ``mean_over="weights"`` divides by the sum of all u.
    """
    logs = log_softmax(rows.logits)
    losses = -product(expected, logs).sum(axis=1)
    gradient = product(expected.sum(axis=1, keepdims=True), np.exp(logs)) - expected
    divisor = float(expected.sum()) if mean_over is MeanOver.WEIGHTS else None
    return rows.loss(losses, gradient, reduction=reduction, divisor=divisor)


def _weighted_targets(
    rows: ClassRows, weight: npt.ArrayLike | None, weight_of: WeightOf
) -> FloatArray:
    """The targets times their weights, (M, K)."""
    if weight is None:
        return rows.targets
    classes = rows.logits.shape[1]
    array = weights_like("weight", weight)
    predicted = rows.logits.argmax(axis=1)
    if array.ndim == 2:
        factor = _matrix(array, classes, weight_of)[:, predicted].T
    elif weight_of is WeightOf.PREDICTED:
        factor = class_vector("weight", array, classes)[predicted][:, None]
    else:
        factor = class_vector("weight", array, classes)
    return np.asarray(rows.targets * factor)


def _matrix(weight: FloatArray, classes: int, weight_of: WeightOf) -> FloatArray:
    """A weight matrix that fits. Raises ``UsageError`` otherwise."""
    if weight.shape != (classes, classes):
        raise UsageError(
            f"weight has shape {weight.shape}; the logits have {classes} classes, "
            f"so expected ({classes},) or ({classes}, {classes})"
        )
    if weight_of is WeightOf.PREDICTED:
        raise UsageError(
            "weight_of='predicted' means nothing for a matrix of weights",
            hint="its columns are the predicted classes already: weight[true, predicted]",
        )
    return weight
