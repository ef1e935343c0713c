"""What the trials amount to: means, what is noise, how far each way falls short of the best."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.evidence.noise import compared, corrected_error
from pos_weights.choosing import EACH, HALF, ONE, ONE_MICRO, TOP
from pos_weights.records import Record, scores
from pos_weights.trial import GAMMAS

MACRO, MICRO, EMPTY = 0, 1, 2
SIGNS = {0.0: "0", 0.25: "¼", 0.5: "½", 0.75: "¾", 1.0: "1"}
_LEVEL = 0.05


@dataclass(frozen=True)
class Way:
    """A weight and a decision. ``gamma`` ``None``: the one that the inner folds chose."""

    gamma: float | None
    decision: str

    @property
    def name(self) -> str:
        """For tables."""
        which = "γ chosen on training rows" if self.gamma is None else f"γ = {SIGNS[self.gamma]}"
        how = {HALF: "at ½", ONE: "one threshold", EACH: "one per label", TOP: "top k"}
        return f"{which}, {how[self.decision]}"


AT_HALF = tuple(Way(gamma, HALF) for gamma in GAMMAS)
PLAIN_TUNED = (Way(0.0, ONE), Way(0.0, EACH), Way(0.0, TOP))
WAYS = (
    *AT_HALF,
    Way(None, HALF),
    *PLAIN_TUNED,
    Way(0.25, ONE),
    Way(0.5, ONE),
    Way(0.5, EACH),
    Way(0.5, TOP),
    Way(1.0, ONE),
)


@dataclass(frozen=True)
class Found:
    """A group of trials that was run."""

    name: str
    facts: dict[str, Any]
    c: float
    folds: bool
    trials: list[Record]

    @property
    def is_real(self) -> bool:
        """Not drawn."""
        return "set" in self.facts

    @property
    def test_share(self) -> float:
        """Test rows / training rows where training sets overlap, else 0."""
        return 0.25 if self.folds else 0.0

    @property
    def ratio(self) -> float:
        """Negatives / positives of the middle label."""
        return float(np.mean([r["ratio"] for r in self.trials]))

    def values(self, way: Way, which: int = MACRO) -> npt.NDArray[Any]:
        """A score, one number per trial. One threshold is that which was tuned for this score."""
        decision = ONE_MICRO if (way.decision, which) == (ONE, MICRO) else way.decision
        if way.gamma is not None:
            return scores(self.trials, way.gamma, decision, which)
        return np.array(
            [r["scores"][f"{r['best']:g}"][decision][which] for r in self.trials], dtype=float
        )

    def mean(self, way: Way, which: int = MACRO) -> float:
        """Over trials."""
        return float(self.values(way, which).mean())

    def error(self, way: Way, which: int = MACRO) -> float:
        """Standard error of that mean."""
        return corrected_error(self.values(way, which).tolist(), self.test_share) or 0.0

    def of(self, part: str, gamma: float, what: str) -> float:
        """A number of ``calibration`` or ``undone``, mean over trials."""
        return float(np.mean([r[part][f"{gamma:g}"][what] for r in self.trials]))

    def base(self, what: str) -> float:
        """The same of probabilities that are the shares of the training rows."""
        return float(np.mean([r["base"][what] for r in self.trials]))


def groups(found: dict[str, Any]) -> list[Found]:
    """As they were kept."""
    return [
        Found(name, g["facts"], g["c"], g["folds"], g["trials"])
        for name, g in found["groups"].items()
    ]


def best(group: Found, ways: tuple[Way, ...], which: int = MACRO) -> tuple[Way, set[Way]]:
    """The best way, and those that a paired test cannot tell from it (one-sided, p ≥ .05)."""
    top = max(ways, key=lambda way: group.mean(way, which))
    mine = group.values(top, which).tolist()
    near = {
        way
        for way in ways
        if way != top
        and compared(
            ("", ""), mine, group.values(way, which).tolist(), group.test_share
        ).p >= _LEVEL
    }  # fmt: skip
    return top, near


def shortfalls(found: list[Found], way: Way, which: int = MACRO) -> Iterator[tuple[str, float]]:
    """By how much a way is below the best weight and decision, group by group."""
    every = [Way(gamma, decision) for gamma in GAMMAS for decision in (HALF, ONE, EACH, TOP)]
    for group in found:
        yield group.name, max(group.mean(w, which) for w in every) - group.mean(way, which)


def advised(found: list[Found]) -> float:
    """The γ that, answered at one half, falls least short of the best where it falls most."""
    return min(
        GAMMAS, key=lambda gamma: max(short for _, short in shortfalls(found, Way(gamma, HALF)))
    )


def predicted_gamma(group: Found) -> float:
    """γ for which ratio^γ = 2/F − 1, F the macro F1 of the plain model with one threshold.

    A calibrated model is best cut at F/2 (Lipton, Elkan and Narayanaswamy 2014), and a weight w is
    a threshold of 1/(1 + w), so w = 2/F − 1.
    """
    return math.log(2 / group.mean(Way(0.0, ONE)) - 1) / math.log(group.ratio)


def by_positives(some: list[Found], way: Way, b: int) -> tuple[float, float]:
    """Sum of F1 of the labels in a bin, and their number."""
    pairs = [r["by_positives"][f"{way.gamma:g}"][way.decision][b] for g in some for r in g.trials]
    return float(sum(f1 for f1, _ in pairs)), float(sum(n for _, n in pairs))
