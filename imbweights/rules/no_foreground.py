"""IMB032: too many masks without foreground."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, Threshold, limit, not_masks, percent, quoted

CODE = Code(
    code="IMB032",
    title="masks without foreground",
    level=Level.WARNING,
    why="Images that are background alone teach the network to predict background; Dice and IoU of the "
    "foreground are 0/0 there, and count as 0 or 1 depending on who computes them.",
    remedy="Draw fewer of them (a sampler by image), crop around the foreground, or say how empty "
    "images are scored.",
)
MAX_EMPTY = Threshold(
    name="max-empty",
    summary="The share of masks that may hold nothing but background.",
    default=0.5,
    high=1.0,
)
_BACKGROUND = {"background", "bg", "0", "_background_", "void", "other", "unlabeled"}


def background(facts: Facts) -> str | None:
    """The class that is background: called so, else the first one, if it has most pixels."""
    counts = facts.counts.as_dict()
    named = [name for name in counts if name.strip().casefold() in _BACKGROUND]
    if named:
        return named[0]
    first = next(iter(counts), None)
    return first if first is not None and counts[first] == max(counts.values()) else None


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """The share of masks that hold no class but background."""
    most, ground = limit(limits, MAX_EMPTY.name), background(facts)
    files = [file for part in facts.files.values() for file in part]
    empty = [f for f in files if not any(n for c, n in f.labels.items() if c != ground)]
    if ground is None or len(empty) / len(files) <= most:
        return
    yield finding(
        CODE,
        f"{len(empty):,} of {len(files):,} masks ({percent(len(empty) / len(files))}) hold nothing but "
        f"{quoted(ground)}, at most {percent(most)} wanted",
        where=facts.where(ground),
        empty=len(empty),
        masks=len(files),
        max_empty=most,
    )


RULE = Rule(code=CODE, family="masks", check=check, thresholds=(MAX_EMPTY,), lacks=(not_masks,))
