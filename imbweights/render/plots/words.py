"""What the axes of plots are called."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts, Task, Unit


def counted(counts: ClassCounts) -> str:
    """What one count stands for, as an axis label.

    >>> counted(ClassCounts.multiclass({"a": 1}))
    'samples'
    """
    if counts.task is Task.MULTILABEL:
        return f"{'images' if counts.unit is Unit.IMAGES else 'rows'} with the label"
    return "parts of the ratio" if counts.unit is Unit.PARTS else counts.unit.value


def shared(counts: ClassCounts) -> str:
    """What a share is a share of."""
    if counts.task is Task.MULTILABEL:
        return f"share of {'images' if counts.unit is Unit.IMAGES else 'rows'} with the label"
    return f"share of {counted(counts)}"
