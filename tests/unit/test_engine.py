"""Spreading work: the same parts, however many processes; progress; errors from workers."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cluster_work
import numpy as np
import pytest
from cluster_work import slow_sum
from joblib.parallel import BACKENDS, ThreadingBackend, register_parallel_backend
from PIL import Image
from support import run, write

from imbweights import __version__, analyze
from imbweights.core.errors import SourceError, UsageError
from imbweights.running.engine import in_batches, working
from imbweights.running.trials import Answer, LostWorkerError, Task, Trials, attempt, must_see

ITEMS = tuple(range(200))


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


def broken(batch: Sequence[int]) -> int:
    """A mistake of ours."""
    time.sleep(0.006 * len(batch))
    if 150 in batch:
        raise ZeroDivisionError("nothing to divide by")
    return 0


def odd(batch: Sequence[int]) -> Any:
    """Gives something that cannot be sent."""
    time.sleep(0.006 * len(batch))
    return threading.Lock() if 150 in batch else 0


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def children() -> set[str]:
    """The processes of this one that still are."""
    here = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    return set(Path(here).read_text(encoding="ascii").split())


@linux
class TestLostProcesses:
    """A worker of our own that is killed, as by the system when memory runs out."""

    @pytest.mark.parametrize("jobs", [2, 3])
    @pytest.mark.parametrize("times", [1, 2])
    def test_what_it_was_at_is_done_again(self, tmp_path: Path, jobs: int, times: int) -> None:
        """multiprocessing.Pool would wait for ever."""
        step = partial(cluster_work.dying_sum, str(tmp_path), os.getpid(), times)
        told: list[tuple[int, int]] = []
        before = children()
        with working(jobs=jobs, forks=True, progress=lambda *done: told.append(done)):
            assert sum(in_batches(step, ITEMS)) == sum(ITEMS)
        assert len(list(tmp_path.iterdir())) == times
        assert told[-1] == (200, 200)
        assert told == sorted(told)
        assert children() == before

    def test_three_times_and_the_item_is_named(self, tmp_path: Path) -> None:
        """The item, not all that were beside it."""
        step = partial(cluster_work.dying_sum, str(tmp_path), os.getpid(), 99)
        before = children()
        with working(jobs=2, forks=True), pytest.raises(SourceError) as caught:
            list(in_batches(step, ITEMS))
        assert caught.value.message == (
            "150: given up after 3 attempts: the process that was at it was ended by SIGKILL, as the "
            "system does when memory runs out"
        )
        assert caught.value.hint is not None
        assert len(list(tmp_path.iterdir())) == 3
        assert children() == before

    def test_killed_from_outside(self) -> None:
        """Each of the workers, while it waits or works."""
        killed: set[str] = set()
        before = children()

        def kill_them(done: int, _total: int) -> None:
            for found in children() - before - killed if done and len(killed) < 2 else ():
                killed.add(found)
                os.kill(int(found), signal.SIGKILL)

        with working(jobs=2, forks=True, progress=kill_them):
            assert sum(in_batches(slow_sum, ITEMS)) == sum(ITEMS)
        assert len(killed) == 2

    def test_a_mistake_of_ours_is_no_lost_worker(self) -> None:
        """It is raised as it is, with the place where it happened."""
        with working(jobs=2, forks=True), pytest.raises(ZeroDivisionError) as caught:
            list(in_batches(broken, ITEMS))
        assert "in broken" in "".join(caught.value.__notes__)

    def test_what_cannot_be_sent_is_said(self) -> None:
        """And not waited for."""
        with working(jobs=2, forks=True), pytest.raises(TypeError, match="cannot be sent between"):
            list(in_batches(odd, ITEMS))

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SourceError])
    def test_nobody_is_left_behind(self, error: type[BaseException]) -> None:
        """When the run is given up in the middle: Ctrl-C, or an error of the caller."""
        before = children()

        def give_up(done: int, _total: int) -> None:
            if done > 60:
                raise error("enough")

        with working(jobs=2, forks=True, progress=give_up), pytest.raises(error):
            list(in_batches(slow_sum, ITEMS))
        assert children() == before


class TestTrials:
    """Which parts are done again, and when that ends."""

    def test_a_mistake_is_tried_again_only_elsewhere(self) -> None:
        """On a cluster another worker may have what this one lacks."""

        def work_off(trials: Trials) -> None:
            while trials.left:
                for trial in trials.taken(trials.todo):
                    failed = OSError("unplugged") if "b" in trial.items else None
                    trials.settled(Answer(trial.number, trial.items, failed))

        with pytest.raises(OSError, match="unplugged"):
            work_off(Trials([["a", "b"], ["c"]]))
        with pytest.raises(SourceError, match=r"^b: given up after 3 attempts: OSError: unplugged"):
            work_off(Trials([["a", "b"], ["c"]], patient=True))

    def test_all_at_once(self) -> None:
        """When every worker is gone, those that were out are tried alone in the end."""
        trials = Trials([["a", "b"], ["c"], ["d"]])
        for _ in range(2):
            out = trials.taken(trials.todo)
            assert {next(out).items[0], next(out).items[0]} == {"a", "c"}
            trials.broken(RuntimeError("all are gone"))
        assert sorted(t.items[0] for t in trials.alone) == ["a", "b", "c"]
        assert [t.items for t in trials.todo] == [["d"]]
        [trial] = [next(trials.taken(trials.alone))]
        with pytest.raises(SourceError, match=rf"^{trial.items[0]}: given up after 3 attempts"):
            trials.broken(RuntimeError("all are gone"))

    def test_a_suspect_gets_a_last_chance_alone(self) -> None:
        """What was beside it may be to blame."""
        trials = Trials([["a", "b"]], patient=True)
        lost = LostWorkerError("four workers died over it")
        trial = next(trials.taken(trials.todo))
        assert trials.settled(Answer(trial.number, error=lost, suspect=True)) is None
        out = trials.taken(trials.alone)
        assert trials.settled(Answer(next(out).number, part=1)) == (1, 1)
        with pytest.raises(SourceError, match=r"^b: given up after 3 attempts: four workers"):
            trials.settled(Answer(next(out).number, error=lost, suspect=True))

    def test_workers_that_cannot_be_used_at_all(self) -> None:
        """Nothing was even begun."""
        with pytest.raises(UsageError, match="the workers cannot be used: no room"):
            Trials([["a"]]).broken(RuntimeError("no room"))

    def test_another_version_counts_nothing(self) -> None:
        """Its counts may mean something else."""
        answer = attempt(Task(slow_sum, 0, [1], version="0.0.1"))
        assert isinstance(answer.error, UsageError)
        assert f"has imbweights {__version__}, and this is" in str(answer.error)

    def test_errors_survive_being_sent(self) -> None:
        """One that cannot be made again from its text would be lost on the way."""

        class AwkwardError(Exception):
            def __init__(self, *, needed: int) -> None:
                super().__init__(f"needs {needed}")

        def awkward(_batch: Sequence[int]) -> int:
            raise AwkwardError(needed=3)

        answer = attempt(Task(awkward, 0, [1]))
        assert isinstance(answer.error, RuntimeError)
        assert str(answer.error) == "AwkwardError: needs 3"

    def test_only_workers_elsewhere_must_see(self, tmp_path: Path) -> None:
        """Here a file that is gone is a bad file."""
        must_see(tmp_path / "gone.png")

        def looking(batch: Sequence[Path]) -> None:
            for path in batch:
                must_see(path)

        assert attempt(Task(looking, 0, [tmp_path], version=__version__)).error is None
        answer = attempt(Task(looking, 0, [tmp_path / "gone.png"], version=__version__))
        assert "cannot see" in str(answer.error)


class Mine(ThreadingBackend):  # type: ignore[misc] # joblib is untyped
    """A backend that a user has written."""

    started = 0

    def start_call(self) -> None:
        """Take note that it was asked."""
        type(self).started += 1


@pytest.fixture
def mine() -> Iterator[type[Mine]]:
    """Registered as ``mine``."""
    register_parallel_backend("mine", Mine)
    Mine.started = 0
    yield Mine
    BACKENDS.pop("mine", None)


class TestEngines:
    """``--engine NAME``."""

    @pytest.fixture
    def masks(self, tmp_path: Path) -> Path:
        """Enough for several parts."""
        rng = np.random.default_rng(0)
        (tmp_path / "m").mkdir()
        for number in range(40):
            values = rng.integers(0, 3, (20, 30), dtype=np.uint8)
            Image.fromarray(values).save(tmp_path / "m" / f"{number}.png")
        return tmp_path / "m"

    def test_a_registered_backend(self, masks: Path, mine: type[Mine]) -> None:
        """By its name, from Python and, registered there, from the command."""
        alone = analyze(masks, jobs=1).to_dict()
        assert analyze(masks, engine="mine").to_dict() == alone
        assert analyze(masks, engine="mine", jobs=3).to_dict() == alone
        assert mine.started == 2
        command = run("analyze", masks, "--engine", "mine", "--format", "json")
        assert command.out == run("analyze", masks, "--format", "json").out
        assert mine.started == 3

    def test_many_tables(self, tmp_path: Path, mine: type[Mine]) -> None:
        """One by one is too slow for a cluster's worth of them."""
        for number in range(5):
            write(tmp_path / f"{number}.csv", "label\n" + f"a\nb{number}\n" * (number + 1))
        pattern = str(tmp_path / "*.csv")
        assert analyze(pattern, engine="mine").to_dict() == analyze(pattern).to_dict()
        assert mine.started == 1

    @pytest.mark.parametrize("name", ["threading", "sequential", "multiprocessing"])
    def test_those_of_joblib(self, masks: Path, name: str) -> None:
        """Also those that give no result before all are done."""
        alone = analyze(masks, jobs=1).counts
        assert analyze(masks, engine=name, jobs=2).counts == alone

    def test_a_function_that_registers(
        self, masks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """``MODULE:FUNCTION`` is how a command gets a backend; the user says what is imported."""
        write(
            tmp_path / "their_backend.py",
            "import joblib\n"
            "from joblib.parallel import ThreadingBackend\n"
            "def register(): joblib.register_parallel_backend('theirs', ThreadingBackend)\n"
            "def nothing(): pass\n",
        )
        monkeypatch.syspath_prepend(tmp_path)
        try:
            found = run("analyze", masks, "--engine", "their_backend:register")
            assert found.code == 0, found.err
            assert found.out == run("analyze", masks).out
        finally:
            BACKENDS.pop("theirs", None)
        for name, said in (
            ("their_backend:nothing", "registered no joblib backend"),
            ("their_backend:gone", "there is no such function"),
            ("no_such_module:f", "there is no such function"),
        ):
            found = run("analyze", masks, "--engine", name, "--no-cache")
            assert found.code == 2
            assert said in found.err

    def test_a_name_that_nobody_knows(self, masks: Path) -> None:
        """The names that are known are said; a configuration never names what is imported."""
        found = run("analyze", masks, "--engine", "spark")
        assert found.code == 2
        assert "joblib knows no such backend, only" in found.err
        assert "dask" in found.err
        write(Path("imbweights.toml"), f'source = "{masks}"\nengine = "os:getcwd"\n')
        found = run("analyze")
        assert found.code == 2
        assert "engine" in found.err

    def test_one_file_is_not_divided(self, tmp_path: Path) -> None:
        """Which is said, for somebody thinks that a cluster is at work."""
        write(tmp_path / "a.csv", "label\na\nb\n")
        for engine in ("threading", "dask"):
            found = run("analyze", "a.csv", "--engine", engine)
            assert found.code == 0, found.err
            assert f"counted here, not by --engine {engine}" in found.err

    def test_an_address_is_that_of_dask(self, masks: Path) -> None:
        """And counts that are typed need no cluster."""
        found = run("analyze", masks, "--address", "tcp://127.0.0.1:8786")
        assert found.code == 2
        assert "--engine dask" in found.err
        assert run("analyze", "--ratio", "9:1", "--engine", "threading").code == 2

    def test_without_dask(self, masks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What to install."""
        for name in ("dask", "distributed"):
            monkeypatch.setitem(sys.modules, name, None)
        found = run("analyze", masks, "--engine", "dask", "--address", "tcp://127.0.0.1:1")
        assert found.code == 2
        assert "pip install 'imbweights[dask]'" in found.err

    def test_a_source_that_was_not_named(self, masks: Path, mine: type[Mine]) -> None:
        """The engine holds for what a configuration names as well."""
        write(Path("imbweights.toml"), f'source = "{masks}"\n')
        for command in (["analyze"], ["check"], ["suggest"]):
            before = mine.started
            run(*command, "--engine", "mine", "--no-cache")
            assert mine.started > before, command
