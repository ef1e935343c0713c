"""Findings as text: one line each, then a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from imbweights.checking import CheckedSet, CheckResult
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.render.checks.words import place, shared_files, summary

_STYLES = {Level.ERROR: "\x1b[1;31m", Level.WARNING: "\x1b[1;33m", Level.NOTE: "\x1b[1m"}
_PLAIN = "\x1b[0m"


def check_text(result: CheckResult, *, color: bool = False, most: int | None = None) -> str:
    """``labels.csv: IMB003 error: …``, one line a finding however long, so that ``grep`` finds them.

    A data set is named behind the message where its file belongs to others, too. ``most``: how many
    findings of one code of one data set are shown before the rest are only counted.
    """
    shared = shared_files(result)
    lines: list[str] = []
    for each in result.sets:
        met = Counter(found.code for found in each.findings)
        seen: Counter[str] = Counter()
        for found in each.findings:
            seen[found.code] += 1
            left = 0 if most is None else met[found.code] - most
            # A line that says “1 more” is no shorter than the finding.
            if left <= 1 or seen[found.code] <= (most or 0):
                lines.append(_line(each, found, shared, color=color))
            elif seen[found.code] == met[found.code]:
                more = f"{found.code} {left:,} more of “{found.title}” (--all shows them)"
                lines.append(_no_command(f"{visible(each.name)}: {more}"))
    lines.append(summary(result))
    error = next((found for found in result.findings if found.level is Level.ERROR), None)
    if error is not None:
        lines.append(f"imbweights rule {error.code} says more")
    return "\n".join(lines) + "\n"


def _line(each: CheckedSet, found: Finding, shared: Collection[str], *, color: bool) -> str:
    level = f"{_STYLES[found.level]}{found.level}{_PLAIN}" if color else found.level.value
    behind = f" [{visible(each.name)}]" if found.where.file in shared else ""
    line = f"{found.code} {level}: {visible(found.message)}{behind}"
    return _no_command(f"{place(each, found)}: ") + _no_command(line)


def _no_command(text: str) -> str:
    """The runner of GitHub Actions obeys ``##[command]`` wherever in a line it stands."""
    return text.replace("##[", "#\\x23[")
