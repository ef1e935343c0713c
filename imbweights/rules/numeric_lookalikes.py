"""IMB014: names that are the same number, written otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, listed
from imbweights.rules.near_duplicates import code_points, skeleton

CODE = Code(
    code="IMB014",
    title="the same number, written otherwise",
    level=Level.ERROR,
    why="1, 1.0 and 01 are one class to whoever labelled and three to whoever counts text. A column "
    "with one empty cell is enough to make pandas write 1 as 1.0.",
    remedy="Write the numbers alike before counting; in pandas read the column as text or as Int64.",
)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)
_PADDED = re.compile(r"0\d{2,}")
_DOTTED = re.compile(r"\d+\.0*[1-9]\d*")
_EXPONENT = re.compile(r"\d+[eE]\d+")
_LETTER_CODE = re.compile(r"[A-Za-z]\d+|\d+[A-Za-z]\d*")
_SEVERAL = 3


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Groups of classes with the same value; a warning where the list looks like codes."""
    groups: dict[Decimal, list[str]] = {}
    found = {name: n for name, n in facts.counts.as_dict().items() if n}
    for name in found:
        plain = _plain(name)
        if _NUMBER.fullmatch(plain):
            groups.setdefault(Decimal(plain.strip()), []).append(name)
    numbers = [name for names in groups.values() for name in names]
    for names in groups.values():
        # What differs by blanks or Unicode form, too, is found by IMB013.
        if len({skeleton(name) for name in names}) > 1:
            rare = min(names, key=lambda name: found[name])
            codes = _are_codes(names, numbers, [name for name in found if name not in numbers])
            yield finding(
                CODE,
                f"classes {listed(names)} are the same number ({_counted(names, found)})"
                f"{', unless they are codes' * codes}{code_points(names)}",
                level=Level.WARNING if codes else None,
                where=facts.where(rare),
                classes=names,
                counts=[found[name] for name in names],
            )


def _plain(name: str) -> str:
    """Every decimal digit as 0 to 9, be it Arabic-Indic, Devanagari or of full width."""
    text = unicodedata.normalize("NFKC", name)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _are_codes(names: Sequence[str], numbers: Sequence[str], others: Sequence[str]) -> bool:
    """Whether names of one value look like codes.

    02134 has a leading zero and three digits or more; 2.1 and 2.10 are in a list of which every
    number has one point (three at least, and no fraction is 0); 1E1 stands beside E10 or B12.
    """
    if all(map(str.isdecimal, names)) and any(_PADDED.fullmatch(name) for name in names):
        return True
    if len(numbers) >= _SEVERAL and all(_DOTTED.fullmatch(name) for name in numbers):
        return True
    exponent = any(_EXPONENT.fullmatch(name) for name in names)
    return exponent and any(_LETTER_CODE.fullmatch(other) for other in others)


def _counted(names: list[str], found: dict[str, int]) -> str:
    return ", ".join(f"{found[name]:,}" for name in names[:5])


RULE = Rule(code=CODE, family="labels", check=check)
