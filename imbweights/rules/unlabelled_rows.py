"""IMB041: too many rows without any label."""

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
    percent,
)

CODE = Code(
    code="IMB041",
    title="rows without labels",
    level=Level.WARNING,
    why="A row with no label says “none of these” for every label. If it only was not annotated, it "
    "teaches the network to predict zeros.",
    remedy="Find out whether such rows are negatives or not annotated; leave out the latter.",
)
MAX_UNLABELLED = Threshold(
    name="max-unlabelled",
    summary="The share of rows that may have no label at all.",
    default=0.1,
    high=1.0,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """The share of rows whose label set is empty."""
    most = limit(limits, MAX_UNLABELLED.name)
    sets = facts.counts.label_sets or {}
    empty, rows = sets.get((), 0), sum(sets.values())
    if not empty or empty / rows <= most:
        return
    yield finding(
        CODE,
        f"{empty:,} of {rows:,} rows ({percent(empty / rows)}) have no label, at most "
        f"{percent(most)} wanted",
        where=facts.where(),
        unlabelled=empty,
        rows=rows,
        max_unlabelled=most,
    )


RULE = Rule(
    code=CODE,
    family="multi-label",
    check=check,
    thresholds=(MAX_UNLABELLED,),
    lacks=(not_multilabel, no_label_sets),
)
