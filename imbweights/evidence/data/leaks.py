"""Columns that give the label away: pointed out, not removed, since they may be meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_FEW_ROWS = 20
_PER_VALUE = 2.0
_FEW_OF_A_CLASS = 5

Values = npt.NDArray[np.object_] | npt.NDArray[np.float64]


def leaks(
    columns: Sequence[tuple[str, Values]], codes: npt.NDArray[np.int64], classes: int
) -> tuple[str, ...]:
    """A sentence for each column that predicts the label perfectly.

    Either every value goes with one class only (and values recur), or, for numbers and two
    classes, one cut separates them.
    """
    if len(codes) < _FEW_ROWS:
        return ()
    return tuple(
        f"column {name!r} alone predicts the label perfectly: is it known before the label is? "
        f"If not, --drop {name!r}"
        for name, values in columns
        if _gives_away(values, codes, classes)
    )


def _gives_away(values: Values, codes: npt.NDArray[np.int64], classes: int) -> bool:
    import pandas as pd

    place, names = pd.factorize(values, use_na_sentinel=False)
    if len(names) * _PER_VALUE <= len(codes):
        pairs = np.unique(place.astype(np.int64) * classes + codes)
        return len(pairs) == len(names) and len(np.unique(codes)) > 1
    if values.dtype.kind != "f" or classes != 2:
        return False
    numbers = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(numbers)
    first, second = (numbers[known & (codes == c)] for c in (0, 1))
    if min(len(first), len(second)) < _FEW_OF_A_CLASS:
        return False
    return bool(first.max() < second.min() or second.max() < first.min())
