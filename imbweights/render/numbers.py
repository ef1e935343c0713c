"""Numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

_MOST_DECIMALS = 10
UNDEFINED = "–"


def count_text(count: int) -> str:
    """A whole number with thousands separated.

    >>> count_text(1616)
    '1,616'
    """
    return f"{count:,}"


def share_text(share: float) -> str:
    """A share in per cent; small ones keep two digits, undefined ones are a dash.

    >>> share_text(0.12252), share_text(0.00042), share_text(float("nan"))
    ('12.3 %', '0.042 %', '–')
    """
    if math.isnan(share):
        return UNDEFINED
    percent = 100 * share
    return f"{percent:.1f} %" if percent >= 1 or percent == 0 else f"{percent:.2g} %"


def ratio_text(ratio: float) -> str:
    """How many times: one decimal below 10, then whole.

    >>> ratio_text(3.5858), ratio_text(42.01), ratio_text(12345.6)
    ('3.6', '42', '12,346')
    """
    return f"{ratio:.1f}".removesuffix(".0") if ratio < 10 else f"{ratio:,.0f}"


def score_text(score: float) -> str:
    """A score between 0 and 1; small ones keep a digit.

    >>> score_text(0.1526), score_text(0.0000194)
    ('0.15', '0.00002')
    """
    return f"{score:.2f}" if score >= 0.005 or score == 0 else f"{score:.{_decimals(score, 1)}f}"


def _decimals(value: float, digits: int) -> int:
    return digits - 1 - math.floor(math.log10(value))


def weight_texts(values: Iterable[float], digits: int = 6) -> list[str]:
    """Weights with equal decimals, the smallest (not zero) with ``digits`` significant ones.

    >>> weight_texts([8.161616, 2.276056]), weight_texts([0.406348, 0.11332])
    (['8.16162', '2.27606'], ['0.406348', '0.113320'])
    >>> weight_texts([1e-9, 3.0])
    ['1e-09', '3']
    """
    numbers: Sequence[float] = list(values)
    smallest = min((abs(v) for v in numbers if v), default=1.0)
    decimals = max(0, _decimals(smallest, digits))
    if decimals > _MOST_DECIMALS:
        return [f"{v:.{digits}g}" for v in numbers]
    return [f"{v:.{decimals}f}" for v in numbers]
