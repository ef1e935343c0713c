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


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that have samples under a name that stands for none."""
    total = facts.counts.total
    for name, n in facts.counts.as_dict().items():
        if n and name.strip().casefold() in PLACEHOLDERS and name not in (facts.declared or ()):
            yield finding(
                CODE,
                f"class {quoted(name)} looks like a placeholder for a missing label ("
                f"{counted(facts.counts, n)}, {percent(n / total)})",
                where=facts.where(name),
                count=n,
            )


RULE = Rule(code=CODE, family="labels", check=check, lacks=(no_counts,))
