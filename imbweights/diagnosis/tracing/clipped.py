"""Mistakes whose gradient Keras' clipping stops."""

from __future__ import annotations

from imbweights.core.codes.losses import CLIPPED
from imbweights.core.findings import Finding
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """Of probabilities, for those who use Keras or did not say."""
    seen = case.seen(Trace.CLIPPED)
    if case.logits or not seen.rows or case.framework not in {None, "keras"}:
        return None
    return case.report(
        CLIPPED, f"Keras clips these sure mistakes and corrects none: {case.where(seen)}.", seen
    )
