"""Findings as annotations on GitHub: commands to the runner of GitHub Actions."""

from __future__ import annotations

from itertools import groupby

from imbweights.checking import CheckedSet, CheckResult
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.render.checks.surroundings import Surroundings
from imbweights.render.checks.words import summary, tally, worst_first

# GitHub shows ten of each level and drops the rest without a word; ten in all leave room for others.
MOST_ANNOTATIONS = 10
_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def check_github(result: CheckResult, around: Surroundings) -> str:
    """``::error file=labels.csv,title=IMB003 few samples::…``, then the summary as a plain line.

    Errors come first; of more than ten findings the last annotation tells how many are left.
    """
    pairs = worst_first(result)
    shown = pairs if len(pairs) <= MOST_ANNOTATIONS else pairs[: MOST_ANNOTATIONS - 1]
    lines = [_annotation(each, found, around) for each, found in shown]
    left = [found for _, found in pairs[len(shown) :]]
    if left:
        where = (
            "the summary of this step lists all" if around.has_summary else "-o FILE.md lists all"
        )
        words = f"{tally(left)} more; {where}"
        lines.append(_command(left[0].level, words, {"title": "imbweights check"}))
    return "\n".join([*lines, summary(result)]) + "\n"


def _annotation(each: CheckedSet, found: Finding, around: Surroundings) -> str:
    where, properties = found.where, {}
    lead = ""
    if where.file:
        properties["file"] = _path(around.path(where.file))
        if where.line is not None:
            properties["line"] = str(where.line)
        elif where.row is not None:
            lead = f"row {where.row}: "
    else:
        lead = f"{each.name}: "
    properties["title"] = f"{found.code} {found.title}"
    return _command(found.level, f"{lead}{found.message}", properties)


def _command(level: Level, message: str, properties: dict[str, str]) -> str:
    """The runner reads lines: in names what would end one is spelled out, as in every form."""
    shown = ",".join(
        f"{k}={(_spelled(v) if k == 'file' else visible(v)).translate(_PROPERTY)}"
        for k, v in properties.items()
    )
    return f"::{_COMMANDS[level]} {shown}::{visible(message).translate(_DATA)}"


def _path(path: str) -> str:
    """The runner drops ``=`` at the start of a value, and blanks around it."""
    return f"./{path}" if path.startswith(("=", " ")) else path


def _spelled(text: str) -> str:
    """A path, visible but for line ends: the runner unescapes them, so that it finds the file."""
    parts = groupby(text, key=lambda c: c in "\r\n")
    return "".join("".join(chars) if ends else visible("".join(chars)) for ends, chars in parts)
