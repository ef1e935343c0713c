"""IMB031: a mask in which every pixel is void."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, Where, finding
from imbweights.rules.base import Facts, Limits, Rule, not_masks, quoted

CODE = Code(
    code="IMB031",
    title="all-void mask",
    level=Level.WARNING,
    why="Where every pixel is ignored, the mean over pixels is 0/0: a batch of such images alone makes "
    "the loss NaN, and one update with it the network.",
    remedy="Leave such images out, or annotate them; a loss that divides by max(pixels, 1) survives them.",
)
_MOST = 20


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Masks with ignored pixels and no others."""
    void = [
        file.name
        for files in facts.files.values()
        for file in files
        if file.ignored and not any(file.labels.values())
    ]
    for name in void[:_MOST]:
        yield finding(CODE, f"every pixel of {quoted(name)} is void", where=Where(file=name))
    if len(void) > _MOST:
        yield finding(
            CODE,
            f"{len(void) - _MOST:,} more masks are all void ({len(void):,} in all)",
            where=facts.where(),
            masks=len(void),
        )


RULE = Rule(code=CODE, family="masks", check=check, lacks=(not_masks,))
