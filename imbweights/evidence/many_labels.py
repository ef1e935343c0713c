"""Logistic regression for many labels and weights at once, as scikit-learn would fit each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.evidence.solving.coefficients import Coefficients
from imbweights.evidence.solving.path import along
from imbweights.evidence.solving.rows import Double, Rows
from imbweights.running.engine import Progress

__all__ = ["Coefficients", "fit_many"]

# Of decision values, as root mean square over rows; see ``descent.descend``.
_TOLERANCE = 1e-4
# More labels at a time gain nothing; fewer, when their second derivatives and Hessians would
# take more than this.
_MOST_LABELS = 128
_BLOCK_BYTES = 96_000_000


def fit_many(
    x: npt.ArrayLike,
    labels: Any,
    pos_weights: Sequence[float | npt.ArrayLike],
    *,
    c: float = 1.0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Coefficients:
    """For every label l and every weight s of its positives, w and b where this is smallest.

        C · Σᵢ sᵢ·ℓ(yᵢ, w·xᵢ + b) + ½‖w‖²,    ℓ(y, z) = ln(1 + eᶻ) − y·z,
        sᵢ = s where label l is on in row i, else 1,

    which is what scikit-learn's ``LogisticRegression(C=c).fit(x, y, sample_weight)`` minimises
    (L2, intercept without penalty). Nothing is sampled or approximated in what is minimised: the
    descent ends within about 0.0001 of the minimum's decision values (root mean square over rows),
    nearer than scikit-learn's default ``tol`` does.

    ``x``: (N, D) features, best standardised. ``labels``: (N, L) of 0 and 1, sparse or dense.
    ``pos_weights``: for each grid point s as one number or one per label (L,), above 0; that of a
    label that is nowhere or everywhere on is not looked at. ``jobs``: threads (default: one per
    core). ``progress`` is told (labels done, L). Returns ``coef`` (G, L, D), ``intercept`` (G, L).

    A label that is on in no row or in every row gets coefficients 0 and intercept
    ln((n + ½)/(N − n + ½)), n of N rows being on: the same answer for every row, never NaN.

    How: features are shared, so labels go through them in blocks, 128 at a time and in single
    precision, with one pass per step of a quasi-Newton method whose Hessian is sampled for each
    label, along weights from light to heavy (``evidence/solving/``). A label that is not done
    after 100 passes is fitted by Newton's method on its own.

    Raises ``UsageError`` for features that are not finite numbers, labels that are not 0 or 1,
    shapes that do not fit, weights that are not above 0.

    >>> x = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> fitted = fit_many(x, np.array([[0], [0], [1], [1]]), [1.0, 2.0], jobs=1)
    >>> fitted.coef.round(2).ravel().tolist(), fitted.intercept.round(2).ravel().tolist()
    ([0.96, 1.14], [-1.44, -1.21])
    """
    features = _features(x)
    targets = _targets(labels, len(features))
    positives = np.asarray(targets.sum(axis=0), dtype=np.float64).ravel()
    varies = (positives > 0) & (positives < len(features))
    weights = _weights(pos_weights, varies)
    if not 0 < c < np.inf:
        raise UsageError(f"C is above 0 and finite, not {c}")
    coef = np.zeros((len(weights), len(varies), features.shape[1]))
    intercept = np.empty((len(weights), len(varies)))
    intercept[:] = np.log((positives + 0.5) / (len(features) - positives + 0.5))
    rows = Rows.of(features, c)
    solve = partial(_block, rows, targets, weights)
    blocks = _blocks(np.flatnonzero(varies), rows.values.shape)
    done = len(varies) - int(varies.sum())
    for chosen, solution in _in_threads(solve, blocks, jobs or os.cpu_count() or 1):
        coef[:, chosen], intercept[:, chosen] = rows.as_given(solution)
        done += len(chosen)
        if progress is not None:
            progress(done, len(varies))
    return Coefficients(coef=coef, intercept=intercept, constant=~varies, tolerance=_TOLERANCE)


def _block(
    rows: Rows, labels: Any, weights: Double, chosen: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], Double]:
    return chosen, along(rows, labels[:, chosen], weights[:, chosen], _TOLERANCE)


def _blocks(chosen: npt.NDArray[np.intp], shape: tuple[int, ...]) -> list[npt.NDArray[np.intp]]:
    rows, columns = shape
    size = min(_MOST_LABELS, _BLOCK_BYTES // (4 * (2 * rows + columns**2)))
    count = -(-len(chosen) // max(1, size))
    return np.array_split(chosen, count) if count else []


def _in_threads(solve: Any, blocks: list[npt.NDArray[np.intp]], jobs: int) -> Any:
    """``solve`` of each block as it is done. The work is NumPy's, which leaves the lock to others."""
    from threadpoolctl import threadpool_limits

    # Products of this size are not worth splitting: each thread multiplies on its own core.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(solve, block) for block in blocks]
        try:
            for ready in as_completed(running):
                yield ready.result()
        finally:
            for waiting in running:
                waiting.cancel()


def _features(x: npt.ArrayLike) -> Double:
    try:
        features = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError("features must be numbers, one row per sample") from error
    if features.ndim != 2 or not len(features):
        raise UsageError(
            f"features must be rows × columns with at least one row, not {features.shape}"
        )
    bad = np.flatnonzero(~np.isfinite(features).all(axis=1))
    if bad.size:
        raise UsageError(
            f"features must be finite, but {bad.size:,} of {len(features):,} rows hold NaN or inf "
            f"(the first is row {bad[0]})",
            hint="impute them, or leave these rows out",
        )
    return features


def _targets(labels: Any, rows: int) -> Any:
    from scipy import sparse

    found = sparse.csc_array(labels)
    if found.shape[0] != rows:
        raise UsageError(f"labels must be rows × labels with {rows:,} rows, not {found.shape}")
    found.sum_duplicates()
    found.eliminate_zeros()
    if not np.isin(found.data, (1,)).all():
        raise UsageError("labels must be 0 or 1 (on or off)")
    return found


def _weights(given: Sequence[float | npt.ArrayLike], varies: npt.NDArray[np.bool_]) -> Double:
    weights = np.ones((len(given), len(varies)))
    for point, weight in enumerate(given):
        values = np.asarray(weight, dtype=np.float64)
        if values.shape not in {(), varies.shape}:
            raise UsageError(
                f"a pos_weight is one number or one per label ({len(varies)}), not {values.shape}"
            )
        weights[point, varies] = np.broadcast_to(values, varies.shape)[varies]
    if not ((weights > 0) & (weights < np.inf)).all():
        raise UsageError("a pos_weight must be above 0 and finite for labels that are on and off")
    return weights
