"""0/0: nothing counts."""

from __future__ import annotations

from imbweights.core.codes.losses import NOTHING_TO_AVERAGE
from imbweights.core.findings import Finding
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """All ignored, or all of weight 0."""
    counts = case.tally.counts
    if not counts.any():
        stray = case.seen(Trace.STRAY).rows
        also = f", {stray:,} are no class" if stray else ""
        return case.report(
            NOTHING_TO_AVERAGE,
            f"not one target counts: {case.tally.ignored:,} are ignored{also}. The mean is 0/0 = NaN.",
        )
    there = counts > 0
    if case.weights is None or (case.tally.weights[there] != 0).any():
        return None
    return case.report(
        NOTHING_TO_AVERAGE,
        "every target has weight 0: a mean over weights is 0/0 = NaN, as in PyTorch; a mean over "
        "samples is 0, and nothing is learned.",
        level=case.level("torch"),
    )
