"""IMB052: a class that the baseline does not know."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, counted, no_baseline, quoted

CODE = Code(
    code="IMB052",
    title="new class",
    level=Level.ERROR,
    why="The network has no output for it, stored weights have no number for it, and where indices "
    "follow from the data, every class after it moves.",
    remedy="If it is a slip in a label, correct it; if it is meant: --write-baseline, and compute the "
    "weights anew.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes with samples now that were not known, or had none, then."""
    before = facts.baseline.counts if facts.baseline else {}
    for name, n in facts.counts.as_dict().items():
        if n and not before.get(name):
            yield finding(
                CODE,
                f"class {quoted(name)} is not in the baseline and has {counted(facts.counts, n)} now",
                where=facts.where(name),
                now=n,
            )


RULE = Rule(code=CODE, family="baseline", check=check, lacks=(no_baseline,))
