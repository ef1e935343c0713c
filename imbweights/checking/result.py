"""``CheckResult``: what was found in each data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imbweights.core.findings import Finding, Level, worst
from imbweights.core.json_values import finite

SCHEMA = "imbweights.check/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a rule (``code``) could not look at, as ``text``; ``number`` of the ``of`` that there are,
    where it can be counted.
    """

    code: str
    text: str
    number: int | None = None
    of: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {"code": self.code, "text": self.text, "number": self.number, "of": self.of}


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckedSet:
    """One data set: its ``name`` and where it is (``source``), how many ``samples`` and
    ``classes``, the ``findings`` in order of their codes, the codes of the rules that ``ran``, and
    those that could not, with the reason (``skipped``). ``files``: the files and folders that were
    named, as they were named; none for given counts. ``compared``: every comparison of class shares,
    with the baseline and with training, whatever came of it.
    ``remarks``: what rules that ran could not look at.
    """

    name: str
    source: str
    samples: int
    classes: int
    findings: tuple[Finding, ...]
    ran: tuple[str, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    compared: tuple[Mapping[str, Any], ...] = ()
    remarks: tuple[Remark, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "name": self.name,
            "source": self.source,
            "files": list(self.files),
            "samples": self.samples,
            "classes": self.classes,
            "rules": list(self.ran),
            "skipped": [{"code": code, "why": why} for code, why in self.skipped.items()],
            "compared": [finite(dict(each)) for each in self.compared],
            "remarks": [remark.to_dict() for remark in self.remarks],
            "findings": [finite(found.to_dict()) for found in self.findings],
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckResult:
    """The findings of one or several data sets; ``fail_on``: the level that makes them fail."""

    sets: tuple[CheckedSet, ...]
    fail_on: Level = Level.ERROR

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, data set by data set."""
        return tuple(found for each in self.sets for found in each.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that were found, each once."""
        return tuple(dict.fromkeys(found.code for found in self.findings))

    @property
    def failed(self) -> bool:
        """Whether something was found at the level that fails, or worse."""
        return any(found.level.at_least(self.fail_on) for found in self.findings)

    def number(self, level: Level) -> int:
        """How many findings of a level there are."""
        return sum(found.level is level for found in self.findings)

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import check_html

        return check_html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.check/1``."""
        bad = worst(self.findings)
        return {
            "schema": SCHEMA,
            "failed": self.failed,
            "fail_on": self.fail_on.value,
            "worst": None if bad is None else bad.value,
            "errors": self.number(Level.ERROR),
            "warnings": self.number(Level.WARNING),
            "notes": self.number(Level.NOTE),
            "datasets": [each.to_dict() for each in self.sets],
        }
