"""A softmax of a softmax."""

from __future__ import annotations

import math

from imbweights.core.codes.losses import SOFTMAX_TWICE
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.tracing.base import Case

_ROUNDING = 1e-3
_FEWEST = 4
_SHARE, _SHARE_OF_TWO = 0.005, 0.05


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
    if least < -_ROUNDING:
        return None
    sure, counted = case.tally.undone_sure, int(case.tally.counts.sum())
    two = case.pair.width == 2
    if sure < _FEWEST or sure < (_SHARE_OF_TWO if two else _SHARE) * counted:
        return None
    return _of_two(case, sure, counted) if two else _of_more(case, most)


def _of_more(case: Case, most: float) -> Finding:
    return case.report(
        SOFTMAX_TWICE,
        f"no probability is far from {1 / case.pair.width:.2g}, and undoing a softmax gives "
        f"probabilities again, up to {min(most, 1):.3g}: it was applied twice.",
    )


def _of_two(case: Case, sure: int, counted: int) -> Finding:
    """With two classes every difference of logits within −1 … 1 can be undone. What speaks for a
    second softmax is that many rows stand at the end of that range; but tanh would do the same.
    """
    bound = math.e / (math.e + 1)
    return case.report(
        SOFTMAX_TWICE,
        f"no probability is above {bound:.3f} = e/(e + 1), and {sure:,} of {counted:,} rows stand "
        "there: either softmax was applied twice, or the difference of the logits is bounded by 1, as "
        "by tanh. With two classes the numbers do not tell which.",
        level=Level.NOTE,
    )
