"""IMB013: names that differ only by case, blanks, Unicode form or look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

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
_CASE = "case"
_SHORT, _ALPHABET = 2, 5
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_SHOWN = 3
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
    alike = [names for names in groups.values() if _is_found(names, found)]
    short, letters = _deliberate(alike)
    for names in alike:
        if names in letters and len(letters) >= _ALPHABET:
            continue
        difference = _difference(names)
        meant = names in short or names in letters
        rare = min(names, key=lambda name: found[name])
        yield finding(
            CODE,
            f"classes {listed(names)} differ only by {difference} ("
            f"{', '.join(f'{found[name]:,}' for name in names[:5])})"
            f"{'' if difference == _CASE else code_points(names)}"
            f"{'; that may be meant' * meant}",
            level=Level.NOTE if meant else None,
            where=facts.where(rare),
            classes=names,
            counts=[found[name] for name in names],
        )


def _is_found(names: list[str], found: Mapping[str, int]) -> bool:
    return len(names) > 1 and any(found[name] for name in names)


def _deliberate(alike: list[list[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """Groups in which case means something: of short names, where there are several, and of letters.

    Units, chemical signs and handwritten letters are told apart by case: CO, Co, co. So single
    letters are found as notes, and not at all where there are five pairs; names of two letters are
    notes where at least two of them have a near-duplicate. Longer ones are slips: Cat, cat.
    """
    case = [names for names in alike if len({name.lower() for name in names}) == 1]
    letters = [names for names in case if all(len(name) == 1 for name in names)]
    short = [names for names in case if all(len(name) <= _SHORT for name in names)]
    doubles = sum(len(names) - 1 for names in short)
    return (short if doubles > 1 else []), letters


def code_points(names: Sequence[str]) -> str:
    """What sets names apart that look alike: the signs outside ASCII that not all of them hold.

    >>> code_points(["cat", "\u0441at"])
    '; the second holds U+0441'
    """
    common = set.intersection(*map(set, names))
    parts = []
    for which, name in zip(_ORDINALS, names, strict=False):
        signs = dict.fromkeys(c for c in name if c not in common and not " " <= c <= "~")
        if signs:
            shown = " ".join(f"U+{ord(c):04X}" for c in list(signs)[:_SHOWN])
            parts.append(f"the {which} holds {shown}{' …' * (len(signs) > _SHOWN)}")
    return f"; {', '.join(parts)}" if parts else ""


def _difference(names: list[str]) -> str:
    """What sets them apart: the first of these that makes them equal when it is taken away."""
    for words, simpler in (
        (_CASE, str.lower),
        ("blanks", lambda name: _BLANKS.sub(" ", name).strip()),
        ("Unicode form", lambda name: unicodedata.normalize("NFKC", name)),
        ("case and blanks", lambda name: _BLANKS.sub(" ", name.lower()).strip()),
        ("invisible signs", _without_invisible),
        ("dashes, underscores or blanks", _without_dashes),
        ("look-alike letters", lambda name: name.translate(_ALIKE)),
        ("case and the spelling of a letter, as in ß and ss", str.casefold),
    ):
        if len({simpler(name) for name in names}) == 1:
            return words
    return "look-alike letters, case, blanks or Unicode form"


def _without_invisible(name: str) -> str:
    return "".join(c for c in name if unicodedata.category(c) != "Cf")


def _without_dashes(name: str) -> str:
    return _BLANKS.sub(" ", re.sub(r"[‐‑‒–—―−]", "-", name).replace("_", " ")).strip()


RULE = Rule(code=CODE, family="labels", check=check)
