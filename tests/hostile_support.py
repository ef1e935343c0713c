"""Running one hostile case as a process of its own, with limits that the system holds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hostile_cases import Case

# Address space is no memory: NumPy and DuckDB reserve much more than they use.
_ADDRESSES = 12 << 30
_PATIENCE = 4
_WRAPPER = Path(__file__).with_name("hostile_limits.py")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: ``megabytes`` of memory at its largest, ``seconds`` on one core."""

    status: int
    out: str
    err: str
    megabytes: int
    seconds: float


def made(case: Case, folder: Path) -> None:
    """Write the files of a case."""
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content)


def ended(case: Case, folder: Path, record: Path) -> Ended:
    """Run a case in its folder; ``record``: a file for what it took.

    Raises ``subprocess.TimeoutExpired`` for a process that neither works nor ends.
    """
    words = [*case.command, *(("--format", "json") if case.counts is not None else ())]
    limits = [str(record), str(case.seconds), str(_ADDRESSES)]
    surroundings = os.environ | {
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "HOME": str(folder),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    with ExitStack() as stack:
        given = subprocess.PIPE
        if isinstance(case.stdin, Path):
            given = stack.enter_context(case.stdin.open("rb")).fileno()
        process = subprocess.Popen(
            [
                sys.executable,
                "-S",
                str(_WRAPPER),
                *limits,
                sys.executable,
                "-m",
                "imbweights",
                *words,
            ],
            cwd=folder,
            env=surroundings,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(
                case.stdin if isinstance(case.stdin, bytes) else None, _PATIENCE * case.seconds
            )
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
    return Ended(
        **json.loads(record.read_text()),
        out=out.decode("utf-8", "replace"),
        err=err.decode("utf-8", "replace"),
    )
