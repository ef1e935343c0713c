"""0 · log 0: a prediction of exactly 0 where the target is 0 too."""

from __future__ import annotations

from imbweights.core.codes.losses import ZERO_LOG_ZERO
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """Probabilities that are 0; logits whose softmax or sigmoid is, as a note."""
    zero = case.seen(Trace.ZERO)
    if zero.rows:
        what = (
            "a prediction is exactly 0 where the target is 0"
            if case.classes
            else "a prediction is exactly its target, 0 or 1"
        )
        return case.report(
            ZERO_LOG_ZERO,
            f"{what}: {case.where(zero)}. {_story(case)}",
            zero,
            level=case.level("hand", "keras"),
        )
    under = case.seen(Trace.UNDERFLOW)
    if not under.rows:
        return None
    kind = "half" if case.half else "single"
    activation = "softmax" if case.classes else "sigmoid"
    return case.report(
        ZERO_LOG_ZERO,
        f"{activation} in {kind} precision gives exactly 0{'' if case.classes else ' or 1'}: "
        f"{case.where(under)}. The loss of logits is finite; written by hand it is not. {_story(case)}",
        under,
        level=Level.NOTE,
    )


def _story(case: Case) -> str:
    if case.classes:
        return "T.*log(Y) is 0·(−Inf) = NaN there, and T./Y in the gradient 0/0."
    return "(1−T).*log(1−Y) with T = Y = 1 is 0·(−Inf) = NaN, as is T.*log(Y) with T = Y = 0."
