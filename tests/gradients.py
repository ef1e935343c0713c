"""Gradients by central differences, to check those that were derived by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def slopes(function: Callable[[FloatArray], float], at: FloatArray) -> FloatArray:
    """∂function/∂x for every entry x: (f(x + h) − f(x − h)) / 2h, with an error of about 1e-9."""
    step = 1e-6
    result = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        result[place] = (function(up) - function(down)) / (2 * step)
    return result
