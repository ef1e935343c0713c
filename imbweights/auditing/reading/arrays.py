"""Weights in NumPy's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.found import Contents, Found
from imbweights.auditing.reading.names import use_of
from imbweights.core.damaged_arrays import DAMAGED
from imbweights.core.errors import UsageError


def contents(path: Path) -> Contents:
    """The vectors of ``.npy`` and ``.npz``. Raises ``UsageError`` for objects, which are pickles."""
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return Contents(vectors=_vectors("", loaded), numbers_only=True)
        with loaded:
            named = [(name, loaded[name]) for name in loaded.files]
        found = tuple(v for n, a in named for v in _vectors(n, a))
        return Contents(vectors=found, numbers_only=True)
    except DAMAGED as error:
        raise UsageError(
            f"{path}: holds no plain array of numbers ({str(error)[:80]})",
            hint="save it as numbers: np.save('weights.npy', np.asarray(weights, dtype=float))",
        ) from error


def _vectors(name: str, array: np.ndarray[Any, Any]) -> tuple[Found, ...]:
    if array.dtype.kind not in "iuf" or max(array.shape, default=1) != array.size or not array.size:
        return ()
    # A float32 is written with as many digits as it has.
    numbers = tuple(Written(float(v), str(v)) for v in array.reshape(-1))
    use = use_of(name)
    return (Found(path=name, numbers=numbers, use=use, known=bool(use)),)
