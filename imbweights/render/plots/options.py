"""What the user wishes of a plot."""

from __future__ import annotations

from dataclasses import dataclass

MOST_ROWS = 200
WIDTH = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotOptions:
    """What the user wishes.

    ``top``: how many classes are shown singly, the most frequent (``None``: as many as can be read).
    ``log``: scale of the counts (``None``: logarithmic for a ratio above 50). ``title``: instead of
    the sentence that says what is seen; empty for none. ``width``, ``height``: inches; a height that
    is not said follows from the number of rows.
    """

    top: int | None = None
    log: bool | None = None
    title: str | None = None
    width: float = WIDTH
    height: float | None = None
