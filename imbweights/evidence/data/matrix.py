"""Features as the model sees them: imputed, scaled, one-hot, hashed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

# A category is a column of its own from so many training rows on; rarer ones share one.
MIN_FREQUENCY = 10
MAX_CATEGORIES = 200
_WIDE = 512


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """Features of N rows.

    ``numbers``: (N, D) floats, NaN where missing; ``categories``: (N, C) text, each column
    one-hot; ``counts``: (N, H) sparse counts of hashed words, weighted by TF-IDF; ``sparse``:
    (N, S) sparse numbers, scaled by their largest. ``columns``: how many the data has.
    """

    columns: int
    numbers: FloatArray | None = None
    categories: npt.NDArray[np.object_] | None = None
    counts: Any = None
    sparse: Any = None

    def picked(self, rows: IntArray) -> Matrix:
        """The features of some rows."""
        return replace(
            self,
            numbers=None if self.numbers is None else self.numbers[rows],
            categories=None if self.categories is None else self.categories[rows],
            counts=None if self.counts is None else self.counts[rows],
            sparse=None if self.sparse is None else self.sparse[rows],
        )

    def encoded(self, train: IntArray, test: IntArray) -> tuple[Any, Any]:
        """Matrices of training and test rows; everything is fitted on the training rows."""
        parts: tuple[tuple[Any, Callable[[Any, Any], tuple[Any, Any]]], ...] = (
            (self.numbers, _numbers),
            (self.categories, _categories),
            (self.counts, _words),
            (self.sparse, _scaled),
        )
        known = [(part, encode) for part, encode in parts if part is not None]
        pairs = [encode(part[train], part[test]) for part, encode in known]
        return _joined([a for a, _ in pairs]), _joined([b for _, b in pairs])


def _numbers(train: FloatArray, test: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Missing ones become the median, then mean 0 and variance 1."""
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import StandardScaler

    if np.isnan(train).any() or np.isnan(test).any():
        impute = SimpleImputer(strategy="median", keep_empty_features=True)
        train, test = impute.fit_transform(train), impute.transform(test)
    scale = StandardScaler()
    return scale.fit_transform(train), scale.transform(test)


def _categories(train: Any, test: Any) -> tuple[Any, Any]:
    from sklearn.preprocessing import OneHotEncoder

    encode = OneHotEncoder(
        min_frequency=MIN_FREQUENCY,
        max_categories=MAX_CATEGORIES,
        handle_unknown="infrequent_if_exist",
        drop="if_binary",
    )
    with warnings.catch_warnings():
        # A category that only the held-out rows have is the reference category here.
        warnings.simplefilter("ignore", UserWarning)
        return encode.fit_transform(train), encode.transform(test)


def _words(train: Any, test: Any) -> tuple[Any, Any]:
    """TF-IDF of the words of the training rows; others have no coefficient anyway."""
    from sklearn.feature_extraction.text import TfidfTransformer

    known = np.flatnonzero(np.asarray(train.sum(axis=0)).ravel())
    weigh = TfidfTransformer(sublinear_tf=True)
    return weigh.fit_transform(train[:, known]), weigh.transform(test[:, known])


def _scaled(train: Any, test: Any) -> tuple[Any, Any]:
    from sklearn.preprocessing import MaxAbsScaler

    scale = MaxAbsScaler()
    return scale.fit_transform(train), scale.transform(test)


def _joined(parts: list[Any]) -> Any:
    """One matrix, dense unless it is wide and sparse."""
    from scipy import sparse

    width = sum(part.shape[1] for part in parts)
    if width <= _WIDE or not any(sparse.issparse(part) for part in parts):
        dense = [_dense(part) if sparse.issparse(part) else part for part in parts]
        return dense[0] if len(dense) == 1 else np.hstack(dense)
    return sparse.hstack([sparse.csr_array(part) for part in parts], format="csr")


def _dense(part: Any) -> FloatArray:
    result: FloatArray = part.toarray()
    return result
