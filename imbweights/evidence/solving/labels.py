"""A block of labels: where they are on, and what being on weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.evidence.solving.rows import Double, Single

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The positives of c labels, by row, and the weight of each label's positives.

    ``row`` and ``column`` (P,) say where the labels are on, ``row`` ascending; ``weight`` (c,).
    """

    row: Index
    column: Index
    weight: Single

    @classmethod
    def of(cls, labels: Any, weight: Double) -> Block:
        """From a sparse (N, c) matrix that holds nothing but ones, and c weights."""
        entries = labels.tocoo()
        order = np.argsort(entries.row, kind="stable")
        return cls(
            row=entries.row[order].astype(np.intp),
            column=entries.col[order].astype(np.intp),
            weight=weight.astype(np.float32),
        )

    def only(self, kept: npt.NDArray[np.bool_]) -> Block:
        """The block without the labels that are not ``kept`` (c,)."""
        renumbered = np.cumsum(kept) - 1
        stays = kept[self.column]
        return Block(self.row[stays], renumbered[self.column[stays]], self.weight[kept])

    def within(self, start: int, stop: int) -> tuple[Index, Index]:
        """Positives in rows ``start`` … ``stop`` − 1: rows counted from ``start``, and columns."""
        low, high = np.searchsorted(self.row, (start, stop))
        return self.row[low:high] - start, self.column[low:high]
