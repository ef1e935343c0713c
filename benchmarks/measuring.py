"""Time and peak memory of whole processes, taken in turns."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from comparisons.base import DATA, Answer, Comparison, Way

# The command runs under a small process of its own: what a process has at its start is the memory
# of whoever started it, and here that would be ours with all its libraries.
_LAUNCH = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - begun
with open(sys.argv[1], "w") as stream:
    json.dump([os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss,
               usage.ru_utime + usage.ru_stime], stream)
"""
# A way that has taken this many seconds in all is not run again in later rounds.
_ENOUGH = 90.0
_EVERY = 0.05


@dataclass(frozen=True)
class Run:
    """One run: seconds by the clock, the largest memory of the process with its children in MB, and
    seconds of all cores.
    """

    seconds: float
    memory: float
    cpu: float


@dataclass
class Measured:
    """The runs of each way, by round; ``missing``: way → what the machine lacks for it."""

    runs: dict[str, list[Run]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def ratio(self, way: str, ours: str) -> float:
        """How many times as long as ours: the median of the rounds, each within itself."""
        pairs = zip(self.runs[way], self.runs[ours], strict=False)
        return statistics.median(other.seconds / mine.seconds for other, mine in pairs)

    def work(self, way: str, ours: str) -> float:
        """How many times as many seconds of all cores as ours, which a busy machine changes least."""
        pairs = zip(self.runs[way], self.runs[ours], strict=False)
        return statistics.median(other.cpu / mine.cpu for other, mine in pairs)

    def memory(self, way: str) -> float:
        """Peak over all runs, MB."""
        return max(run.memory for run in self.runs[way])

    def seconds(self, way: str) -> float:
        """Median over all runs."""
        return statistics.median(run.seconds for run in self.runs[way])


class WrongError(Exception):
    """A way failed, or counts otherwise than ours."""


def measured(comparison: Comparison, data: Path, rounds: int) -> Measured:
    """Run every way in turns. Raises ``WrongError`` when two ways do not give the same counts."""
    found = Measured()
    with tempfile.TemporaryDirectory(prefix="imbweights-benchmark-") as name:
        folder = Path(name)
        right = _checked(comparison.ways[0], data, folder)
        for number in range(rounds):
            for way in comparison.ways:
                if way.missing:
                    found.missing[way.name] = way.missing
                    continue
                if number and sum(r.seconds for r in found.runs[way.name]) > _ENOUGH:
                    continue
                run, answer = timed(way, data, folder)
                found.runs.setdefault(way.name, []).append(run)
                if way.asks == () and way.reads and right is not None and answer != right:
                    raise WrongError(f"{comparison.name}: {way.name} counts otherwise than ours")
    return found


def _checked(way: Way, data: Path, folder: Path) -> Answer | None:
    """What our command counts; the data is in the memory of the system from then on."""
    if not way.asks:
        return None
    text = _output(way.asks, data, folder)
    return way.reads(text) if way.reads else None


def _filled(command: Sequence[str], data: Path) -> list[str]:
    return [part.replace(DATA, str(data)) for part in command]


def _output(command: Sequence[str], data: Path, folder: Path) -> str:
    done = subprocess.run(
        _filled(command, data), capture_output=True, text=True, cwd=folder, check=False
    )
    if done.returncode:
        raise WrongError(f"{command[:4]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def timed(way: Way, data: Path, folder: Path) -> tuple[Run, Answer | None]:
    """One whole process, and what it counted if it says so."""
    if way.before:
        way.before(folder)
    noted = folder / "noted.json"
    with (folder / "out").open("w+b") as out, (folder / "err").open("w+b") as err:
        launch = [
            sys.executable,
            "-I",
            "-S",
            "-c",
            _LAUNCH,
            str(noted),
            *_filled(way.command, data),
        ]
        process = subprocess.Popen(launch, stdout=out, stderr=err, cwd=folder)
        with _watched(process.pid) as peaks:
            process.wait()
        code, seconds, memory, cpu = json.loads(noted.read_text())
        if code:
            err.seek(0)
            raise WrongError(f"{way.name} failed:\n{err.read().decode()[-2000:]}")
        out.seek(0)
        reads = None if way.asks else way.reads
        answer = reads(out.read().decode()) if reads else None
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    run = Run(seconds / way.part, max([memory / unit, *peaks]), cpu / way.part)
    return run, answer


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """MB of a process and all its children together, looked at again and again.

    Of one process the system keeps the peak itself; only the sum of several needs to be watched.
    Pages that processes share count once (proportional set size).
    """
    peaks: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            pids = _tree(pid)[1:]  # the first is the one that only waits
            if len(pids) > 1:
                peaks.append(sum(map(_proportional, pids)) / 1024)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for listing in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, listing.read_text().split())
            except OSError:  # it has just ended
                continue
    return found


def _proportional(pid: int) -> int:
    """KB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
