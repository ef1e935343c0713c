"""Fitting the model: logistic regression, with weights scaled so that they compare."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.evidence.metrics import Truth
from imbweights.evidence.multilabel import fit_many, probabilities

FloatArray = npt.NDArray[np.float64]

MODEL = "logistic regression (L2, C = 1)"
SCALING = (
    "class weights are scaled to mean 1 over the training rows, since a penalised model is not "
    "indifferent to their scale"
)
_MAX_ITER = 1000


@contextmanager
def quietly() -> Iterator[None]:
    """Without the warnings that the optimiser has not converged, since what it has is good enough, and
    that there are many classes, which is known.
    """
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        yield


@contextmanager
def alone() -> Iterator[None]:
    """On one thread: in problems this small threads wait for each other longer than they work.

    To be entered once for many fits, since finding the thread pools takes as long as a fit.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1), quietly():
        yield


def normalised(vector: FloatArray, counts: npt.NDArray[np.int64]) -> FloatArray:
    """Class weights scaled to mean 1 over the samples: Σ n·w = Σ n.

    >>> normalised(np.array([1.0, 3.0]), np.array([3, 1])).round(6).tolist()
    [0.666667, 2.0]
    """
    scaled: FloatArray = vector * (counts.sum() / float((counts * vector).sum()))
    return scaled


def predicted(train: Any, truth: Truth, vectors: FloatArray, test: Any) -> Iterator[FloatArray]:
    """Probabilities (N_test, K) under each of the weight vectors (G, K), one after the other.

    One label per row: (multinomial) logistic regression with class weights; a vector that is met
    again is not fitted again. Several labels: ``vectors`` are values of ``pos_weight``.
    """
    if truth.labels is not None:
        different, place = np.unique(vectors, axis=0, return_inverse=True)
        fitted = fit_many(train, truth.labels, different)
        for g in place.reshape(-1).tolist():
            yield probabilities(test, fitted, g)
        return
    known: dict[bytes, FloatArray] = {}
    for vector in vectors:
        key = weights_key(vector)
        if key not in known:
            known[key] = _fit(train, truth.single, vector, test)
        yield known[key]


def weights_key(vector: FloatArray) -> bytes:
    """Equal for weights that are equal up to rounding."""
    return np.array([float(f"{value:.10e}") for value in vector.tolist()]).tobytes()


def _fit(train: Any, codes: npt.NDArray[np.int64], vector: FloatArray, test: Any) -> FloatArray:
    from sklearn.linear_model import LogisticRegression

    present = np.unique(codes)
    weights = {k: float(vector[k]) for k in present.tolist()}
    model = LogisticRegression(max_iter=_MAX_ITER, class_weight=weights)
    with quietly():
        found = model.fit(train, codes).predict_proba(test)
    # An inner fold may lack a class that is very rare.
    result = np.zeros((len(found), len(vector)))
    result[:, present] = found
    return result
