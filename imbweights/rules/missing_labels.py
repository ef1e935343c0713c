"""IMB010: more labels are missing than ``max-missing``."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, Threshold, limit, no_counts, percent

CODE = Code(
    code="IMB010",
    title="missing labels",
    level=Level.ERROR,
    why="Rows without a label are dropped, or worse, become a class of their own; labels are seldom "
    "missing at random, so the shares of the classes change with them.",
    remedy="Label or remove the rows; look for the join or export that lost the labels.",
)
MAX_MISSING = Threshold(
    name="max-missing",
    summary="The share of labels that may be missing.",
    default=0.05,
    high=1.0,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """The share of samples whose label is empty."""
    most = limit(limits, MAX_MISSING.name)
    missing, every = facts.counts.missing, max(facts.counts.samples, facts.counts.missing)
    if not missing or missing / every <= most:
        return
    yield finding(
        CODE,
        f"{missing:,} of {every:,} labels are missing ({percent(missing / every)}), at most "
        f"{percent(most)} wanted",
        where=facts.where(),
        missing=missing,
        samples=every,
        max_missing=most,
    )


RULE = Rule(code=CODE, family="labels", check=check, thresholds=(MAX_MISSING,), lacks=(no_counts,))
