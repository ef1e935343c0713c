"""A sweep as part of the report."""

from __future__ import annotations

from pathlib import Path

from support import run


def test_a_sweep_goes_on_the_page(samples: Path, tmp_path: Path) -> None:
    """With its curves."""
    found = run("report", samples / "anomaly.csv", "--label", "status", "--sweep")
    assert found.code == 0, found.err
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Not proven: a moved threshold" in page
    assert "expected calibration" in page or "ECE" in page
    assert "pos_weight" in page
