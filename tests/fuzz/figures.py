"""What fuzzing came to: executions, CPU time, coverage and defects, as numbers that add up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PASSES = re.compile(r"^#(\d+)\s", re.MULTILINE)
_TOTAL = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_EDGES = re.compile(r"\bcov: (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One target, one run. ``edges``: covered in our code and the decoders written in Python."""

    name: str
    executions: int
    cpu_seconds: float
    edges: int
    found: tuple[str, ...]


def outcome(
    *, name: str, log: str, cpu_seconds: float, found: tuple[str, ...], died: bool
) -> Outcome:
    """What libFuzzer's log says. A process that died without leaving an input is a defect, too."""
    passes = [int(n) for n in (*_PASSES.findall(log), *_TOTAL.findall(log))]
    return Outcome(
        name=name,
        executions=max(passes, default=0),
        cpu_seconds=cpu_seconds,
        edges=max(map(int, _EDGES.findall(log)), default=0),
        found=found or (("the process died",) if died else ()),
    )


def shown(each: Outcome) -> str:
    """One line."""
    found = f"  FOUND {', '.join(each.found)}" if each.found else ""
    return (
        f"{each.name:15} {each.executions:9,} executions {each.cpu_seconds:7.1f} s CPU "
        f"{each.edges:6,} edges{found}"
    )


def add(path: Path, outcomes: Iterable[Outcome], python: str) -> None:
    """Add a run to the figures in ``path``."""
    data: dict[str, Any] = {"targets": {}}
    if path.is_file():
        data = json.loads(path.read_text("utf-8"))
    for each in outcomes:
        known = data["targets"].setdefault(
            each.name, {"executions": 0, "cpu_seconds": 0.0, "edges": 0, "open": 0}
        )
        known["executions"] += each.executions
        known["cpu_seconds"] = round(known["cpu_seconds"] + each.cpu_seconds, 1)
        known["edges"] = max(known["edges"], each.edges)
        known["open"] = len(each.found)
    every = data["targets"].values()
    data["executions"] = sum(t["executions"] for t in every)
    data["cpu_hours"] = round(sum(t["cpu_seconds"] for t in every) / 3600, 3)
    data["python"] = python
    path.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
