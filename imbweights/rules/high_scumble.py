"""IMB043: SCUMBLE above the limit."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    Threshold,
    limit,
    no_label_sets,
    not_multilabel,
)

CODE = Code(
    code="IMB043",
    title="rare labels go with frequent ones",
    level=Level.WARNING,
    why="Where rare labels occur in the same rows as frequent ones (SCUMBLE above 0.1), resampling rows "
    "raises both, so the imbalance stays.",
    remedy="Weight labels (imbweights suggest --scheme pos-weight) instead of resampling rows, or "
    "decouple the labels first (REMEDIAL).",
)
MAX_SCUMBLE = Threshold(
    name="max-scumble", summary="The largest SCUMBLE that is fine.", default=0.1, high=1.0
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """The measure SCUMBLE of Charte et al. 2014 is beyond the limit."""
    most = limit(limits, MAX_SCUMBLE.name)
    if facts.scumble is None or facts.scumble <= most:
        return
    yield finding(
        CODE,
        f"rare and frequent labels share rows: SCUMBLE {facts.scumble:.3f}{facts.in_training}, at "
        f"most {most:.3g} wanted",
        where=facts.where(),
        scumble=facts.scumble,
        max_scumble=most,
    )


RULE = Rule(
    code=CODE,
    family="multi-label",
    check=check,
    thresholds=(MAX_SCUMBLE,),
    lacks=(not_multilabel, no_label_sets),
)
