"""Hessians from a sample of the rows that bend the loss, inverted: what to multiply gradients with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack

from imbweights.evidence.solving.rows import Double, Rows, Single

# More columns than this and only the diagonal is kept: inverting grows with their cube.
MOST_COLUMNS = 1024
# Rows sampled per column. 6 are a little too few (steps overshoot), 16 gain nothing.
_PER_COLUMN = 12
# The intercept has no ridge of its own: a label whose every row is saturated could not be inverted.
_FLOOR = 1e-12


def inverts(columns: int) -> bool:
    """Whether Hessians of so many columns are inverted as a whole."""
    return columns <= MOST_COLUMNS


def inverses(rows: Rows, bends: Single, columns: npt.NDArray[np.intp]) -> Single:
    """About (Σᵢ dᵢxᵢxᵢᵀ + diag(penalty))⁻¹ for some labels: (k, D + 1, D + 1).

    ``bends`` (N, c): dᵢ for each row and label (see ``gradient``); ``columns`` (k,): which labels.
    Rows are drawn in proportion to d·(1 + ‖x‖²/mean ‖x‖²), so that a row that is rare and far out,
    which alone decides some direction, is not missed, and divided by that; with few rows all are
    used. The result only steers
    the descent: how exact it is decides how many steps are taken, not where they end.

    Where ``inverts`` says no: the inverse of the exact diagonal, (k, D + 1).
    """
    picked = np.ascontiguousarray(bends[:, columns].T)
    if not inverts(rows.values.shape[1]):
        return _of_diagonals(rows, picked)
    found = np.empty((len(columns), *rows.penalty.shape * 2), dtype=np.float32)
    ridge = np.diag(rows.penalty + _FLOOR).astype(np.float32)
    for place, bend in enumerate(picked):
        found[place] = _inverse(_sampled(rows, bend) + ridge)
    return found


def _sampled(rows: Rows, bend: Single) -> Single:
    x = rows.values
    size = _PER_COLUMN * x.shape[1]
    if size >= len(x):
        scaled = x * np.sqrt(bend)[:, None]
        return np.asarray(scaled.T @ scaled)
    running = np.cumsum(bend * rows.reach, dtype=np.float64)
    marks = (np.arange(size) + 0.5) * (running[-1] / size)
    drawn = np.minimum(np.searchsorted(running, marks), len(x) - 1)
    sample = x[drawn] * np.sqrt(running[-1] / size / rows.reach[drawn], dtype=np.float32)[:, None]
    return np.asarray(sample.T @ sample)


def _inverse(hessian: Single) -> Single:
    # Half of the work of a general inverse; numpy has no call for it.
    factor, failed = lapack.spotrf(hessian, lower=1, clean=1)
    if failed:
        return np.diag(1 / np.diag(hessian))
    lower, _ = lapack.spotri(factor, lower=1)
    return np.asarray(np.tril(lower) + np.tril(lower, -1).T, dtype=np.float32)


def _of_diagonals(rows: Rows, bends: Single) -> Single:
    total: Double = np.tile(rows.penalty + _FLOOR, (len(bends), 1))
    for start in range(0, bends.shape[1], 512):
        part = slice(start, start + 512)
        total += bends[:, part] @ rows.values[part] ** 2
    return np.asarray(np.reciprocal(total), dtype=np.float32)


def applied(inverse: Single, vectors: Double) -> Double:
    """Each label's inverse times its vector, (c, D + 1)."""
    if inverse.ndim == 2:
        return np.asarray(inverse * vectors)
    product = np.matmul(inverse, vectors.astype(np.float32)[:, :, None])[:, :, 0]
    return np.asarray(product, dtype=np.float64)
