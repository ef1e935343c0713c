"""Commands as real processes, which tests end, starve or leave without a place to write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ctrl_c import hearing_ctrl_c

LONGEST = 120


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status as a shell has it, and what it wrote."""

    code: int
    out: str
    err: str


def started(
    arguments: Sequence[object], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """``imbweights`` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "imbweights", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hearing_ctrl_c,  # noqa: PLW1509 - the child has one thread
    )


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for it."""
    out, err = process.communicate(timeout=LONGEST)
    code = process.returncode
    return Ended(128 - code if code < 0 else code, out, err)


def command(
    *arguments: object, folder: Path, environment: Mapping[str, str] | None = None
) -> Ended:
    """Run it to its end."""
    return ended(started(arguments, folder, environment))


def killed_after(seconds: float, arguments: Sequence[object], folder: Path) -> bool:
    """Start it, kill it and its workers after so long; whether it was still running then."""
    process = started(arguments, folder)
    time.sleep(seconds)
    alive = process.poll() is None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        alive = False
    process.communicate(timeout=LONGEST)
    return alive
