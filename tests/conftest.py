"""What every test shares: a folder of its own, a screen of 80 columns, the sample data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:
    # Before NumPy is there: workers that each use all cores are in each other's way.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SAMPLES = Path(__file__).parent.parent / "sample_data"

# No deadlines: a busy machine is no failure. Everyday the same examples, so that a change is to
# blame for what fails; HYPOTHESIS_PROFILE=thorough looks for new ones, and longer.
settings.register_profile("everyday", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


@pytest.fixture(autouse=True)
def _quiet_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No colours, 80 columns, and a current folder in which nothing was analysed before."""
    for name in ("FORCE_COLOR", "NO_COLOR", "CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTHONUTF8", "1")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def samples() -> Path:
    """The sample data of the repository."""
    return SAMPLES
