"""Numbers as they were written: what a weight may have been before somebody rounded it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np

from imbweights.core.weights import FloatArray

# Weights are often computed in single precision, which is good for six to seven digits.
SINGLE = 2e-6
MOST_DIGITS = 6.0
# Beyond these a number is infinite, or 0, in single precision.
LARGEST, SMALLEST = 3.4e38, 1.2e-38
# A number typed with fewer digits than its neighbours is believed within this share of it.
_CARELESS = 0.05
_LONGEST = 12
_TYPED = 8


@dataclass(frozen=True, slots=True)
class Written:
    """A number, and the text that somebody wrote for it.

    >>> Written.of("1e-3").value, Written.of("x") is None
    (0.001, True)
    """

    value: float
    text: str

    @property
    def shown(self) -> str:
        """As it was written, unless that has more digits than anyone reads."""
        return self.text if len(self.text) <= _LONGEST else f"{self.value:.6g}"

    @classmethod
    def of(cls, text: str) -> Written | None:
        """The number that a text spells, ``None`` for other text."""
        clean = text.strip()
        if "_" in clean:
            return None
        try:
            return cls(float(clean), clean)
        except ValueError:
            return None

    @classmethod
    def computed(cls, value: float) -> Written:
        """A number that nobody has rounded, or that has lost its text."""
        return cls(float(value), repr(float(value)))


def decimals(text: str) -> int:
    """Digits behind the decimal point.

    >>> decimals("0.120"), decimals("15"), decimals("1.5e-3")
    (3, 0, 4)
    """
    exponent = _exact(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def significant(text: str) -> int:
    """Digits that say something; the last zeros of a whole number do not, nor does the ``.0`` that
    Python prints behind it.

    >>> significant("0.0120"), significant("1200"), significant("1200.0")
    (3, 2, 2)
    """
    number = _exact(text.removesuffix(".0"))
    found = "".join(map(str, number.as_tuple().digits)).lstrip("0")
    if number.as_tuple().exponent == 0:
        found = found.rstrip("0")
    return max(1, len(found))


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


def half_widths(numbers: Sequence[Written]) -> FloatArray:
    """(K,) by how much rounding may have moved each number.

    People round all to as many decimals, or all to as many significant digits. So half a unit of
    the last place that any of them shows, by whichever of the two is coarser, and never less than
    what single precision loses. NaN and infinity have none.

    >>> half_widths([Written.of("12.9"), Written.of("2.65")]).tolist()
    [0.05, 0.005]
    """
    finite = [n for n in numbers if math.isfinite(n.value)]
    places = max((decimals(n.text) for n in finite), default=0)
    digits = max((significant(n.text) for n in finite), default=1)
    return np.array([_half(n.value, places, digits) for n in numbers], dtype=np.float64)


def careless_half_widths(numbers: Sequence[Written]) -> FloatArray:
    """(K,) the same, where a number with few digits among longer ones is taken by its own.

    Not among numbers with more digits than anybody types: there a program wrote them all.
    """
    strict = half_widths(numbers)
    if max((significant(n.text) for n in numbers if math.isfinite(n.value)), default=1) > _TYPED:
        return strict
    own = [min(0.5 * 10.0 ** -decimals(n.text), _CARELESS * abs(n.value)) for n in numbers]
    return np.fmax(strict, np.array(own, dtype=np.float64))


def _half(value: float, places: int, digits: int) -> float:
    if not math.isfinite(value):
        return math.nan
    by_places = 0.5 * 10.0 ** -min(places, 300)
    if value == 0:
        return by_places
    size = math.floor(math.log10(abs(value)))
    by_digits = 0.5 * 10.0 ** max(size - digits + 1, -300)
    return max(by_places, by_digits, SINGLE * abs(value))


def digits_of(values: FloatArray, halves: FloatArray) -> float:
    """To how many digits the numbers are known, on average; at most six."""
    known = np.isfinite(values) & (values != 0)
    if not known.any():
        return 0.0
    found = -np.log10(2.0 * halves[known] / np.abs(values[known]))
    return float(np.clip(found, 0.0, MOST_DIGITS).mean())
