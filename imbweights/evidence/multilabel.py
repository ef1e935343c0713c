"""Many yes/no questions at once: one logistic regression per label and ``pos_weight``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

# From so many labels on it pays to share the passes over the features.
MANY = 50
# exp(−20): what is on in every training row, or in none, is still not quite certain.
_CERTAIN = 20.0


@dataclass(frozen=True, slots=True)
class Coefficients:
    """``coef`` (G, L, D) and ``intercept`` (G, L) for G values of ``pos_weight`` and L labels."""

    coef: FloatArray
    intercept: FloatArray


def fit_many(
    features: Any, labels: npt.NDArray[np.bool_], pos_weights: FloatArray, *, c: float = 1.0
) -> Coefficients:
    """Fit every label under every weight.

    ``features`` (N, D), dense or sparse; ``labels`` (N, L) booleans; ``pos_weights`` (G, L);
    ``c``: inverse strength of the L2 penalty, as scikit-learn's ``C``. A row in which the label is
    on weighs ``pos_weight``, any other 1, as in PyTorch's ``BCEWithLogitsLoss``. A label that is on
    in every row, or in none, gets no coefficients and a certain intercept.
    From ``MANY`` labels on, dense features are shared among the fits.
    """
    if labels.shape[1] >= MANY and isinstance(features, np.ndarray):
        from imbweights.evidence.many_labels import fit_many as fit_together

        together = fit_together(features, labels, list(pos_weights), c=c, jobs=1)
        return Coefficients(together.coef, together.intercept)
    from sklearn.linear_model import LogisticRegression

    from imbweights.evidence.fitting import alone

    shape = (*pos_weights.shape, features.shape[1])
    coef, intercept = np.zeros(shape), np.zeros(pos_weights.shape)
    share = labels.mean(axis=0)
    with alone():
        for label in range(labels.shape[1]):
            y = labels[:, label]
            if share[label] in {0.0, 1.0}:
                intercept[:, label] = _CERTAIN if share[label] else -_CERTAIN
                continue
            model = LogisticRegression(C=c, max_iter=1000, warm_start=True)
            for g, weight in enumerate(pos_weights[:, label].tolist()):
                model.set_params(class_weight={False: 1.0, True: weight})
                model.fit(features, y)
                coef[g, label], intercept[g, label] = model.coef_[0], model.intercept_[0]
    return Coefficients(coef, intercept)


def probabilities(features: Any, fitted: Coefficients, g: int) -> FloatArray:
    """(N, L) probabilities under the g-th weight."""
    from scipy.special import expit

    logits = features @ fitted.coef[g].T + fitted.intercept[g]
    result: FloatArray = expit(np.asarray(logits))
    return result
