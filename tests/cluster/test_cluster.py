"""Counting and fitting on a real Dask cluster: the same numbers as alone, also when a worker is killed."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cluster_work
import numpy as np
import pandas as pd
import pytest
from ctrl_c import hearing_ctrl_c
from PIL import Image
from support import run, write

from imbweights import analyze, sweep
from imbweights.core.errors import SourceError, UsageError
from imbweights.running.engine import in_batches, working

if TYPE_CHECKING:
    from cluster.conftest import Cluster

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed")

ITEMS = tuple(range(200))


def masks(folder: Path, number: int, *, size: int = 40) -> Path:
    """A folder of masks with a class that is in few of them."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for place in range(number):
        values = rng.integers(0, 3, (size, size), dtype=np.uint8)
        if place % 7 == 0:
            values[0, :3] = 9
        Image.fromarray(values).save(folder / f"{place:04}.png")
    return folder


def everything(result: Any) -> Any:
    """All that a sweep says, but for the time it took."""
    return result.to_dict()


class TestCounting:
    """``--engine dask --address``."""

    def test_masks_by_a_relative_path(self, cluster: Cluster, tmp_path: Path) -> None:
        """Workers are somewhere else; the command's output is the same to the last sign."""
        masks(tmp_path / "m" / "train", 60)
        masks(tmp_path / "m" / "val", 30)
        alone = run("analyze", "m", "--format", "json", "--no-cache")
        there = run(
            *("analyze", "m", "--format", "json", "--no-cache"),
            *("--engine", "dask", "--address", cluster.address),
        )
        assert there.code == 0, there.err
        assert there.out == alone.out

    def test_label_files(self, cluster: Cluster, tmp_path: Path) -> None:
        """One per image."""
        (tmp_path / "labels").mkdir()
        for number in range(50):
            text = "".join(f"{i} .5 .5 .1 .1\n" for i in range(number % 4))
            write(tmp_path / "labels" / f"{number}.txt", text)
        alone = analyze(tmp_path / "labels", jobs=1).to_dict()
        there = analyze(tmp_path / "labels", engine="dask", address=cluster.address)
        assert there.to_dict() == alone

    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_many_tables(self, cluster: Cluster, tmp_path: Path, kind: str) -> None:
        """Each is counted by a worker; splits and the order of first appearance stay."""
        rng = np.random.default_rng(1)
        for number in range(7):
            frame = pd.DataFrame({"label": rng.choice(["c", "a", "b"], 50 + number)})
            frame["split"] = rng.choice(["train", "val"], len(frame))
            path = tmp_path / f"part{number}.{kind}"
            frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
        pattern = str(tmp_path / f"*.{kind}")
        options: Any = {"label": "label", "split": "split", "class_order": "appearance"}
        alone = analyze(pattern, **options)
        asked: list[int] = []
        with working(progress=lambda _done, total: asked.append(total)):
            there = analyze(pattern, **options, engine="dask", address=cluster.address)
        assert there.to_dict() == alone.to_dict()
        assert set(asked) == {7}

    def test_a_bad_mask_is_named_as_ever(self, cluster: Cluster, tmp_path: Path) -> None:
        """Errors of workers arrive whole, and what is to be skipped is skipped."""
        write(masks(tmp_path / "m", 30) / "0007.png", "no image")
        alone = run("analyze", "m", "--jobs", "1")
        there = run("analyze", "m", "--engine", "dask", "--address", cluster.address)
        assert (there.code, there.err) == (alone.code, alone.err)
        assert there.code == 2
        assert "0007.png" in there.err
        skipping: Any = {"on_bad_files": "skip"}
        there_skipped = analyze(tmp_path / "m", **skipping, engine="dask", address=cluster.address)
        assert there_skipped.to_dict() == analyze(tmp_path / "m", **skipping).to_dict()

    def test_what_a_worker_cannot_see_is_said(self, cluster: Cluster, tmp_path: Path) -> None:
        """And never skipped as a bad file: this path means another folder in each process."""
        masks(tmp_path / "m", 30)
        for more in ([], ["--on-bad-files", "skip"]):
            found = run(
                *("analyze", "/proc/self/cwd/m", "--as", "masks", *more),
                *("--engine", "dask", "--address", cluster.address),
            )
            assert found.code == 2
            assert "cannot see /proc/self/cwd/m/" in found.err
            assert "given up after 3 attempts" in found.err
            assert "the worker tcp://127.0.0.1" in found.err
            assert "same paths" in found.err

    def test_a_part_that_fails_is_tried_again(self, cluster: Cluster, tmp_path: Path) -> None:
        """Twice is no harm; three times ends it, naming the item."""
        with working(engine="dask", address=cluster.address):
            step = partial(cluster_work.failing_sum, str(tmp_path), 2)
            assert sum(in_batches(step, ITEMS)) == sum(ITEMS)
            step = partial(cluster_work.failing_sum, str(tmp_path), 99)
            with pytest.raises(SourceError, match=r"^150: given up after 3 attempts: OSError"):
                list(in_batches(step, ITEMS))

    def test_the_client_of_a_notebook_is_used(self, cluster: Cluster, tmp_path: Path) -> None:
        """And left open."""
        distributed: Any = importlib.import_module("distributed")
        masks(tmp_path / "m", 20)
        with distributed.Client(cluster.address) as client:
            there = analyze(tmp_path / "m", engine="dask")
            assert client.status == "running"
        assert there.to_dict() == analyze(tmp_path / "m").to_dict()


