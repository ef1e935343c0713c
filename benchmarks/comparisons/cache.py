"""Counting again what has not changed."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from made_data.masks import masks, repeated

from comparisons.base import DATA, Comparison, Target, Way, ours

FILES, DIFFERENT, FEW = 10_000, 2000, 30
FIRST = "the first run"


@cache
def is_there() -> bool:
    """Whether this version keeps what it counted."""
    asked = subprocess.run(ours("cache", "show"), capture_output=True, check=False)
    return asked.returncode == 0


def _forget(folder: Path) -> None:
    shutil.rmtree(folder / ".imbweights_cache", ignore_errors=True)


CACHE = Comparison(
    name="cache",
    title="10,000 masks that have not changed, again",
    about="Indexed PNG of 1024 × 2048 pixels; of smaller ones the first run is quicker, the second the same.",
    make=lambda folder, quick: (
        masks(folder, FEW, 64, 128) if quick else repeated(folder, FILES, DIFFERENT)
    ),
    ways=(
        Way(name="the second run", command=ours("analyze", DATA), asks=ours("analyze", DATA)),
        Way(name=FIRST, command=ours("analyze", DATA), before=_forget),
    ),
    targets=(Target(beside=FIRST, at_most=0.03),),
)
