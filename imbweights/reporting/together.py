"""Which labels occur together: the table of the most frequent ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts, LabelSets

MOST = 30


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """``labels``: class indices, the most frequent first; ``rows`` (L, L): in how many rows both
    are, on the diagonal the label itself.
    """

    labels: tuple[int, ...]
    rows: npt.NDArray[np.int64]


def together(counts: ClassCounts, most: int = MOST) -> Together | None:
    """X^T X of the ``most`` most frequent labels, X the 0/1 table; ``None`` where it is unknown or
    no row has two labels.

    Of equally frequent labels the first in class order.

    >>> found = together(ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 2}))
    >>> found.labels, found.rows.tolist()
    ((0, 1), [[5, 2], [2, 2]])
    """
    sets = counts.label_sets
    if sets is None or all(len(labels) < 2 for labels in sets):
        return None
    ranked = sorted(range(len(counts.classes)), key=lambda i: -int(counts.counts[i]))
    chosen = tuple(i for i in ranked[:most] if counts.counts[i])
    return Together(chosen, _product(sets, chosen, len(counts.classes)))


def _product(sets: LabelSets, chosen: tuple[int, ...], classes: int) -> npt.NDArray[np.int64]:
    """X^T diag(rows) X, X the 0/1 table of the distinct label sets: sparse, since there may be many."""
    from scipy import sparse

    lengths = [len(labels) for labels in sets]
    columns = np.fromiter((i for labels in sets for i in labels), dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    shape = (len(lengths), classes)
    ones = sparse.csr_matrix((np.ones(len(columns), np.int64), columns, starts), shape)
    kept = ones[:, list(chosen)]
    rows = np.fromiter(sets.values(), dtype=np.int64)
    product: Any = kept.T @ kept.multiply(rows[:, None])
    table: npt.NDArray[np.int64] = product.toarray()
    return table
