"""Fewer rows of a large data set, each class in its share."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

# A rare class is kept whole up to here, as far as it is there at all.
_AT_LEAST = 2


def stratified_sample(
    strata: Sequence[Hashable] | npt.NDArray[np.generic], size: int, seed: int
) -> IntArray:
    """Ascending numbers of at most about ``size`` rows; every stratum keeps its share.

    A stratum keeps at least two rows, so that none is lost.

    >>> rows = stratified_sample([0] * 90 + [1] * 10, 20, 0)
    >>> len(rows), int((rows >= 90).sum())
    (20, 2)
    """
    import pandas as pd

    n = len(strata)
    if n <= size:
        return np.arange(n)
    codes, names = pd.factorize(np.asarray(strata, dtype=object), use_na_sentinel=False)
    have = np.bincount(codes, minlength=len(names))
    wanted = np.minimum(have, np.maximum(np.round(have * (size / n)).astype(int), _AT_LEAST))
    order = np.random.default_rng(seed).permutation(n)
    order = order[np.argsort(codes[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(have)[:-1]])
    rank = np.arange(n) - np.repeat(starts, have)
    chosen = order[rank < np.repeat(wanted, have)]
    return np.sort(chosen)
