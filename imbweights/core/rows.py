"""The label of each row, where counts are not enough: what a sampler needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# The key of the rows of all splits together, in the order of the data.
TOGETHER = "*"


@dataclass(frozen=True, eq=False)
class Rows:
    """The label of every row, in the order of the data: ``labels[codes[i]]`` is that of row i.

    ``codes`` (N,) whole numbers; ``labels``: the distinct ones, ``None`` for a missing label.

    >>> rows = Rows.of(["b", None, "b"])
    >>> rows.codes.tolist(), rows.labels
    ([0, 1, 0], ('b', None))
    """

    codes: npt.NDArray[np.int32]
    labels: tuple[str | None, ...]

    @classmethod
    def of(cls, labels: Iterable[str | None]) -> Rows:
        """Rows from their labels, one by one."""
        known: dict[str | None, int] = {}
        codes = np.fromiter((known.setdefault(x, len(known)) for x in labels), dtype=np.int32)
        return cls(codes, tuple(known))

    def __add__(self, other: Rows) -> Rows:
        """These rows, then the others."""
        known = {label: i for i, label in enumerate(self.labels)}
        place = np.array([known.setdefault(x, len(known)) for x in other.labels], dtype=np.int32)
        later = place[other.codes] if len(place) else other.codes
        return Rows(np.concatenate([self.codes, later]), tuple(known))

    def renamed(self, names: Mapping[str, str]) -> Rows:
        """The same rows with some labels called otherwise."""
        return Rows(self.codes, tuple(x if x is None else names.get(x, x) for x in self.labels))

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.codes)
