"""How cost grows: rows, masks, processes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from comparisons.base import counting
from made_data.masks import masks
from made_data.tables import four_columns
from measuring import timed

ROWS = (1_000_000, 10_000_000, 100_000_000)
FEW_ROWS = (1000, 10_000, 20_000)
Say = Callable[[str], None]
Figures = dict[str, float]


def measured_scaling(folder: Path, *, quick: bool, rounds: int, say: Say) -> dict[str, Figures]:
    """Median seconds, peak MB and bytes of each size: ``"csv 1000000": {…}``, ``"masks 2": {…}``."""
    found: dict[str, Figures] = {}
    for suffix in (".parquet", ".csv"):
        for rows in FEW_ROWS if quick else ROWS:
            say(f"{suffix[1:]}, {rows:,} rows")
            path = four_columns(folder, rows, suffix)
            figures = _figures(path, rounds, "--label", "label")
            found[f"{suffix[1:]} {rows}"] = {**figures, "bytes": path.stat().st_size}
    images = masks(folder, 8, 64, 128) if quick else masks(folder, 2000)
    for jobs in (1, 2):
        say(f"masks, {jobs} processes")
        found[f"masks {jobs}"] = _figures(images, rounds, "--jobs", str(jobs))
    files = list(images.glob("*.png"))
    for figures in (found["masks 1"], found["masks 2"]):
        figures |= {"files": len(files), "bytes": sum(f.stat().st_size for f in files)}
    say("start-up")
    found["start"] = _figures(four_columns(folder, 1000, ".csv"), rounds, "--label", "label")
    return found


def _figures(path: Path, rounds: int, *options: str) -> Figures:
    with tempfile.TemporaryDirectory() as name:
        runs = [timed(counting(*options), path, Path(name))[0] for _ in range(rounds)]
    runs.sort(key=lambda run: run.seconds)
    # The shortest run is the one that others on the machine disturbed least.
    cpu = min(run.cpu for run in runs)
    return {"seconds": runs[0].seconds, "cpu": cpu, "mb": max(run.memory for run in runs)}
