"""What makes a loss NaN, infinite or suspicious: one mechanism per file.

``MECHANISMS`` is the register: to add one, write a file with ``find`` and add it here. They are asked
in this order, and what they find is told in the order of its level.
"""

from __future__ import annotations

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
    return tuple(sorted(found, key=lambda f: order.index(f.level)))
