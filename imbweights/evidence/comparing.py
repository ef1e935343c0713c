"""Candidates side by side: what is better by more than noise, and what may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from imbweights.evidence.candidates import BEST_WEIGHT, PLAIN, THRESHOLD, WEIGHT_THRESHOLD
from imbweights.evidence.goals import BOUND_TOLERANCE
from imbweights.evidence.noise import LEVEL, compared
from imbweights.evidence.result import CandidateResult, ClassScores, Comparison, FoldScores, Kind

# Smaller differences are no reason to change anything, however sure.
MARGIN = 0.005
COST_MARGIN = 0.01
# Larger ones that may still be noise, or that noise may still hide, are not passed over.
LARGE = 0.05
LARGE_COST = 0.1
# A precision (recall) over fewer rows than this says nothing of a bound.
FEWEST_ROWS = 20
CHANCE = "chance"
# Of features that know nothing one ranking in twenty would be better than chance at 5 %.
SURE_RANKING, LIKELY_RANKING = 0.005, 0.02


@dataclass(frozen=True)
class Evidence:
    """What the rules look at.

    ``candidates`` by name; ``test_share``: rows tested on / rows trained on; ``is_cost``: the
    goal is minus a cost, not a score between 0 and 1; ``bound``: as of the goal; ``minority``: the
    class that counts.
    """

    candidates: Mapping[str, CandidateResult]
    test_share: float
    is_cost: bool = False
    bound: tuple[str, str, float] | None = None
    minority: str | None = None

    @property
    def folds(self) -> int:
        """How many were done, over all repeats."""
        return len(self.candidates[PLAIN].folds)

    @cached_property
    def repeats(self) -> float:
        """How often each row was held out, on average, also when the run was interrupted."""
        return self.folds / (1 + max(fold.fold for fold in self.candidates[PLAIN].folds))

    def values(self, name: str, score: str) -> list[float]:
        """What every fold adds to a score."""
        return [
            float(fold.pseudo.get(score, fold.scores[score] or 0.0))
            for fold in self.candidates[name].folds
        ]

    def score(self, name: str, score: str) -> float:
        """A score over all held-out rows."""
        pooled = self.candidates[name].pooled
        if score in pooled.values:
            return float(pooled[score] or 0.0)
        return float(np.mean(self.values(name, score)))

    def value(self, name: str) -> float:
        """The goal; where it has a bound that is missed, how far the candidate came, less 1."""
        if self.bound is None:
            return self.score(name, "goal")
        wanted, of, _ = self.bound
        return self.score(name, wanted) if self.reaches(name) else self.score(name, of) - 1

    def reaches(self, name: str) -> bool:
        """Whether the candidate reaches the bound of the goal, on enough rows to say so."""
        if self.bound is None:
            return True
        _, of, limit = self.bound
        rows = self.rows_behind(name)
        enough = rows is None or rows >= FEWEST_ROWS
        return enough and self.score(name, of) >= limit - BOUND_TOLERANCE

    def rows_behind(self, name: str) -> float | None:
        """On how many rows of the data the bounded score of the minority class rests: those that
        were answered so, or those that are so. ``None`` for means over classes.
        """
        own = self._of_minority(self.candidates[name].pooled.per_class)
        if own is None or self.bound is None:
            return None
        if self.bound[1] == "recall":
            return own.support / self.repeats
        if not own.precision:  # then nobody can tell how many, nor does it matter
            return 0.0
        return (own.recall or 0.0) * own.support / own.precision / self.repeats

    def best(self, names: Sequence[str]) -> str:
        """The candidate with the best goal; of equal ones the first."""
        return max(names, key=self.value)

    def compare(self, first: str, second: str) -> Comparison:
        """Two candidates, paired over folds, by the goal; where it has a bound that only one of them
        reaches, by the score that has it.
        """
        score = "goal"
        if self.bound is not None:
            both = self.reaches(first) and self.reaches(second)
            score = self.bound[0] if both else self.bound[1]
        return compared(
            (first, second),
            self.values(first, score),
            self.values(second, score),
            self.test_share,
            difference=self.score(first, score) - self.score(second, score),
            score=score,
        )

    def is_better(self, first: str, second: str, level: float = LEVEL) -> bool:
        """Whether the first beats the second by more than noise and by more than nothing."""
        if not self.reaches(first) or (self.bound and not self.score(first, self.bound[0])):
            return False
        found = self.compare(first, second)
        margin = COST_MARGIN * abs(self.value(second)) if self.is_cost else MARGIN
        return found.difference > margin and found.p < level

    def is_large(self, difference: float) -> bool:
        """Whether a difference of the goal would matter much if it were true."""
        return difference > (LARGE_COST * abs(self.value(PLAIN)) if self.is_cost else LARGE)

    @cached_property
    def dummies(self) -> list[str]:
        """The answers that know no features."""
        return [name for name, c in self.candidates.items() if c.kind is Kind.DUMMY]

    @cached_property
    def weighted(self) -> str | None:
        """The better of the weights that training folds chose, with its threshold or without."""
        known = [name for name in (BEST_WEIGHT, WEIGHT_THRESHOLD) if name in self.candidates]
        return self.best(known) if known else None

    @property
    def weight_alone(self) -> str | None:
        """The best weight with its threshold at one half."""
        return BEST_WEIGHT if BEST_WEIGHT in self.candidates else None

    @property
    def rivals(self) -> tuple[str, ...]:
        """What may be better than the plain model."""
        return (THRESHOLD,) if self.weighted is None else (THRESHOLD, self.weighted)

    @property
    def best_chosen(self) -> str:
        """The best of the plain model and of what training folds chose."""
        chosen = (PLAIN, THRESHOLD, BEST_WEIGHT, WEIGHT_THRESHOLD)
        return self.best([name for name in chosen if name in self.candidates])

    @cached_property
    def ranking(self) -> tuple[Comparison, ...]:
        """Whether the plain model knows anything, whatever the threshold: its average precision
        against that of rows in random order, its log loss against that of the shares of classes.
        """
        found = []
        chance = [self._chance(fold) for fold in self.candidates[PLAIN].folds]
        known = [value for value in chance if value is not None]
        average = self.values(PLAIN, "average_precision")
        if len(known) == len(chance) and self._has("average_precision"):
            found.append(self._beside_chance("average_precision", average, known))
        if self._has("log_loss"):
            plain, blind = (self.values(name, "log_loss") for name in (PLAIN, self.dummies[0]))
            found.append(self._beside_chance("log_loss", [-v for v in plain], [-v for v in blind]))
        return tuple(found)

    def _beside_chance(
        self, score: str, values: Sequence[float], chance: Sequence[float]
    ) -> Comparison:
        return compared((PLAIN, CHANCE), values, chance, self.test_share, score=score)

    def _has(self, score: str) -> bool:
        return all(fold.scores[score] is not None for fold in self.candidates[PLAIN].folds)

    @cached_property
    def separates(self) -> bool:
        """Whether something is surely better than knowing no features: the best of what was chosen,
        or any of the others, or the ranking, at a level that allows for their number.
        """
        dummy = self.best(self.dummies)
        others = [name for name in self.candidates if name not in self.dummies]
        return (
            self.is_better(self.best_chosen, dummy)
            or any(self.is_better(name, dummy, LEVEL / len(others)) for name in others)
            or any(found.p < SURE_RANKING for found in self.ranking)
        )

    @cached_property
    def may_separate(self) -> bool:
        """Whether any one test alone would say so, or a large difference may yet be true."""
        dummy = self.best(self.dummies)
        others = [name for name in self.candidates if name not in self.dummies]
        return (
            any(self.is_better(name, dummy) for name in others)
            or any(found.p < LIKELY_RANKING for found in self.ranking)
            or self.is_large(self.compare(self.best_chosen, dummy).difference)
        )

    def _of_minority(self, classes: Sequence[ClassScores]) -> ClassScores | None:
        return next((c for c in classes if c.name == self.minority), None)

    def _chance(self, fold: FoldScores) -> float | None:
        """The average precision of a random order of the fold's rows."""
        own = self._of_minority(fold.scores.per_class)
        two = own is not None and len(fold.scores.per_class) == 2
        classes = (own,) if own is not None and two else fold.scores.per_class
        values = [
            random_average_precision(c.support, fold.scores.rows) for c in classes if c.support
        ]
        return float(np.mean(values)) if values else None

    def comparisons(self) -> Iterator[Comparison]:
        """What the rules compared."""
        if THRESHOLD not in self.candidates or self.folds < 2:
            return
        yield self.compare(self.best_chosen, self.best(self.dummies))
        yield from self.ranking
        yield self.compare(THRESHOLD, PLAIN)
        if self.weighted is not None:
            yield self.compare(self.weighted, PLAIN)
            yield self.compare(self.weighted, THRESHOLD)


def random_average_precision(positives: int, rows: int) -> float:
    """Expected average precision of a random order: ((P − 1)/(N − 1)·(N − H) + H)/N.

    P of N rows are positive; H = 1 + 1/2 + … + 1/N. More than P/N, the more so the smaller P is.

    Source: Bestgen 2015, "Exact Expected Average Precision of the Random Baseline for System
    Evaluation".

    >>> round(random_average_precision(1, 2), 6), round(random_average_precision(3, 3), 6)
    (0.75, 1.0)
    """
    if rows < 2:
        return 1.0
    harmonic = float((1 / np.arange(1, rows + 1)).sum())
    return ((positives - 1) / (rows - 1) * (rows - harmonic) + harmonic) / rows
