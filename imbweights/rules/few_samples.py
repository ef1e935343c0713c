"""IMB003: a class with fewer samples than ``min-count``."""

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
    quoted,
    samples_word,
)

CODE = Code(
    code="IMB003",
    title="few samples",
    level=Level.ERROR,
    why="What is learned from a handful of samples is those samples, not the class; and any score of "
    "the class is decided by one or two of them.",
    remedy="Collect more, merge the class with a like one, or leave it out (--ignore-label).",
)
MIN_COUNT = Threshold(
    name="min-count",
    summary="The least number of samples (images, rows) that a class may have.",
    default=10,
    whole=True,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that have samples, but too few of them."""
    least = int(limit(limits, MIN_COUNT.name))
    for name, n in classes_with_samples(facts.training):
        if n < least and facts.judges(name):
            yield finding(
                CODE,
                f"class {quoted(name)} has {samples_word(facts.training, n)}{facts.in_training}, "
                f"at least {least:,} wanted",
                where=facts.where(name, split=facts.training_name),
                samples=n,
                min_count=least,
            )


RULE = Rule(code=CODE, family="counts", check=check, thresholds=(MIN_COUNT,), lacks=(no_counts,))
