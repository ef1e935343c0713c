"""``check``: what a critical reader tried and broke."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import run, write


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def labels(**counts: int) -> str:
    """A label file with so many rows of each class."""
    return "label\n" + "".join(f"{name}\n" * n for name, n in counts.items())


def check(*arguments: object) -> list[dict[str, Any]]:
    """The findings of the only data set."""
    [checked] = run("check", *arguments, "--format", "json", "--no-cache").json["datasets"]
    return list(checked["findings"])


class TestOutputs:
    """What was read is not overwritten."""

    @pytest.mark.parametrize(
        ("typed", "place"),
        [
            (["a.txt", "--as", "lines", "--classes", "classes.txt"], "classes.txt"),
            (["ok.csv", "--weights", "w.json"], "w.json"),
            (["ok.csv"], "imbweights-baseline.json"),
            (["ok.csv", "--write-baseline"], "imbweights-baseline.json"),
            (["ok.csv", "--baseline", "imbweights-baseline.json"], "./imbweights-baseline.json"),
            (["--dataset", "b"], "t.json"),
            (["--dataset", "b"], "names.txt"),
            (["ok.csv"], "t.json"),
        ],
    )
    def test_inputs_stay(self, folder: Path, typed: list[str], place: str) -> None:
        """Class lists, weights, baselines, and the sources of every configured data set."""
        write(folder / "a.txt", "cat\ndog\n" * 20)
        write(folder / "classes.txt", "cat\ndog\n")
        write(folder / "names.txt", "cat\ndog\n")
        write(folder / "ok.csv", labels(cat=40, dog=40))
        write(folder / "w.json", json.dumps({"cat": 1.0, "dog": 1.0}))
        write(folder / "t.json", json.dumps([{"label": "cat"}] * 20 + [{"label": "dog"}] * 20))
        run("check", "ok.csv", "--write-baseline", "--no-cache")
        write(
            folder / "imbweights.toml",
            '[[datasets]]\nname = "t"\nsource = "t.json"\nclasses = "names.txt"\n'
            '[[datasets]]\nname = "b"\nsource = "ok.csv"\n',
        )
        before = (folder / place).read_bytes()
        done = run("check", *typed, "-o", place, "--no-cache")
        assert (done.code, "would be overwritten" in done.err) == (2, True)
        assert (folder / place).read_bytes() == before

    def test_a_report_is_written_again(self, folder: Path) -> None:
        """As by other commands."""
        write(folder / "ok.csv", labels(cat=40, dog=40))
        for _ in range(2):
            assert run("check", "ok.csv", "-o", "report.json", "--no-cache").code == 0
