"""Rows of probabilities that do not sum to 1: cut off, or a sigmoid's."""

from __future__ import annotations

from imbweights.core.codes.losses import SIGMOID_FOR_SOFTMAX, SUM_NOT_ONE
from imbweights.core.findings import Finding
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case

_MOST_ROWS = 0.5


def find(case: Case) -> Finding | None:
    """Most rows off: a sigmoid. Some rows: say which."""
    seen = case.seen(Trace.SUM)
    if case.logits or not case.classes or not seen.rows:
        return None
    if case.seen(Trace.OUTSIDE).rows or case.seen(Trace.NAN).rows:
        return None
    counted = int(case.tally.counts.sum())
    if seen.rows > _MOST_ROWS * counted:
        return case.report(
            SIGMOID_FOR_SOFTMAX,
            f"each row has one class, but its probabilities do not sum to 1: {case.where(seen)}. They "
            "look like a sigmoid's.",
            seen,
        )
    return case.report(SUM_NOT_ONE, f"probabilities do not sum to 1: {case.where(seen)}.", seen)
