"""Running work and keeping counts when something rare happens beside it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support import write

from imbweights.core.choices import CacheBy
from imbweights.core.errors import SourceError
from imbweights.running import cache, keeping, store
from imbweights.running.cache import About, Counted, asking_for, caching, counted_each
from imbweights.running.fingerprints import fingerprint
from imbweights.running.forked import forked
from imbweights.running.interrupts import TERMINATED, ending_in_order
from imbweights.running.memory import recall
from imbweights.running.store import DAMAGED, DamagedError, Entry, Store
from imbweights.running.trials import (
    VERSION,
    Answer,
    DroppedError,
    LostWorkerError,
    Task,
    Trials,
    attempt,
    must_see,
)

ABOUT = About("words")
ENTRY = Entry(b"status", b"digest", b'{"cat": 17}')
PLACES = {b"folder": [b"name"]}
KNOWN = {(b"folder", b"name"): ENTRY}


@pytest.fixture(autouse=True)
def _everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FEWEST_FILES", 0)
    monkeypatch.setattr(cache, "FEWEST_BYTES", 0)


def words(folder: Path, names: str, by: CacheBy | None = None) -> tuple[Any, list[str]]:
    """File → words, and the files that were read."""
    asked: list[str] = []

    def counted(paths: Sequence[str]) -> list[Counted]:
        asked.extend(paths)
        return [Counted(path, len((folder / path).read_text().split())) for path in paths]

    found: list[Counted] = []
    with caching(folder / "kept"), asking_for(by):
        counted_each(ABOUT, counted, folder, names.split(), found.extend)
    return {each.path: each.record for each in found}, sorted(asked)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files of text."""
    for name, text in (("a", "x"), ("b", "x x"), ("c", "x x x")):
        write(tmp_path / name, text)
    return tmp_path


def test_use_on_a_day_that_was_tidied_is_noted_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run of a day uses another file, which then stays 90 days longer."""
    today = store.today()
    words(folder, "a b c")
    for later, names in ((1, "a"), (1, "b"), (91, "a")):
        monkeypatch.setattr(store, "today", lambda later=later: today + later)
        assert words(folder, names)[1] == []
    assert words(folder, "b c")[1] == ["c"]


def test_what_cannot_be_hashed_or_is_too_large_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted each time."""
    expected = {"a": 1, "b": 2}
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "digests_of", lambda places: [None] * len(places))
        for _ in range(2):
            assert words(folder, "a b", CacheBy.CONTENT) == (expected, ["a", "b"])
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_LARGEST_RECORD", 0)
        for _ in range(2):
            assert words(folder, "a b") == (expected, ["a", "b"])
    assert words(folder, "a b")[1] == ["a", "b"]
    assert words(folder, "a b")[1] == []


def test_files_together_of_which_one_is_gone_are_read(folder: Path) -> None:
    """Each time: nothing tells whether what was found still holds."""
    asked: list[int] = []

    def read() -> int:
        asked.append(1)
        return 7

    with caching(folder / "kept"):
        for paths in ([folder / "a", folder / "gone"], [], [folder / "a", folder / "b"]):
            for _ in range(2):
                assert cache.kept(ABOUT, paths, read) == 7
    assert len(asked) == 2 + 2 + 1


def test_damage_is_said_once(tmp_path: Path) -> None:
    """However often it is met in one run."""
    kept = Store(tmp_path / "kept")
    for _ in range(2):
        assert kept.keep(b"scope", [(b"folder", b"name", ENTRY)])
        kept.path.write_bytes(b"nothing of ours" * 99)
        assert kept.look_up(b"scope", PLACES) == {}
    assert len(kept.notes) == 1
    assert "was damaged or is no store of imbweights" in kept.notes[0]


def test_damage_that_another_run_has_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store that is there now is good, so it stays."""
    kept = Store(tmp_path / "kept")
    assert kept.keep(b"scope", [(b"folder", b"name", ENTRY)])
    with monkeypatch.context() as patch:
        patch.setattr(store, "_rows", _damaged)
        assert kept.look_up(b"scope", PLACES) == {}
    assert not (tmp_path / "kept" / DAMAGED).exists()
    assert kept.notes == []
    assert kept.look_up(b"scope", PLACES) == KNOWN


def _damaged(*_: Any) -> Any:
    raise DamagedError


def test_a_store_that_another_run_makes_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second finds it there."""
    first = Store(tmp_path / "kept")
    assert first.keep(b"scope", [(b"folder", b"name", ENTRY)])
    answers = [False]
    real: Any = vars(store)["_is_ours"]
    monkeypatch.setattr(store, "_is_ours", lambda c: answers.pop() if answers else real(c))
    second = Store(tmp_path / "kept")
    assert second.keep(b"scope", [(b"folder", b"other", ENTRY)])
    assert second.look_up(b"scope", {b"folder": [b"name", b"other"]}).keys() == {
        (b"folder", b"name"),
        (b"folder", b"other"),
    }


