"""Example masks as small pictures, the rare classes outlined."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts
from imbweights.render.numbers import count_text, share_text
from imbweights.render.report.tables import shown_name
from imbweights.reporting import Example

Colour = tuple[int, int, int]
Bytes = npt.NDArray[np.uint8]

# Okabe and Ito (2008): told apart by the colour-blind, and from each other in print.
OUTLINES: tuple[Colour, ...] = ((213, 94, 0), (0, 114, 178), (204, 121, 167), (240, 228, 66))
_GREYS = (232, 205, 186, 220, 170, 196)
_VOID = 255
_SMALLEST = 240
_THICK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``source``: a data URI; ``caption`` says what is to be seen, class by class with its colour."""

    name: str
    source: str
    width: int
    height: int
    regions: tuple[tuple[str, str], ...]
    colours: tuple[str, ...]

    @property
    def caption(self) -> str:
        """In one sentence, for those who do not see it."""
        seen = ", ".join(f"{name} ({amount})" for name, amount in self.regions)
        return f"{self.name}: {seen or 'none of the rare classes'}"


def pictures(examples: Sequence[Example], counts: ClassCounts) -> list[Picture]:
    """All examples; a class has the same colour in each."""
    ranked = list(dict.fromkeys(i for each in examples for i in each.pixels))
    colour = {i: OUTLINES[place % len(OUTLINES)] for place, i in enumerate(ranked)}
    return [_picture(example, counts, colour) for example in examples]


def _picture(example: Example, counts: ClassCounts, colour: dict[int, Colour]) -> Picture:
    times = max(1, -(-_SMALLEST // max(example.codes.shape)))
    pixels = _enlarged(_ground(example, colour), times)
    for i in reversed(example.regions):  # the rarest last, so that nothing hides it
        line = colour[i] if example.photo is not None else _darker(colour[i])
        pixels[_edge(_enlarged(example.regions[i], times))] = line
    regions = tuple(
        (
            shown_name(counts.classes[i], 60),
            f"{count_text(n)} {counts.unit.removesuffix('s') if n == 1 else counts.unit}, {share_text(n / example.whole)}",
        )
        for i, n in example.pixels.items()
        if n
    )
    return Picture(
        name=", ".join(filter(None, (shown_name(PurePath(example.name).name), example.part))),
        source=_data_uri(pixels),
        width=pixels.shape[1],
        height=pixels.shape[0],
        regions=regions,
        colours=tuple(_hex(colour[i]) for i, n in example.pixels.items() if n),
    )


def _ground(example: Example, colour: dict[int, Colour]) -> Bytes:
    """The photo; without one the mask: rare classes in their colours, the others grey."""
    if example.photo is not None:
        return example.photo.copy()
    pixels = np.full((*example.codes.shape, 3), _VOID, dtype=np.uint8)
    for i in np.unique(example.codes[example.codes >= 0]).tolist():
        pixels[example.codes == i] = _GREYS[i % len(_GREYS)]
    for i in reversed(example.regions):
        pixels[example.regions[i]] = colour[i]
    return pixels


def _enlarged(values: npt.NDArray[np.generic], times: int) -> npt.NDArray[np.generic]:
    return values.repeat(times, axis=0).repeat(times, axis=1)


def _edge(region: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Around the region, so that thin ones are not covered by their own outline."""
    from scipy.ndimage import binary_dilation

    inside = region.astype(np.bool_)
    grown: npt.NDArray[np.bool_] = binary_dilation(inside, iterations=_THICK) & ~inside
    return grown


def _darker(colour: Colour) -> Colour:
    """For the outline of what is filled with the colour itself."""
    red, green, blue = (part // 2 for part in colour)
    return red, green, blue


def _data_uri(pixels: npt.NDArray[np.generic]) -> str:
    """A PNG of at most 128 colours where that loses nothing that matters, inside the page itself."""
    from PIL import Image

    image = Image.fromarray(pixels.astype(np.uint8))
    stream = io.BytesIO()
    image.quantize(colors=128).save(stream, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
