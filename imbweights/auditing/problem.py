"""What is to be explained: the numbers of the classes that have samples, with their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from imbweights.auditing.numbers import (
    LARGEST,
    SINGLE,
    SMALLEST,
    Written,
    careless_half_widths,
    digits_of,
    half_widths,
)
from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray

BoolArray = npt.NDArray[np.bool_]


def plausible(values: FloatArray) -> BoolArray:
    """(K,) which numbers may be weights at all: above 0 and finite, also in single precision."""
    found: BoolArray = (values >= SMALLEST) & (values <= LARGEST)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """``values`` (K,) as given and ``low``, ``high`` (K,) between which each lay before rounding, in
    class order of ``counts``; ``usable`` (K,) marks those that can be explained: of classes with
    samples, finite and above 0. ``digits``: to how many the numbers are known.
    """

    counts: ClassCounts
    values: FloatArray
    low: FloatArray
    high: FloatArray
    usable: BoolArray
    digits: float

    @classmethod
    def of(
        cls, counts: ClassCounts, numbers: Sequence[Written], *, careless: bool = False
    ) -> Problem:
        """The problem that these numbers pose, one per class in class order."""
        values = np.array([n.value for n in numbers], dtype=np.float64)
        halves = (careless_half_widths if careless else half_widths)(numbers)
        # A touch more, so that 0.125 may have been rounded from either side.
        halves = halves * (1 + 1e-6)
        usable = plausible(values) & (counts.counts > 0)
        known = digits_of(values[usable], halves[usable])
        return cls(counts, values, values - halves, values + halves, usable, known)

    def on(self, counts: ClassCounts) -> Problem:
        """The same numbers against other counts of the same classes."""
        return replace(self, counts=counts, usable=self.usable & (counts.counts > 0))

    def only(self, keep: BoolArray) -> Problem:
        """The same with fewer entries to explain."""
        return replace(self, usable=self.usable & keep)

    def inverted(self) -> Problem:
        """The problem that 1/w poses."""
        with np.errstate(all="ignore"):
            low = np.where(self.low > 0, self.low, np.nan)
            values, high, low = 1 / self.values, 1 / low, 1 / self.high
        high = np.where(np.isfinite(high), high, np.inf)
        return replace(self, values=values, low=low, high=high)

    def moved(self, source: Sequence[int]) -> Problem:
        """Class i gets the number that stands at ``source[i]``."""
        order = np.asarray(source, dtype=np.int64)
        values = self.values[order]
        usable = plausible(values) & (self.counts.counts > 0)
        return replace(
            self, values=values, low=self.low[order], high=self.high[order], usable=usable
        )

    @property
    def equations(self) -> int:
        """How many ratios of weights the counts tell apart: classes of equal size count once."""
        return max(0, len(set(self.counts.counts[self.usable].tolist())) - 1)

    @property
    def all_equal(self) -> bool:
        """Whether all numbers are the same: rounding does not tell equal ones apart."""
        values = self.values[self.usable]
        return bool(values.size and values.max() <= values.min() * (1 + 2 * SINGLE))
