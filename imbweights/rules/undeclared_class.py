"""IMB011: a class outside the declared list."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.core.units import Task
from imbweights.rules.base import Facts, Limits, Rule, counted, nothing_declared, quoted

CODE = Code(
    code="IMB011",
    title="undeclared class",
    level=Level.ERROR,
    why="A label that is not in the list has no index: training stops at it, or it is silently dropped "
    "or counted as another class.",
    remedy="Add it to the declared classes, correct the label, or leave it out (--ignore-label).",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes with samples that nobody declared."""
    known = set(facts.declared or ())
    for name, n in facts.counts.as_dict().items():
        if n and name not in known:
            yield finding(
                CODE,
                f"class {quoted(name)} is not among the {len(known):,} declared classes, but has "
                f"{counted(facts.counts, n)}",
                where=facts.where(name),
                count=n,
            )


def _masks(facts: Facts) -> str | None:
    masks = facts.counts.task is Task.SEGMENTATION
    return "of masks, IMB030 names the files" if masks else None


RULE = Rule(code=CODE, family="labels", check=check, lacks=(nothing_declared, _masks))
