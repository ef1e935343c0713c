"""Weights in NumPy's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.found import Contents, Found
from imbweights.auditing.reading.names import use_of
from imbweights.core.errors import UsageError
from imbweights.core.limits import Limits
from imbweights.sources.arrays.opening import ArrayFileError, all_members, is_archive, mapped

# Weights are some hundred numbers; those of every row or pixel some millions.
_LARGEST = 1 << 28
_MOST = 20_000_000


def contents(path: Path) -> Contents:
    """The vectors of ``.npy`` and ``.npz``. Raises ``UsageError`` for objects, which are pickles."""
    try:
        if not is_archive(path):
            return Contents(vectors=_vectors("", mapped(path)), numbers_only=True)
        named = all_members(path, Limits(bytes=_LARGEST))
    except ArrayFileError as error:
        raise UsageError(
            f"{path}: holds no plain array of numbers ({error})",
            hint="save it as numbers: np.save('weights.npy', np.asarray(weights, dtype=float))",
        ) from error
    found = tuple(v for n, a in named.items() for v in _vectors(n, a))
    return Contents(vectors=found, numbers_only=True)


def _vectors(name: str, array: np.ndarray[Any, Any]) -> tuple[Found, ...]:
    if array.dtype.kind not in "iuf" or max(array.shape, default=1) != array.size or not array.size:
        return ()
    if array.size > _MOST:
        raise UsageError(f"{array.size:,} numbers are too many for weights")
    # A float32 is written with as many digits as it has.
    numbers = tuple(Written(float(v), str(v)) for v in array.reshape(-1))
    use = use_of(name)
    return (Found(path=name, numbers=numbers, use=use, known=bool(use)),)
