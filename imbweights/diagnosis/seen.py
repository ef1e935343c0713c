"""Where something was seen, and which rows cost most: small enough to keep through a long pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_FIRST = 5
MOST = 10


class Trace(StrEnum):
    """What is looked for in every row.

    ``UNDERFLOW``: a logit so far below the others that softmax or sigmoid in the precision of
    training gives exactly 0 (or 1) where the target says so; ``UNDERFLOW_TRUE``: against the target.
    """

    ZERO = "zero where the target is 0"
    ZERO_TRUE = "zero where the target is 1"
    UNDERFLOW = "logit that becomes 0 where the target is 0"
    UNDERFLOW_TRUE = "logit that becomes 0 where the target is 1"
    NAN = "NaN"
    INFINITE = "infinite"
    NO_SOFTMAX = "infinite, so that softmax is NaN"
    HALF = "beyond float16"
    STRAY = "no class"
    OUTSIDE = "outside 0 to 1"
    SUM = "sum is not 1"
    CLIPPED = "clipped"


@dataclass
class Seen:
    """In how many rows, which first, and in which classes."""

    width: int
    rows: int = 0
    first: list[int] = field(default_factory=list)
    by_class: IntArray = field(init=False)

    def __post_init__(self) -> None:
        """Nothing was seen yet."""
        self.by_class = np.zeros(self.width, dtype=np.int64)

    def add(self, start: int, rows: IntArray, columns: IntArray | None = None) -> None:
        """Rows of a block that begins at ``start``; ``columns``: the classes concerned."""
        self.rows += len(rows)
        lacking = _FIRST - len(self.first)
        if lacking > 0:
            self.first += (start + rows[:lacking]).tolist()
        if columns is not None and len(columns):
            self.by_class += np.bincount(columns, minlength=self.width)


@dataclass
class Largest:
    """The rows with the largest weighted loss."""

    losses: FloatArray = field(default_factory=lambda: np.empty(0))
    facts: dict[str, FloatArray] = field(default_factory=dict)

    def add(self, losses: FloatArray, facts: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Merge the worst of a block; what is NaN is told elsewhere."""
        losses = np.where(np.isnan(losses), -np.inf, losses)
        if len(self.losses) >= MOST:
            over = np.flatnonzero(losses > self.losses[-1])
        else:
            over = np.arange(len(losses))
        if len(over) > MOST:
            over = over[np.argpartition(-losses[over], MOST)[:MOST]]
        merged = np.concatenate([self.losses, losses[over]])
        order = np.argsort(-merged, kind="stable")[:MOST]
        order = order[merged[order] > -np.inf]
        old = self.facts or {name: np.empty(0) for name in facts}
        self.facts = {
            name: np.concatenate([old[name], values[over].astype(np.float64)])[order]
            for name, values in facts.items()
        }
        self.losses = merged[order]
