"""What a code means: a list of all, or a page on one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from imbweights.core.findings import Code
from imbweights.render.json_form import json_text
from imbweights.render.terminal.layout import page, wrapped
from imbweights.render.view import View
from imbweights.rules import RULES, Threshold

SCHEMA = "imbweights.rules/1"
_FAMILIES = {"IMB1": "weights", "IMB2": "losses"}


def family(code: Code) -> str:
    """The group a code belongs to."""
    rule = RULES.get(code.code)
    return _FAMILIES[code.code[:4]] if rule is None else rule.family


def thresholds(code: Code) -> tuple[Threshold, ...]:
    """The thresholds that decide."""
    rule = RULES.get(code.code)
    return () if rule is None else rule.thresholds


def listed(codes: Sequence[Code]) -> str:
    """A line for each, under the name of its family."""
    lines: list[str] = []
    before = ""
    for code in codes:
        if family(code) != before:
            before = family(code)
            lines += [*([""] if lines else []), before]
        lines.append(f"  {code.code}  {code.level:<8} {code.title}")
    lines += ["", "imbweights rule IMB003 says what a code means and what to do."]
    return "\n".join(lines) + "\n"


def explained(codes: Sequence[Code], view: View) -> str:
    """Why it matters, what to do, and what decides."""
    return "\n".join(page(_parts(code, view), view) for code in codes)


def _parts(code: Code, view: View) -> Iterable[Any]:
    yield wrapped(f"{code.code} {code.level}: {code.title}", view, style="bold")
    yield wrapped(code.why, view)
    yield wrapped(f"What to do: {code.remedy}", view)
    for threshold in thresholds(code):
        yield wrapped(f"--{threshold.name} {_default(threshold)}: {threshold.summary}", view)
    yield wrapped(_where_reported(code), view)


def _default(threshold: Threshold) -> str:
    return "(not set)" if threshold.default is None else f"{threshold.default:g}"


def _where_reported(code: Code) -> str:
    if code.code in RULES:
        return (
            f"Reported by imbweights check, family {family(code)}. Another level, or off: --level "
            f"{code.code}=warning, or levels in [tool.imbweights.check]."
        )
    if code.code.startswith("IMB1"):
        return "Reported by imbweights audit, and by check --weights FILE."
    return "Reported by imbweights loss."


def as_json(codes: Sequence[Code]) -> str:
    """Schema ``imbweights.rules/1``."""
    return json_text({"schema": SCHEMA, "rules": [_to_dict(code) for code in codes]})


def _to_dict(code: Code) -> dict[str, Any]:
    return {
        "code": code.code,
        "title": code.title,
        "family": family(code),
        "level": code.level.value,
        "why": code.why,
        "remedy": code.remedy,
        "thresholds": [
            {"name": t.name, "default": t.default, "summary": t.summary} for t in thresholds(code)
        ],
    }


def as_markdown(codes: Sequence[Code]) -> str:
    """A section for each; the page of rules in the documentation is made of them."""
    return "\n".join(_section(code) for code in codes)


def _section(code: Code) -> str:
    lines = [f"### {code.code}: {code.title}", "", f"Level: {code.level}.", "", code.why, ""]
    lines += [f"**What to do.** {code.remedy}", ""]
    for threshold in thresholds(code):
        default = "not set" if threshold.default is None else f"`{threshold.default:g}`"
        lines += [f"`--{threshold.name}` (default {default}): {threshold.summary}", ""]
    return "\n".join(lines)
