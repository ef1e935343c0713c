"""The parts of ``docs/trust.md`` on what the tests reach: branches that they run, mutants that they kill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parents[1] / "tests" / "figures"


def coverage_part() -> str:
    """Lines and branches of every room of the house."""
    data = _figures("coverage")
    lines, branches = data["lines"], data["branches"]
    rows = [
        f"| `{room}` | {_of(run, every)} | {_of(taken, ways) if ways else '–'} |"
        for room, (run, every, taken, ways) in data["rooms"].items()
    ]
    both = _of(lines[0] + branches[0], lines[1] + branches[1])
    return "\n".join(
        [
            (
                f"Of {lines[1]:,} lines {_of(*lines)} run, of {branches[1]:,} branches {_of(*branches)} are "
                f"taken, {both} of both together (Python {data['python']}; {', '.join(data['tests'])})."
            ),
            "",
            "| | lines | branches |",
            "| --- | ---: | ---: |",
            *rows,
        ]
    )


def mutation_part() -> str:
    """How many mutants of each group are killed, and why the others live."""
    groups = _figures("mutation")
    reasons = _figures("explained")
    tried = sum(each["tried"] for each in groups.values())
    left = sum(len(each["survivors"]) for each in groups.values())
    rows = [
        f"| {name} | {each['candidates']:,} | {each['tried']} | {each['killed_at_first']} | "
        f"{each['tried'] - len(each['survivors'])} |"
        for name, each in sorted(groups.items())
    ]
    explained = [
        f"| `{each['file'].removeprefix('imbweights/')}` | `` {_cell(each['after'])} `` | "
        f"{reasons[each['file'] + ': ' + each['after']]} |"
        for _, group in sorted(groups.items())
        for each in group["survivors"]
    ]
    return "\n".join(
        [
            f"Of {tried} mutants {tried - left} are killed, {_of(tried - left, tried)}.",
            "",
            "| group | places to change | tried | killed at first | killed now |",
            "| --- | ---: | ---: | ---: | ---: |",
            *rows,
            "",
            "Those that live change no answer:",
            "",
            "| file | changed to | why it lives |",
            "| --- | --- | --- |",
            *explained,
        ]
    )


def _figures(name: str) -> Any:
    return json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8"))


def _of(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _cell(code: str) -> str:
    return code.replace("|", "\\|")
