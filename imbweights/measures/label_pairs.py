"""The labels that occur together most often."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import MULTI_LABEL, Measure, Pairs

MOST = 30


def label_pairs(counts: ClassCounts) -> Pairs | None:
    """The pairs of labels with most rows in common, the most frequent first, at most 30.

    ``rows``: in how many rows both are; with the 0/1 table X that is X^T X off its diagonal. Of
    equals the one whose labels come first. ``None`` when the label sets are unknown.

    >>> label_pairs(ClassCounts.multilabel(["a", "b", "c"], {(0, 1): 3, (0, 1, 2): 1}))[0]
    {'labels': ('a', 'b'), 'rows': 4}
    """
    if counts.label_sets is None:
        return None
    found = _together(counts.label_sets, len(counts.classes))
    return tuple({"labels": (counts.classes[a], counts.classes[b]), "rows": n} for n, a, b in found)


def _together(label_sets: Mapping[tuple[int, ...], int], k: int) -> list[tuple[int, int, int]]:
    """(rows, first, second) of the most frequent pairs, by one sparse product."""
    sets = [(labels, rows) for labels, rows in label_sets.items() if len(labels) > 1]
    if not sets:
        return []
    from scipy import sparse

    lengths = [len(labels) for labels, _ in sets]
    columns = np.fromiter((i for labels, _ in sets for i in labels), dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = np.fromiter((n for _, n in sets), dtype=np.int64)
    ones = sparse.csr_matrix((np.ones(len(columns), np.int64), columns, starts), (len(sets), k))
    weighted = sparse.csr_matrix((np.repeat(rows, lengths), columns, starts), (len(sets), k))
    pairs = sparse.triu(ones.T @ weighted, k=1).tocoo()
    order = np.lexsort((pairs.col, pairs.row, -pairs.data))[:MOST]
    return list(
        zip(
            pairs.data[order].tolist(),
            pairs.row[order].tolist(),
            pairs.col[order].tolist(),
            strict=True,
        )
    )


MEASURE = Measure(
    name="label_pairs",
    title="most frequent label pairs",
    formula="rows with both labels, the largest off-diagonal entries of X^T X",
    reference="Charte et al. 2015, Neurocomputing 163 (concurrence)",
    compute=label_pairs,
    tasks=MULTI_LABEL,
)
