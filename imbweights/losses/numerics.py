"""Softmax, softplus and products that neither overflow nor turn 0 · ∞ into nan."""

from __future__ import annotations

import numpy as np

from imbweights.losses.base import FloatArray


@np.errstate(invalid="ignore", over="ignore")
def log_softmax(logits: FloatArray) -> FloatArray:
    """ln softmax(z) of each row: z − max z − ln(1 + Σ exp(z − max z) over the other classes).

    logits (M, K), returns (M, K). The largest class is left out of the sum and put back by
    ``log1p``, so that the loss of a sure prediction keeps its digits. A logit of −∞ is a class
    that cannot be; a row with nan, with +∞ or with nothing but −∞ is nan throughout.

    >>> log_softmax(np.array([[0.0, -50.0]])).tolist()
    [[-1.9287498479639178e-22, -50.0]]
    """
    rows = np.arange(len(logits))
    largest = logits.argmax(axis=1)
    shifted = logits - logits[rows, largest][:, None]
    others = np.exp(shifted)
    others[rows, largest] = 0
    logs: FloatArray = shifted - np.log1p(others.sum(axis=1))[:, None]
    return logs


def softplus(x: FloatArray) -> FloatArray:
    """ln(1 + exp x) = max(x, 0) + ln(1 + exp −|x|), of any shape.

    >>> softplus(np.array([-1e4, 0.0, 1e4])).round(6).tolist()
    [0.0, 0.693147, 10000.0]
    """
    result: FloatArray = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return result


def sigmoid(x: FloatArray) -> FloatArray:
    """1 / (1 + exp −x), of any shape, with only negative numbers under the exponential.

    >>> sigmoid(np.array([-1e4, 0.0, 1e4])).tolist()
    [0.0, 0.5, 1.0]
    """
    small = np.exp(-np.abs(x))
    result: FloatArray = np.where(x >= 0, 1.0, small) / (1 + small)
    return result


@np.errstate(invalid="ignore", over="ignore")
def product(factor: FloatArray, other: FloatArray) -> FloatArray:
    """factor · other, and 0 wherever the factor is 0, whatever the other is.

    What has weight or probability 0 does not count, even where its logarithm is −∞.

    >>> product(np.array([0.0, 2.0]), np.array([-np.inf, 3.0])).tolist()
    [0.0, 6.0]
    """
    return np.where(factor == 0, 0.0, factor * other)


@np.errstate(invalid="ignore", divide="ignore", over="ignore")
def divided(values: FloatArray | np.float64, by: float) -> FloatArray:
    """Values / by; 0/0 is nan, without a warning: the mean of nothing has no value."""
    return np.asarray(values / np.float64(by))
