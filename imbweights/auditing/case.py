"""One audit in the making: the numbers, the counts they are held against, what they are used as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from imbweights.auditing.curves import Curve, class_curves, positive_curves
from imbweights.auditing.explaining import ENOUGH, Explanation, explanations
from imbweights.auditing.given import Given, Use
from imbweights.auditing.numbers import Written
from imbweights.auditing.problem import Problem
from imbweights.auditing.wording import short
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.findings import Finding
from imbweights.core.profile import Profile
from imbweights.core.weights import FloatArray

_SOME = 0.3
_NEARLY_FLAT = 1.05


@dataclass(frozen=True)
class Case:
    """``counts``: those of the training split; ``use``: what the numbers are used as, ``stated`` if
    somebody said so; ``numbers``: one per class in class order, once they are aligned.
    """

    given: Given
    profile: Profile
    counts: ClassCounts
    use: Use
    stated: bool
    numbers: tuple[Written, ...]
    split: str | None = None
    with_sampler: bool = False

    @property
    def multilabel(self) -> bool:
        """Whether a row may have several labels."""
        return self.counts.task is Task.MULTILABEL

    @property
    def positives(self) -> bool:
        """Whether the numbers are held against negatives over positives."""
        return self.use is Use.POS_WEIGHT

    @cached_property
    def values(self) -> FloatArray:
        """(K,) the numbers."""
        return np.array([n.value for n in self.numbers], dtype=np.float64)

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """What could have made them."""
        return curves_for(self.counts, positives=self.positives)

    @cached_property
    def problem(self) -> Problem:
        """The numbers, up to rounding."""
        return Problem.of(self.counts, self.numbers)

    @cached_property
    def found(self) -> list[Explanation]:
        """Everything that explains them."""
        return explain(self.curves, self.counts, self.numbers)

    @property
    def best(self) -> Explanation | None:
        """What the others may be corrected by: enough digits speak for it, and it is not as good as
        equal weights, which anything coarse fits.
        """
        found = self.found[0] if self.found else None
        if found is None or found.is_flat:
            return found if self.problem.digits >= _SOME else None
        values = found.values[np.isfinite(found.values)]
        nearly_flat = values.size > 1 and values.max() < values.min() * _NEARLY_FLAT
        return None if found.evidence < ENOUGH or nearly_flat else found

    def name(self, i: int) -> str:
        """The name of class i, for a sentence."""
        return short(self.counts.classes[i])

    def on(self, counts: ClassCounts) -> Case:
        """The same numbers against other counts."""
        return replace(self, counts=counts)

    def with_numbers(self, numbers: Sequence[Written]) -> Case:
        """Other numbers against the same counts."""
        return replace(self, numbers=tuple(numbers))


def curves_for(counts: ClassCounts, *, positives: bool) -> tuple[Curve, ...]:
    """The curves of class weights, or of ``pos_weight``."""
    return positive_curves(counts) if positives else class_curves(counts)


def explain(
    curves: Sequence[Curve], counts: ClassCounts, numbers: Sequence[Written]
) -> list[Explanation]:
    """Explanations at the precision that the numbers have together; else at that of each alone."""
    strict = Problem.of(counts, numbers)
    found = explanations(curves, strict)
    if found:
        return found
    lenient = Problem.of(counts, numbers, careless=True)
    if np.array_equal(strict.low, lenient.low, equal_nan=True):
        return []
    return explanations(curves, lenient)


@dataclass(frozen=True, eq=False)
class Suspicion:
    """A finding with what the numbers should be, and how many digits speak for it.

    ``title`` says what ``corrected`` (K,) is; ``given`` are the numbers at the classes they are for,
    where they were given for others.
    """

    finding: Finding
    evidence: float = 99.0
    corrected: FloatArray | None = None
    title: str = ""
