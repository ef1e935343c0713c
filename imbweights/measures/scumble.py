"""SCUMBLE: how much rare and frequent labels occur in the same rows."""

from __future__ import annotations

import math

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import MULTI_LABEL, Measure


def scumble(counts: ClassCounts) -> float | None:
    """Mean over all rows of 1 − GM/AM of the IRLbl of the row's labels.

    GM and AM: geometric and arithmetic mean; a row without labels adds 0. Between 0 (labels of
    like frequency go together) and 1. ``None`` when the label sets are unknown.

    Source: Charte et al. 2014, "Concurrence among imbalanced labels and its influence on
    multilabel resampling algorithms", HAIS; as computed by the R package mldr.

    >>> round(scumble(ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 1})), 6)
    0.05
    """
    if counts.label_sets is None or not counts.samples or not counts.total:
        return None
    n = counts.counts.astype(np.float64)
    with np.errstate(divide="ignore"):
        ratios = n.max() / n
    # A single label has GM = AM.
    sets = [(labels, rows) for labels, rows in counts.label_sets.items() if len(labels) > 1]
    if not sets:
        return 0.0
    sizes = np.array([len(labels) for labels, _ in sets])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    each = ratios[np.fromiter((i for labels, _ in sets for i in labels), dtype=np.int64)]
    geometric = np.exp(np.add.reduceat(np.log(each), starts) / sizes)
    uneven = 1 - geometric / (np.add.reduceat(each, starts) / sizes)
    # fsum, so that the order in which the sets were met cannot show in the last digit.
    return math.fsum(uneven * [rows for _, rows in sets]) / counts.samples


MEASURE = Measure(
    name="scumble",
    title="SCUMBLE",
    formula="mean over rows of 1 − GM(IRLbl) / AM(IRLbl)",
    reference="Charte et al. 2014, HAIS",
    compute=scumble,
    tasks=MULTI_LABEL,
)
