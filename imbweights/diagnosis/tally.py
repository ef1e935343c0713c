"""What one pass over the predictions adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from imbweights.diagnosis.formulas import Formula
from imbweights.diagnosis.pairing import Kind
from imbweights.diagnosis.seen import Largest, Seen, Trace
from imbweights.diagnosis.thresholds import BINS, MOST_CLASSES

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Generic = npt.NDArray[np.generic]

MOST_CONFUSED = 200


@dataclass
class Tally:
    """Sums over groups of equal weight.

    A group is a class, or the negatives (2 l) and the positives (2 l + 1) of label l: all rows of a
    group have the same weight, so that any weighted loss follows from the sums. ``weights`` (G,) are
    needed in the pass only for the rows that cost most. ``losses``: formula → (G,) sums, ∞ and NaN
    as they come. ``gradient``: (G,) sums of the norms of ∂ℓ/∂logits. ``predicted`` (K,): how often
    each class was answered. ``ignored``: rows (or labels of rows) that do not count. ``several``: rows
    with more than one label. ``looks_normal``: every row so far lies in 0 … 1 and sums to 1.
    ``undone_least``, ``undone_most``: of what a softmax would have made these probabilities of;
    ``undone_sure``: in how many rows that is near 1.
    """

    kind: Kind
    width: int
    weights: FloatArray
    counts: IntArray = field(init=False)
    right: IntArray = field(init=False)
    gradient: FloatArray = field(init=False)
    predicted: IntArray = field(init=False)
    confusion: IntArray | None = field(init=False)
    everything: IntArray | None = field(init=False)
    positives: IntArray | None = field(init=False)
    losses: dict[Formula, FloatArray] = field(default_factory=dict)
    traces: dict[Trace, Seen] = field(default_factory=dict)
    largest: Largest = field(default_factory=Largest)
    ignored: int = 0
    undone_least: float = np.inf
    undone_most: float = -np.inf
    undone_sure: int = 0
    several: int = 0
    looks_normal: bool = True

    def __post_init__(self) -> None:
        """Zeros of the right shapes."""
        groups, width = len(self.weights), self.width
        self.counts = np.zeros(groups, dtype=np.int64)
        self.right = np.zeros(groups, dtype=np.int64)
        self.gradient = np.zeros(groups)
        self.predicted = np.zeros(width, dtype=np.int64)
        shown = self.kind is Kind.CLASSES and width <= MOST_CONFUSED
        self.confusion = np.zeros((width, width), dtype=np.int64) if shown else None
        few = width <= MOST_CLASSES
        self.everything = np.zeros(width * BINS, dtype=np.int64) if few else None
        self.positives = np.zeros(width * BINS, dtype=np.int64) if few else None

    def add(
        self,
        groups: IntArray,
        losses: Mapping[Formula, FloatArray],
        gradient: FloatArray,
        right: npt.NDArray[np.bool_],
        facts: Mapping[str, Generic],
    ) -> None:
        """The rows (or labels of rows) of a block that count."""
        size = len(self.weights)
        self.counts += np.bincount(groups, minlength=size)
        self.right += np.bincount(groups[right], minlength=size)
        self.gradient += np.bincount(groups, weights=gradient, minlength=size)
        for formula, values in losses.items():
            before = self.losses.setdefault(formula, np.zeros(size))
            before += np.bincount(groups, weights=values, minlength=size)
        with np.errstate(invalid="ignore"):
            self.largest.add(self.weights[groups] * losses[Formula.EXACT], facts)

    def see(
        self, trace: Trace, start: int, rows: IntArray, columns: IntArray | None = None
    ) -> None:
        """Rows in which something was seen."""
        if len(rows):
            self.traces.setdefault(trace, Seen(self.width)).add(start, rows, columns)

    def seen(self, trace: Trace) -> Seen:
        """Where it was seen; nowhere if it was not."""
        return self.traces.get(trace, Seen(self.width))
