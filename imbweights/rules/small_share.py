"""IMB002: a class whose share is below ``min-share``."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, Threshold, limit, percent, quoted

CODE = Code(
    code="IMB002",
    title="small share",
    level=Level.WARNING,
    why="A class with such a small share hardly moves the loss: a model that never predicts it is "
    "almost as good as one that does.",
    remedy="Collect more of it, weight it (imbweights suggest), or move its decision threshold "
    "(imbweights sweep); merge or drop it if it does not matter.",
)
MIN_SHARE = Threshold(
    name="min-share",
    summary="The least share that a class may have.",
    default=0.001,
    high=1.0,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that have samples, but fewer than the share of them all."""
    least = limit(limits, MIN_SHARE.name)
    shares = facts.training.shares.tolist()
    for name, n, share in zip(
        facts.training.classes, facts.training.counts.tolist(), shares, strict=True
    ):
        if n and share < least and facts.judges(name):
            yield finding(
                CODE,
                f"class {quoted(name)} has {percent(share)} of all{facts.in_training}, at least "
                f"{percent(least)} wanted",
                where=facts.where(name, split=facts.training_name),
                share=share,
                min_share=least,
            )


RULE = Rule(code=CODE, family="counts", check=check, thresholds=(MIN_SHARE,))
