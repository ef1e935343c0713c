"""The part of ``docs/trust.md`` on fuzzing, from the figures of the runs and the list of what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

_TESTS = Path(__file__).parents[1] / "tests"
FIGURES = _TESTS / "fuzz" / "figures.json"
FOUND = _TESTS / "corpus" / "found.json"


def fuzzing_part() -> str:
    """Executions, hours and coverage of every target."""
    return "\n".join(_figures())


def found_part() -> str:
    """What was found, a file of the corpus each."""
    found = json.loads(FOUND.read_text("utf-8"))
    rows = [f"| `{name}` | {what} |" for name, what in sorted(found.items())]
    return "\n".join(
        [f"{len(rows)} defects:", "", "| file | what happened |", "| --- | --- |", *rows]
    )


def _figures() -> Iterator[str]:
    data = json.loads(FIGURES.read_text("utf-8"))
    targets = data["targets"]
    unmended = sum(each["open"] for each in targets.values())
    yield (
        f"So far: {data['executions']:,} executions of {len(targets)} targets in "
        f"{data['cpu_hours']:.2f} CPU hours (Python {data['python']}); open defects: {unmended}."
    )
    yield ""
    yield "| target | executions | CPU seconds | edges covered |"
    yield "| --- | ---: | ---: | ---: |"
    for name, each in sorted(targets.items()):
        yield f"| {name} | {each['executions']:,} | {each['cpu_seconds']:,.0f} | {each['edges']:,} |"
