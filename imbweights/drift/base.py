"""What a measure of drift is: two distributions of classes in, one number out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftMeasure:
    """One measure.

    ``compute``: from the counts (K,) then and now, in the same class order, both with a total
    above 0; ``alarm``: the value above which it is usually called a drift, and the default of
    ``--max-drift``; ``reference``: where formula and bound come from.
    """

    name: str
    title: str
    formula: str
    alarm: float
    reference: str
    compute: Callable[[FloatArray, FloatArray], float]


def shares(counts: FloatArray) -> FloatArray:
    """Counts as shares of their sum."""
    return np.asarray(counts / counts.sum(), dtype=np.float64)
