"""Imbalance ratio per label, its mean and its variation: multi-label imbalance after Charte."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import MULTI_LABEL, Measure, positive_counts


def irlbl(counts: ClassCounts) -> dict[str, float | int | None]:
    """IRLbl of each label: max n / n; ``None`` for a label that never occurs.

    Source: Charte et al. 2015, "Addressing imbalance in multilabel classification",
    Neurocomputing 163.

    >>> irlbl(ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 1}))
    {'a': 1.0, 'b': 4.0}
    """
    largest = max(counts.counts.tolist(), default=0)
    return {name: largest / n if n else None for name, n in counts.as_dict().items()}


def mean_ir(counts: ClassCounts) -> float | None:
    """MeanIR: the mean of IRLbl over the labels that occur (as Mulan; mldr counts others as 0).

    >>> mean_ir(ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 1}))
    2.5
    """
    n = positive_counts(counts)
    return float((n.max() / n).mean()) if n.size else None


def cvir(counts: ClassCounts) -> float | None:
    """CVIR: standard deviation (ddof 1) of IRLbl divided by MeanIR, over the labels that occur.

    ``None`` with fewer than two such labels.

    >>> round(cvir(ClassCounts.multilabel(["a", "b"], {(0,): 3, (0, 1): 1})), 6)
    0.848528
    """
    n = positive_counts(counts)
    if n.size < 2:
        return None
    ratios = n.max() / n
    return float(np.std(ratios, ddof=1) / ratios.mean())


_SOURCE = "Charte et al. 2015, Neurocomputing 163"
IRLBL = Measure(
    name="irlbl",
    title="imbalance ratio per label",
    formula="max n / n",
    reference=_SOURCE,
    compute=irlbl,
    tasks=MULTI_LABEL,
)
MEAN_IR = Measure(
    name="mean_ir",
    title="mean imbalance ratio per label",
    formula="mean of IRLbl over labels that occur",
    reference=_SOURCE,
    compute=mean_ir,
    tasks=MULTI_LABEL,
)
CVIR = Measure(
    name="cvir",
    title="variation of the imbalance ratio per label",
    formula="sd(IRLbl, ddof 1) / MeanIR",
    reference=_SOURCE,
    compute=cvir,
    tasks=MULTI_LABEL,
)
