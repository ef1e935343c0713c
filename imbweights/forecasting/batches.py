"""What a batch holds: the rarest class, or not; and how much its weights sum to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import UsageError
from imbweights.core.weights import ClassWeights, Role
from imbweights.forecasting.groups import groups

SELDOM = 0.05
_MOST_FACTORS = 1_000_000


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches of ``size`` samples (images, rows), drawn without replacement as an epoch does.

    ``rarest``: the class in the fewest samples; ``none``: the chance that a batch holds none of it;
    ``expected``: the mean number in a batch; ``enough``: the smallest size that makes ``none``
    less than 5 %. ``spread``: standard deviation of the summed weight of a batch over its mean,
    ``None`` where the counts do not tell it (pixels and objects of one image go together).
    ``whole``: the samples there are, ``None`` where only their shares are known.
    """

    size: int
    rarest: str
    none: float
    expected: float
    enough: int
    spread: float | None
    whole: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "batch_size": self.size,
            "rarest": self.rarest,
            "chance_of_none": self.none,
            "expected": self.expected,
            "batch_size_for_5_percent": self.enough,
            "spread_of_summed_weight": self.spread,
        }


def batches(counts: ClassCounts, weights: ClassWeights, size: int) -> Batches:
    """What batches of ``size`` hold. Raises ``UsageError`` for a size below 1."""
    if size < 1 or size % 1:
        raise UsageError(f"--batch-size must be a whole number, at least 1, not {size!r}")
    relative = counts.unit is Unit.PARTS
    whole = _samples(counts)
    held = [(int(n), c) for c, n in zip(counts.classes, counts.present.tolist(), strict=True) if n]
    with_it, rarest = min(held, key=lambda pair: pair[0])
    population = None if relative else whole
    return Batches(
        size=size,
        rarest=rarest,
        none=chance_of_none(with_it, whole, size, population),
        expected=min(size, population or size) * with_it / whole,
        enough=_enough(with_it, whole, population),
        spread=_spread(counts, weights, size, population),
        whole=population,
    )


def _samples(counts: ClassCounts) -> int:
    """The samples that training draws from."""
    return counts.total if counts.task is Task.MULTICLASS else counts.samples


def chance_of_none(with_it: int, whole: int, size: int, population: int | None) -> float:
    """C(N − n, B) / C(N, B): n of N samples have the class, B are drawn without replacement.

    With an unknown population, of which only shares are known, (1 − n/N)^B.

    >>> round(chance_of_none(1, 10, 3, 10), 6), round(chance_of_none(1, 10, 3, None), 6)
    (0.7, 0.729)
    """
    if population is None:
        return (1.0 - with_it / whole) ** size
    if size > whole - with_it:
        return 0.0
    # The product over the smaller of n and B; a quotient of factorials would lose all digits.
    few, many = sorted((with_it, size))
    if few > _MOST_FACTORS:
        return math.exp(size * math.log1p(-with_it / whole))
    left = whole - np.arange(few, dtype=np.float64)
    return float(np.prod((left - many) / left))


def _enough(with_it: int, whole: int, population: int | None) -> int:
    """The smallest batch size with a chance below 5 %, by bisection: the chance falls with it."""
    high = 1
    while chance_of_none(with_it, whole, high, population) >= SELDOM:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if chance_of_none(with_it, whole, middle, population) >= SELDOM:
            low = middle
        else:
            high = middle
    return high


def _spread(
    counts: ClassCounts, weights: ClassWeights, size: int, population: int | None
) -> float | None:
    """√(Var w / B · (N − B)/(N − 1)) / E w: w the summed weight of a sample."""
    moments = _moments(counts, weights)
    if moments is None or moments[0] <= 0:
        return None
    mean, square = moments
    variance = max(0.0, square - mean * mean) / size
    if population is not None:
        if population <= size:
            return 0.0
        variance *= (population - size) / (population - 1)
    return math.sqrt(variance) / mean


def _moments(counts: ClassCounts, weights: ClassWeights) -> tuple[float, float] | None:
    """Mean and mean square of the summed weight of a sample."""
    if counts.task is Task.MULTICLASS:
        [group] = groups(counts, weights)
        return group.mean_weight, float(group.shares @ group.weights**2)
    if counts.label_sets is None or weights.role is not Role.POS_WEIGHT or not counts.samples:
        return None
    extra = weights.values - 1.0
    sums = np.array([len(extra) + extra[list(labels)].sum() for labels in counts.label_sets])
    rows = np.array(list(counts.label_sets.values()), dtype=np.float64) / counts.samples
    return float(rows @ sums), float(rows @ sums**2)
