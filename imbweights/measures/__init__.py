"""How imbalanced: one measure per file, all pure functions of ``ClassCounts``.

To add a measure, write a file with a ``MEASURE`` and add it to ``MEASURES``.
"""

from __future__ import annotations

from imbweights.core.counts import ClassCounts, Unit
from imbweights.measures import (
    effective_classes,
    entropy,
    gini,
    imbalance_degree,
    imbalance_ratio,
    inverse_simpson,
    irlbl,
    label_pairs,
    lrid,
    majority,
    multilabel,
    scumble,
    shots,
)
from imbweights.measures.base import Measure, Value

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        imbalance_ratio.MEASURE,
        entropy.MEASURE,
        effective_classes.MEASURE,
        inverse_simpson.MEASURE,
        gini.MEASURE,
        majority.SHARE,
        majority.MACRO_F1,
        lrid.MEASURE,
        imbalance_degree.MEASURE,
        shots.MEASURE,
        multilabel.CARDINALITY,
        multilabel.DENSITY,
        multilabel.LABEL_SETS,
        irlbl.MEAN_IR,
        irlbl.CVIR,
        irlbl.IRLBL,
        scumble.MEASURE,
        label_pairs.MEASURE,
    )
}


def measured(counts: ClassCounts) -> dict[str, Value]:
    """Every measure that means something for this task, by name.

    >>> measured(ClassCounts.multiclass({"a": 60, "b": 1}))["imbalance_ratio"]
    60.0
    """
    return {
        name: measure.compute(counts)
        for name, measure in MEASURES.items()
        if counts.task in measure.tasks and not (measure.needs_counts and counts.unit is Unit.PARTS)
    }
