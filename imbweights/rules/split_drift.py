"""IMB021: a split whose classes are distributed otherwise than in training."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    Threshold,
    limit,
    no_splits,
    percent,
    quoted,
)

CODE = Code(
    code="IMB021",
    title="split drift",
    level=Level.WARNING,
    why="A model tuned and judged on other shares than it was trained on is judged on another problem: "
    "precision and every threshold depend on the shares.",
    remedy="Split again, stratified by class (by group and class where samples belong together); if the "
    "difference is meant, tell the model: imbweights suggest --scheme logit-adjustment.",
)
MAX_SPLIT_DRIFT = Threshold(
    name="max-split-drift",
    summary="How far a split may be from training, in the measure of --drift-metric.",
    default=0.1,
)
SURE = 0.001


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Splits beyond the limit, if more than chance: χ² with p below 0.001."""
    most = limit(limits, MAX_SPLIT_DRIFT.name)
    for split, drift in facts.split_drift.items():
        value = drift.values[facts.measure]
        if value <= most or drift.p >= SURE:
            continue
        yield finding(
            CODE,
            f"split {quoted(split)} is far from {quoted(facts.training_name or '')}: {facts.measure_title} "
            f"{value:.3g}, at most {most:.3g} wanted; class {quoted(drift.cls)} has "
            f"{percent(drift.now)} instead of {percent(drift.before)}",
            where=facts.where(drift.cls, split=split),
            split=split,
            measures=dict(drift.values),
            chi2=drift.chi2,
            degrees_of_freedom=drift.freedom,
            p=drift.p,
        )


def _no_training(facts: Facts) -> str | None:
    return None if facts.training_name is not None else "no split is called train"


RULE = Rule(
    code=CODE,
    family="splits",
    check=check,
    thresholds=(MAX_SPLIT_DRIFT,),
    lacks=(no_splits, _no_training),
)
