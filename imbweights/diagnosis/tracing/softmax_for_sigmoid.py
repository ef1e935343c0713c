"""Several labels per row, and a softmax over them."""

from __future__ import annotations

from imbweights.core.codes.losses import SOFTMAX_FOR_SIGMOID
from imbweights.core.findings import Finding
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """Every row sums to 1, some rows have two labels."""
    if case.classes or case.logits or case.pair.width < 2 or not case.tally.several:
        return None
    if case.seen(Trace.SUM).rows or case.seen(Trace.NAN).rows:
        return None
    return case.report(
        SOFTMAX_FOR_SIGMOID,
        f"{case.tally.several:,} rows have several labels, but the probabilities of every row sum to 1.",
    )
