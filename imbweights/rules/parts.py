"""What is compared with the baseline: each split with its own, else the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from imbweights.core.baseline import Baseline

if TYPE_CHECKING:
    from imbweights.core.counts import ClassCounts

Parts: TypeAlias = "Mapping[str, tuple[Mapping[str, int], ClassCounts]]"


def parts_of(
    baseline: Baseline | None, whole: ClassCounts, splits: Mapping[str, ClassCounts]
) -> Parts:
    """Part (a split; ``""``: the whole, where there are no splits or other ones) → then and now."""
    if baseline is None:
        return {}
    shared = [name for name in splits if name in baseline.splits]
    if not shared:
        return {"": (baseline.counts, whole)}
    return {name: (baseline.splits[name], splits[name]) for name in shared}


def shifted(baseline: Baseline | None, now: tuple[str, ...]) -> str:
    """What becomes of the indices of classes that both know and that stay in their order: a
    sentence to put behind another, empty where all indices stay.
    """
    before = {name: i for i, name in enumerate(baseline.classes if baseline else ())}
    moved = [name for i, name in enumerate(now) if before.get(name, i) != i]
    if not moved or reordered(baseline, now):
        return ""
    n = len(moved)
    return f"; the index of {n:,} other class{'es' * (n != 1)} move{'s' * (n == 1)}"


def reordered(baseline: Baseline | None, now: tuple[str, ...]) -> bool:
    """Whether classes that both know follow each other in another order."""
    then = baseline.classes if baseline else ()
    both = set(then) & set(now)
    return [c for c in then if c in both] != [c for c in now if c in both]
