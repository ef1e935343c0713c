"""Which labels occur together: the table of the most frequent ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts

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
    place = {label: i for i, label in enumerate(chosen)}
    table = np.zeros((len(chosen), len(chosen)), dtype=np.int64)
    for labels, rows in sets.items():
        places = [place[label] for label in labels if label in place]
        table[np.ix_(places, places)] += rows
    return Together(chosen, table)
