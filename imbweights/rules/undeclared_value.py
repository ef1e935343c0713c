"""IMB030: a mask with a value that stands for no declared class."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, Where, finding
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    counted,
    listed,
    not_masks,
    nothing_declared,
    quoted,
)

CODE = Code(
    code="IMB030",
    title="undeclared value in a mask",
    level=Level.ERROR,
    why="A pixel value without a class is an index out of range: on a GPU a device-side assert, "
    "elsewhere a crash or memory that is not yours. Often it is void (255) or an edge that was "
    "blended when the mask was resized.",
    remedy="Leave the value out if it is void (--ignore-label 255); resize masks with nearest "
    "neighbour; else declare the class.",
)
_MOST = 20


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """For each undeclared value its pixels, and the files that hold it."""
    known = set(facts.declared or ())
    places: dict[str, list[str]] = {}
    pixels: dict[str, int] = {}
    for files in facts.files.values():
        for file in files:
            for label, n in file.labels.items():
                if label not in known and n:
                    places.setdefault(label, []).append(file.name)
                    pixels[label] = pixels.get(label, 0) + n
    for label, names in list(places.items())[:_MOST]:
        yield finding(
            CODE,
            f"value {quoted(label)} is no declared class: {counted(facts.counts, pixels[label])} in "
            f"{len(names):,} mask{'s' * (len(names) != 1)}, {listed(names[:3])}"
            + (" …" if len(names) > 3 else ""),
            where=Where(file=names[0], cls=label),
            pixels=pixels[label],
            files=names[:_MOST],
            masks=len(names),
        )
    if len(places) > _MOST:
        yield finding(
            CODE,
            f"{len(places) - _MOST:,} more values are no declared class",
            where=facts.where(),
            values=len(places),
        )


RULE = Rule(code=CODE, family="masks", check=check, lacks=(not_masks, nothing_declared))
