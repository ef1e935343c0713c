"""Colours and markers that the colour-blind tell apart, and that a grey printer does, too."""

from __future__ import annotations

from dataclasses import dataclass

DARK, GREY, PALE, BAND = "#303030", "#767676", "#d9d9d9", "#f4f4f4"
BAR, OTHERS = "#0072B2", "#b5b5b5"
SOURCE_SIZE, TEXT_SIZE, TITLE_SIZE = 8.0, 9.0, 11.0


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is drawn. Nothing depends on colour: markers and dashes differ, too."""

    color: str
    marker: str
    dashes: tuple[float, ...] = ()
    scale: float = 1.0  # markers of one size do not look so


# Okabe and Ito (2008), https://jfly.uni-koeln.de/color/, without the yellow, which is lost on white;
# neighbours differ in lightness.
LOOKS = (
    Look("#0072B2", "o"),
    Look("#E69F00", "s", (4, 2)),
    Look("#000000", "^", (1, 1.5)),
    Look("#D55E00", "D", (6, 2, 1, 2), 0.85),
    Look("#56B4E9", "v", (8, 2)),
    Look("#009E73", "P", (3, 1, 1, 1), 1.15),
    Look("#CC79A7", "X", (2, 2), 1.1),
    Look("#767676", "*", (5, 1, 1, 1, 1, 1), 1.6),
    Look("#0072B2", "<", (10, 3)),
    Look("#E69F00", ">", (1, 3)),
    Look("#000000", "h", (7, 1)),
    Look("#D55E00", "p", (2, 1)),
)
