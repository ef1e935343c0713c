"""The benchmarks: every way counts alike, and the pages say what was measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from comparisons import COMPARISONS
from comparisons.base import Comparison, Target, as_json, profile
from comparisons.masks import CHECKED
from made_data.masks import masks
from measuring import Measured, Run, WrongError, measured, timed
from pages import DOCS, PAGES, figure, filled, holds, parts

TOP = Path(__file__).parents[2]
RUN = TOP / "benchmarks" / "run.py"
# No packages of Python: a page from a machine without them says so.
PROGRAMS = {"mlr", "awk"}
KEPT = TOP / "benchmarks" / "results.json"


def results() -> dict[str, object]:
    """What was measured last."""
    kept: dict[str, object] = json.loads(KEPT.read_text("utf-8"))
    return kept


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_what_was_measured(name: str) -> None:
    """The parts between the marks come from the kept numbers."""
    page = (DOCS / name).read_text("utf-8")
    assert page == filled(page, parts(results()))


def test_every_part_of_the_pages_is_there() -> None:
    """No comparison is forgotten on the page, and no mark has nothing behind it."""
    whole = "".join((DOCS / name).read_text("utf-8") for name in PAGES)
    for mark in parts(results()):
        assert whole.count(f"<!-- {mark} -->\n") == 1


def test_the_targets_are_those_that_were_set() -> None:
    """As they were agreed on: none gets easier in silence."""
    assert {name: [str(t) for t in c.targets] for name, c in COMPARISONS.items()} == {
        "help": ['≤ 1.5 × python -c "import typer, rich"'],
        "version": ['≤ 1.5 × python -c "import typer, rich"'],
        "small": ['≤ 2.5 × python -c "import duckdb, typer, rich"'],
        "csv": [
            "≥ 2 × as fast as pandas",
            "≤ 1.15 × DuckDB by hand",
            "peak memory < 400 MB",
        ],
        "parquet": ["≥ 4 × as fast as pandas", "peak memory < 250 MB"],
        "indicators": ["≥ 5 × as fast as pandas `sum` and `X.T @ X`", "peak memory < 2,048 MB"],
        "classes": ["peak memory < 4,096 MB"],
        "masks": [
            "≥ 3.5 × as fast as Pillow `histogram`, a loop",
            "≥ 12 × as fast as `np.unique` over Pillow arrays, a loop",
        ],
        "coco": [
            "≥ 3 × as fast as `pycocotools.COCO(path)`",
            "≤ 0.5 × the memory of `pycocotools.COCO(path)`",
        ],
        "cache": ["≤ 0.03 × the first run"],
    }


def is_complete(comparison: Comparison, found: Measured) -> bool:
    """Whether every way ran, or is one that may be missing here."""
    if os.environ.get("IMBWEIGHTS_REQUIRE_PEERS"):
        assert set(found.missing.values()) <= PROGRAMS, "pip install -e '.[benchmarks]'"
    return {way.name for way in comparison.ways} == {*found.runs, *found.missing}


@pytest.mark.parametrize("name", ["small", "csv", "parquet", "indicators", "classes", "coco"])
def test_every_way_counts_alike(name: str, tmp_path: Path) -> None:
    """``measured`` raises when a way gives other counts than ours."""
    comparison = COMPARISONS[name]
    data = comparison.make(tmp_path, True)
    found = measured(comparison, data, 1)
    assert comparison.ways[0].name in found.runs
    assert is_complete(comparison, found)


def test_the_loops_over_masks_count_alike(tmp_path: Path) -> None:
    """Also the one that is timed on a part of the files."""
    data = masks(tmp_path, 8, 64, 128)
    comparison = COMPARISONS["masks"]
    found = measured(comparison, data, 1)
    assert is_complete(comparison, found)
    ours = subprocess.run(
        [part.replace("{data}", str(data)) for part in comparison.ways[0].asks],
        check=True, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    _, counts = timed(CHECKED, data, tmp_path)
    assert counts == profile(ours.stdout)


def test_a_way_that_counts_otherwise_is_noticed(tmp_path: Path) -> None:
    """The check itself can fail."""
    small = COMPARISONS["small"]
    wrong = type(small.ways[2])(
        name="wrong",
        command=(sys.executable, "-c", "print('{\"class_00\": 1}')"),
        reads=as_json,
    )
    data = small.make(tmp_path, True)
    odd = Comparison(name="odd", title="", about="", make=small.make, ways=(small.ways[0], wrong))
    with pytest.raises(WrongError, match="wrong counts otherwise"):
        measured(odd, data, 1)


def test_ratios_are_taken_within_rounds() -> None:
    """The median of the ratios, not the ratio of the medians; a way may have fewer rounds."""
    runs = {
        "ours": [Run(1, 10, 1), Run(10, 30, 1), Run(2, 20, 1)],
        "other": [Run(3, 90, 4), Run(20, 60, 4), Run(8, 60, 4)],
        "slow": [Run(7, 1, 1)],
    }
    found = Measured(runs)
    assert found.ratio("other", "ours") == 3
    assert found.ratio("slow", "ours") == 7
    assert found.work("other", "ours") == 4
    assert found.memory("ours") == 30


def test_targets_look_the_right_way() -> None:
    """Twice as fast is half the time; less memory is better."""
    small = COMPARISONS["small"]
    mine, other = small.ways[0].name, small.ways[1].name
    found = Measured({mine: [Run(2, 100, 1)], other: [Run(5, 300, 1)]})
    for target, value, good in (
        (Target(beside=other, times_as_fast=2), 2.5, True),
        (Target(beside=other, times_as_fast=3), 2.5, False),
        (Target(beside=other, at_most=0.5), 0.4, True),
        (Target(beside=other, at_most=0.3), 0.4, False),
        (Target(beside=other, share_of_memory=0.3), 1 / 3, False),
        (Target(below_mb=101), 100, True),
    ):
        measured_value = figure(small, found, target)
        assert measured_value is not None
        assert measured_value == pytest.approx(value)
        assert holds(target, measured_value) is good


def test_memory_is_that_of_all_processes_and_of_them_alone(tmp_path: Path) -> None:
    """Children count; who measures does not, however large."""
    here = bytearray(300_000_000)
    hold = "import time; x = b'1' * 60_000_000; time.sleep(1)"
    both = (
        "import subprocess, sys; x = b'1' * 60_000_000;"
        f"subprocess.run([sys.executable, '-c', {hold!r}])"
    )
    way = type(CHECKED)(name="two", command=(sys.executable, "-c", both))
    run, _ = timed(way, tmp_path, tmp_path)
    assert 120 < run.memory < 200
    del here


def test_one_command_runs_everything_and_writes_the_pages(tmp_path: Path) -> None:
    """On tiny data, into a folder of its own; the kept numbers stay as they are."""
    before = KEPT.read_bytes()
    subprocess.run(
        [sys.executable, RUN, "--quick", "--only", "version,small,masks,scaling,cache",
         "--out", tmp_path / "pages", "--data", tmp_path / "data"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert KEPT.read_bytes() == before
    page = (tmp_path / "pages" / "benchmarks.md").read_text("utf-8")
    assert "| `imbweights analyze` | 1.00 |" in page
    assert "| 10,000,000 masks |" in (tmp_path / "pages" / "scaling.md").read_text("utf-8")
