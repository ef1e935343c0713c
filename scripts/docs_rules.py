"""The rules of ``check``, from their register, with what each says of the data in ``tests/cases``."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from pathlib import Path

from docs_running import TOP, run_command
from docs_text import paragraphs

from imbweights.checking.codes import ALL_CODES
from imbweights.core.findings import Code
from imbweights.render.checks.rule_pages import as_markdown, family

CASES = TOP / "tests" / "cases" / "fail"


def rules_part() -> str:
    """A section for every data rule; the codes of weights and losses have pages of their own."""
    parts: list[str] = []
    before = ""
    for code in ALL_CODES.values():
        group = family(code)
        if group in {"weights", "losses"}:
            continue
        if group != before:
            parts.append(f"## {group[0].upper()}{group[1:]}")
            before = group
        parts += [as_markdown([code]).rstrip(), _example(code)]
    return paragraphs(*parts)


def _example(code: Code) -> str:
    """Its message for the case that it must find."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(CASES / code.code, Path(name) / "case"))
        with contextlib.chdir(folder):
            _, out, _ = run_command(
                f"imbweights check --select {code.code} --format json --no-cache"
            )
    found = json.loads(out)["datasets"][0]["findings"]
    return f"It says, for example:\n\n```text\n{found[0]['message']}\n```"
