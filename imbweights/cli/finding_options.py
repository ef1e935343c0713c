"""The options of commands that report findings, and what they mean for the exit status."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from imbweights.core.findings import Finding, Level

FOUND = 1
_FINDINGS = "Findings"


class FailOn(StrEnum):
    """From which level on the exit status is 1."""

    ERROR = "error"
    WARNING = "warning"


FailOnOption = Annotated[
    FailOn,
    typer.Option("--fail-on", help="Exit 1 from this level on.", rich_help_panel=_FINDINGS),
]
ExitZeroOption = Annotated[
    bool,
    typer.Option(
        "--exit-zero",
        help="Exit 0 whatever was found; 2 for wrong usage stays.",
        rich_help_panel=_FINDINGS,
    ),
]


def exit_status(findings: Iterable[Finding], fail_on: FailOn, *, exit_zero: bool) -> int:
    """0, or 1 when something was found at the level that fails, or worse."""
    limit = Level(fail_on.value)
    bad = any(found.level.at_least(limit) for found in findings)
    return FOUND if bad and not exit_zero else 0
