"""Whole numbers of 64 bits, checked: nothing is rounded, and nothing wraps around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import CountsError

IntArray = npt.NDArray[np.int64]
MOST = int(np.iinfo(np.int64).max)


def exact(name: str, values: Sequence[int]) -> IntArray:
    """An array of whole numbers from 0 to 2^63 − 1. Raises ``CountsError`` naming what is none."""
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            raise CountsError(f"{name} must be whole numbers, but one is {value!r}")
        if not 0 <= value <= MOST:
            shown = "larger" if value > MOST else value
            raise CountsError(f"{name} must be between 0 and {MOST}, but one is {shown}")
    return np.array(values, dtype=np.int64)


def exact_one(name: str, value: Any) -> int:
    """One such number."""
    return int(exact(name, [value])[0])


def frozen(name: str, values: npt.ArrayLike, length: int) -> IntArray:
    """A copy that nobody can change, of one number per class. Raises ``CountsError`` for any other."""
    array = np.asarray(values)
    if array.shape != (length,):
        raise CountsError(f"{name} must have one entry per class ({length}), has {array.shape}")
    if array.dtype.kind not in "iu" and array.size:
        raise CountsError(f"{name} must be whole numbers, not {array.dtype}")
    if array.size and (int(array.min()) < 0 or int(array.max()) > MOST):
        raise CountsError(f"{name} must be between 0 and {MOST}")
    own = array.astype(np.int64, copy=True)
    own.flags.writeable = False
    return own


def picked(values: IntArray, source: Sequence[int]) -> IntArray:
    """The values at these places; 0 where the place is below 0: a class that is new."""
    return np.array([0 if i < 0 else values[i] for i in source], dtype=np.int64)


def exact_sum(a: IntArray, b: IntArray) -> IntArray:
    """The sum, place by place. Raises ``CountsError`` where it does not fit."""
    total = a + b
    if (total < a).any():
        raise CountsError("the counts add up to more than 64-bit integers hold")
    return total


def sum_if_known(a: IntArray | None, b: IntArray | None) -> IntArray | None:
    """The sum, where both are known."""
    return None if a is None or b is None else exact_sum(a, b)
