"""What was fitted: coefficients per weight and label, and the decisions they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.evidence.solving.rows import Double

# Decision values made at a time: 32 MB of them.
_AT_A_TIME = 4_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Coefficients:
    """Logistic regressions for G weights × L labels.

    ``coef`` (G, L, D) and ``intercept`` (G, L), for the features as they were given; ``constant``
    (L,) says which labels are answered the same way for every row, because their training rows
    all said the same (their coefficients are 0). ``tolerance``: decision values are expected to be
    within about this of the exact minimum, as root mean square over rows.

    >>> c = Coefficients(coef=np.array([[[2.0]]]), intercept=np.array([[-1.0]]),
    ...                  constant=np.array([False]), tolerance=1e-3)
    >>> c.scores(np.array([[0.0], [1.0]]), 0).tolist()
    [[-1.0], [1.0]]
    >>> c.decide(np.array([[0.0], [1.0]]), 0).tolist()
    [[False], [True]]
    """

    coef: Double
    intercept: Double
    constant: npt.NDArray[np.bool_]
    tolerance: float

    def in_batches(self, x: npt.NDArray[np.floating]) -> Iterator[tuple[slice, Double]]:
        """Decision values of some rows of ``x`` (M, D) at a time, of every weight and label.

        Yields slices of rows with (G, rows, L) values, about 32 MB, so that what is made of them
        (counts of hits, sums of losses) needs no array of G × M × L.
        """
        points, labels, _ = self.coef.shape
        size = max(1, _AT_A_TIME // max(1, points * labels))
        for start in range(0, len(x), size):
            part = slice(start, min(start + size, len(x)))
            values = x[part] @ self.coef.transpose(0, 2, 1)
            values += self.intercept[:, None, :]
            yield part, values

    def scores(self, x: npt.NDArray[np.floating], point: int) -> Double:
        """Decision values (log odds) of ``x`` (M, D) at one weight, (M, L)."""
        return np.asarray(x @ self.coef[point].T + self.intercept[point], dtype=np.float64)

    def decide(
        self, x: npt.NDArray[np.floating], point: int, thresholds: float | Double = 0.0
    ) -> npt.NDArray[np.bool_]:
        """Which labels are on, (M, L): decision values above a threshold, or one per label (L,).

        Made in batches: takes a byte per answer. 0 is a probability of one half.
        """
        answers = np.empty((len(x), self.coef.shape[1]), dtype=np.bool_)
        size = max(1, _AT_A_TIME // max(1, self.coef.shape[1]))
        for start in range(0, len(x), size):
            part = slice(start, start + size)
            np.greater(self.scores(x[part], point), thresholds, out=answers[part])
        return answers
