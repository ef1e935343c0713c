"""IMB054: the weights that the baseline's scheme gives have moved."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, Threshold, limit, percent, quoted

CODE = Code(
    code="IMB054",
    title="weights moved",
    level=Level.WARNING,
    why="The weights that are in use were computed on the counts of the baseline; on today's counts the "
    "same scheme gives others.",
    remedy="Compute them anew (imbweights suggest --scheme …), then imbweights check --write-baseline.",
)
MAX_WEIGHT_CHANGE = Threshold(
    name="max-weight-change",
    summary="How much a weight of the baseline's scheme may change, as a share of it.",
    default=0.25,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes whose weight changed by more than the limit."""
    most = limit(limits, MAX_WEIGHT_CHANGE.name)
    scheme = facts.baseline.scheme if facts.baseline else ""
    for name, (before, now) in facts.moved.items():
        change = abs(now / before - 1) if before else float("inf")
        if change > most:
            yield finding(
                CODE,
                f"the {scheme} weight of class {quoted(name)} is {now:.4g} instead of {before:.4g}, a "
                f"change of {percent(change)}, at most {percent(most)} wanted",
                where=facts.where(name),
                scheme=scheme,
                before=before,
                now=now,
            )


def _no_scheme(facts: Facts) -> str | None:
    stored = facts.baseline is not None and facts.baseline.scheme is not None
    return None if stored else "the baseline holds no weights of a scheme"


RULE = Rule(
    code=CODE, family="baseline", check=check, thresholds=(MAX_WEIGHT_CHANGE,), lacks=(_no_scheme,)
)
