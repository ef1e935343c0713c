"""``check``: what a critical reader tried and broke."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import run, write

from imbweights.checking.settings import BASELINE_FILE as BASELINE
from imbweights.core.locking import locked
from imbweights.schemes import SCHEMES


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


class TestBaselineFile:
    """The file of baselines."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda d: d["counts"].update(cat=10**400), "whole number"),
            (lambda d: d["scheme"].update(name="blah"), "blah"),
            (lambda d: d["scheme"]["weights"].update(cat=float("nan")), "finite"),
            (lambda d: d["scheme"]["weights"].pop("cat"), "weights lack class 'cat'"),
            (lambda d: d["scheme"]["weights"].update(cow=1.0), "different classes"),
            (lambda d: d["order"].append("cat"), "twice"),
        ],
    )
    def test_a_garbled_file_is_refused(
        self, folder: Path, change: Callable[[Any], object], said: str
    ) -> None:
        """Said in a line."""
        write(folder / "a.csv", labels(cat=40, dog=40, owl=40))
        run("check", "a.csv", "--write-baseline", "--scheme", "balanced", "--no-cache")
        place = folder / "imbweights-baseline.json"
        stored = json.loads(place.read_text(encoding="utf-8"))
        change(stored["datasets"]["a.csv"])
        write(place, json.dumps(stored))
        done = run("check", "a.csv", "--no-cache")
        assert (done.code, said in done.err) == (2, True), done.err

    def test_every_scheme_is_read_back(self, folder: Path) -> None:
        """What is written is not refused later."""
        write(folder / "a.csv", labels(cat=400, dog=40))
        for name in SCHEMES:
            wrote = run("check", "a.csv", "--write-baseline", "--scheme", name, "--no-cache")
            if wrote.code == 0:
                assert run("check", "a.csv", "--select", "IMB054", "--no-cache").code == 0, name

    def test_runs_side_by_side_lose_nothing(self, folder: Path) -> None:
        """Six processes write one file."""
        for i in range(6):
            write(folder / f"d{i}.csv", labels(cat=40, dog=40))
        command = [sys.executable, "-m", "imbweights", "check", "--write-baseline", "--no-cache"]
        runs = [
            subprocess.Popen([*command, f"d{i}.csv"], stderr=subprocess.DEVNULL) for i in range(6)
        ]
        assert [each.wait() for each in runs] == [0] * 6
        stored = json.loads((folder / "imbweights-baseline.json").read_text(encoding="utf-8"))
        assert sorted(stored["datasets"]) == [f"d{i}.csv" for i in range(6)]
        assert [path.name for path in folder.glob(".*")] == []

    def test_a_lock_that_was_left_does_not_stop(self, folder: Path) -> None:
        """A killed run leaves one."""
        lock = write(folder / ".imbweights-baseline.json.lock", "")
        os.utime(lock, (1, 1))
        write(folder / "a.csv", labels(cat=40, dog=40))
        assert run("check", "a.csv", "--write-baseline", "--no-cache").code == 0
        assert not lock.exists()
        write(lock, "")
        with pytest.raises(TimeoutError, match="another run"), locked(folder / BASELINE, 0.0):
            pass

    def test_a_source_has_one_name_however_it_is_typed(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """``d.csv``, ``./d.csv``, its whole path, and from another folder."""
        write(folder / "imbweights.toml", "")
        write(folder / "d.csv", labels(cat=400, dog=400))
        run("check", "./d.csv", "--write-baseline", "--no-cache")
        stored = json.loads((folder / BASELINE).read_text(encoding="utf-8"))
        assert list(stored["datasets"]) == ["d.csv"]
        write(folder / "d.csv", labels(cat=700, dog=100))
        for typed in ("d.csv", "./d.csv", folder / "d.csv"):
            assert run("check", typed, "--select", "IMB050", "--no-cache").code == 1, typed
        (folder / "sub").mkdir()
        monkeypatch.chdir(folder / "sub")
        assert run("check", "../d.csv", "--select", "IMB050", "--no-cache").code == 1
        write(folder / "e.csv", labels(cat=40, dog=40))
        done = run("check", "../e.csv", "--no-cache")
        assert "holds no data set e.csv; not compared" in done.err

    def test_older_files_hold_sources_as_they_were_typed(self, folder: Path) -> None:
        """They are found, and written again under that name."""
        write(folder / "d.csv", labels(cat=400, dog=400))
        run("check", "d.csv", "--write-baseline", "--no-cache")
        text = (folder / BASELINE).read_text(encoding="utf-8")
        write(folder / BASELINE, text.replace('"d.csv"', '"./d.csv"'))
        write(folder / "d.csv", labels(cat=700, dog=100))
        assert run("check", "d.csv", "--select", "IMB050", "--no-cache").code == 1
        run("check", "d.csv", "--write-baseline", "--no-cache")
        stored = json.loads((folder / BASELINE).read_text(encoding="utf-8"))
        assert list(stored["datasets"]) == ["./d.csv"]
