"""What ``docs/cluster.md`` shows works on a real cluster."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from doc_code import run_page
from docs_running import DOCS, TOP, blocks, run_command
from joblib.parallel import BACKENDS

if TYPE_CHECKING:
    import pytest
    from cluster.conftest import Cluster

PAGE = DOCS / "cluster.md"


def prepared(folder: Path) -> None:
    """The data that the page speaks of."""
    shutil.copytree(TOP / "sample_data" / "masks", folder / "masks")
    (folder / "tables").mkdir()
    for number in range(3):
        text = "label\n" + "a\nb\n" * (20 + number)
        (folder / "tables" / f"{number}.csv").write_text(text, encoding="utf-8")
    shutil.copy(TOP / "sample_data" / "anomaly.csv", folder)


def test_commands(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the address of this cluster."""
    monkeypatch.chdir(tmp_path)
    prepared(tmp_path)
    ran = 0
    for block in blocks(PAGE):
        assert block.language in {"sh", "text", "python"}
        for line in block.text.splitlines() if block.language == "sh" else ():
            code, out, err = run_command(line.replace("tcp://head:8786", cluster.address))
            assert code == 0, (line, err)
            assert out
            ran += 1
    assert ran == 3


def test_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend of one's own."""
    monkeypatch.chdir(tmp_path)
    prepared(tmp_path)
    try:
        printed = run_page(PAGE, frameworks=False)
    finally:
        BACKENDS.pop("mine", None)
    assert printed == "12\n"
