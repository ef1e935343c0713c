"""IMB014: names that are the same number, written otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, listed

CODE = Code(
    code="IMB014",
    title="the same number, written otherwise",
    level=Level.ERROR,
    why="1, 1.0 and 01 are one class to whoever labelled and three to whoever counts text. A column "
    "with one empty cell is enough to make pandas write 1 as 1.0.",
    remedy="Write the numbers alike before counting; in pandas read the column as text or as Int64.",
)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Groups of classes with the same value."""
    groups: dict[Decimal, list[str]] = {}
    found = facts.counts.as_dict()
    for name, n in found.items():
        if n and _NUMBER.fullmatch(name):
            groups.setdefault(Decimal(name.strip()), []).append(name)
    for names in groups.values():
        if len(names) > 1:
            rare = min(names, key=lambda name: found[name])
            yield finding(
                CODE,
                f"classes {listed(names)} are the same number ({_counted(names, found)})",
                where=facts.where(rare),
                classes=names,
                counts=[found[name] for name in names],
            )


def _counted(names: list[str], found: dict[str, int]) -> str:
    return ", ".join(f"{found[name]:,}" for name in names[:5])


RULE = Rule(code=CODE, family="labels", check=check)
