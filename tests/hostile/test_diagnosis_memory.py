"""Predictions larger than memory should be: read in blocks, so that little of them is held."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

# Holes in the file take no disk but count in full when they are read. 10 GB take some three minutes
# on two cores and peak at 76 MB; the peak does not depend on the size, so two small ones show it.
CODE = """
import json, pathlib, resource, sys
import imbweights
found = imbweights.diagnose(sys.argv[1], sys.argv[2], from_logits=True)
status = pathlib.Path("/proc/self/status")
if status.exists():
    # ru_maxrss counts what the parent held when it started this process.
    [line] = [x for x in status.read_text().splitlines() if x.startswith("VmHWM")]
    peak = int(line.split()[1]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak *= 1 if sys.platform == "darwin" else 1024
print(json.dumps([peak, found.losses[0].plain]))
"""


def _sparse(path: Path, dtype: str, shape: tuple[int, ...]) -> Path:
    array = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    del array
    return path


def _peak(folder: Path, megabytes: int) -> tuple[int, float]:
    rows = megabytes * (1 << 20) // 8 // 16
    predictions = _sparse(folder / f"z{megabytes}.npy", "f8", (rows, 16))
    targets = _sparse(folder / f"t{megabytes}.npy", "u1", (rows,))
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(predictions), str(targets)],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    peak, loss = json.loads(done.stdout)
    return int(peak), float(loss)


def test_peak_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """512 MB of predictions are read with far less, and hardly more than 64 MB need."""
    small, _ = _peak(tmp_path, 64)
    large, loss = _peak(tmp_path, 512)
    assert loss == pytest.approx(np.log(16))
    assert large < 250 << 20
    assert large - small < 32 << 20
