"""Numbers as people write them: decimal comma, thousands, %, currency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_CURRENCY = r"[$€£¥₹₽₩₺]|USD|EUR|GBP|CHF|JPY|Rs\.?|kr\.?|zł"
_GROUPING = (
    "' \N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
)
_MINUS = "-\N{MINUS SIGN}"
_AFFIXED = re.compile(
    rf"(?P<sign>[+{_MINUS[1]}-]?)\s*(?P<before>{_CURRENCY})?\s*(?P<inner>[+{_MINUS[1]}-]?)"
    rf"(?P<number>\d[\d.,{_GROUPING}]*(?:[eE][+-]?\d+)?|[.,]\d+)\s*(?P<after>{_CURRENCY}|%|‰)?"
)
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_CONSISTENT = 0.95


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write numbers. ``thousands``: signs between groups of three digits."""

    decimal: str
    thousands: str

    @property
    def pattern(self) -> re.Pattern[str]:
        point = re.escape(self.decimal)
        groups = rf"[1-9]\d{{0,2}}(?P<t>[{re.escape(self.thousands)}])\d{{3}}(?:(?P=t)\d{{3}})*"
        return re.compile(rf"(?:{groups}|\d*)(?:{point}\d+)?{_EXPONENT}")

    def value(self, text: str) -> float:
        kept = "".join(sign for sign in text if sign not in self.thousands)
        return float(kept.replace(self.decimal, "."))


_POINT = _Way(".", f",{_GROUPING}")
_COMMA = _Way(",", f".{_GROUPING}")


@dataclass(frozen=True, slots=True)
class Written:
    """``values``: NaN where a cell is no number; ``how``: in a few words, how they are written."""

    values: FloatArray
    how: str


def written(cells: Sequence[str]) -> Written | None:
    """Numbers from text, if nearly all cells are written in the same way; else ``None``.

    A comma that could part thousands does so.

    >>> found = written(["1.234,50 €", "-0,5 €"])
    >>> found.values.tolist(), found.how
    ([1234.5, -0.5], 'decimal comma, €')
    >>> written(["1,234.5", "999"]).values.tolist()
    [1234.5, 999.0]
    """
    parts = [_AFFIXED.fullmatch(cell.strip()) for cell in cells]
    affixes = Counter((m["before"] or "", m["after"] or "") for m in parts if m is not None)
    if not affixes:
        return None
    affix, _ = affixes.most_common(1)[0]
    alike = [
        m if m is not None and ((m["before"] or ""), (m["after"] or "")) == affix else None
        for m in parts
    ]
    ways = [(_numbers(alike, way), way) for way in (_POINT, _COMMA)]
    values, way = max(ways, key=lambda pair: int(np.isfinite(pair[0]).sum()))
    if np.isfinite(values).mean() < _CONSISTENT:
        return None
    how = ["decimal comma"] if way is _COMMA else []
    texts = "".join(m["number"].strip() for m in alike if m is not None)
    if way is _POINT and any(sign in texts for sign in way.thousands):
        how.append("thousands separators")
    how += [sign for sign in affix if sign]
    return Written(values, ", ".join(how)) if how else None


def _numbers(parts: Sequence[re.Match[str] | None], way: _Way) -> FloatArray:
    pattern = way.pattern
    values = np.full(len(parts), np.nan)
    for place, match in enumerate(parts):
        if match is None or (match["sign"] and match["inner"]):
            continue
        number = match["number"].strip()
        if pattern.fullmatch(number) and any(sign.isdigit() for sign in number):
            minus = bool(sign := match["sign"] or match["inner"]) and sign in _MINUS
            values[place] = way.value(number) * (-1 if minus else 1)
    return values
