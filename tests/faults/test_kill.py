"""SIGKILL at any moment: old output or new, never half of one, and the next run is right."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from fault_processes import command, killed_after
from PIL import Image

# Four commands, fifty times each: 200. The moments are drawn; a number reproduces them.
KILLS = int(os.environ.get("IMBWEIGHTS_KILLS", "50"))
SEED = 20261122


@dataclass(frozen=True)
class Case:
    """A command, the files it writes, and how one knows that such a file is whole."""

    name: str
    arguments: Sequence[object]
    files: dict[str, Callable[[str], bool]]


def is_json(text: str) -> bool:
    """Whole JSON: a cut-off one does not parse."""
    return isinstance(json.loads(text), dict)


def is_page(text: str) -> bool:
    """A whole page."""
    return text.startswith("<!doctype html>") and text.rstrip().endswith("</html>")


def is_table(text: str) -> bool:
    """A whole table of four classes."""
    return len(text.splitlines()) == 5 and text.endswith("\n")


LABELS = "class\n" + "".join(
    f"{name}\n" * n for name, n in zip("ABCD", (198, 436, 710, 272), strict=True)
)
CASES = (
    Case(
        "analyze",
        ("analyze", "labels.csv", "-o", "counts.json", "-o", "counts.csv"),
        {"counts.json": is_json, "counts.csv": is_table},
    ),
    Case(
        "check --write-baseline",
        ("check", "labels.csv", "--write-baseline", "--baseline", "baseline.json"),
        {"baseline.json": is_json},
    ),
    Case("report", ("report", "labels.csv", "-o", "report.html"), {"report.html": is_page}),
    Case(
        "the cache",
        ("analyze", "masks", "--jobs", "2", "-o", "counts.json"),
        {"counts.json": is_json},
    ),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table and masks."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "labels.csv").write_text(LABELS)
    (folder / "masks").mkdir()
    rng = np.random.default_rng(0)
    for i in range(60):
        values = rng.integers(0, 3, (32, 48), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
        Image.fromarray(values).save(folder / "masks" / f"{i:03}.png")
    return folder


def answer(case: Case, folder: Path, *options: str) -> str:
    """What the command prints; it must succeed."""
    done = (
        command(*case.arguments[:2], *options, "--format", "json", folder=folder)
        if (case.name in {"analyze", "the cache"})
        else command(*case.arguments, *options, folder=folder)
    )
    assert done.code == 0, done.err
    return done.out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_killed_run_leaves_old_or_new(case: Case, data: Path) -> None:
    """Files are whole after every kill, and what comes after the last one is right."""
    begun = time.monotonic()
    first = command(*case.arguments, folder=data)
    lasts = time.monotonic() - begun
    assert first.code == 0, first.err
    right = answer(case, data, "--no-cache") if "baseline" not in case.name else ""
    moments = random.Random(SEED)  # noqa: S311 - nothing is secret
    alive = 0
    for number in range(KILLS):
        if number % 2:  # half of the runs have no old file to leave, and nothing counted before
            for name in case.files:
                (data / name).unlink(missing_ok=True)
            for store in (data / ".imbweights_cache").glob("counts*"):
                store.unlink(missing_ok=True)
        alive += killed_after(moments.uniform(0.05, lasts), case.arguments, data)
        for name, is_whole in case.files.items():
            if (data / name).exists():
                assert is_whole((data / name).read_text()), f"{name} after kill {number}"
    assert alive > KILLS / 4, "most runs ended before they were killed: nothing was tested"
    after = command(*case.arguments, folder=data)
    assert after.code == 0, after.err
    assert all(is_whole((data / name).read_text()) for name, is_whole in case.files.items())
    if right:
        assert answer(case, data) == right
