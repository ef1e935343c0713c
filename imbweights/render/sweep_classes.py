"""Which candidates are set side by side class by class."""

from __future__ import annotations

from collections.abc import Mapping

from imbweights.evidence.result import CandidateResult, ClassScores, Kind, SweepResult


def compared(result: SweepResult) -> list[CandidateResult]:
    """The plain model and the winner; where that is the plain model itself, the best of what was
    chosen.
    """
    plain = result.of_kind(Kind.PLAIN)
    chosen = [
        *result.of_kind(Kind.THRESHOLD),
        *result.of_kind(Kind.BEST_WEIGHT),
        *result.of_kind(Kind.WEIGHT_THRESHOLD),
    ]
    best = sorted(chosen, key=lambda c: -(c.pooled["goal"] or 0.0))
    others = [result.winner, *best, *result.of_kind(Kind.SCHEME)]
    other = next((c for c in others if c is not None and c not in plain), None)
    return [*plain[:1], *([] if other is None else [other])]


def scores_of_class(candidate: CandidateResult) -> Mapping[str, ClassScores]:
    """Class → its scores over all held-out predictions."""
    return {scores.name: scores for scores in candidate.pooled.per_class}
