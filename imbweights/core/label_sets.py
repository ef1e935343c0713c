"""Distinct sets of labels and how many rows have each, for data with any number of labels per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from imbweights.core.errors import CountsError
from imbweights.core.exact import exact, exact_one

LabelSets = Mapping[tuple[int, ...], int]

_EXACT_FLOAT = 1 << 53
_MANY_SETS = 1000


def sums_over_sets(label_sets: LabelSets, classes: int) -> tuple[list[int], list[int]]:
    """Per class, the rows of the sets with it, and these rows times the sizes of the sets."""
    many = len(label_sets) > _MANY_SETS
    if many and sum(label_sets.values()) * classes < _EXACT_FLOAT:
        # Sums of floats are exact below 2^53, and bincount is much faster than a loop.
        sizes = np.fromiter(map(len, label_sets), dtype=np.int64, count=len(label_sets))
        rows = np.fromiter(label_sets.values(), dtype=np.int64, count=len(label_sets))
        which = np.fromiter(chain.from_iterable(label_sets), dtype=np.int64, count=sizes.sum())
        _refuse_strange(((which.min(), which.max()),), classes)
        both = (np.repeat(rows, sizes), np.repeat(rows * sizes, sizes))
        once, times = (np.bincount(which, weights=w, minlength=classes) for w in both)
        return once.astype(np.int64).tolist(), times.astype(np.int64).tolist()
    _refuse_strange(label_sets, classes)
    counts, extent = [0] * classes, [0] * classes
    for labels, n in label_sets.items():
        for index in labels:
            counts[index] += n
            extent[index] += n * len(labels)
    return counts, extent


def _refuse_strange(label_sets: Iterable[tuple[int, ...]], classes: int) -> None:
    """Raise ``CountsError`` for a number that stands for no class: −1 would be the last one."""
    for labels in label_sets:
        if labels and not 0 <= min(labels) <= max(labels) < classes:
            raise CountsError(f"a set of labels holds {labels}, and there are {classes} classes")


def read_sets(saved: Sequence[Mapping[str, Any]], classes: int) -> LabelSets:
    """The sets of a saved analysis. Raises ``CountsError`` for what is none, or there twice."""
    sets: dict[tuple[int, ...], int] = {}
    for each in saved:
        labels = tuple(exact("labels", each["labels"]).tolist())
        rows = exact_one("rows", each["rows"])
        if rows < 1 or list(labels) != sorted(set(labels)) or (labels and labels[-1] >= classes):
            raise CountsError(f"the saved set of labels {labels} is none")
        if labels in sets:
            raise CountsError(f"the saved set of labels {labels} is there twice")
        sets[labels] = rows
    return sets


def renumbered(label_sets: LabelSets | None, source: Sequence[int]) -> LabelSets | None:
    """The same sets with the classes in another order; ``source``: where each class stood, below 0 for new ones."""
    if label_sets is None:
        return None
    new_index = {old: new for new, old in enumerate(source) if old >= 0}
    return {tuple(sorted(new_index[i] for i in s)): rows for s, rows in label_sets.items()}


def merged(a: LabelSets | None, b: LabelSets | None) -> LabelSets | None:
    """The rows of both, where both are known."""
    if a is None or b is None:
        return None
    merged = dict(a)
    for labels, rows in b.items():
        merged[labels] = merged.get(labels, 0) + rows
    return merged
