"""Where labels go so that none covers another, a marker, or the edge."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]

_DIRECTIONS = 24
_RINGS = 60
_STEP = 3.0
_FAR = 2.2
_NEARER = 1.0
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


@dataclass(slots=True)
class _Placing:
    """What is placed so far: labels, and the lines to those that are far from their markers."""

    plane: Plane
    anchors: Sequence[Point]
    gap: float
    labels: list[Box] = field(default_factory=list)
    lines: list[Point] = field(default_factory=list)

    def best(self, place: int, size: tuple[float, float], *, strict: bool) -> Box | None:
        """The free place that is nearest and hides least of the curves."""
        best, least = None, math.inf
        anchor = self.anchors[place]
        for distance, box in _around(anchor, size, self.gap):
            if distance >= least:  # places come in order of distance, hiding only adds
                break
            if not self._is_free(box) or (strict and not self._is_clear(place, box)):
                continue
            hidden = sum(box.holds(point) for point in self.plane.curves)
            cost = distance + _CROSSING * hidden
            if cost < least:
                best, least = box, cost
        return best

    def _is_free(self, box: Box) -> bool:
        return box.inside(self.plane.room) and not any(
            box.overlaps(other) for other in (*self.plane.taken, *self.labels)
        )

    def _is_clear(self, place: int, box: Box) -> bool:
        """Whether nobody can take it for the label of another marker, and no line strikes it."""
        if any(box.holds(point) for point in self.lines):
            return False
        anchor = self.anchors[place]
        line = leader(anchor, box, self.gap)
        if line is not None:
            foreign = [marker for marker in self.plane.taken if not marker.holds(anchor)]
            blocked = [*self.labels, *foreign]
            return not any(other.holds(point) for point in line for other in blocked)
        own = math.dist(anchor, box.nearest(anchor))
        others = (other for other in self.anchors if math.dist(other, anchor) > self.gap)
        return all(math.dist(other, box.nearest(other)) > own + _NEARER for other in others)

    def add(self, place: int, box: Box) -> None:
        """Later labels keep away from it and from its line."""
        self.labels.append(box)
        self.lines += leader(self.anchors[place], box, self.gap) or []


def placed(
    anchors: Sequence[Point], sizes: Sequence[tuple[float, float]], plane: Plane, gap: float
) -> list[Box | None]:
    """A box for each label, near its anchor; ``None`` where there is no room left at all.

    Greedy, the first label first: of the places around the anchor that are free the one is taken
    that is nearest and hides least of the curves. No label lies nearer to another marker than to its
    own or on the line to another label, and no line crosses labels or markers, as long as there is
    such a place. ``sizes``: width and height. ``gap``: least distance of a label from the middle of
    its own marker.
    """
    placing = _Placing(plane, anchors, gap)
    result: list[Box | None] = []
    for place, size in enumerate(sizes):
        box = placing.best(place, size, strict=True) or placing.best(place, size, strict=False)
        result.append(box)
        if box is not None:
            placing.add(place, box)
    return result


def leader(anchor: Point, box: Box, gap: float) -> list[Point] | None:
    """Points of the line from a marker to its label; ``None`` where they are close by."""
    end = box.nearest(anchor)
    length = math.dist(anchor, end)
    if length <= _FAR * gap:
        return None
    count = max(2, math.ceil(length / _STEP))
    return [
        (anchor[0] + (end[0] - anchor[0]) * i / count, anchor[1] + (end[1] - anchor[1]) * i / count)
        for i in range(count + 1)
    ]


def dense(points: Sequence[Point]) -> tuple[Point, ...]:
    """A curve with a point every few pixels.

    >>> len(dense([(0.0, 0.0), (30.0, 0.0)]))
    11
    """
    found = list(points[:1])
    for (x, y), (u, v) in itertools.pairwise(points):
        count = max(1, math.ceil(math.dist((x, y), (u, v)) / _STEP))
        found += [(x + (u - x) * i / count, y + (v - y) * i / count) for i in range(1, count + 1)]
    return tuple(found)


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
