"""What the runner of GitHub Actions makes of a step's output.

As it does: lines end at CR, LF or both; a command begins with ``::`` behind blanks, its name and
properties end at the next ``::``; properties are split at commas, then at the first ``=``, empty
parts dropped; ``%25`` is unescaped last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMES = {"error", "warning", "notice", "debug", "group", "add-mask", "stop-commands", "set-output"}
_OF_DATA = (("%0D", "\r"), ("%0A", "\n"))
_OF_PROPERTIES = (*_OF_DATA, ("%3A", ":"), ("%2C", ","))


@dataclass(frozen=True)
class Command:
    """A command with its properties and its message."""

    name: str
    properties: dict[str, str]
    message: str


def commands(output: str) -> list[Command]:
    """The commands in the output of a step, in its order."""
    parsed = [_parsed(line) for line in re.split(r"\r\n|\r|\n", output)]
    return [command for command in parsed if command is not None]


def old_commands(output: str) -> list[str]:
    """Lines with a command of the older spelling, which may stand anywhere in a line."""
    return [line for line in re.split(r"\r\n|\r|\n", output) if re.search(r"##\[.*\]", line)]


def _parsed(line: str) -> Command | None:
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    if name not in _NAMES:
        return None
    properties = {}
    for part in filter(None, rest.strip().split(",")):
        key, _, value = part.lstrip("=").partition("=")
        if value.lstrip("="):
            properties[key] = _unescaped(value.lstrip("="), _OF_PROPERTIES)
    return Command(name, properties, _unescaped(line[end + 2 :], _OF_DATA))


def _unescaped(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for spelled, char in pairs:
        text = text.replace(spelled, char)
    return text.replace("%25", "%")
