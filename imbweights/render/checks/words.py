"""How findings are said, alike in every form: where, how many, in which data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from imbweights.checking import CheckedSet, CheckResult
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.render.numbers import count_text


def place(each: CheckedSet, found: Finding) -> str:
    """``labels.csv:17`` (a line), ``labels.csv:row 5``, ``labels.csv``; the name of the data set
    where no file is known.
    """
    where = found.where
    spot = (
        f":{where.line}"
        if where.line is not None
        else f":row {where.row}"
        if where.row is not None
        else ""
    )
    return visible(where.file or each.name) + spot


def shared_files(result: CheckResult) -> frozenset[str]:
    """The files of more than one data set: their name does not tell which one is meant."""
    of_sets = (
        {*each.files, *(found.where.file for found in each.findings if found.where.file)}
        for each in result.sets
    )
    sets = Counter(file for files in of_sets for file in files)
    return frozenset(file for file, n in sets.items() if n > 1)


def summary(result: CheckResult) -> str:
    """How much of what was found, in how many data sets, by how many rules."""
    sets = counted(len(result.sets), "data set")
    ran = {code for each in result.sets for code in each.ran}
    if result.findings:
        return f"{tally(result.findings)} in {sets} ({counted(len(ran), 'rule')})"
    if not ran:
        return f"Nothing checked: no rule says anything about {sets}."
    return f"All fine: {sets}, {counted(len(ran), 'rule')}."


def worst_first(result: CheckResult) -> list[tuple[CheckedSet, Finding]]:
    """All findings with their data sets, errors first, else in their order."""
    pairs = [(each, found) for each in result.sets for found in each.findings]
    return sorted(pairs, key=lambda pair: list(Level).index(pair[1].level))


def tally(findings: Iterable[Finding]) -> str:
    """How many of each level, the worst first: ``2 errors, 1 warning``."""
    levels = Counter(found.level for found in findings)
    return ", ".join(counted(levels[level], level.value) for level in Level if levels[level])


def counted(number: int, word: str) -> str:
    """A number with its word.

    >>> counted(1, "rule"), counted(1200, "rule")
    ('1 rule', '1,200 rules')
    """
    return f"{count_text(number)} {word}{'s' * (number != 1)}"
