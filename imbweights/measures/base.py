"""What a measure is: a number (or a few) that follows from the counts alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts, Task

Pairs = tuple[Mapping[str, tuple[str, str] | int], ...]
Value = float | int | Mapping[str, float | int | None] | Pairs | None

SINGLE_LABEL = frozenset({Task.MULTICLASS, Task.SEGMENTATION, Task.DETECTION})
EVERY_TASK = frozenset(Task)
MULTI_LABEL = frozenset({Task.MULTILABEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of imbalance.

    ``compute`` takes counts and returns a number, a mapping of named numbers, or ``None`` where
    the measure is undefined. Unless its text says otherwise it looks only at classes that have
    samples. ``needs_counts``: meaningless for a ratio, whose terms are not counts.
    """

    name: str
    title: str
    formula: str
    reference: str
    compute: Callable[[ClassCounts], Value]
    tasks: frozenset[Task] = SINGLE_LABEL
    needs_counts: bool = False


def positive_counts(counts: ClassCounts) -> npt.NDArray[np.float64]:
    """The counts of the classes that have samples, as floats."""
    return counts.counts[counts.counts > 0].astype(np.float64)
