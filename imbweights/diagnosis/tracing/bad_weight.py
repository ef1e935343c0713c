"""A weight that is infinite or NaN."""

from __future__ import annotations

import numpy as np

from imbweights.core.codes.losses import BAD_WEIGHT
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.tracing.base import Case


def find(case: Case) -> Finding | None:
    """An error wherever it counts: infinite losses, ∞ · 0 in the formula written by hand."""
    if case.weights is None or np.isfinite(case.weights).all():
        return None
    bad = [int(i) for i in np.flatnonzero(~np.isfinite(case.weights))]
    named = ", ".join(
        f"{visible(case.weight_names[i][:24])} ({case.weights[i]:g})" for i in bad[:4]
    )
    present = [i for i in bad if _count(case, i)]
    empty = [i for i in bad if not _count(case, i)]
    message = f"the weight of {named} is not finite"
    if empty:
        what = "it has" if len(empty) == 1 and len(bad) == 1 else f"{len(empty)} of them have"
        message += f"; {what} no sample here: 1/0"
    if not present:
        message += (
            ". Only a formula that multiplies it by targets of 0 feels it, ∞·0 = NaN"
            if case.classes
            else ". It is multiplied by targets of 0: ∞·0 = NaN"
        )
    else:
        message += ": its samples cost ∞, and a mean over weights is ∞/∞ = NaN"
    level = (
        Level.ERROR
        if present
        else case.level("hand", *(() if case.classes else ("torch", "keras", "matlab")))
    )
    return case.report(
        BAD_WEIGHT, f"{message}.", level=level, classes=[case.weight_names[i] for i in bad]
    )


def _count(case: Case, i: int) -> int:
    """How often what has this weight occurs."""
    counts = case.tally.counts
    at = i if len(counts) == len(case.weight_names) else 2 * i + 1
    return int(counts[at])
