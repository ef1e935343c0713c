"""What makes a loss NaN, infinite or suspicious: one mechanism per file.

``MECHANISMS`` is the register: to add one, write a file with ``find`` and add it here. They are asked
in this order, and what they find is told in the order of its level.
"""

from __future__ import annotations

import math

from imbweights.core.codes.losses import ZERO_LOG_ZERO
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.tracing import (
    bad_weight,
    clipped,
    half_range,
    log_zero,
    nan_prediction,
    nothing_to_average,
    one_answer,
    outside,
    softmax_for_sigmoid,
    softmax_twice,
    stray_target,
    sums,
    zero_log_zero,
)
from imbweights.diagnosis.tracing.base import Case, Mechanism

MECHANISMS: tuple[Mechanism, ...] = tuple(
    module.find
    for module in (
        nan_prediction,
        half_range,
        zero_log_zero,
        log_zero,
        outside,
        bad_weight,
        nothing_to_average,
        stray_target,
        softmax_twice,
        sums,
        softmax_for_sigmoid,
        one_answer,
        clipped,
    )
)


def traced(case: Case) -> tuple[Finding, ...]:
    """All that was found, errors first."""
    found = [result for find in MECHANISMS if (result := find(case)) is not None]
    order = list(Level)
    infinite = _is_infinite(case)

    def key(result: Finding) -> tuple[int, bool]:
        # 0 · log 0 is NaN: it is not what makes a loss infinite.
        return order.index(result.level), infinite and result.code == ZERO_LOG_ZERO.code

    return tuple(sorted(found, key=key))


def _is_infinite(case: Case) -> bool:
    """Whether some loss of a framework is infinite and none is NaN."""
    bad = [r for r in case.considered if not r.finite and r.framework != "hand"]
    values = [r.plain if r.weighted is None else r.weighted for r in bad]
    return bool(values) and not any(math.isnan(v) for v in values)
