"""NaN or infinity in the predictions themselves."""

from __future__ import annotations

from imbweights.core.codes.losses import NAN_PREDICTION
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.seen import Seen, Trace
from imbweights.diagnosis.tracing.base import Case

_FRAMEWORKS = ("torch", "keras", "matlab", "hand")


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
    if case.logits:
        return _logits(case, infinite)
    return _report(case, infinite, "", case.level(*_FRAMEWORKS))


def _logits(case: Case, infinite: Seen) -> Finding:
    """What costs ∞ because the target says so is told under log 0."""
    if not case.classes:
        return _harmless(case, infinite, "Sigmoid makes exactly 0 and 1 of them.")
    broken = case.seen(Trace.NO_SOFTMAX)
    if broken.rows:
        said = "A softmax of +∞, or of nothing but −∞, is NaN."
        return _report(case, broken, said, case.level(*_FRAMEWORKS))
    said = "−∞ is a class that cannot be, which is fine but for the true one."
    return _harmless(case, infinite, said)


def _harmless(case: Case, seen: Seen, said: str) -> Finding:
    return _report(case, seen, said, Level.NOTE, "If it is a mask on purpose, all is well.")


def _report(case: Case, seen: Seen, said: str, level: Level, remedy: str | None = None) -> Finding:
    message = f"predictions are infinite: {case.where(seen)}. {said}"
    return case.report(NAN_PREDICTION, message.rstrip(), seen, level=level, remedy=remedy)
