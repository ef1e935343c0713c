"""IMB050: the classes are distributed otherwise than in the baseline."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    Threshold,
    limit,
    no_baseline,
    percent,
    quoted,
)

CODE = Code(
    code="IMB050",
    title="drift",
    level=Level.ERROR,
    why="Weights, thresholds and scores were made for the old shares. A shift that nobody planned is "
    "most often a broken export, a lost source or a changed labelling rule.",
    remedy="Find out what changed. If it is meant: imbweights check --write-baseline, and compute "
    "weights and thresholds anew.",
)
MAX_DRIFT = Threshold(
    name="max-drift",
    summary="How far the data may be from the baseline, in the measure of --drift-metric.",
    default=0.05,
)
SURE = 0.001


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Parts beyond the limit, if more than chance: χ² with p below 0.001.

    Both must hold: a large data set shows a significant shift that is too small to matter, a small
    one a large shift that chance explains.
    """
    most = limit(limits, MAX_DRIFT.name)
    for part, drift in facts.drift.items():
        value = drift.values[facts.measure]
        if value <= most or drift.p >= SURE:
            continue
        yield finding(
            CODE,
            f"{f'split {quoted(part)}' if part else 'the data'} drifted from the baseline: "
            f"{facts.measure_title} {value:.3g}, at most {most:.3g} wanted; class {quoted(drift.cls)} "
            f"has {percent(drift.now)} instead of {percent(drift.before)}",
            where=facts.where(drift.cls, split=part),
            split=part or None,
            measures=dict(drift.values),
            chi2=drift.chi2,
            degrees_of_freedom=drift.freedom,
            p=drift.p,
        )


RULE = Rule(
    code=CODE, family="baseline", check=check, thresholds=(MAX_DRIFT,), lacks=(no_baseline,)
)
