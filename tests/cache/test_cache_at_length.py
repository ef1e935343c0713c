"""The laws of the cache at length, two runs at once, and runs that are killed at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cache_machine import CacheMachine
from hypothesis import settings

from imbweights import analyze
from imbweights.running.store import DAMAGED, NAME, Store

TestKeptAndFresh = CacheMachine.TestCase
TestKeptAndFresh.settings = settings(
    max_examples=300, stateful_step_count=40, deadline=None, derandomize=False
)

# Stores for ever: entries 0, 1, 2 … of ten folders, in parts of 100.
ENDLESS = """
import sys
from pathlib import Path
from imbweights.running.store import Entry, Store
number = 0
print("begun", flush=True)
while True:
    store = Store(Path(sys.argv[1]))
    part = [
        (b"folder %d" % (n % 10), b"%d" % n, Entry(b"status", None, b"[%d]" % n))
        for n in range(number, number + 100)
    ]
    store.keep(b"scope", part)
    store.look_up(b"scope", {b"folder 3": [b"%d" % n for n in range(3, number, 10)][-500:]})
    store.tidy()
    number = (number + 100) % 20_000
    assert not store.notes, store.notes
"""
COUNTING = """
import json, sys
from imbweights import analyze
print(json.dumps(analyze(sys.argv[1], kind="masks", cache=sys.argv[2], jobs=1).counts.as_dict()))
"""


@pytest.fixture(scope="module")
def masks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough masks for several batches."""
    folder = tmp_path_factory.mktemp("masks")
    rng = np.random.default_rng(0)
    for number in range(300):
        np.save(folder / f"{number:03}.npy", rng.integers(0, 5, (200, 200)).astype(np.uint8))
    return folder


def started(code: str, *arguments: Path) -> subprocess.Popen[str]:
    """A process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def entries_of(folder: Path) -> dict[tuple[bytes, bytes], Any]:
    """All that is stored; nothing may be damaged."""
    store = Store(folder)
    places = {b"folder %d" % i: [b"%d" % n for n in range(i, 20_000, 10)] for i in range(10)}
    found = store.look_up(b"scope", places)
    assert not store.notes
    assert not (folder / DAMAGED).exists()
    return found


def test_a_store_survives_kills_at_any_moment(tmp_path: Path) -> None:
    """Forty of them, of one process and of two; every entry that is there is whole."""
    moments = random.Random(0)  # noqa: S311
    for number in range(40):
        processes = [started(ENDLESS, tmp_path / "kept") for _ in range(1 + number % 2)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
        time.sleep(moments.uniform(0, 0.15))
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL
        for (_, name), entry in entries_of(tmp_path / "kept").items():
            assert json.loads(entry.record) == [int(name)]
    assert len(entries_of(tmp_path / "kept")) > 1000


def test_a_killed_run_is_continued(masks: Path, tmp_path: Path) -> None:
    """Runs that are killed later and later, until one comes to its end."""
    expected = analyze(masks, kind="masks").counts.as_dict()
    kept = tmp_path / "kept"
    for wait in (0.0, 0.05, 0.1, 0.2, 0.4):
        process = started(COUNTING, masks, kept)
        end = time.monotonic() + 30
        while not (kept / NAME).exists() and time.monotonic() < end and process.poll() is None:
            time.sleep(0.005)
        time.sleep(wait)
        process.kill()
        process.communicate()
    out, _ = started(COUNTING, masks, kept).communicate()
    assert json.loads(out) == expected
    assert analyze(masks, kind="masks", cache=kept).counts.as_dict() == expected
    assert not (kept / DAMAGED).exists()


def test_runs_at_once(masks: Path, tmp_path: Path) -> None:
    """Four of them that begin together, on an empty store and on a full one."""
    expected = analyze(masks, kind="masks").counts.as_dict()
    for _ in range(3):
        processes = [started(COUNTING, masks, tmp_path / "kept") for _ in range(4)]
        answers = [process.communicate()[0] for process in processes]
        assert [json.loads(answer) for answer in answers] == [expected] * 4
    assert not (tmp_path / "kept" / DAMAGED).exists()


def test_runs_at_once_on_a_damaged_store(masks: Path, tmp_path: Path) -> None:
    """Each finds the damage for itself; all answer rightly."""
    kept = tmp_path / "kept"
    expected = analyze(masks, kind="masks", cache=kept).counts.as_dict()
    for _ in range(3):
        content = bytearray((kept / NAME).read_bytes())
        content[4096:8192] = os.urandom(4096)
        (kept / NAME).write_bytes(content)
        processes = [started(COUNTING, masks, kept) for _ in range(3)]
        answers = [process.communicate()[0] for process in processes]
        assert [json.loads(answer) for answer in answers] == [expected] * 3


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small file system of its own")
def test_a_full_disk(masks: Path, tmp_path: Path) -> None:
    """Counting goes on when the store cannot grow."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        found = analyze(masks, kind="masks", cache=small / "kept")
        assert found.counts == analyze(masks, kind="masks").counts
        assert analyze(masks, kind="masks", cache=small / "kept").counts == found.counts
    finally:
        subprocess.run(["umount", str(small)], check=True)
