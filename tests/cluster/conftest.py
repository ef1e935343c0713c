"""A real Dask cluster on loopback: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_TESTS = Path(__file__).parents[1]


def _needed() -> None:
    """Skip without Dask, or fail where the cluster must be there."""
    if importlib.util.find_spec("distributed") is not None:
        return
    reason = "needs Dask: pip install 'imbweights[dask]'"
    if os.environ.get("IMBWEIGHTS_REQUIRE_CLUSTER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@dataclass
class Cluster:
    """The processes of a cluster. Workers run in a folder of their own, so that no relative path works there."""

    folder: Path
    environment: dict[str, str]
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, workers: int = 2) -> None:
        """Start all of it and wait until the workers have come."""
        self.scheduler = self._process(
            *("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"),
            *("--no-dashboard", "--no-jupyter", "--scheduler-file", str(self._file)),
        )
        while not self._file.exists():
            assert self.scheduler.poll() is None, "the scheduler has ended"
            time.sleep(0.05)
        self.add_workers(workers)
        with self.client() as client:
            self.address = str(client.scheduler.address)

    def add_workers(self, number: int) -> None:
        """Start some and wait until they have come."""
        for _ in range(number):
            self.workers.append(
                self._process(
                    *("distributed.cli.dask_worker", "--scheduler-file", str(self._file)),
                    *("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"),
                )
            )
        with self.client() as client:
            client.wait_for_workers(len(self.workers), timeout=120)

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    @contextmanager
    def client(self) -> Iterator[Any]:
        """A client beside that of the command."""
        distributed: Any = importlib.import_module("distributed")
        with distributed.Client(
            scheduler_file=str(self._file), timeout=60, set_as_default=False
        ) as client:
            yield client

    def kill_a_worker(self, which: int = -1) -> None:
        """As the system does when memory runs out."""
        worker = self.workers.pop(which)
        worker.kill()
        worker.wait()

    def stop(self) -> None:
        """End every process."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                process.send_signal(signal.SIGKILL)
                process.wait()

    def _process(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"{module}.log"
        with log.open("ab") as stream:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self.folder,
                env=self.environment,
                stdout=stream,
                stderr=stream,
            )


Starting = Callable[..., Cluster]


@contextmanager
def _started(folder: Path, **settings: str) -> Iterator[Cluster]:
    root = str(_TESTS.parent)
    paths = [root, str(_TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **settings}
    environment["DASK_TEMPORARY_DIRECTORY"] = str(folder)
    made = Cluster(folder, environment)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for all tests that kill nobody."""
    _needed()
    with _started(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One whose workers may be killed; what kills a worker is given up at once."""
    _needed()
    settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with _started(tmp_path_factory.mktemp("mortal"), **settings) as made:
        yield made


@pytest.fixture
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One whose workers may be killed, with the settings that Dask has by itself."""
    _needed()
    with _started(tmp_path_factory.mktemp("lasting")) as made:
        yield made
