"""NaN or infinity in the predictions themselves."""

from __future__ import annotations

from imbweights.core.codes.losses import NAN_PREDICTION
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """NaN is an error; +∞ as well; a logit of −∞ is a class that cannot be."""
    nan, infinite = case.seen(Trace.NAN), case.seen(Trace.INFINITE)
    if nan.rows:
        also = f"; {infinite.rows:,} more have infinite ones" if infinite.rows else ""
        return case.report(
            NAN_PREDICTION,
            f"predictions are NaN before any loss: {case.where(nan)}{also}.",
            nan,
            level=Level.ERROR,
        )
    if not infinite.rows or case.half:  # float16 then is the reason, which has a code of its own
        return None
    level = case.level("torch", "keras", "matlab", "hand")
    said = (
        "A softmax of +∞ is NaN; −∞ is a class that cannot be, which is fine but for the true one."
        if case.classes
        else "Sigmoid makes exactly 0 and 1 of them."
    )
    return case.report(
        NAN_PREDICTION,
        f"predictions are infinite: {case.where(infinite)}. {said}",
        infinite,
        level=level,
    )
