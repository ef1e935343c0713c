"""Fresh processes of joblib and backends that a user has registered: parts that are lost, and folds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cluster_work
import numpy as np
import pytest
from joblib.parallel import BACKENDS, ThreadingBackend, register_parallel_backend

from imbweights import sweep
from imbweights.core.errors import SourceError
from imbweights.running import engine
from imbweights.running.engine import in_batches, in_parts, working

ITEMS = tuple(range(200))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh workers are started for these small sums, too."""
    monkeypatch.setattr(engine, "_WORTH_STARTING", 0.0)


def only(parts: Sequence[int]) -> int:
    """One item of ``in_parts``."""
    return parts[0]


@pytest.mark.parametrize("times", [1, 2])
def test_a_killed_process_of_joblib(tmp_path: Path, times: int) -> None:
    """It takes all others with it; what they were at is done again."""
    step = partial(cluster_work.dying_sum, str(tmp_path), os.getpid(), times)
    with working(jobs=2):
        assert sum(in_batches(step, ITEMS)) == sum(ITEMS)
    assert len(list(tmp_path.iterdir())) == times


def test_what_kills_it_is_named(tmp_path: Path) -> None:
    """By being tried alone, since nobody says which part it was."""
    step = partial(cluster_work.dying_sum, str(tmp_path), os.getpid(), 99)
    with working(jobs=2), pytest.raises(SourceError, match=r"^150: given up after 3 attempts"):
        list(in_batches(step, ITEMS))
    assert len(list(tmp_path.iterdir())) == 3


def test_parts_by_joblib() -> None:
    """For items that take seconds each."""
    assert sorted(in_parts(only, [3, 1, 2], jobs=2)) == [1, 2, 3]
    assert list(in_parts(only, [], jobs=2)) == []


def test_folds_by_a_registered_backend() -> None:
    """The same numbers."""
    rng = np.random.default_rng(0)
    y = (rng.random(400) < 0.2).astype(int)
    x = rng.normal(size=(400, 2)) + y[:, None]
    options: Any = {"schemes": "balanced", "folds": 3, "repeats": 1}
    register_parallel_backend("mine", ThreadingBackend)
    try:
        there = sweep(x, y, **options, engine="mine")
    finally:
        BACKENDS.pop("mine")
    assert there.to_dict() == sweep(x, y, **options, jobs=1).to_dict()
