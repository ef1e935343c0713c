"""IMB053: the class order is not that of the baseline."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, no_baseline, quoted
from imbweights.rules.parts import reordered

CODE = Code(
    code="IMB053",
    title="class order changed",
    level=Level.ERROR,
    why="Weights, thresholds and the outputs of a trained network go by index. When the order changes, "
    "each number silently belongs to another class.",
    remedy="Fix the order with --classes (or classes in the configuration); if the new order is meant: "
    "--write-baseline, compute the weights anew and train again.",
)
_SHOWN = 5


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that both know, but in another order.

    Where indices move only because a class is gone or new, IMB051 and IMB052 say so.
    """
    if not reordered(facts.baseline, facts.counts.classes):
        return
    before = {name: i for i, name in enumerate(facts.baseline.classes if facts.baseline else ())}
    moved = [
        (name, before[name], i)
        for i, name in enumerate(facts.counts.classes)
        if name in before and before[name] != i
    ]
    shown = ", ".join(f"{quoted(name)} {old} → {new}" for name, old, new in moved[:_SHOWN])
    more = f" and {len(moved) - _SHOWN:,} more" if len(moved) > _SHOWN else ""
    yield finding(
        CODE,
        f"the index of {len(moved):,} class{'es' * (len(moved) != 1)} changed: {shown}{more}",
        where=facts.where(moved[0][0]),
        moved=[{"class": name, "before": old, "now": new} for name, old, new in moved],
    )


RULE = Rule(code=CODE, family="baseline", check=check, lacks=(no_baseline,))
