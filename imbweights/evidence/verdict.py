"""The verdict: stated rules, in order; the first that holds decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from imbweights.evidence.candidates import BEST_WEIGHT, PLAIN, THRESHOLD, WEIGHT_THRESHOLD
from imbweights.evidence.noise import compared
from imbweights.evidence.result import CandidateResult, Comparison, Kind, VerdictKind

LEVEL = 0.05
# Smaller differences are no reason to change anything, however sure.
MARGIN = 0.005
COST_MARGIN = 0.01
# A bound that is reached on training rows is hardly ever reached to the point on others.
BOUND_TOLERANCE = 0.03

RULES: Mapping[str, str] = {
    "unfinished": "fewer than two folds were done, or rows were too few to choose anything",
    "nothing separates": "the best candidate is not better than the best answer that knows no features",
    "all within noise": "no tuned threshold and no weight is better than the plain model",
    "weights beat the threshold": "the best weight, chosen on training folds, with its threshold "
    "at ½ or tuned, is better than the plain model with a tuned threshold",
    "threshold suffices": "something is better than the plain model, and weights are not better than "
    "a tuned threshold, which keeps probabilities honest",
}
BETTER = (
    "“better” means: mean over folds larger by more than .005 (1 % for costs), and p < .05 in a one-sided paired "
    "t-test over folds, corrected for overlapping training data (Nadeau and Bengio 2003); where the goal "
    "has a bound, a candidate that reaches it (less .03) is better than one that does not"
)


@dataclass(frozen=True)
class Evidence:
    """What the rules look at.

    ``candidates`` by name; ``test_share``: rows tested on / rows trained on; ``is_cost``: the
    goal is minus a cost, not a score between 0 and 1; ``bound``: as of the goal.
    """

    candidates: Mapping[str, CandidateResult]
    test_share: float
    is_cost: bool = False
    bound: tuple[str, str, float] | None = None

    def goals(self, name: str) -> list[float]:
        """The goal on every fold."""
        folds = self.candidates[name].folds
        return [float(fold.scores["goal"] or 0.0) for fold in folds]

    def mean(self, name: str) -> float:
        """The goal, mean over folds."""
        return float(np.mean(self.goals(name)))

    def best(self, names: Sequence[str]) -> str:
        """The candidate with the best mean; of equal ones the first."""
        return max(names, key=self.mean)

    def compare(self, first: str, second: str) -> Comparison:
        """Two candidates, paired over folds."""
        return compared((first, second), self.goals(first), self.goals(second), self.test_share)

    def is_better(self, first: str, second: str) -> bool:
        """Whether the first beats the second by more than noise and by more than nothing."""
        if self.misses(first) != self.misses(second):
            return self.misses(second)
        found = self.compare(first, second)
        margin = COST_MARGIN * abs(self.mean(second)) if self.is_cost else MARGIN
        return found.difference > margin and found.p < LEVEL

    def misses(self, name: str) -> bool:
        """Whether the candidate does not reach the bound of the goal, over all folds together."""
        if self.bound is None:
            return False
        reached = self.candidates[name].pooled[self.bound[1]] or 0.0
        return reached < self.bound[2] - BOUND_TOLERANCE

    @cached_property
    def dummies(self) -> list[str]:
        """The answers that know no features."""
        return [name for name, c in self.candidates.items() if c.kind is Kind.DUMMY]

    @cached_property
    def weighted(self) -> str:
        """The better of the weights that training folds chose, with its threshold or without."""
        return self.best([BEST_WEIGHT, WEIGHT_THRESHOLD])

    @property
    def best_chosen(self) -> str:
        """The best of the plain model and of what training folds chose."""
        return self.best([PLAIN, THRESHOLD, BEST_WEIGHT, WEIGHT_THRESHOLD])

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """What the rules compared."""
        if THRESHOLD not in self.candidates:
            return ()
        return (
            self.compare(self.best_chosen, self.best(self.dummies)),
            self.compare(THRESHOLD, PLAIN),
            self.compare(self.weighted, PLAIN),
            self.compare(self.weighted, THRESHOLD),
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """Which rule held, what it says, and the candidate to use."""

    rule: str
    kind: VerdictKind
    winner: str | None


def decide(evidence: Evidence) -> Decided:
    """The first rule that holds."""
    for rule, kind, holds, winner in _RULES:
        if holds(evidence):
            return Decided(rule, kind, winner(evidence))
    raise AssertionError("the last rule always holds")


def _is_unfinished(evidence: Evidence) -> bool:
    return THRESHOLD not in evidence.candidates or len(evidence.goals(PLAIN)) < 2


def _nothing_separates(evidence: Evidence) -> bool:
    return not evidence.is_better(evidence.best_chosen, evidence.best(evidence.dummies))


def _all_within_noise(evidence: Evidence) -> bool:
    return not any(evidence.is_better(name, PLAIN) for name in (THRESHOLD, evidence.weighted))


def _weights_win(evidence: Evidence) -> bool:
    return evidence.is_better(evidence.weighted, THRESHOLD)


def _winning_weight(evidence: Evidence) -> str:
    """A threshold on top only when it adds something."""
    return WEIGHT_THRESHOLD if evidence.is_better(WEIGHT_THRESHOLD, BEST_WEIGHT) else BEST_WEIGHT


_Rule = tuple[str, VerdictKind, Callable[[Evidence], bool], Callable[[Evidence], str | None]]
_RULES: tuple[_Rule, ...] = (
    ("unfinished", VerdictKind.UNFINISHED, _is_unfinished, lambda e: None),
    ("nothing separates", VerdictKind.INSEPARABLE, _nothing_separates, lambda e: None),
    ("all within noise", VerdictKind.NO_DIFFERENCE, _all_within_noise, lambda e: PLAIN),
    ("weights beat the threshold", VerdictKind.WEIGHT, _weights_win, _winning_weight),
    ("threshold suffices", VerdictKind.THRESHOLD, lambda e: True, lambda e: THRESHOLD),
)
