"""IMB042: two labels that never occur apart."""

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
    quoted,
)

CODE = Code(
    code="IMB042",
    title="labels always together",
    level=Level.WARNING,
    why="Two labels that are on in the same rows cannot be told apart by any model, and count twice in "
    "every average; one is most often a copy or a parent of the other.",
    remedy="Merge them or leave one out (--ignore-label).",
)
MIN_TOGETHER = Threshold(
    name="min-together",
    summary="Rows from which on two labels that never part are no coincidence.",
    default=10,
    whole=True,
    low=1,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Pairs of labels whose rows are the same."""
    least = limit(limits, MIN_TOGETHER.name)
    for one, other, rows in facts.together:
        if rows >= least:
            yield finding(
                CODE,
                f"labels {quoted(one)} and {quoted(other)} always occur together ({rows:,} rows)",
                where=facts.where(other),
                labels=[one, other],
                rows=rows,
            )


RULE = Rule(
    code=CODE,
    family="multi-label",
    check=check,
    thresholds=(MIN_TOGETHER,),
    lacks=(not_multilabel, no_label_sets),
)
