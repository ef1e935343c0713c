"""The MATLAB of ``docs/``: all of it parses, and the layer that turns NaN does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from docs_running import DOCS, blocks, pages
from frameworks.octave import needs_octave, run

needs_octave()
MATLAB = [(p, b.text) for p in pages() for b in blocks(p) if b.language == "matlab"]


@pytest.mark.parametrize(("page", "code"), MATLAB, ids=[p.stem for p, _ in MATLAB])
def test_it_parses(page: Path, code: str, tmp_path: Path) -> None:
    """It is not run: categories and datastores are MATLAB's own."""
    del page
    assert run(tmp_path, {}, f"out = true;\nif false\n{code}\nend", stubs=False) is True


@pytest.mark.parametrize("page", ["loss.md", "matlab.md"])
def test_the_layer_by_hand(page: str, tmp_path: Path) -> None:
    """Finite as long as no probability is 0; one 0 where the target is 0 makes all of it NaN."""
    code = next(b.text for b in blocks(DOCS / page) if "forwardLoss" in b.text)
    y = np.array([[0.75, 0.5], [0.25, 0.5]])
    given = {"T": np.eye(2), "W": np.array([[1.0, 2.0]]), "N": np.array(2.0)}
    script = f"{code}\nout = [isnan(loss), any(isnan(dLdY(:)))];"
    assert not any(run(tmp_path, {}, script, stubs=False, Y=y, **given))
    sure = np.array([[1.0, 0.5], [0.0, 0.5]])
    assert all(run(tmp_path, {}, script, stubs=False, Y=sure, **given))


def test_the_pages_are_known() -> None:
    """A new page with MATLAB is parsed without being named here, but there are some."""
    assert {p.relative_to(DOCS).as_posix() for p, _ in MATLAB} >= {"loss.md", "matlab.md"}
