"""What one mask holds, whatever the options make of it: so it can be kept between runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imbweights.sources.images.decoding import Pixels
from imbweights.sources.images.histogram import histogram, is_busy

# With more values than this, neighbours that mostly differ give a photo away.
SOME = 24


class Seen(NamedTuple):
    """The values of one mask and how often each occurs, as JSON holds it.

    ``values``, ascending (colours as 0xRRGGBB where ``is_colour``), and ``counts``: numbers with
    commas between them, which are read ten times as fast as lists when there are thousands of masks.
    ``colours``: of a palette image, the colour of each value in six hexadecimal digits. ``bits``: per value,
    0 when unknown. ``size``: (width, height) of what has two dimensions. ``busy``: of many values,
    whether neighbours mostly differ.

    >>> import numpy as np
    >>> seen = seen_in(Pixels(np.array([[0, 0, 7]], dtype=np.uint8), bits=8))
    >>> seen.values, seen.counts, seen.size
    ('0,7', '2,1', (3, 1))
    """

    values: str
    counts: str
    is_colour: bool = False
    colours: str | None = None
    bits: int = 0
    size: Sequence[int] | None = None
    busy: bool = False

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return self.values.count(",") + 1

    @property
    def last(self) -> int:
        """The largest value."""
        return int(self.values.rpartition(",")[2])

    @property
    def numbers(self) -> list[int]:
        """The values."""
        return [int(value) for value in self.values.split(",")]

    @property
    def amounts(self) -> list[int]:
        """How many pixels have each."""
        return [int(count) for count in self.counts.split(",")]

    @property
    def packed_colours(self) -> list[int] | None:
        """The colour of each value as a number, of a palette image."""
        text = self.colours
        return None if text is None else [int(text[i : i + 6], 16) for i in range(0, len(text), 6)]


def seen_in(pixels: Pixels) -> Seen:
    """What decoded pixels hold; there must be some."""
    array, table = pixels.values, pixels.colours
    values = histogram(array)
    return Seen(
        values=",".join(map(str, values)),
        counts=",".join(map(str, values.values())),
        is_colour=pixels.is_colour,
        colours=None if table is None else table[list(values)].tobytes().hex(),
        bits=pixels.bits,
        size=(array.shape[1], array.shape[0]) if array.ndim == 2 else None,
        busy=not pixels.is_colour and len(values) > SOME and is_busy(array),
    )
