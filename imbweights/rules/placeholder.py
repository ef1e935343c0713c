"""IMB015: a class whose name is a placeholder for an unknown label."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, counted, no_counts, percent, quoted

CODE = Code(
    code="IMB015",
    title="placeholder as a class",
    level=Level.WARNING,
    why="? or nan is most often a label that is not known. Counted as a class it gets a weight, often "
    "a large one because it is rare, and the network learns to predict it.",
    remedy='Say that it is missing (--missing-value "?"), or leave it out (--ignore-label); if it is a '
    "class, rename it or ignore this rule.",
)
PLACEHOLDERS = frozenset(
    [
        "?",
        "??",
        "-",
        "--",
        "---",
        ".",
        "..",
        "…",
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "#na",
        "nan",
        "<na>",
        "none",
        "null",
        "nil",
        "nat",
        "missing",
        "unknown",
        "unk",
        "<unk>",
        "undefined",
        "undef",
        "tbd",
        "todo",
        "empty",
        "void?",
        "unlabeled",
        "unlabelled",
        "not_labeled",
        "unannotated",
        "#value!",
        "#ref!",
        "#null!",
        "1.#qnan",
        "-1.#ind",
    ]
)

# What makes a class of a name that else is a placeholder: the other names of the list.
_DEGREES = frozenset(
    [
        "some",
        "few",
        "many",
        "all",
        "half",
        "partial",
        "full",
        "low",
        "medium",
        "moderate",
        "high",
        "mild",
        "severe",
        "slight",
        "minor",
        "major",
        "normal",
        "abnormal",
        "weak",
        "strong",
        "trace",
        "present",
        "positive",
        "negative",
    ]
)
_LONGEST_CODE = 2


def _means_something(name: str, others: frozenset[str]) -> bool:
    """Whether the other names make this one a class: ``-`` beside ``+``, ``none`` beside a degree
    (mild, normal, some, …), ``na`` or ``no`` among codes of at most two letters.
    """
    if name == "-":
        return "+" in others
    if name in {"none", "nil", "empty"}:
        return not _DEGREES.isdisjoint(others)
    codes = [other for other in others if other.isalpha() and len(other) <= _LONGEST_CODE]
    return name == "na" and len(codes) == len(others) > 1


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that have samples under a name that stands for none, unless the others tell that it
    is meant.
    """
    total = facts.counts.total
    names = {name: name.strip().casefold() for name in facts.counts.classes}
    for name, n in facts.counts.as_dict().items():
        if not n or names[name] not in PLACEHOLDERS or name in (facts.declared or ()):
            continue
        others = frozenset(plain for other, plain in names.items() if other != name)
        if not _means_something(names[name], others):
            yield finding(
                CODE,
                f"class {quoted(name)} looks like a placeholder for a missing label ("
                f"{counted(facts.counts, n)}, {percent(n / total)})",
                where=facts.where(name),
                count=n,
            )


RULE = Rule(code=CODE, family="labels", check=check, lacks=(no_counts,))