class TestLostWorkers:
    """A worker is killed in the middle."""

    def test_counts_are_those_of_one_process(self, lasting: Cluster, tmp_path: Path) -> None:
        """Half of the parts are done when it goes."""
        masks(tmp_path / "m", 160, size=300)
        alone = analyze(tmp_path / "m", jobs=1).to_dict()
        told: list[tuple[int, int]] = []

        def kill_midway(done: int, total: int) -> None:
            told.append((done, total))
            if done >= total / 4 and len(lasting.workers) == 2:
                lasting.kill_a_worker()

        with working(progress=kill_midway):
            there = analyze(tmp_path / "m", engine="dask", address=lasting.address)
        assert there.to_dict() == alone
        assert len(lasting.workers) == 1
        assert told[0] == (0, 160)
        assert told[-1] == (160, 160)
        assert told == sorted(told)

    def test_what_kills_its_workers_is_named(self, mortal: Cluster, tmp_path: Path) -> None:
        """joblib's own Dask backend would wait for ever."""
        step = partial(cluster_work.dying_sum, str(tmp_path), os.getpid(), 99)
        with (
            working(engine="dask", address=mortal.address),
            pytest.raises(
                SourceError, match=r"^150: given up after 3 attempts: the worker at .* died"
            ),
        ):
            list(in_batches(step, ITEMS))

    def test_a_lost_scheduler_ends_the_run(self, mortal: Cluster) -> None:
        """With a message, not a wait for ever."""
        assert mortal.scheduler is not None

        def kill_it(done: int, _total: int) -> None:
            if done and mortal.scheduler is not None:
                mortal.scheduler.kill()
                mortal.scheduler.wait()
                mortal.scheduler = None

        with (
            working(engine="dask", address=mortal.address, progress=kill_it),
            pytest.raises((UsageError, SourceError), match="cluster"),
        ):
            list(in_batches(cluster_work.slow_sum, ITEMS * 5))


