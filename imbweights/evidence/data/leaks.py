"""Columns that give the label away: pointed out, not removed, since they may be meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_FEW_ROWS = 20
_PER_VALUE = 2.0
_FEW_OF_A_CLASS = 5

Values = npt.NDArray[np.object_] | npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def leaks(
    columns: Sequence[tuple[str, Values]], codes: IntArray, groups: IntArray | None = None
) -> tuple[str, ...]:
    """A sentence for each column that predicts the label perfectly.

    Either every value goes with one class only (and values recur), or, for numbers, a few cuts
    separate the classes, or it is empty in all rows of one of two classes and in no other. With
    ``groups``, rows of a group that are alike count once: what is fixed in a group recurs in it
    whatever it tells.
    """
    if len(codes) < _FEW_ROWS:
        return ()
    found = [(name, _sentence(name, values, codes, groups)) for name, values in columns]
    return tuple(sentence for _, sentence in found if sentence)


def _sentence(name: str, values: Values, codes: IntArray, groups: IntArray | None) -> str:
    if _empty_in_one_class(values, codes):
        return (
            f"column {name!r} gives the label away by being empty: is it filled in before the label is "
            f"known? Gaps become the median here, so that the model does not see it; --drop {name!r}"
        )
    if _gives_away(*_once_per_group(values, codes, groups)):
        return (
            f"column {name!r} alone predicts the label perfectly: is it known before the label is? "
            f"If not, --drop {name!r}"
        )
    return ""


def _empty_in_one_class(values: Values, codes: IntArray) -> bool:
    if values.dtype.kind != "f":
        return False
    gaps = np.isnan(np.asarray(values, dtype=np.float64))
    present = np.unique(codes)
    return len(present) == 2 and any(bool((gaps == (codes == c)).all()) for c in present)


def _once_per_group(
    values: Values, codes: IntArray, groups: IntArray | None
) -> tuple[Values, IntArray]:
    import pandas as pd

    if groups is None:
        return values, codes
    place, _ = pd.factorize(values, use_na_sentinel=False)
    _, first = np.unique(np.stack([groups, place, codes], axis=1), axis=0, return_index=True)
    return values[first], codes[first]


def _gives_away(values: Values, codes: IntArray) -> bool:
    import pandas as pd

    place, names = pd.factorize(values, use_na_sentinel=False)
    if len(names) * _PER_VALUE <= len(codes):
        pairs = np.unique(np.stack([place.astype(np.int64), codes], axis=1), axis=0)
        return len(pairs) == len(names)
    return values.dtype.kind == "f" and _few_cuts(np.asarray(values, dtype=np.float64), codes)


def _few_cuts(values: npt.NDArray[np.float64], codes: IntArray) -> bool:
    """Whether in order of the values each class comes in runs of several rows, never mixed."""
    known = ~np.isnan(values)
    values, codes = values[known], codes[known]
    order = np.lexsort((codes, values))
    values, codes = values[order], codes[order]
    turns = np.flatnonzero(codes[1:] != codes[:-1])
    if not len(turns) or (values[turns] == values[turns + 1]).any():
        return False
    edges = np.concatenate([[0], turns + 1, [len(codes)]])
    return int(np.diff(edges).min()) >= _FEW_OF_A_CLASS
