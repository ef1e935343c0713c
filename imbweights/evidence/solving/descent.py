"""Quasi-Newton descent for a block of labels in step: one pass over the rows moves all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from imbweights.evidence.solving.curvature import applied, inverses, inverts
from imbweights.evidence.solving.gradient import gradient
from imbweights.evidence.solving.labels import Block
from imbweights.evidence.solving.rows import Double, Rows, Single

Mask = npt.NDArray[np.bool_]

# Curvatures remembered on top of the sampled Hessian.
_MEMORY = 6
# A Hessian is renewed when it is this many passes old and decision values have moved this far
# since: it costs as much as about six passes.
_OLD, _FAR = 5, 2.0
# A trial is refused where it overshoots: where the slope along it is positive and more than half
# as steep as it was negative.
_OVERSHOT = 0.5
_PASSES = 100
_PASSES_WITHOUT_HESSIANS = 400


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What one trial taught about the curvature: going ``change`` turned the gradient by ``turn``.

    ``weight`` (c,) is 1/(change·turn), and 0 for a label that learnt nothing.
    """

    change: Double
    turn: Double
    weight: Double

    @classmethod
    def of(cls, change: Double, turn: Double) -> _Lesson:
        product = _dot(change, turn)
        learnt = product > np.finfo(np.float32).tiny
        return cls(change, turn, np.where(learnt, 1 / np.where(learnt, product, 1), 0))

    def only(self, kept: Mask) -> _Lesson:
        return _Lesson(self.change[kept], self.turn[kept], self.weight[kept])


@dataclass(slots=True)
class _Walk:
    """Where c labels stand, and where each goes next."""

    rows: Rows
    block: Block
    at: Double
    slope: Double
    inverse: Single
    reach: Double
    refused: Double
    age: Double
    gone: Double
    lessons: list[_Lesson] = field(default_factory=list)

    @classmethod
    def begin(cls, rows: Rows, block: Block, at: Double) -> _Walk:
        bends = np.empty((len(rows.values), len(at)), dtype=np.float32)
        slope = gradient(rows, block, at, bends)
        inverse = inverses(rows, bends, np.arange(len(at)))
        none = np.zeros(len(at))
        return cls(rows, block, at, slope, inverse, none + 1, none, none, none)

    def only(self, kept: Mask) -> _Walk:
        return _Walk(
            self.rows,
            self.block.only(kept),
            self.at[kept],
            self.slope[kept],
            self.inverse[kept],
            self.reach[kept],
            self.refused[kept],
            self.age[kept],
            self.gone[kept],
            [lesson.only(kept) for lesson in self.lessons],
        )

    def heading(self) -> Double:
        """−H⁻¹·slope, H the sampled Hessian corrected by the lessons (the two loops of L-BFGS)."""
        left, parts = self.slope.copy(), []
        for lesson in reversed(self.lessons):
            part = lesson.weight * _dot(lesson.change, left)
            left -= part[:, None] * lesson.turn
            parts.append(part)
        found = applied(self.inverse, left)
        for lesson, part in zip(self.lessons, reversed(parts), strict=True):
            found += (part - lesson.weight * _dot(lesson.turn, found))[:, None] * lesson.change
        return -found

    def step(self, heading: Double, length: Double) -> None:
        """Try ``heading``; labels that overshoot stay where they are, a lesson richer."""
        change = self.reach[:, None] * heading
        old = (self.age >= _OLD) & (self.gone + self.reach * length > _FAR)
        shape = (len(self.rows.values), len(old))
        bends = np.empty(shape, dtype=np.float32) if old.any() else None
        slope = gradient(self.rows, self.block, self.at + change, bends)
        refused = _dot(slope, heading) > _OVERSHOT * np.abs(_dot(self.slope, heading))
        self.lessons = [*self.lessons, _Lesson.of(change, slope - self.slope)][-_MEMORY:]
        self.at = np.where(refused[:, None], self.at, self.at + change)
        self.slope = np.where(refused[:, None], self.slope, slope)
        self.gone = self.gone + np.where(refused, 0.0, self.reach * length)
        self.age = self.age + 1
        # The lesson alone shortens the next trial; only a second refusal in a row halves it.
        self.reach = np.where(refused & (self.refused > 0), self.reach / 2, 1.0)
        self.refused = np.where(refused, self.refused + 1, 0)
        if bends is not None:
            self._renew(bends, old & ~refused)

    def _renew(self, bends: Single, old: Mask) -> None:
        self.inverse[old] = inverses(self.rows, bends, np.flatnonzero(old))
        self.age[old] = self.gone[old] = 0
        for lesson in self.lessons:
            lesson.weight[old] = 0


def descend(
    rows: Rows, block: Block, start: Double, tolerance: float, passes: int | None = None
) -> tuple[Double, Double]:
    """The minimum for each label, (c, D + 1), and how far the last step moved decision values, (c,).

    ``start`` (c, D + 1). A label is done when its next step would move its decision values by less
    than ``tolerance`` (root mean square over rows); that step is still taken. A label that is not
    done after ``passes`` passes has NaN as last step.

    Nocedal & Wright, Numerical Optimization, ch. 7.2 (L-BFGS with an own H₀). The objective is
    convex, so the slope along a step says whether it went too far: the loss, whose logarithms cost
    more than the gradient's arithmetic, is never computed.
    """
    if passes is None:
        passes = _PASSES if inverts(rows.values.shape[1]) else _PASSES_WITHOUT_HESSIANS
    found, last = start.copy(), np.full(len(start), np.nan)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a lost label is NaN
        for labels, at, length in _finishing(rows, block, start, tolerance, passes):
            found[labels], last[labels] = at, length
    return found, last


def _finishing(
    rows: Rows, block: Block, start: Double, tolerance: float, passes: int
) -> Iterator[tuple[npt.NDArray[np.intp], Double, Double]]:
    """Labels as they finish: their places in the block, their minima, their last steps."""
    going = np.arange(len(start))
    walk = _Walk.begin(rows, block, start)
    for _ in range(passes):
        heading = walk.heading()
        length = rows.moved(heading)
        done = (length < tolerance) & (walk.reach == 1)
        if done.any():
            yield going[done], (walk.at + heading)[done], length[done]
            going, walk = going[~done], walk.only(~done)
            heading, length = heading[~done], length[~done]
        if not going.size:
            return
        walk.step(heading, length)


def _dot(a: Double, b: Double) -> Double:
    return np.asarray(np.einsum("ij,ij->i", a, b))
