"""IMB006: most batches hold no sample of the rarest class."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    Threshold,
    classes_with_samples,
    limit,
    no_counts,
    percent,
    quoted,
)

CODE = Code(
    code="IMB006",
    title="absent from most batches",
    level=Level.WARNING,
    why="A batch without the class says nothing about it, and the next one that has it, with its large "
    "weight, pulls hard: training becomes noisy, and batch statistics miss the class.",
    remedy="Larger batches, a sampler that draws the class more often (imbweights suggest --scheme "
    "sampler), or gradient accumulation.",
)
BATCH_SIZE = Threshold(
    name="batch-size",
    summary="Samples in a batch; without it batches are not looked at.",
    default=None,
    whole=True,
    low=1,
)
MAX_ABSENT = Threshold(
    name="max-absent",
    summary="The share of batches that may lack the rarest class.",
    default=0.5,
    high=1.0,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """The chance that a random batch lacks the rarest class is beyond the limit."""
    size, most = int(limit(limits, BATCH_SIZE.name)), limit(limits, MAX_ABSENT.name)
    if facts.absent is None or facts.absent <= most:
        return
    judged = (pair for pair in classes_with_samples(facts.training) if facts.judges(pair[0]))
    name, n = min(judged, key=lambda pair: pair[1])
    yield finding(
        CODE,
        f"{percent(facts.absent)} of batches of {size:,} hold no sample of class {quoted(name)}"
        f"{facts.in_training}, at most {percent(most)} wanted",
        where=facts.where(name),
        probability=facts.absent,
        batch_size=size,
        max_absent=most,
        samples=n,
    )


RULE = Rule(
    code=CODE,
    family="counts",
    check=check,
    thresholds=(BATCH_SIZE, MAX_ABSENT),
    lacks=(no_counts,),
)
