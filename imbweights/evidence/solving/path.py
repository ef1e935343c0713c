"""From one weight to the next: where the descent of a block of labels starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.evidence.solving.alone import fit_alone
from imbweights.evidence.solving.curvature import inverts
from imbweights.evidence.solving.descent import descend
from imbweights.evidence.solving.labels import Block
from imbweights.evidence.solving.rows import Double, Rows


def along(rows: Rows, labels: Any, weights: Double, tolerance: float) -> Double:
    """Coefficients of c labels at each of G weights, (G, c, D + 1), in the units of ``rows``.

    ``labels`` sparse (N, c) of ones, ``weights`` (G, c) of the positives.
    Weights are taken from light to heavy. Between two of them the solution is nearly a straight
    line over ln weight, so the third starts where the line through the first two arrives.
    """
    height = np.log(weights)
    positives = np.asarray(labels.sum(axis=0), dtype=np.float64).ravel()
    odds = np.log(positives / (labels.shape[0] - positives))
    found = np.zeros((*weights.shape, rows.values.shape[1]))
    if not inverts(rows.values.shape[1]):
        tolerance /= 10  # the diagonal alone understates how far it is still to go
    passed: list[int] = []
    for point in np.argsort(height.mean(axis=1), kind="stable").tolist():
        start = _start(found, height, passed, point, odds)
        block = Block.of(labels, weights[point])
        found[point], last = descend(rows, block, start, tolerance)
        for place in np.flatnonzero(np.isnan(last)):
            on = labels[:, [place]].toarray().ravel() > 0
            found[point, place] = fit_alone(rows, on, weights[point, place], found[point, place])
        passed.append(point)
    return found


def _start(
    found: Double, height: Double, passed: list[int], point: int, odds: npt.NDArray[np.float64]
) -> Double:
    if not passed:
        start = np.zeros(found.shape[1:])
        start[:, -1] = odds + height[point]
        return start
    last = passed[-1]
    if len(passed) == 1:
        start = np.array(found[last])
        start[:, -1] += height[point] - height[last]
        return start
    before = passed[-2]
    run, ahead = height[last] - height[before], height[point] - height[last]
    share = np.divide(ahead, run, out=np.zeros_like(run), where=run > 1e-9).clip(0, 2)
    return np.asarray(found[last] + share[:, None] * (found[last] - found[before]))
