"""Cardinality and density: how many labels a row has."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import MULTI_LABEL, Measure


def cardinality(counts: ClassCounts) -> float | None:
    """Mean number of labels per row, rows without any included. ``None`` without rows.

    Source: Tsoumakas and Katakis 2007, "Multi-Label Classification: An Overview", IJDWM 3(3).

    >>> cardinality(ClassCounts.multilabel(["a", "b"], {(0,): 1, (0, 1): 1, (): 2}))
    0.75
    """
    return counts.total / counts.samples if counts.samples else None


def density(counts: ClassCounts) -> float | None:
    """Cardinality divided by the number of labels K: the share of ones in the 0/1 table.

    >>> density(ClassCounts.multilabel(["a", "b"], {(0,): 1, (0, 1): 1, (): 2}))
    0.375
    """
    mean = cardinality(counts)
    return None if mean is None or not counts.classes else mean / len(counts.classes)


def distinct_label_sets(counts: ClassCounts) -> int | None:
    """How many different sets of labels occur, the empty set included if it does.

    >>> distinct_label_sets(ClassCounts.multilabel(["a", "b"], {(0,): 1, (0, 1): 1, (): 2}))
    3
    """
    return None if counts.label_sets is None else len(counts.label_sets)


_SOURCE = "Tsoumakas and Katakis 2007, IJDWM 3(3)"
CARDINALITY = Measure(
    name="cardinality",
    title="labels per row",
    formula="Σ n / rows",
    reference=_SOURCE,
    compute=cardinality,
    tasks=MULTI_LABEL,
)
DENSITY = Measure(
    name="density",
    title="share of ones",
    formula="Σ n / (rows · K)",
    reference=_SOURCE,
    compute=density,
    tasks=MULTI_LABEL,
)
LABEL_SETS = Measure(
    name="distinct_label_sets",
    title="distinct label sets",
    formula="number of different rows",
    reference=_SOURCE,
    compute=distinct_label_sets,
    tasks=MULTI_LABEL,
)
