"""IMB033: a mask whose size is not that of its image."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, Where, finding
from imbweights.rules.base import Facts, Limits, Rule, not_masks, quoted

CODE = Code(
    code="IMB033",
    title="mask and image differ in size",
    level=Level.ERROR,
    why="The mask belongs to another image, or was turned or cropped otherwise: training stops, or a "
    "silent resize puts every label beside its object.",
    remedy="Find the mask that belongs to the image; apply EXIF rotation and crops to both alike.",
)
_MOST = 20


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Masks whose image has another width or height."""
    sizes = {file.name: file.size for part in facts.files.values() for file in part}
    for name, (width, height) in list((facts.sizes or {}).items())[:_MOST]:
        own = sizes.get(name)
        mask = "another size" if own is None else f"{own[0]} × {own[1]}"
        turned = " (turned by 90°: EXIF orientation?)" if own == (height, width) else ""
        yield finding(
            CODE,
            f"{quoted(name)} is {mask}, its image {width} × {height} pixels{turned}",
            where=Where(file=name),
            mask=None if own is None else list(own),
            image=[width, height],
        )
    more = len(facts.sizes or {}) - _MOST
    if more > 0:
        yield finding(CODE, f"{more:,} more masks differ from their images", where=facts.where())


def _no_images(facts: Facts) -> str | None:
    return None if facts.sizes is not None else "no images are given (--images)"


RULE = Rule(code=CODE, family="masks", check=check, lacks=(not_masks, _no_images))
