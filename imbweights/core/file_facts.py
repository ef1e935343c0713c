"""What one file of a set holds: asked for by rules that look at files one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """One sample that is a file: a mask, a photo in a folder of its class, an annotated image.

    ``name``: what messages call it. ``path``: where it lies, as text where there may be
    millions; it need not exist (an image that a list or an annotation file names). ``labels``: label → its pixels or objects there. ``ignored``:
    pixels or objects that do not count. ``size``: (width, height), for masks.
    """

    name: str
    path: Path | str
    labels: Mapping[str, int] = field(default_factory=dict)
    ignored: int = 0
    size: tuple[int, int] | None = None
