"""The weighted losses themselves, in NumPy, each with its gradient: one per file.

A reference to check a training loop against, not a replacement for it: all is computed in
float64 and stays finite for logits of ±10⁴. Class losses take logits (N, K) or (N, K, d₁, …) with
the classes on axis 1; binary losses take any shape.

>>> loss = weighted_cross_entropy([[2.0, 0.0]], [1], weight=[1.0, 3.0], reduction="sum")
>>> round(float(loss.value), 6), loss.gradient.round(6).tolist()
(6.380784, [[2.642391, -2.642391]])
"""

from __future__ import annotations

from imbweights.losses.base import Loss, MeanOver, Reduction, WeightOf
from imbweights.losses.dice import weighted_dice
from imbweights.losses.expected_cost import expected_cost
from imbweights.losses.focal import focal, softmax_focal
from imbweights.losses.ldam import ldam
from imbweights.losses.logit_adjusted import balanced_softmax, logit_adjusted
from imbweights.losses.weighted_binary_accuracy import weighted_binary_accuracy
from imbweights.losses.weighted_binary_cross_entropy import (
    weighted_binary_cross_entropy,
    weighted_binary_cross_entropy_of_probabilities,
)
from imbweights.losses.weighted_cross_entropy import weighted_cross_entropy

__all__ = [
    "Loss",
    "MeanOver",
    "Reduction",
    "WeightOf",
    "balanced_softmax",
    "expected_cost",
    "focal",
    "ldam",
    "logit_adjusted",
    "softmax_focal",
    "weighted_binary_accuracy",
    "weighted_binary_cross_entropy",
    "weighted_binary_cross_entropy_of_probabilities",
    "weighted_cross_entropy",
    "weighted_dice",
]
