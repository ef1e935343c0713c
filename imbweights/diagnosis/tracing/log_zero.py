"""log 0: the true class has probability 0."""

from __future__ import annotations

from imbweights.core.codes.losses import LOG_ZERO
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def _masked(case: Case) -> str:
    """A mask that forbids classes has forbidden the truth."""
    masked = case.logits and case.classes
    return " If −∞ masks classes out, it masks the true one here." if masked else ""


def find(case: Case) -> Finding | None:
    """Probabilities of 0 and logits of −∞; logits that underflow, as a note."""
    zero = case.seen(Trace.ZERO_TRUE)
    if zero.rows:
        what = (
            "a logit is infinite against the target"
            if case.logits
            else "the true class has probability 0"
            if case.classes
            else "a prediction is exactly the opposite of its target"
        )
        return case.report(
            LOG_ZERO,
            f"{what}: {case.where(zero)}. −log 0 = ∞.{_masked(case)}",
            zero,
            level=case.level("torch", "hand", "keras", "matlab"),
        )
    under = case.seen(Trace.UNDERFLOW_TRUE)
    if not under.rows:
        return None
    kind = "half" if case.half else "single"
    return case.report(
        LOG_ZERO,
        f"these sure mistakes cost ∞ once softmax or sigmoid is taken in {kind} precision: "
        f"{case.where(under)}. The loss of logits is finite.",
        under,
        level=Level.NOTE,
    )
