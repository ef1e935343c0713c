"""The table of bad inputs in ``docs/security.md``, from the register of the tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from hostile_cases import CASES, Case, Kind

_EXAMPLES = 3


def hostile_part() -> str:
    """How many cases there are of each kind, who meets them, and some of them."""
    rows = [
        f"{len(CASES):,} inputs, each run as a process of its own:",
        "",
        "| kind | inputs | met by | for example |",
        "| --- | ---: | --- | --- |",
    ]
    for kind in Kind:
        cases = [case for case in CASES if case.kind is kind]
        readers = ", ".join(sorted({f"`{case.reader}`" for case in cases}))
        rows.append(f"| {kind.value} | {len(cases)} | {readers} | {_examples(cases)} |")
    return "\n".join(rows)


def _examples(cases: list[Case]) -> str:
    step = max(1, len(cases) // _EXAMPLES)
    return "; ".join(_cell(case.what) for case in cases[::step][:_EXAMPLES])


def _cell(text: str) -> str:
    special = {"|": "\\|", "<": "&lt;", "*": "\\*", "_": "\\_", "[": "\\[", "`": "\\`"}
    return "".join(special.get(sign, sign) for sign in text)
