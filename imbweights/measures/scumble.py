"""SCUMBLE: how much rare and frequent labels occur in the same rows."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

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
    # fsum, so that the order in which the sets were met cannot show in the last digit.
    total = math.fsum(
        rows * _unevenness(ratios[list(labels)])
        for labels, rows in counts.label_sets.items()
        if len(labels) > 1  # a single label has GM = AM
    )
    return total / counts.samples


def _unevenness(ratios: npt.NDArray[np.float64]) -> float:
    return 1 - float(np.exp(np.log(ratios).mean()) / ratios.mean())


MEASURE = Measure(
    name="scumble",
    title="SCUMBLE",
    formula="mean over rows of 1 − GM(IRLbl) / AM(IRLbl)",
    reference="Charte et al. 2014, HAIS",
    compute=scumble,
    tasks=MULTI_LABEL,
)
