"""IMB012: a declared class without samples."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, nothing_declared, quoted

CODE = Code(
    code="IMB012",
    title="declared class without samples",
    level=Level.WARNING,
    why="The class takes an output of the network that is never right, its inverse weight is infinite, "
    "and averages over classes count it as 0.",
    remedy="Check that its data are there and its name is spelled as in the list; else remove it.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Declared classes that no sample has."""
    found = facts.counts.as_dict()
    for name in facts.declared or ():
        if not found.get(name):
            yield finding(
                CODE,
                f"class {quoted(name)} is declared, but has no samples",
                where=facts.where(name),
            )


RULE = Rule(code=CODE, family="labels", check=check, lacks=(nothing_declared,))
