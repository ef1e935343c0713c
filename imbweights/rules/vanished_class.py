"""IMB051: a class of the baseline that has no samples any more."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, counted, no_baseline, quoted
from imbweights.rules.chance import chance_of_absence, surely
from imbweights.rules.parts import shifted

CODE = Code(
    code="IMB051",
    title="class vanished",
    level=Level.ERROR,
    why="A class that had samples has none: the next training forgets it, and where indices follow from "
    "the data, every later class moves up by one.",
    remedy="Look for the lost files or the renamed label; if it is meant: --write-baseline.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that had samples then and have none now; a note where chance explains it."""
    now = facts.counts.as_dict()
    before = facts.baseline.counts if facts.baseline else {}
    then, today = sum(before.values()), facts.counts.total
    behind = shifted(facts.baseline, facts.counts.classes)
    for name, n in before.items():
        if n and not now.get(name):
            chance = chance_of_absence(n, then, today)
            sure = surely(chance, len(before))
            yield finding(
                CODE,
                f"class {quoted(name)} had {counted(facts.counts, n)} in the baseline and has none now"
                f"{'' if sure else ', which may be chance'}{behind}",
                level=None if sure else Level.NOTE,
                where=facts.where(name),
                before=n,
                p=chance,
            )


RULE = Rule(code=CODE, family="baseline", check=check, lacks=(no_baseline,))
