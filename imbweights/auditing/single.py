"""One number for two classes: ``pos_weight``, ``scale_pos_weight``, or α."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import explanations
from imbweights.auditing.mistakes.split import others
from imbweights.core.codes.weights import (
    INVERTED,
    POS_AS_WEIGHT,
    SCALAR_ALPHA,
    SPLIT,
    WEIGHT_AS_POS,
)
from imbweights.core.findings import Level, finding

_ENOUGH_DIGITS = 1.5
_CLOSE = 0.1


def positive_suspicions(case: Case, i: int) -> Iterator[Suspicion]:
    """What is wrong with ``pos_weight`` of class i; ``case.numbers`` has it there."""
    n = case.counts.counts
    ratio = float(n[1 - i]) / float(n[i]) if n[i] else np.inf
    low, high = float(case.problem.low[i]), float(case.problem.high[i])
    given, name = float(case.values[i]), case.name(i)
    if (
        any(not e.fitted for e in case.found)
        or not given > 0
        or not np.isfinite(ratio)
        or not ratio
    ):
        return
    corrected = np.where(np.arange(2) == i, ratio, np.nan)
    right = f"negatives / positives is {float(n[1 - i]):,.0f} / {float(n[i]):,.0f} = {ratio:.4g}"
    known = case.problem.digits >= _ENOUGH_DIGITS
    if low <= 1 / ratio <= high or (given < 1) != (ratio < 1):
        exact = low <= 1 / ratio <= high
        yield Suspicion(
            finding(
                INVERTED,
                f"{given:g} for {name} is {'positives over negatives' if exact else 'on the wrong side of 1'}: "
                f"{right}.",
                level=None if exact else Level.WARNING,
                corrected=[ratio],
            ),
            9.0,
            corrected,
            "pos_weight",
        )
        return
    for split, counts in others(case).items():
        there = explanations(case.on(counts).curves, case.problem.on(counts))
        if known and any(not e.fitted for e in there):
            yield Suspicion(
                finding(
                    SPLIT,
                    f"{given:g} for {name} is negatives over positives of {split}; in the training split {right}.",
                    corrected=[ratio],
                    computed_on=split,
                ),
                5.0,
                corrected,
                "pos_weight",
            )
            return
    total = float(n.sum())
    for words, value in (("N/(2n)", total / (2 * float(n[i]))), ("N/n", total / float(n[i]))):
        if known and low <= value <= high and abs(value / ratio - 1) > _CLOSE:
            yield Suspicion(
                finding(
                    WEIGHT_AS_POS,
                    f"{given:g} is the class weight {words} of {name}; as pos_weight {right}.",
                    corrected=[ratio],
                ),
                5.0,
                corrected,
                "pos_weight",
            )
            return


def as_class_weight(value: float) -> Suspicion:
    """One number where a weight for each of two classes is wanted."""
    corrected = np.array([1.0, value])
    return Suspicion(
        finding(
            POS_AS_WEIGHT,
            f"one number ({value:g}) for two classes is a pos_weight: it multiplies the positive term of a "
            "sigmoid's loss. As class weights the same is [1, w].",
            level=Level.ERROR,
            corrected=corrected.tolist(),
        ),
        99.0,
        corrected,
        "class weights",
    )


def alpha_remarks(case: Case, alpha: float) -> Iterator[Suspicion]:
    """A single α of a focal loss."""
    k = len(case.counts.classes)
    if k > 2:
        text = f"α = {alpha:g} multiplies all {k:,} classes alike, so it only scales the loss."
        yield Suspicion(finding(SCALAR_ALPHA, text))
    elif alpha < 0.5 and case.counts.counts[1] > case.counts.counts[0]:
        text = (
            f"α = {alpha:g} is meant for rare positives, and {case.name(1)} (index 1) is the "
            "frequent class."
        )
        yield Suspicion(finding(SCALAR_ALPHA, text))
