"""IMB040: a label that is never or always on."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, not_multilabel, quoted

CODE = Code(
    code="IMB040",
    title="label never or always on",
    level=Level.WARNING,
    why="A label that is the same in every row teaches nothing; its pos_weight is 0 or infinite, and its "
    "F1 or AUC is undefined.",
    remedy="Leave the label out (--ignore-label), or look for the step that lost its other value.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Labels with no positive rows, or no negative ones, in the training data."""
    rows = facts.training.samples - facts.training.missing
    for name, n in facts.training.as_dict().items():
        if n not in {0, rows} or not rows:
            continue
        yield finding(
            CODE,
            f"label {quoted(name)} is {'never' if n == 0 else 'always'} on in the {rows:,} rows"
            f"{facts.in_training}",
            where=facts.where(name),
            positives=n,
            rows=rows,
        )


RULE = Rule(code=CODE, family="multi-label", check=check, lacks=(not_multilabel,))