def test_what_another_version_remembered_is_not_read(tmp_path: Path) -> None:
    """It may mean something else."""
    (tmp_path / ".imbweights_cache").mkdir()
    write(tmp_path / ".imbweights_cache" / "last.json", '{"schema": "imbweights.last/99"}')
    assert recall(tmp_path) is None


def test_links_to_folders_are_not_measured(folder: Path) -> None:
    """A folder with a link to itself has the size of its files."""
    before = fingerprint(folder)[1]
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert before == 1 + 3 + 5
    assert fingerprint(folder)[1] == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM to itself")
def test_an_end_that_is_asked_for_is_an_orderly_one() -> None:
    """What is open is closed; afterwards, and where somebody else handles it, all is as it was."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with pytest.raises(SystemExit) as caught, ending_in_order():
            os.kill(os.getpid(), signal.SIGTERM)
        assert caught.value.code == TERMINATED
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with ending_in_order():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def killed_once(marks: Path, items: Sequence[int]) -> int:
    """Ends its process the first time."""
    mark = marks / "mark"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return sum(items)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.parametrize("alone", [True, False])
def test_a_worker_is_replaced_only_by_a_process_of_one_thread(tmp_path: Path, alone: bool) -> None:
    """Where there are more, what is left is for somebody else."""
    stop = threading.Event()
    others = [] if alone else [threading.Thread(target=stop.wait)]
    trials = Trials([[1, 2]])
    crowd = threading.active_count() > 1
    found = []
    work = forked(partial(killed_once, tmp_path), trials, 1)
    try:
        for other in others:
            other.start()
        found = list(work)
    finally:
        stop.set()
        for other in others:
            other.join()
    if alone and not crowd:
        assert sum(part for _, part in found) == 3
        assert not trials.left
    else:
        assert found == []
        assert trials.left


def seeing(items: Sequence[Path]) -> None:
    """Looks for a file."""
    must_see(items[0])


@pytest.mark.parametrize("at_dask", [True, False])
def test_who_cannot_see_a_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_dask: bool
) -> None:
    """By its address, or by its process and machine."""

    def get_worker() -> Any:
        if not at_dask:
            raise ValueError("no worker found")
        return SimpleNamespace(address="tcp://10.0.0.7:4711")

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(get_worker=get_worker))
    answer = attempt(Task(seeing, 0, [tmp_path / "gone"], VERSION))
    who = "the worker tcp://10.0.0.7:4711" if at_dask else f"a worker (process {os.getpid()} on "
    assert str(answer.error).startswith(who)
    assert str(answer.error).endswith(f"cannot see {tmp_path / 'gone'}")
    assert attempt(Task(seeing, 0, [tmp_path / "gone"])).error is None


def test_parts_that_a_cluster_drops_are_sent_again_but_not_for_ever() -> None:
    """Neither the part nor its worker is to blame; ten times are enough."""
    trials = Trials([[1], [2]])
    for _ in range(10):
        first = next(trials.taken(trials.todo))
        assert trials.settled(Answer(first.number, error=DroppedError("dropped"))) is None
        assert trials.is_stale
        assert list(trials.taken(trials.todo)) == []
        trials.begin()
    first = next(trials.taken(trials.todo))
    assert first.failed == 0
    assert trials.settled(Answer(first.number, error=DroppedError("dropped"))) is None
    assert trials.todo[0].failed == 1


def test_many_items_that_are_given_up_are_named_by_the_first_and_the_last() -> None:
    """And how many they are."""
    trials = Trials([["a", "b", "c", "d"]])
    trial = next(trials.taken(trials.todo))
    object.__setattr__(trial, "failed", 2)
    with pytest.raises(
        SourceError, match=r"^a … d \(4 together\): given up after 3 attempts: gone"
    ):
        trials.settled(Answer(trial.number, error=LostWorkerError("gone")))
