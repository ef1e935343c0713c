"""stub"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from imbweights.checking.result import CheckResult


class CheckForm(StrEnum):
    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"


def form_of(path: Path) -> CheckForm:
    return CheckForm.TEXT


def rendered(result: CheckResult, form: CheckForm, *, version: str, color: bool = False) -> str:
    if form is CheckForm.JSON:
        from imbweights.render.json_form import json_text

        return json_text(result.to_dict())
    out = []
    for s in result.sets:
        for f in s.findings:
            out.append(f"{f.where.file or s.name}: {f.code} {f.level}: {f.message}")
    out.append(
        f"{result.number('error')} errors {[(len(s.ran), dict(s.skipped)) for s in result.sets]}"
    )
    return "\n".join(out) + "\n"


def step_summary(result: CheckResult) -> str:
    return ""
