"""Where labels go so that none covers another, a marker, or the edge."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_DIRECTIONS = 16
_RINGS = 40
_SAMPLES = 8
_CROSSING = 12.0  # a point of a curve under a label costs as much as that many pixels of distance


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, x to the right, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area.

        >>> Box(0, 0, 2, 2).overlaps(Box(1, 1, 3, 3)), Box(0, 0, 2, 2).overlaps(Box(2, 0, 3, 1))
        (True, False)
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def inside(self, room: Box) -> bool:
        """Whether all of it is in ``room``."""
        return (
            room.left <= self.left
            and room.bottom <= self.bottom
            and self.right <= room.right
            and self.top <= room.top
        )

    def holds(self, point: Point) -> bool:
        """Whether the point is in it."""
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    @property
    def middle(self) -> Point:
        """The centre."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def nearest(self, point: Point, inset: float = 0.0) -> Point:
        """The point of the box, or of one smaller by ``inset`` all round, that is nearest."""
        x, y = point
        return (
            min(max(x, self.left + inset), self.right - inset),
            min(max(y, self.bottom + inset), self.top - inset),
        )

    @classmethod
    def around(cls, point: Point, width: float, height: float) -> Box:
        """A box with the point in its middle."""
        x, y = point
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """What labels have to respect: the axes they must stay in, boxes that are taken (markers,
    other text), and points of curves that had better stay visible.
    """

    room: Box
    taken: tuple[Box, ...] = ()
    curves: tuple[Point, ...] = ()


def placed(
    anchors: Sequence[Point], sizes: Sequence[tuple[float, float]], plane: Plane, gap: float
) -> list[Box | None]:
    """A box for each label, near its anchor; ``None`` where there is no room left at all.

    Greedy, the first label first: of the places around the anchor that are free the one is taken
    that is nearest and hides least of the curves. ``sizes``: width and height. ``gap``: least
    distance of a label from the middle of its own marker.
    """
    result: list[Box | None] = []
    for anchor, size in zip(anchors, sizes, strict=True):
        labels = [box for box in result if box is not None]
        best = _best(anchor, size, plane, labels, gap)
        result.append(best)
        if best is not None:  # later labels had better not lie on the line to this one
            line = tuple(_between(anchor, best.nearest(anchor)))
            plane = Plane(room=plane.room, taken=plane.taken, curves=plane.curves + line)
    return result


def _best(
    anchor: Point, size: tuple[float, float], plane: Plane, labels: Sequence[Box], gap: float
) -> Box | None:
    best, least = None, math.inf
    taken = [*plane.taken, *labels]
    for distance, box in _around(anchor, size, gap):
        if distance >= least:  # places come in order of distance, hiding only adds
            break
        if not box.inside(plane.room) or any(box.overlaps(other) for other in taken):
            continue
        hidden = sum(box.holds(point) for point in plane.curves)
        line = _between(anchor, box.nearest(anchor))
        crossed = sum(label.holds(point) for point in line for label in labels)
        cost = distance + _CROSSING * (hidden + crossed)
        if cost < least:
            best, least = box, cost
    return best


def _between(start: Point, end: Point) -> list[Point]:
    """Points along the line from a marker to its label."""
    return [
        (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t)
        for t in (i / _SAMPLES for i in range(1, _SAMPLES))
    ]


def _around(anchor: Point, size: tuple[float, float], gap: float) -> Iterator[tuple[float, Box]]:
    """Places in rings around the anchor, nearest first."""
    x, y = anchor
    width, height = size
    for ring in range(_RINGS):
        distance = gap * (1 + ring / 2)
        for step in range(_DIRECTIONS):
            angle = 2 * math.pi * step / _DIRECTIONS
            across, up = math.cos(angle), math.sin(angle)
            # The side of the box that faces the anchor keeps the distance.
            middle = (x + across * (distance + width / 2), y + up * (distance + height / 2))
            yield ring * gap / 2, Box.around(middle, width, height)
