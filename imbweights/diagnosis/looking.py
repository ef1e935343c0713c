"""A look at some of the predictions: between which numbers they lie, what their rows sum to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from imbweights.diagnosis.blocks import BLOCK, some_blocks
from imbweights.diagnosis.pairing import Pair

FloatArray = npt.NDArray[np.float64]

ROUNDING = 1e-6
_LOOKS = 64
_SUM = 0.02
# What probabilities are multiplied by: to percent, to bytes, to permille.
_WHOLES = (100.0, 255.0, 1000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What some rows are like.

    ``numbers``: how many there are in rows that are finite; ``low``, ``high``: of all but NaN;
    ``inside``: the share of numbers in 0 … 1; ``sums_to_one``: the share of rows that do, between
    ``sum_low`` and ``sum_high``; ``probable``: that also lie in 0 … 1; ``scaled``: that are not
    negative and sum to ``scale``, which is 100, 255 or 1000; ``whole``: there are only whole numbers.
    """

    numbers: int
    low: float
    high: float
    inside: float
    sums_to_one: float
    sum_low: float
    sum_high: float
    probable: float
    scaled: float
    scale: float
    whole: bool


@dataclass
class _Sums:
    """What the rows of the blocks add up to; no row is kept."""

    rows: int = 0
    one: int = 0
    probable: int = 0
    scaled: dict[float, int] = field(default_factory=lambda: dict.fromkeys(_WHOLES, 0))
    low: float = np.inf
    high: float = -np.inf

    def add(self, x: FloatArray) -> None:
        """(M, K) rows that are finite."""
        if not x.size:
            return
        with np.errstate(over="ignore"):
            sums = x.sum(axis=1)
        least, most = x.min(axis=1), x.max(axis=1)
        one = np.abs(sums - 1) <= _SUM
        self.rows += len(x)
        self.one += int(one.sum())
        self.probable += int((one & (least >= -ROUNDING) & (most <= 1 + ROUNDING)).sum())
        for whole in _WHOLES:
            near = np.abs(sums / whole - 1) <= _SUM
            self.scaled[whole] += int((near & (least >= 0)).sum())
        self.low, self.high = min(self.low, float(sums.min())), max(self.high, float(sums.max()))


def look_at(pair: Pair) -> Look | None:
    """The look; ``None`` where every number is NaN."""
    low, high, whole, inside, known = np.inf, -np.inf, True, 0, 0
    sums = _Sums()
    for x in _blocks(pair):
        seen = x[~np.isnan(x)]  # an infinite number is no probability either
        if seen.size:
            low, high = min(low, float(seen.min())), max(high, float(seen.max()))
            whole = whole and bool((seen == np.round(seen)).all())
            inside += int(((seen >= -ROUNDING) & (seen <= 1 + ROUNDING)).sum())
            known += seen.size
        sums.add(x[np.isfinite(x).all(axis=1)])
    if not known:
        return None
    scale = max(_WHOLES, key=lambda s: sums.scaled[s])
    rows = max(1, sums.rows)
    return Look(
        numbers=sums.rows * pair.width,
        low=low,
        high=high,
        inside=inside / known,
        sums_to_one=sums.one / rows,
        sum_low=sums.low,
        sum_high=sums.high,
        probable=sums.probable / rows,
        scaled=sums.scaled[scale] / rows,
        scale=scale,
        whole=whole,
    )


def _blocks(pair: Pair) -> Iterator[FloatArray]:
    for key in some_blocks(pair.dims, max(1, BLOCK // pair.width), _LOOKS):
        yield pair.scores(key).astype(np.float64)
