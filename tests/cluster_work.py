"""Functions for workers of a cluster to run; they import this module by its name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path


def slow_sum(batch: Sequence[int]) -> int:
    """Long enough that sharing it pays."""
    time.sleep(0.006 * len(batch))
    return sum(batch)


def dying_sum(place: str, parent: int, times: int, batch: Sequence[int]) -> int:
    """Kills its process when 150 comes, so many times; never the process of the test itself."""
    if 150 in batch and os.getpid() != parent and len(list(Path(place).iterdir())) < times:
        Path(place, f"{time.monotonic_ns()}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return slow_sum(batch)


def failing_sum(place: str, times: int, batch: Sequence[int]) -> int:
    """Fails as a disk may when 150 comes, so many times."""
    if 150 in batch and len(list(Path(place).iterdir())) < times:
        Path(place, f"{time.monotonic_ns()}").touch()
        raise OSError(5, "Input/output error")
    return sum(batch)
