"""The measured parts of docs/benchmarks.md and docs/scaling.md, between their marks."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cluster import cluster_part, growth_part
from comparisons import COMPARISONS
from comparisons.base import Comparison, Target
from measuring import Measured, Run

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("benchmarks.md", "scaling.md")
LIBRARIES = ("imbweights", "duckdb", "numpy", "pandas", "polars", "pyarrow", "Pillow", "kornia-rs",
             "opencv-python-headless", "pycocotools", "scikit-learn", "typer", "rich")  # fmt: skip
Results = Mapping[str, Any]


def machine() -> dict[str, Any]:
    """Where and with what something was measured."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "cores": os.cpu_count(),
        "memory": round(gigabytes),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[1], 1),
        "versions": {"Python": platform.python_version(), **_versions()},
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    for program in ("mlr", "awk"):
        try:
            asked = [program, "--version" if program == "mlr" else "-Wversion"]
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            continue
        if done.stdout:
            found[program] = done.stdout.split("\n", maxsplit=1)[0].removeprefix("mlr ")
    return found


def measured_of(data: Mapping[str, Any]) -> Measured:
    """Numbers as they were kept."""
    runs = {way: [Run(*run) for run in several] for way, several in data["runs"].items()}
    return Measured(runs=runs, missing=dict(data["missing"]))


def figure(comparison: Comparison, found: Measured, target: Target) -> float | None:
    """What was measured for a target; ``None`` when the other way is missing on the machine."""
    mine = comparison.ways[0].name
    if target.below_mb is not None:
        return found.memory(mine)
    if target.beside not in found.runs:
        return None
    if target.share_of_memory is not None:
        return found.memory(mine) / found.memory(target.beside)
    ratio = found.ratio(target.beside, mine)
    return ratio if target.times_as_fast is not None else 1 / ratio


def holds(target: Target, value: float) -> bool:
    """Whether a figure is as good as it has to be."""
    if target.times_as_fast is not None:
        return value >= target.times_as_fast
    limits = (target.at_most, target.share_of_memory, target.below_mb)
    return all(limit is None or value <= limit for limit in limits)


def shown(target: Target, value: float | None) -> str:
    """A figure in words of the page."""
    if value is None:
        return "–"
    return f"{value:,.0f} MB" if target.below_mb is not None else f"{value:.2f} ×"


def targets_part(results: Results) -> str:
    """Every target, what was measured, and whether it holds."""
    lines = ["| work | target | measured | holds |", "| --- | --- | ---: | --- |"]
    for name, comparison in COMPARISONS.items():
        data = results.get(name, {})
        found = measured_of(data) if "runs" in data else None
        for target in comparison.targets:
            value = figure(comparison, found, target) if found else None
            answer = "not measured" if value is None else ("yes" if holds(target, value) else "no")
            lines.append(f"| {comparison.title} | {target} | {shown(target, value)} | {answer} |")
    return "\n".join(lines)


def comparison_part(comparison: Comparison, data: Mapping[str, Any]) -> str:
    """The table of one comparison."""
    if "runs" not in data:
        return f"{comparison.about} Not measured: {data.get('absent', 'not run yet')}."
    found = measured_of(data)
    mine = comparison.ways[0].name
    several = max(map(len, found.runs.values()))
    lines = [
        f"{comparison.about} {_rounds(several)}, load of the machine {data['machine']['load']:g}.",
        "",
        "| way | time, ours = 1 | in the rounds | seconds of all cores, ours = 1 | peak memory, MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for way, runs in found.runs.items():
        pairs = zip(runs, found.runs[mine], strict=False)
        each = [run.seconds / own.seconds for run, own in pairs]
        spread = f"{min(each):.2f} to {max(each):.2f}" if len(each) > 1 and way != mine else ""
        lines.append(
            f"| {_code(way)} | {found.ratio(way, mine):.2f} | {spread} | {found.work(way, mine):.2f} "
            f"| {found.memory(way):,.0f} |"
        )
    if found.missing:
        lines += ["", f"Not on the machine: {', '.join(found.missing)}."]
    return "\n".join(lines)


def _rounds(n: int) -> str:
    return "One round" if n == 1 else f"Medians of {n} rounds"


def _code(way: str) -> str:
    return f"`{way}`" if way.startswith(("imbweights", "python")) else way


def machine_part(results: Results) -> str:
    """Cores and versions, of the part that was measured last."""
    known = [data["machine"] for data in results.values() if "machine" in data]
    if not known:
        return "Not measured yet."
    last = known[-1]
    versions = ", ".join(f"{name} {number}" for name, number in last["versions"].items())
    return f"{last['cores']} cores, {last['memory']} GB, {last['system']}. {versions}."


def printed_part(data: Mapping[str, Any]) -> str:
    """What a script of its own printed."""
    return f"```text\n{data['printed'].rstrip()}\n```" if "printed" in data else "Not run yet."


def parts(results: Results) -> dict[str, str]:
    """Mark → what stands between it and the next ``<!-- end -->``."""
    scaling = results.get("scaling", {})
    return {
        "machine": machine_part(results),
        "targets": targets_part(results),
        **{
            name: comparison_part(each, results.get(name, {})) for name, each in COMPARISONS.items()
        },
        **{name: printed_part(results.get(name, {})) for name in ("sweep", "rules")},
        "growth": growth_part(scaling),
        "cluster": cluster_part(scaling),
    }


def filled(page: str, texts: Mapping[str, str]) -> str:
    """A page with its measured parts written anew."""

    def part(match: re.Match[str]) -> str:
        return f"<!-- {match[1]} -->\n\n{texts[match[1]]}\n\n<!-- end -->"

    return re.sub(r"<!-- ([a-z]+) -->\n.*?<!-- end -->", part, page, flags=re.DOTALL)


def write_pages(results: Results, folder: Path) -> None:
    """Write the measured parts; what people wrote around them stays."""
    texts = parts(results)
    for name in PAGES:
        page = filled((DOCS / name).read_text("utf-8"), texts)
        (folder / name).write_text(page, encoding="utf-8")
