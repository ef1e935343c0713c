"""Counts that the user already has: ``A=198,B=436`` or a ratio ``60:1``."""

from __future__ import annotations

import re
from fractions import Fraction
from math import lcm

from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import Tally

_COUNT = re.compile(r"[0-9]+(?:_[0-9]+)*")
# A term of a ratio, short enough that working it out takes no time: 1e999999999 would be a number.
_TERM = re.compile(
    r"\+?(?=[.0-9])[0-9_]{0,40}(?:\.[0-9]{0,40})?(?:e[+-]?[0-9]{1,2}|/[0-9]{1,40})?", re.IGNORECASE
)
_MOST_DIGITS = 30
_TWO_IN_ONE = re.compile(r"=\s*\d+\W")


def counts_from_text(text: str, options: LabelOptions) -> ClassCounts:
    """Counts written as ``name=count`` pairs, or as bare counts of classes 0, 1, 2 and so on.

    >>> counts_from_text("A=198,B=436", LabelOptions()).as_dict()
    {'A': 198, 'B': 436}
    >>> counts_from_text("90, 10", LabelOptions()).as_dict()
    {'0': 90, '1': 10}
    """
    tally = Tally(options)
    seen: set[str] = set()
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise UsageError("--counts is empty", hint="write it as --counts A=198,B=436")
    named = ["=" in part for part in parts]
    if any(named) and not all(named):
        raise UsageError(
            f"--counts {text}: some counts have a name and some do not",
            hint="write A=198,B=436 (a name must not hold a comma), or only the counts",
        )
    for index, part in enumerate(parts):
        name, _, number = part.rpartition("=") if all(named) else (str(index), "", part)
        name, number = name.strip(), number.strip()
        if name in seen:
            raise UsageError(f"--counts names class {name!r} twice")
        if not name or _TWO_IN_ONE.search(name) or not _is_count(number):
            raise UsageError(
                f"--counts: {part!r} is not a name and a whole number",
                hint="write it as A=198,B=436",
            )
        seen.add(name)
        tally.add(name, int(number))
    return tally.to_counts()


def _is_count(number: str) -> bool:
    """Whole and of a size that may be one; what exceeds 64 bits is refused as such later."""
    return len(number) <= _MOST_DIGITS and _COUNT.fullmatch(number) is not None


def counts_from_ratio(text: str) -> ClassCounts:
    """The classes of a ratio: negative and positive (the rarer side), or 0, 1, 2 … for more.

    The terms are relative, so schemes that need real counts refuse them.

    >>> counts_from_ratio("60:1").as_dict()
    {'negative': 60, 'positive': 1}
    >>> counts_from_ratio("59.8:1").as_dict()
    {'negative': 299, 'positive': 5}
    """
    written = [part.strip() for part in text.split(":")]
    if not all(map(_TERM.fullmatch, written)):
        raise _bad_ratio(text)
    try:
        terms = [Fraction(term) for term in written]
    except (ValueError, ZeroDivisionError):
        raise _bad_ratio(text) from None
    if len(terms) < 2 or min(terms) <= 0:
        raise _bad_ratio(text)
    whole = lcm(*(t.denominator for t in terms))
    parts = [int(t * whole) for t in terms]
    if len(parts) == 2:
        counts = {"negative": max(parts), "positive": min(parts)}
    else:
        counts = {str(i): n for i, n in enumerate(parts)}
    return ClassCounts.multiclass(counts, unit=Unit.PARTS, order=tuple(counts))


def _bad_ratio(text: str) -> UsageError:
    return UsageError(
        f"--ratio {text}: expected positive numbers with colons between",
        hint="for example --ratio 60:1",
    )
