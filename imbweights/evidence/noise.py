"""Whether a difference over folds is more than noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from imbweights.evidence.result import Comparison

LEVEL = 0.05


def corrected_error(values: Sequence[float], test_share: float) -> float | None:
    """Standard error of a mean over folds: √((1/J + n_test/n_train)·s²).

    ``values``: J numbers, one per fold; s² their variance (J − 1 below). ``test_share``: rows
    tested on / rows trained on, 1/4 with five folds. Training folds overlap, so that the usual
    √(s²/J) is too small. ``None`` with fewer than two.

    Source: Nadeau and Bengio 2003, "Inference for the Generalization Error", Machine Learning 52.

    >>> round(corrected_error([0.5, 0.6, 0.7], 0.5), 6)
    0.091287
    """
    if len(values) < 2:
        return None
    variance = float(np.var(values, ddof=1))
    return math.sqrt((1 / len(values) + test_share) * variance)


def compared(
    names: tuple[str, str],
    first: Sequence[float],
    second: Sequence[float],
    test_share: float,
    *,
    difference: float | None = None,
    score: str = "goal",
) -> Comparison:
    """Two candidates on the same folds: a t-test of the paired differences with J − 1 degrees of
    freedom and the corrected standard error. ``p`` is one-sided: the question is whether the first is
    better. ``difference``: that of the pooled scores, where the values are pseudo-values of it; else
    the mean over folds.

    >>> result = compared(("a", "b"), [0.5, 0.6, 0.7], [0.4, 0.4, 0.4], 0.5)
    >>> round(result.difference, 6), round(result.p, 4)
    (0.2, 0.0799)
    """
    from scipy.stats import t

    differences = [a - b for a, b in zip(first, second, strict=True)]
    mean = float(np.mean(differences)) if difference is None else difference
    error = corrected_error(differences, test_share) or 0.0
    if error > 0:
        p = float(t.sf(mean / error, len(differences) - 1))
        upper = mean + error * float(t.isf(LEVEL, len(differences) - 1))
    else:
        # The same difference in every fold; with one fold nothing can be said.
        p = 0.0 if mean > 0 and len(differences) > 1 else 1.0
        upper = mean
    return Comparison(
        first=names[0],
        second=names[1],
        difference=mean,
        error=error,
        p=p,
        upper=upper,
        score=score,
    )
