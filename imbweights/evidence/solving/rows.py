"""The features that all labels share, prepared once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Single = npt.NDArray[np.float32]
Double = npt.NDArray[np.float64]

_PROBES = 512


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Features centred and scaled, in single precision, with a column of ones behind them.

    ``values`` (N, D + 1) float32, ``mean`` and ``scale`` (D,) what was taken off and divided by,
    ``penalty`` (D + 1,) the strength of the ridge in these units, 1/(C·scale²), and 0 for the
    intercept; ``probes`` (≤ 1023, D + 1) some of the rows, to measure how far decision values move;
    ``reach`` (N,) 1 + ‖x‖²/mean ‖x‖², how far out a row is.

    Centring and scaling change nothing in the minimum, since the ridge is scaled too; they make
    single precision enough. Memory traffic and the exponential take half as long in it.
    """

    values: Single
    mean: Double
    scale: Double
    penalty: Double
    probes: Single
    reach: Single

    @classmethod
    def of(cls, x: Double, c: float) -> Rows:
        """Prepare ``x`` (N, D) for ridge strength 1/C; a constant feature becomes zeros."""
        mean = x.mean(axis=0)
        spread = x.std(axis=0)
        # What is left of a constant after subtracting its mean is rounding, not a feature.
        varies = spread > 1e-12 * np.abs(mean)
        scale = np.where(varies, spread, 1.0)
        values = np.ones((x.shape[0], x.shape[1] + 1), dtype=np.float32)
        for start in range(0, len(x), _PROBES):
            part = slice(start, start + _PROBES)
            values[part, :-1] = np.where(varies, (x[part] - mean) / scale, 0.0)
        return cls(
            values=values,
            mean=mean,
            scale=scale,
            penalty=np.append(1.0 / (c * scale**2), 0.0),
            reach=_reach(values),
            probes=values[:: max(1, len(values) // _PROBES)],
        )

    def moved(self, change: Double) -> Double:
        """Root mean square over rows of what ``change`` (c, D + 1) does to decision values, (c,)."""
        by_row = change.astype(np.float32) @ self.probes.T
        return np.sqrt(np.mean(by_row * by_row, axis=1, dtype=np.float64))

    def as_given(self, solution: Double) -> tuple[Double, Double]:
        """Coefficients (…, D) and intercepts (…) for the features as they were given."""
        coef = solution[..., :-1] / self.scale
        return coef, solution[..., -1] - coef @ self.mean


def _reach(values: Single) -> Single:
    far = np.einsum("ij,ij->i", values, values)
    return np.asarray(1 + far / far.mean(), dtype=np.float32)
