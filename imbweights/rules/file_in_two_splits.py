"""IMB023: the same file in two splits."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, Where, finding
from imbweights.rules.base import Facts, Limits, Rule, no_splits, quoted

CODE = Code(
    code="IMB023",
    title="same file in two splits",
    level=Level.ERROR,
    why="What was trained on cannot judge: scores on it are those of memory, and they are too good.",
    remedy="Keep each file in one split; split by source (patient, video, scene), not by file.",
)
_MOST = 20


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Files that are the same, by path or by content, in two splits; the first of many."""
    for split, name, other, copy in facts.copies[:_MOST]:
        same = "" if name == copy else f" as {quoted(copy)}"
        yield finding(
            CODE,
            f"{quoted(name)} is in split {quoted(split)} and, {'too' if not same else same.strip()}, "
            f"in {quoted(other)}",
            where=Where(file=name),
            splits=[split, other],
            files=[name, copy],
        )
    more = len(facts.copies) - _MOST
    if more > 0:
        yield finding(
            CODE,
            f"{more:,} more files are in two splits ({len(facts.copies):,} in all)",
            where=facts.where(),
            files_in_two_splits=len(facts.copies),
        )


def _no_files(facts: Facts) -> str | None:
    return None if facts.files or facts.copies else "the samples are no files"


RULE = Rule(code=CODE, family="splits", check=check, lacks=(no_splits, _no_files))
