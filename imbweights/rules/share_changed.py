"""IMB055: the share of a class has become a multiple, or a fraction, of what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.core.units import Unit
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    Threshold,
    counted,
    limit,
    no_baseline,
    no_counts,
    percent,
    quoted,
)
from imbweights.rules.chance import chance_of_change, surely
from imbweights.rules.parts import parts_of

if TYPE_CHECKING:
    from imbweights.core.counts import ClassCounts

CODE = Code(
    code="IMB055",
    title="share of a class changed",
    level=Level.ERROR,
    why="Measures of drift look at the whole: a rare class may lose nine of ten samples, and they "
    "hardly move. But the rare class is what weights and thresholds are for.",
    remedy="Find out where its samples went, or came from. If it is meant: imbweights check "
    "--write-baseline, and compute weights and thresholds anew.",
)
MAX_SHARE_CHANGE = Threshold(
    name="max-share-change",
    summary="The factor by which the share of a class may differ from the baseline, up or down.",
    default=2.0,
    low=1.0,
)
_DEPENDENT = {Unit.PIXELS, Unit.VOXELS}


@dataclass(frozen=True, slots=True)
class _Change:
    cls: str
    before: int
    now: int
    share_before: float
    share_now: float

    @property
    def factor(self) -> float:
        low, high = sorted((self.share_before, self.share_now))
        return high / low


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes beyond the factor, if more than chance: exact test, shared among all classes.

    A class that is gone or new is left to IMB051 and IMB052. Pixels are not independent of each
    other, so that nothing can be said about chance: there it is a warning.
    """
    most = limit(limits, MAX_SHARE_CHANGE.name)
    for part, (before, now) in parts_of(facts.baseline, facts.counts, facts.splits).items():
        changes = _changes(before, now)
        for change in changes:
            if change.factor <= most:
                continue
            p = chance_of_change(change.before, sum(before.values()), change.now, now.total)
            if not surely(p, len(changes)):
                continue
            inside = f" in split {quoted(part)}" if part else ""
            yield finding(
                CODE,
                f"class {quoted(change.cls)} has {percent(change.share_now)}{inside} instead of "
                f"{percent(change.share_before)} in the baseline, {_times(change)} "
                f"({counted(now, change.now)} instead of {change.before:,}), at most a factor of "
                f"{most:g} wanted",
                level=Level.WARNING if now.unit in _DEPENDENT else None,
                where=facts.where(change.cls, split=part),
                split=part or None,
                before=change.share_before,
                now=change.share_now,
                factor=change.factor,
                max_share_change=most,
                p=p,
            )


def _times(change: _Change) -> str:
    up = change.share_now > change.share_before
    return f"{change.factor:,.3g} times {'more' if up else 'less'}"


def _changes(before: Mapping[str, int], now: ClassCounts) -> list[_Change]:
    """Every class that has samples then and now."""
    then, today = sum(before.values()), now.total
    return [
        _Change(name, old, n, old / then, n / today)
        for name, n in now.as_dict().items()
        if n and (old := before.get(name, 0))
    ]


RULE = Rule(
    code=CODE,
    family="baseline",
    check=check,
    thresholds=(MAX_SHARE_CHANGE,),
    lacks=(no_baseline, no_counts),
)
