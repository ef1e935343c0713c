"""IMB001: only one class has samples."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.core.units import Task
from imbweights.rules.base import Facts, Limits, Rule, classes_with_samples, quoted

CODE = Code(
    code="IMB001",
    title="single class",
    level=Level.ERROR,
    why="Nothing can be learned where every answer is the same: a model that never looks at its input "
    "is always right. It is most often a filter, a join or a wrong column that lost the others.",
    remedy="Look for the step that lost the other classes; check that the label column is the one meant.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """All samples of the training data have the same class."""
    found = list(classes_with_samples(facts.training))
    # Of several labels each is a question of its own: one label alone still has yes and no.
    if len(found) != 1 or facts.counts.task in {Task.MULTILABEL, Task.DETECTION}:
        return
    [(name, n)] = found
    yield finding(
        CODE,
        f"all {n:,} samples{facts.in_training} are of class {quoted(name)}",
        where=facts.where(name),
        samples=n,
    )


RULE = Rule(code=CODE, family="counts", check=check)
