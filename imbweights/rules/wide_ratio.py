"""IMB004: the largest class is more than ``max-ratio`` times as large as the smallest."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.core.units import Task
from imbweights.rules.base import Facts, Limits, Rule, Threshold, limit, quoted

CODE = Code(
    code="IMB004",
    title="wide ratio",
    level=Level.WARNING,
    why="Plain inverse weights of such a ratio make single samples of the smallest class decide a "
    "batch: the gradient jumps, and precision falls.",
    remedy="Prefer mild weights (imbweights suggest --scheme sqrt-inverse, or --cap), a tuned threshold, "
    "or more samples of the small classes.",
)
MAX_RATIO = Threshold(
    name="max-ratio",
    summary="The largest class may be so many times as large as the smallest.",
    default=100.0,
    low=1.0,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """The imbalance ratio is beyond the limit."""
    most = limit(limits, MAX_RATIO.name)
    if facts.ratio is None or facts.ratio <= most:
        return
    n = {c: n for c, n in facts.training.as_dict().items() if n and facts.judges(c)}
    small, large = min(n, key=lambda c: n[c]), max(n, key=lambda c: n[c])
    what = "label" if facts.counts.task is Task.MULTILABEL else "class"
    yield finding(
        CODE,
        f"{what} {quoted(large)} is {facts.ratio:,.4g} times as large as {quoted(small)}"
        f"{facts.in_training}, at most {most:,.4g} wanted",
        where=facts.where(small, split=facts.training_name),
        ratio=facts.ratio,
        max_ratio=most,
        largest=large,
        smallest=small,
    )


RULE = Rule(code=CODE, family="counts", check=check, thresholds=(MAX_RATIO,))