class TestSweeping:
    """The folds of a sweep are fitted by workers."""

    @staticmethod
    def data() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Two classes, one of them rare."""
        rng = np.random.default_rng(0)
        y = (rng.random(600) < 0.2).astype(int)
        return rng.normal(size=(600, 3)) + y[:, None], y

    def test_the_same_numbers(self, cluster: Cluster) -> None:
        """From memory: the data goes to each worker once."""
        x, y = self.data()
        told: list[tuple[int, int]] = []
        options: Any = {"schemes": "balanced", "folds": 3, "repeats": 2}
        alone = sweep(x, y, **options, jobs=1)
        there = sweep(
            *(x, y),
            **options,
            engine="dask",
            address=cluster.address,
            progress=lambda done, total: told.append((done, total)),
        )
        assert everything(there) == everything(alone)
        assert told == [(n, 6) for n in range(1, 7)]

    def test_a_command_and_a_killed_worker(self, lasting: Cluster, tmp_path: Path) -> None:
        """From a file, which only this machine needs to see."""
        x, y = self.data()
        frame = pd.DataFrame(x, columns=list("abc"))
        frame["label"] = y
        frame.to_csv(tmp_path / "t.csv", index=False)
        few: Any = {"label": "label", "schemes": "balanced", "folds": 3, "repeats": 3}
        alone = sweep(tmp_path / "t.csv", **few, jobs=1)

        def kill_midway(done: int, _total: int) -> None:
            if done == 3:
                lasting.kill_a_worker()

        there = sweep(
            tmp_path / "t.csv",
            **few,
            engine="dask",
            address=lasting.address,
            progress=kill_midway,
        )
        assert everything(there) == everything(alone)
        assert len(lasting.workers) == 1
        options = ["--label", "label", "--schemes", "balanced", "--folds", "2", "--repeats", "1"]
        options += ["--format", "json"]
        command = run("sweep", "t.csv", *options, "--engine", "dask", "--address", lasting.address)
        assert command.code == 0, command.err
        assert command.out == run("sweep", "t.csv", *options, "--jobs", "1").out

    def test_the_worker_with_the_data_is_lost(self, lasting: Cluster) -> None:
        """What was sent ahead was only there; it is sent anew."""
        lasting.kill_a_worker()
        x, y = self.data()
        options: Any = {"schemes": "balanced", "folds": 3, "repeats": 2}

        def kill_the_first(done: int, _total: int) -> None:
            if done == 1:
                lasting.add_workers(1)
                lasting.kill_a_worker(0)

        there = sweep(
            *(x, y),
            **options,
            engine="dask",
            address=lasting.address,
            progress=kill_the_first,
        )
        assert everything(there) == everything(sweep(x, y, **options, jobs=1))


class TestNoCluster:
    """What is said when there is none."""

    def test_nobody_answers(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        """At that address."""
        from imbweights.running import cluster as connecting

        del cluster
        monkeypatch.setattr(connecting, "_CONNECTING", 0.5)
        with (
            working(engine="dask", address="tcp://127.0.0.1:9"),
            pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers"),
        ):
            list(in_batches(cluster_work.slow_sum, ITEMS))

    def test_none_is_named(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        """Refused, not made here; Dask's own variable names one, too."""
        dask: Any = importlib.import_module("dask")
        monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
        with (
            working(engine="dask"),
            pytest.raises(UsageError, match="no cluster is named"),
        ):
            list(in_batches(cluster_work.slow_sum, ITEMS))
        with dask.config.set({"scheduler-address": cluster.address}), working(engine="dask"):
            assert sum(in_batches(cluster_work.slow_sum, ITEMS)) == sum(ITEMS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a process")
def test_ctrl_c_ends_it_and_the_cluster_is_free(cluster: Cluster, tmp_path: Path) -> None:
    """Status 130, and what was still waiting is gone from the scheduler."""
    program = (
        "import sys, pathlib\n"
        "from imbweights.cli import main\n"
        "from imbweights.running import engine\n"
        "import imbweights.sources.images.counting as counting, cluster_work\n"
        "def without_end(function, items):\n"
        "    yield from (part for part in engine.in_batches(cluster_work.slow_sum, range(9000)) if 0)\n"
        "counting.in_batches = without_end\n"
        "engine._tell = lambda done, total: done and pathlib.Path('begun').touch()\n"
        "main(sys.argv[1:])\n"
    )
    masks(tmp_path / "m", 4)
    command = [sys.executable, "-c", program, "analyze", "m", "--engine", "dask"]
    process = subprocess.Popen(
        [*command, "--address", cluster.address],
        cwd=tmp_path,
        env=cluster.environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hearing_ctrl_c,  # noqa: PLW1509 - the child has one thread
    )
    while not (tmp_path / "begun").exists():
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    with cluster.client() as client:
        client.wait_for_workers(2, timeout=30)
        waiting = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
        while waiting:
            time.sleep(0.1)
            waiting = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
