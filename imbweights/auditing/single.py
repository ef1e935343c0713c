"""One number for two classes: ``pos_weight``, ``scale_pos_weight``, or α."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import explanations
from imbweights.auditing.mistakes.split import others
from imbweights.core.codes.weights import (
    INVERTED,
    NEAR,
    POS_AS_WEIGHT,
    SCALAR_ALPHA,
    SPLIT,
    WEIGHT_AS_POS,
)
from imbweights.core.findings import Code, Level, finding

_ENOUGH_DIGITS = 1.3
_CLOSE = 0.1


@dataclass(frozen=True)
class Single:
    """``pos_weight`` of class ``i``: what it should be, and between which it lay before rounding."""

    case: Case
    i: int
    ratio: float
    low: float
    high: float

    @classmethod
    def of(cls, case: Case, i: int) -> Single | None:
        """``None`` where negatives over positives are no number above 0."""
        n = case.counts.counts
        if not (n[0] and n[1]):
            return None
        ratio = float(n[1 - i]) / float(n[i])
        return cls(case, i, ratio, float(case.problem.low[i]), float(case.problem.high[i]))

    def may_be(self, value: float) -> bool:
        """Whether the given number is this one, up to rounding."""
        return self.low <= value <= self.high

    @property
    def given(self) -> str:
        """The number and its class, for a sentence."""
        return f"{self.case.numbers[self.i].shown} for {self.case.name(self.i)} (index {self.i})"

    @property
    def right(self) -> str:
        """What it should be, for a sentence."""
        n = self.case.counts.counts
        there, here = int(n[1 - self.i]), int(n[self.i])
        return f"negatives / positives is {there:,} / {here:,} = {self.ratio:.4g}"

    def suspicion(self, code: Code, message: str, *, level: Level | None = None) -> Suspicion:
        """The finding, with the right number."""
        corrected = np.where(np.arange(2) == self.i, self.ratio, np.nan)
        found = finding(code, message, level=level, corrected=[self.ratio])
        return Suspicion(found, 9.0, corrected, "pos_weight")


def positive_suspicions(case: Case, i: int) -> Iterator[Suspicion]:
    """What is wrong with ``pos_weight`` of class i; ``case.numbers`` has it there.

    The best of: upside down, of another split, a class weight, near but not equal.
    """
    one = Single.of(case, i)
    exact = any(not e.fitted for e in case.found)
    if one is None or exact or not one.high > 0 or one.may_be(1.0):
        return
    guesses = (_upside_down, _of_another_split, _class_weight, _near)
    found = (guess(one) for guess in guesses)
    yield from [s for s in found if s is not None][:1]


def _upside_down(one: Single) -> Suspicion | None:
    """Positives over negatives, or on the other side of 1."""
    other = one.case.name(1 - one.i)
    if one.may_be(1 / one.ratio):
        if one.ratio < 1:  # as likely, the class with index 0 is the positive one
            text = (
                f"{one.given} is positives over negatives: {one.right}. It is right if {other}, the rarer "
                "class, is the positive one and its target is 1: then say so by name."
            )
            return one.suspicion(INVERTED, text, level=Level.WARNING)
        return one.suspicion(INVERTED, f"{one.given} is positives over negatives: {one.right}.")
    if (one.high < 1) != (one.ratio < 1):
        text = (
            f"{one.given} is on the wrong side of 1: {one.right}. Or is {other} the positive class?"
        )
        return one.suspicion(INVERTED, text, level=Level.WARNING)
    return None


def _of_another_split(one: Single) -> Suspicion | None:
    if one.case.problem.digits < _ENOUGH_DIGITS:
        return None
    for split, counts in others(one.case).items():
        there = explanations(one.case.on(counts).curves, one.case.problem.on(counts))
        if any(not e.fitted and e.parameters.get("gamma") == 1 for e in there):
            text = f"{one.given} is negatives over positives of {split}; in the training split {one.right}."
            return one.suspicion(SPLIT, text)
    return None


def _class_weight(one: Single) -> Suspicion | None:
    if one.case.problem.digits < _ENOUGH_DIGITS:
        return None
    n = one.case.counts.counts.astype(np.float64)
    inverse = float(n.sum() / n[one.i])
    for words, value in (("N/(2n)", inverse / 2), ("N/n", inverse)):
        if one.may_be(value) and abs(value / one.ratio - 1) > _CLOSE:
            text = f"{one.given} is the class weight {words}; as pos_weight {one.right}."
            return one.suspicion(WEIGHT_AS_POS, text)
    return None


def _near(one: Single) -> Suspicion | None:
    """Close enough not to matter, but worth knowing."""
    off = float(one.case.values[one.i]) / one.ratio - 1
    if abs(off) > _CLOSE:
        return None
    text = f"{one.given} is {abs(off):.2%} off: {one.right}."
    return Suspicion(finding(NEAR, text, level=Level.NOTE))


def as_class_weight(value: float) -> Suspicion:
    """One number where a weight for each of two classes is wanted."""
    corrected = np.array([1.0, value])
    return Suspicion(
        finding(
            POS_AS_WEIGHT,
            f"one number ({value:g}) for two classes is a pos_weight: it multiplies the positive term of a "
            "sigmoid's loss. As class weights the same is [1, w].",
            level=Level.ERROR,
            corrected=corrected.tolist(),
        ),
        99.0,
        corrected,
        "class weights",
    )


def alpha_remarks(case: Case, alpha: float) -> Iterator[Suspicion]:
    """A single α of a focal loss."""
    k = len(case.counts.classes)
    if k > 2:
        text = (
            f"α = {alpha:g} multiplies all {k:,} classes alike: with a softmax it only scales the loss, with "
            "a sigmoid per class it parts yes from no, and nothing between the classes."
        )
        yield Suspicion(finding(SCALAR_ALPHA, text))
    elif alpha < 0.5 and case.counts.counts[1] > case.counts.counts[0]:
        text = (
            f"α = {alpha:g} is meant for rare positives, and {case.name(1)} (index 1) is the "
            "frequent class."
        )
        yield Suspicion(finding(SCALAR_ALPHA, text))
