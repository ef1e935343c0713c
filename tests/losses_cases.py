"""Predictions and targets for comparing a diagnosis with frameworks: fine ones, NaN and infinity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

RANDOM = np.random.default_rng(6)
W = np.array([0.5, 2.0, 7.0, 0.25])


@dataclass(frozen=True)
class Batch:
    """Predictions (N, K), class indices (N,) or 0/1 (N, L), and weights."""

    x: Array
    t: Array
    weights: Array


def softmax(z: Array) -> Array:
    """Rows of probabilities."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    result: Array = e / e.sum(axis=1, keepdims=True)
    return result


Z = RANDOM.normal(scale=3, size=(50, 4))
T = RANDOM.integers(0, 4, 50)
P = softmax(Z)


def _changed(x: Array, *cells: tuple[int, int, float]) -> Array:
    y = x.copy()
    for row, column, value in cells:
        y[row, column] = value
    return y


def _with_zero(row: int, column: int) -> Array:
    """A row that still sums to 1: TensorFlow clips before it divides by the sum, the others after."""
    y = _changed(P, (row, column, 0.0))
    y[row] /= y[row].sum()
    return y


LOGITS = {
    "fine": Batch(Z, T, W),
    "extreme": Batch(Z * 200, T, W),
    "nan": Batch(_changed(Z, (3, 1, np.nan)), T, W),
    "plus infinity": Batch(_changed(Z, (3, 1, np.inf)), T, W),
    "minus infinity elsewhere": Batch(_changed(Z, (3, (T[3] + 1) % 4, -np.inf)), T, W),
    "minus infinity at the target": Batch(_changed(Z, (3, T[3], -np.inf)), T, W),
    "infinite weight": Batch(Z, T, np.array([1, np.inf, 1, 1])),
    "nan weight": Batch(Z, T, np.array([1, np.nan, 1, 1])),
    "infinite weight of an empty class": Batch(Z[T != 1], T[T != 1], np.array([1, np.inf, 1, 1])),
    "all of weight 0": Batch(Z[T == 1], T[T == 1], np.array([1.0, 0, 1, 1])),
}
PROBABILITIES = {
    "fine": Batch(P, T, W),
    "zero elsewhere": Batch(_with_zero(5, (T[5] + 1) % 4), T, W),
    "zero at the target": Batch(_with_zero(5, T[5]), T, W),
    "sure mistakes": Batch(softmax(Z * 20), T, W),
    "nan": Batch(_changed(P, (5, 0, np.nan)), T, W),
    "sums of 2": Batch(P * 2 / 2.5, T, W),
    "infinite weight": Batch(P, T, np.array([1, np.inf, 1, 1])),
}

LABEL_Z = RANDOM.normal(scale=4, size=(40, 3))
HITS = RANDOM.integers(0, 2, (40, 3))
LABEL_P = 1 / (1 + np.exp(-LABEL_Z))
ONES = np.array([0.5, 3.0, 20.0])


def _label_case(hit: int, value: float) -> Array:
    row, column = (int(i) for i in np.argwhere(hit == HITS)[0])
    return _changed(LABEL_P, (row, column, value))


LABEL_LOGITS = {
    "fine": Batch(LABEL_Z, HITS, ONES),
    "extreme": Batch(LABEL_Z * 200, HITS, ONES),
    "nan": Batch(_changed(LABEL_Z, (0, 0, np.nan)), HITS, ONES),
    "infinite": Batch(np.where(HITS == 1, -np.inf, LABEL_Z), HITS, ONES),
    "infinite weight": Batch(LABEL_Z, HITS, np.array([1, np.inf, 1])),
}
LABEL_PROBABILITIES = {
    "fine": Batch(LABEL_P, HITS, ONES),
    "right 0": Batch(_label_case(0, 0.0), HITS, ONES),
    "right 1": Batch(_label_case(1, 1.0), HITS, ONES),
    "wrong 1": Batch(_label_case(0, 1.0), HITS, ONES),
    "wrong 0": Batch(_label_case(1, 0.0), HITS, ONES),
    "nan": Batch(_changed(LABEL_P, (0, 0, np.nan)), HITS, ONES),
}
