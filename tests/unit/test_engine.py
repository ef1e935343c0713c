"""Spreading work: the same parts, however many processes; progress; errors from workers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import run, write

from imbweights import analyze
from imbweights.core.errors import SourceError
from imbweights.running.engine import in_batches, working

ITEMS = tuple(range(200))


def slow_sum(batch: Sequence[int]) -> int:
    """Long enough that sharing it pays."""
    time.sleep(0.006 * len(batch))
    return sum(batch)


def failing(batch: Sequence[int]) -> int:
    """Works for a while, then finds a bad file."""
    time.sleep(0.006 * len(batch))
    if 150 in batch:
        raise SourceError("a.png: is damaged", hint="mend it")
    return 0


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("forks", [False, True])
def test_every_item_once(jobs: int, forks: bool) -> None:
    """Whichever way the work is spread; progress ends at the whole."""
    told: list[tuple[int, int]] = []
    with working(jobs=jobs, forks=forks, progress=lambda done, total: told.append((done, total))):
        assert sum(in_batches(slow_sum, ITEMS)) == sum(ITEMS)
    assert told[-1] == (200, 200)
    assert sorted(told) == told


@pytest.mark.parametrize("forks", [False, True])
def test_errors_of_workers_arrive_whole(forks: bool) -> None:
    """Message and hint."""
    with working(jobs=2, forks=forks), pytest.raises(SourceError) as caught:
        list(in_batches(failing, ITEMS))
    assert caught.value.message == "a.png: is damaged"
    assert caught.value.hint == "mend it"


def test_jobs_do_not_change_counts(tmp_path: Path) -> None:
    """Through the command and the function."""
    rng = np.random.default_rng(0)
    for number in range(40):
        values = rng.integers(0, 3, (20, 30), dtype=np.uint8)
        Image.fromarray(values).save(tmp_path / f"{number}.png")
    alone = analyze(tmp_path, jobs=1).counts
    assert analyze(tmp_path, jobs=3).counts == alone
    found = run("analyze", tmp_path, "--jobs", 2, "--format", "json")
    assert [c["count"] for c in found.json["classes"]] == alone.counts.tolist()
    assert run("analyze", tmp_path, "--jobs", 0).code == 2


def test_a_remembered_folder_is_counted_anew_when_it_changes(tmp_path: Path) -> None:
    """A new file, or another content, in any folder of it."""
    values = np.zeros((4, 4), dtype=np.uint8)
    (tmp_path / "m" / "deep").mkdir(parents=True)
    Image.fromarray(values).save(tmp_path / "m" / "deep" / "a.png")
    values[0] = 1
    Image.fromarray(values).save(tmp_path / "m" / "b.png")
    assert run("analyze", "m").code == 0
    assert "unchanged since" in run("suggest", "--scheme", "balanced").err
    Image.fromarray(values).save(tmp_path / "m" / "deep" / "c.png")
    assert "changed since then" in run("suggest", "--scheme", "balanced").err


def test_what_is_suggested_next_can_be_pasted(tmp_path: Path) -> None:
    """With every option that was needed."""
    Image.fromarray(np.array([[0, 0, 255]], dtype=np.uint8)).save(tmp_path / "a b.png")
    write(tmp_path / "names.csv", "id,name\n0,no crack\n255,crack\n")
    for options in (["--classes", "names.csv"], ["--classes", "0=no crack,255=crack"]):
        out = run("analyze", "a b.png", *options, "--on-bad-files", "skip").out
        [line] = [line for line in out.splitlines() if line.startswith("Next: ")]
        import shlex

        again = run(*shlex.split(line.removeprefix("Next: "))[1:])
        assert again.code == 0, again.err
        assert "crack" in again.out
