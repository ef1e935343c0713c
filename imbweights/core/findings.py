"""``Finding``: something that is wrong, or worth knowing, with its code and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How bad it is: an error must be mended, a warning be looked at, a note be known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def at_least(self, other: Level) -> bool:
        """Whether this is as bad as the other, or worse.

        >>> Level.ERROR.at_least(Level.WARNING), Level.NOTE.at_least(Level.WARNING)
        (True, False)
        """
        order = list(Level)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An entry of the register: what a code stands for, whatever the data.

    ``code``: ``IMB`` and three digits, never used again for something else; ``title``: a few words;
    ``level``: its usual level; ``why``: why it matters, one or two sentences; ``remedy``: what to do.
    """

    code: str
    title: str
    level: Level
    why: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where something was found; ``None`` for what does not apply.

    ``row`` counts the rows of data from 0, as NumPy and pandas do; ``line`` is the physical line
    of a text file and counts from 1, as editors do.
    """

    file: str | None = None
    row: int | None = None
    line: int | None = None
    cls: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {"file": self.file, "row": self.row, "line": self.line, "class": self.cls}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found.

    ``code``, ``level``, ``title`` and ``remedy``: as the register has them, unless this case is
    another; ``message``: a full sentence with this data's numbers and names; ``where``; ``details``:
    what a program may want to know, JSON-ready, under names that the documentation of the code
    gives.
    """

    code: str
    level: Level
    title: str
    message: str
    remedy: str
    where: Where = field(default_factory=Where)
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "code": self.code,
            "level": self.level.value,
            "title": self.title,
            "message": self.message,
            "remedy": self.remedy,
            "where": self.where.to_dict(),
            "details": dict(self.details),
        }


def finding(
    code: Code,
    message: str,
    *,
    level: Level | None = None,
    remedy: str | None = None,
    where: Where | None = None,
    **details: Any,
) -> Finding:
    """A finding of that code; level and remedy are the register's unless given.

    >>> code = Code(code="IMB999", title="example", level=Level.NOTE, why="", remedy="none")
    >>> finding(code, "this is one").to_dict()["remedy"]
    'none'
    """
    return Finding(
        code=code.code,
        level=level or code.level,
        title=code.title,
        message=message,
        remedy=remedy or code.remedy,
        where=where or Where(),
        details=details,
    )


def worst(findings: Iterable[Finding]) -> Level | None:
    """The worst level among them, ``None`` when there are none."""
    levels = {found.level for found in findings}
    return next((level for level in Level if level in levels), None)
