"""How often labels occur together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts


def together(counts: ClassCounts, chosen: Sequence[int]) -> npt.NDArray[np.int64]:
    """(M, M) rows that carry both of two labels, for the ``chosen`` M class indices.

    With the 0/1 table X of those labels, X^T X; the diagonal holds the counts themselves. Label sets
    must be known.

    >>> c = ClassCounts.multilabel(["a", "b", "c"], {(0, 1): 3, (0, 1, 2): 1, (2,): 5})
    >>> together(c, [1, 2]).tolist()
    [[4, 1], [1, 6]]
    """
    place = {label: i for i, label in enumerate(chosen)}
    result = np.zeros((len(chosen), len(chosen)), dtype=np.int64)
    for labels, rows in (counts.label_sets or {}).items():
        known = [place[label] for label in labels if label in place]
        if known:
            result[np.ix_(known, known)] += rows
    return result
