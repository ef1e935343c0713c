"""IMB013: names that differ only by case, blanks, Unicode form or look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, listed

CODE = Code(
    code="IMB013",
    title="near-duplicate names",
    level=Level.ERROR,
    why="Dog, dog and “dog ” are one class to whoever labelled and three to whoever counts: each gets "
    "an index and a weight of its own, and none gets all of its samples.",
    remedy="Write the names alike before counting. If they are different classes, rename one so that "
    "people can tell them apart, too.",
)
# Letters of other scripts that look like a Latin one after case folding; from confusables.txt of
# Unicode Technical Standard 39, the ones that keyboards produce.
_LOOKS = (
    "авеіїјкмнорстухѕԁԛԝһүӏαβεικνορτυχıɑɡℓ‐‑‒–—―−’‘ʼ´`_",
    "abeiijkmhopctyxsdqwhylabeikvoptuxiagl-------''''' ",
)
_ALIKE = str.maketrans(*_LOOKS)
_BLANKS = re.compile(r"\s+")


def skeleton(name: str) -> str:
    """What is left of a name when case, blanks, Unicode form and look-alike letters are set aside.

    Unicode form NFKC, case folded, invisible signs removed, runs of blanks made one and outer ones
    dropped, look-alike letters and dashes replaced by one of them, underscores by blanks.

    >>> skeleton(" Dog") == skeleton("dog"), skeleton("сat") == skeleton("Cat")
    (True, True)
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return _BLANKS.sub(" ", seen.translate(_ALIKE)).strip()


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Groups of classes that read the same; declared classes without samples count, too."""
    found = facts.counts.as_dict()
    groups: dict[str, list[str]] = {}
    for name in found:
        groups.setdefault(skeleton(name), []).append(name)
    for names in groups.values():
        if len(names) < 2 or not any(found[name] for name in names):
            continue
        rare = min(names, key=lambda name: found[name])
        yield finding(
            CODE,
            f"classes {listed(names)} differ only by {_difference(names)} ("
            f"{', '.join(f'{found[name]:,}' for name in names[:5])})",
            where=facts.where(rare),
            classes=names,
            counts=[found[name] for name in names],
        )


def _difference(names: list[str]) -> str:
    """What sets them apart: the first of these that makes them equal when it is taken away."""
    for words, simpler in (
        ("case", str.casefold),
        ("blanks", lambda name: _BLANKS.sub(" ", name).strip()),
        ("Unicode form", lambda name: unicodedata.normalize("NFKC", name)),
        ("case and blanks", lambda name: _BLANKS.sub(" ", name.casefold()).strip()),
        ("invisible signs", _without_invisible),
        ("dashes, underscores or blanks", _without_dashes),
    ):
        if len({simpler(name) for name in names}) == 1:
            return words
    return "look-alike letters, case, blanks or Unicode form"


def _without_invisible(name: str) -> str:
    return "".join(c for c in name if unicodedata.category(c) != "Cf")


def _without_dashes(name: str) -> str:
    return _BLANKS.sub(" ", re.sub(r"[‐‑‒–—―−]", "-", name).replace("_", " ")).strip()


RULE = Rule(code=CODE, family="labels", check=check)
