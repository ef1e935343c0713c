"""IMB052: a class that the baseline does not know."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, counted, no_baseline, quoted
from imbweights.rules.chance import chance_of_absence, surely
from imbweights.rules.parts import shifted

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
    """Classes with samples now that were not known, or had none, then; a note where they are so few
    that the baseline may have missed them by chance.
    """
    before = facts.baseline.counts if facts.baseline else {}
    then, today = sum(before.values()), facts.counts.total
    behind = shifted(facts.baseline, facts.counts.classes)
    for name, n in facts.counts.as_dict().items():
        if n and not before.get(name):
            chance = chance_of_absence(n, today, then)
            sure = surely(chance, len(facts.counts.classes))
            yield finding(
                CODE,
                f"class {quoted(name)} is not in the baseline and has {counted(facts.counts, n)} now"
                f"{'' if sure else ', which may be chance'}{behind}",
                level=None if sure else Level.NOTE,
                where=facts.where(name),
                now=n,
                p=chance,
            )


RULE = Rule(code=CODE, family="baseline", check=check, lacks=(no_baseline,))
