"""What float16 cannot hold."""

from __future__ import annotations

from imbweights.core.codes.losses import HALF_RANGE
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.seen import Seen, Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """Numbers that rounding to float16 loses; infinities and zeros in a float16 file."""
    if not case.half:
        return None
    lost = case.seen(Trace.HALF)
    if lost.rows:
        what = (
            "logits above 65504 become infinite" if case.logits else "probabilities round to 0 or 1"
        )
        return case.report(
            HALF_RANGE, f"in float16 {what}: {case.where(lost)}.", lost, level=_level(case)
        )
    stored = _suspicious(case)
    if not stored.rows:
        return None
    what = "inf" if case.logits else "exactly 0 or 1"
    return case.report(
        HALF_RANGE,
        f"float16 predictions are {what}: {case.where(stored)}; in float32 they need not be.",
        stored,
        level=_level(case),
    )


def _suspicious(case: Case) -> Seen:
    if case.logits:
        return case.seen(Trace.INFINITE)
    zero = case.seen(Trace.ZERO)
    return zero if zero.rows else case.seen(Trace.ZERO_TRUE)


def _level(case: Case) -> Level:
    return case.level("torch", "keras", "matlab", "hand")
