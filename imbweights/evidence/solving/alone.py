"""One label by Newton's method in double precision: for the few that the shared descent leaves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from imbweights.evidence.solving.rows import Double, Rows

_STEPS = 100
_HALVINGS = 40
# Of decision values, relative to the largest; Newton's next step would be about its square.
_ENOUGH = 1e-6


def fit_alone(rows: Rows, on: npt.NDArray[np.bool_], weight: float, start: Double) -> Double:
    """The minimum for one label, (D + 1,), in the units of ``rows``.

    ``on`` (N,), ``weight``: of a positive; ``start`` (D + 1,): where the descent got to.
    Steps are halved until the objective falls. Slow (a Hessian of all rows at each step), but
    certain, as far as the Hessian can be solved: the objective is convex.
    """
    x = rows.values.astype(np.float64)
    s = np.where(on, weight, 1.0)
    at: Double = np.where(np.isfinite(start).all(), start, 0.0)
    loss = _objective(rows, x, s, on, at)
    for _ in range(_STEPS):
        z = x @ at
        slope = x.T @ (s * np.where(on, -expit(-z), expit(z))) + rows.penalty * at
        hessian = x.T @ ((s * expit(z) * expit(-z))[:, None] * x) + np.diag(rows.penalty)
        step = -np.linalg.lstsq(hessian, slope, rcond=None)[0]
        for _ in range(_HALVINGS):
            lower = _objective(rows, x, s, on, at + step)
            if lower < loss:
                break
            step /= 2
        else:
            return at
        at, loss = at + step, lower
        if np.abs(x @ step).max() < _ENOUGH * max(1.0, np.abs(z).max()):
            return at
    return at


def _objective(rows: Rows, x: Double, s: Double, on: npt.NDArray[np.bool_], at: Double) -> float:
    z = x @ at
    losses = np.logaddexp(0, np.where(on, -z, z))
    return float(s @ losses + 0.5 * (rows.penalty @ at**2))
