"""A picture laid out in inches, from the top down: title, source, key, rows, axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imbweights.render.plots.lettering import Lettering
from imbweights.render.plots.looks import (
    DARK,
    GREY,
    SOURCE_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    Look,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN = 0.12
_LINE = 1.35
BOLD = 1.16  # how much wider bold letters are
_TITLE_LINES = 3


class Page:
    """A figure of ``width`` inches that is filled from the top; its height is known at the end."""

    def __init__(self, lettering: Lettering, width: float) -> None:
        """An empty page."""
        self.lettering = lettering
        self.width = width
        self.used = MARGIN
        self._texts: list[tuple[float, float, str, dict[str, Any]]] = []
        self._boxes: list[tuple[float, float, float, float]] = []
        self._marks: list[tuple[float, float, Look]] = []

    @property
    def room(self) -> float:
        """Inches between the margins."""
        return self.width - 2 * MARGIN

    def skip(self, inches: float) -> None:
        """Leave a gap."""
        self.used += inches

    def paragraph(
        self, text: str, size: float = TEXT_SIZE, *, lines: int = 2, **style: Any
    ) -> None:
        """A sentence, broken at blanks to the width of the page."""
        for line in self._wrapped(text, size * (BOLD if style.get("fontweight") else 1), lines):
            self.used += size * _LINE / 72
            self.text(MARGIN, self.used - size * 0.35 / 72, line, size, **style)

    def heading(self, title: str, source: str) -> None:
        """The title and, small, what was counted. Either may be empty."""
        if title:
            self.paragraph(title, TITLE_SIZE, lines=_TITLE_LINES, fontweight="bold")
        if source:
            self.paragraph(source, SOURCE_SIZE, color=GREY)
        if title or source:
            self.skip(0.08)

    def key(self, entries: Sequence[tuple[str, Look]]) -> None:
        """What the markers mean, as many on a line as there is room for."""
        x, height = MARGIN, TEXT_SIZE * 1.6 / 72
        self.used += height
        for name, look in entries:
            text = self.lettering.shortened(name, TEXT_SIZE, min(2.6, self.room - 0.3))
            width = 0.2 + self.lettering.width(text, TEXT_SIZE) + 0.22
            if x > MARGIN and x + width > self.width:
                x, self.used = MARGIN, self.used + height
            middle = self.used - height / 2
            self._marks.append((x + 0.07, middle, look))
            self.text(x + 0.2, middle, text, TEXT_SIZE, va="center_baseline")
            x += width

    def text(self, x: float, y: float, text: str, size: float, **style: Any) -> None:
        """Text at inches from the left and from the top."""
        self._texts.append((x, y, text, {"fontsize": size, "color": DARK, **style}))

    def box(self, left: float, right: float, height: float) -> int:
        """Room for axes of that height below what is there; ``left`` and ``right`` are inches from
        the edges. Returns its number.
        """
        self._boxes.append((left, self.used, self.width - left - right, height))
        self.used += height
        return len(self._boxes) - 1

    def figure(self) -> tuple[Figure, list[Axes]]:
        """The figure with all texts, and the axes of each box."""
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D

        height = self.used + MARGIN
        figure = Figure(figsize=(self.width, height))
        families = self.lettering.families
        for x, y, text, style in self._texts:
            figure.text(x / self.width, 1 - y / height, text, fontfamily=families, **style)
        for x, y, look in self._marks:
            figure.add_artist(
                Line2D(
                    [x / self.width], [1 - y / height], color=look.color, marker=look.marker,
                    markersize=6 * look.scale, markeredgecolor="white", markeredgewidth=0.4,
                )
            )  # fmt: skip
        axes = [
            figure.add_axes((x / self.width, 1 - (y + tall) / height, wide / self.width, tall / height))
            for x, y, wide, tall in self._boxes
        ]  # fmt: skip
        return figure, axes

    def _wrapped(self, text: str, size: float, most: int) -> list[str]:
        lines, line = [], ""
        for word in self.lettering.shown(text).split(" "):
            longer = f"{line} {word}" if line else word
            if line and self.lettering.width(longer, size) > self.room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
        if len(lines) > most:
            lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
        return [self.lettering.shortened(text, size, self.room) for text in lines]
