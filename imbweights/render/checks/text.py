"""Findings as text: one line each, then a summary."""

from __future__ import annotations

from imbweights.checking import CheckResult
from imbweights.core.escaping import visible
from imbweights.core.findings import Level
from imbweights.render.checks.words import place, shared_files, summary

_STYLES = {Level.ERROR: "\x1b[1;31m", Level.WARNING: "\x1b[1;33m", Level.NOTE: "\x1b[1m"}
_PLAIN = "\x1b[0m"


def check_text(result: CheckResult, *, color: bool = False) -> str:
    """``labels.csv: IMB003 error: …``, one line a finding however long, so that ``grep`` finds them.

    A data set is named behind the message where its file belongs to others, too.
    """
    shared = shared_files(result)
    lines = []
    for each in result.sets:
        for found in each.findings:
            level = f"{_STYLES[found.level]}{found.level}{_PLAIN}" if color else found.level.value
            behind = f" [{visible(each.name)}]" if found.where.file in shared else ""
            line = f"{found.code} {level}: {visible(found.message)}{behind}"
            lines.append(_no_command(f"{place(each, found)}: ") + _no_command(line))
    lines.append(summary(result))
    error = next((found for found in result.findings if found.level is Level.ERROR), None)
    if error is not None:
        lines.append(f"imbweights rule {error.code} says more")
    return "\n".join(lines) + "\n"


def _no_command(text: str) -> str:
    """The runner of GitHub Actions obeys ``##[command]`` wherever in a line it stands."""
    return text.replace("##[", "#\\x23[")
