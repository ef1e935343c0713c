"""The verdict: stated rules, in order; the first that holds decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from imbweights.evidence.candidates import PLAIN, THRESHOLD, WEIGHT_THRESHOLD
from imbweights.evidence.comparing import COST_MARGIN, LARGE, LARGE_COST, MARGIN, Evidence
from imbweights.evidence.result import VerdictKind

RULES: Mapping[str, str] = {
    "unfinished": "fewer than two folds were done, or rows were too few to choose anything",
    "nothing separates": "no candidate is better than the best answer that knows no features, and the "
    "plain model neither ranks better than chance nor has a smaller log loss than the shares",
    "separation not proven": "some candidate may be better than the best answer that knows no features, "
    "but not so surely that it could not be chance",
    "weights beat the threshold": "the best weight, chosen on training folds, with its threshold "
    "at ½ or tuned, is better than the plain model with a tuned threshold",
    "weight or threshold not proven": "something is better than the plain model, and the best weight is "
    f"more than {LARGE} above a tuned threshold, but not by more than noise",
    "threshold suffices": "something is better than the plain model, and weights are not better than "
    "a tuned threshold, which keeps probabilities honest",
    "gain not proven": f"the best is more than {LARGE} above the plain model, but not by more than noise",
    "all within noise": "no tuned threshold and no weight is better than the plain model",
}
BETTER = (
    f"“better” means: more than {MARGIN} above over all held-out rows ({COST_MARGIN:.0%} for costs, where "
    f"{LARGE} stands for {LARGE_COST:.0%}), and p < .05 in a one-sided paired t-test over folds, corrected "
    "for overlapping training data (Nadeau and Bengio 2003); where the goal has a bound, a candidate that "
    "reaches it (less .03, on at least 20 rows) is better than one that has surely less of it"
)


@dataclass(frozen=True, slots=True)
class Decided:
    """Which rule held, what it says, and the candidate to use."""

    rule: str
    kind: VerdictKind
    winner: str | None


def decide(evidence: Evidence) -> Decided:
    """The first rule that holds; the last always does."""
    rule, kind, _, winner = next(one for one in _RULES if one[2](evidence))
    return Decided(rule, kind, winner(evidence))


def _is_unfinished(evidence: Evidence) -> bool:
    return THRESHOLD not in evidence.candidates or evidence.folds < 2


def _nothing_separates(evidence: Evidence) -> bool:
    return not (evidence.separates or evidence.may_separate)


def _may_separate(evidence: Evidence) -> bool:
    return not evidence.separates


def _weights_win(evidence: Evidence) -> bool:
    return evidence.weighted is not None and evidence.is_better(evidence.weighted, THRESHOLD)


def _something_wins(evidence: Evidence) -> bool:
    return any(evidence.is_better(name, PLAIN) for name in evidence.rivals)


def _undecided(evidence: Evidence) -> bool:
    """A weight that is far above the threshold, but not surely."""
    if evidence.weighted is None or not _something_wins(evidence):
        return False
    return evidence.is_large(evidence.compare(evidence.weighted, THRESHOLD).difference)


def _gain_unproven(evidence: Evidence) -> bool:
    return any(
        evidence.is_large(evidence.compare(name, PLAIN).difference) for name in evidence.rivals
    )


def _winning_weight(evidence: Evidence) -> str | None:
    """A threshold on top only when it adds something."""
    both, alone = WEIGHT_THRESHOLD, evidence.weight_alone
    return both if alone is None or evidence.is_better(both, alone) else alone


def _proven(evidence: Evidence) -> str | None:
    """What is better than the plain model for sure; of both the threshold, which is honest."""
    return THRESHOLD if evidence.is_better(THRESHOLD, PLAIN) else evidence.weighted


_Rule = tuple[str, VerdictKind, Callable[[Evidence], bool], Callable[[Evidence], str | None]]
_RULES: tuple[_Rule, ...] = (
    ("unfinished", VerdictKind.UNFINISHED, _is_unfinished, lambda e: None),
    ("nothing separates", VerdictKind.INSEPARABLE, _nothing_separates, lambda e: None),
    ("separation not proven", VerdictKind.NOT_PROVEN, _may_separate, lambda e: PLAIN),
    ("weights beat the threshold", VerdictKind.WEIGHT, _weights_win, _winning_weight),
    ("weight or threshold not proven", VerdictKind.NOT_PROVEN, _undecided, _proven),
    ("threshold suffices", VerdictKind.THRESHOLD, _something_wins, lambda e: THRESHOLD),
    ("gain not proven", VerdictKind.NOT_PROVEN, _gain_unproven, lambda e: PLAIN),
    ("all within noise", VerdictKind.NO_DIFFERENCE, lambda e: True, lambda e: PLAIN),
)
