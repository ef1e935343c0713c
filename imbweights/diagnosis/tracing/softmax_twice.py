"""A softmax of a softmax."""

from __future__ import annotations

from imbweights.core.codes.losses import SOFTMAX_TWICE
from imbweights.core.findings import Finding
from imbweights.diagnosis.tracing.base import Case

_ROUNDING = 1e-3
_SURE = 0.9


def find(case: Case) -> Finding | None:
    """Probabilities used as logits, or probabilities that a second softmax has flattened."""
    if not case.classes or case.pair.width < 2 or not case.tally.counts.any():
        return None
    if case.logits:
        if not case.tally.looks_normal:
            return None
        return case.report(
            SOFTMAX_TWICE,
            "these logits are probabilities: all in 0 … 1, every row sums to 1. A loss that takes "
            "logits puts a second softmax over them.",
        )
    least, most = case.tally.undone_least, case.tally.undone_most
    # What a softmax was taken of sums to 1 after a shift. If it then is a probability in every row,
    # and sure of itself in some, chance does not explain it; an untrained network is never sure.
    if least < -_ROUNDING or most < _SURE:
        return None
    return case.report(
        SOFTMAX_TWICE,
        f"no probability is far from {1 / case.pair.width:.2g}, and undoing a softmax gives "
        f"probabilities again, up to {min(most, 1):.3g}: it was applied twice.",
    )
