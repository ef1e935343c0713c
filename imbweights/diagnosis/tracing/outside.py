"""Probabilities that are none."""

from __future__ import annotations

from imbweights.core.codes.losses import OUTSIDE
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """Below 0 or above 1."""
    seen = case.seen(Trace.OUTSIDE)
    if not seen.rows:
        return None
    level = case.level("torch", "hand", "keras", "matlab")
    return case.report(
        OUTSIDE,
        f"probabilities lie outside 0 … 1: {case.where(seen)}. log of a negative number is NaN.",
        seen,
        level=Level.WARNING if level is Level.NOTE else level,
    )
