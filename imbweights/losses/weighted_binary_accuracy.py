"""Accuracy in which a positive counts as much as its weight says: a metric, without gradient."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from imbweights.losses.elements import element_pair, spread_over
from imbweights.losses.numerics import divided


def weighted_binary_accuracy(
    targets: npt.ArrayLike,
    predictions: npt.ArrayLike,
    *,
    pos_weight: npt.ArrayLike = 1.0,
    threshold: float = 0.5,
) -> float:
    """(ω TP + TN) / (ω P + N), the share of the weight that is predicted right.

    TP, TN: positives and negatives predicted as such; P, N: all positives and negatives. ω:
    ``pos_weight``, one number or what broadcasts to the targets from the last axis. targets: 0 and
    1, of any shape; predictions: of the same shape, probabilities with ``threshold=0.5`` or logits
    with ``threshold=0``; above it is positive, as in Keras and torchmetrics. ω = N/P gives the
    balanced accuracy. No unit, 0 … 1; nan where nothing has weight. It has no gradient: it is flat
    but for jumps.

    Raises ``UsageError`` for shapes that differ, targets other than 0 and 1, weights that are
    negative, not finite or do not broadcast.

    Source: scikit-learn's accuracy_score with a sample_weight of ω for positives.

    >>> weighted_binary_accuracy([1, 0, 0, 0], [0.2, 0.1, 0.3, 0.4], pos_weight=3)
    0.5
    """
    x, y = element_pair("predictions", predictions, targets, soft=False)
    weights = np.where(y == 1, spread_over("pos_weight", pos_weight, y.shape), 1.0)
    right = (x > threshold) == (y == 1)
    return float(divided((weights * right).sum(), weights.sum()))
