"""IMB051: a class of the baseline that has no samples any more."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, counted, no_baseline, quoted

CODE = Code(
    code="IMB051",
    title="class vanished",
    level=Level.ERROR,
    why="A class that had samples has none: the next training forgets it, and where indices follow from "
    "the data, every later class moves up by one.",
    remedy="Look for the lost files or the renamed label; if it is meant: --write-baseline.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that had samples then and have none now."""
    now = facts.counts.as_dict()
    for name, n in (facts.baseline.counts if facts.baseline else {}).items():
        if n and not now.get(name):
            yield finding(
                CODE,
                f"class {quoted(name)} had {counted(facts.counts, n)} in the baseline and has none now",
                where=facts.where(name),
                before=n,
            )


RULE = Rule(code=CODE, family="baseline", check=check, lacks=(no_baseline,))
