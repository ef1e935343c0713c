"""``imbweights sweep`` as a user meets it, and ``suggest --sweep``."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sweep_results
from ctrl_c import hearing_ctrl_c
from rich.cells import cell_len
from support import run, write

import imbweights
from imbweights.cli import sweeping
from imbweights.evidence.result import SweepResult


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """400 rows, two features, one of which tells; 15 % are faults."""
    rng = np.random.default_rng(0)
    fault = rng.random(400) < 0.15
    heat = rng.normal(size=400) + 1.8 * fault
    noise = rng.normal(size=400)
    rows = [
        f"{h:.4f},{n:.4f},{'fault' if f else 'ok'},{i % 40}"
        for i, (h, n, f) in enumerate(zip(heat, noise, fault, strict=True))
    ]
    return write(tmp_path / "parts.csv", "heat,noise,label,day\n" + "\n".join(rows) + "\n")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands for the engine: what it was asked for, and a result made by hand."""
    calls: list[Any] = []

    def engine(*arguments: Any) -> SweepResult:
        calls.append(arguments)
        return sweep_results.binary()

    monkeypatch.setattr(sweeping, "sweep_source", engine)
    return calls


def test_every_option_reaches_the_engine(table: Path, asked: list[Any], tmp_path: Path) -> None:
    """Lists with commas, repeated options, a cost matrix, jobs."""
    costs = write(tmp_path / "costs.csv", "0,1\n10,0\n")
    words = [
        "--features",
        "heat,noise",
        "--features",
        "day",
        "--drop",
        "d*",
        "--text",
        "a,b",
        "--group",
        "day",
        "--schemes",
        "log,balanced",
        "--pos-weights",
        "1,2.5",
        "--positive",
        "fault",
        "--optimize",
        "cost",
        "--folds",
        "3",
        "--repeats",
        "2",
        "--seed",
        "7",
        "--max-rows",
        "100",
        "--use-split",
        "all",
        "--jobs",
        "2",
        "--label",
        "label",
        "--embeddings",
        "X.npy",
        "--images",
        "pictures",
    ]
    assert run("sweep", table, *words, "--costs", costs).code == 0
    [(spec, data, options, progress)] = asked
    assert (spec.paths, spec.options.label, progress) == ((str(table),), "label", None)
    assert data.features == ("heat", "noise", "day")
    assert (data.drop, data.text, data.group) == (("d*",), ("a", "b"), "day")
    assert (data.embeddings, data.images) == ("X.npy", "pictures")
    assert (data.max_rows, data.use_split, data.positive, data.seed) == (100, "all", "fault", 7)
    assert (options.schemes, options.pos_weights) == (("log", "balanced"), (1.0, 2.5))
    assert (options.goal, options.folds, options.repeats) == ("cost", 3, 2)
    assert run("sweep", table).code == 0
    defaults = asked[1][2]  # what is not said is decided by the engine, as in Python
    assert (defaults.goal, defaults.repeats, defaults.schemes) == (None, None, None)
    assert (options.seed, options.jobs) == (7, 2)
    assert options.wishes.costs is not None
    assert options.wishes.costs.values == ((0.0, 1.0), (10.0, 0.0))


def test_an_interrupted_sweep_prints_what_is_done(
    table: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And exits with 130; a plot without anything to draw is left out, and that is said."""
    monkeypatch.setattr(sweeping, "sweep_source", lambda *given: sweep_results.interrupted())
    found = run("sweep", table, "--plot", tmp_path / "a.svg", "-o", tmp_path / "a.json")
    assert found.code == 130
    assert found.out.startswith("Interrupted before two folds were done")
    assert "nothing to draw" in found.err
    assert (tmp_path / "a.json").exists()
    assert not (tmp_path / "a.svg").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c(table: Path) -> None:
    """A real interrupt in the middle of many folds."""
    command = [sys.executable, "-m", "imbweights", "sweep", str(table), "--jobs", "1"]
    done = table.parent / "done"
    code = (
        "import pathlib, sys, imbweights.cli.sweeping as s\n"
        "from contextlib import contextmanager\n"
        "def told(n, of): pathlib.Path(sys.argv.pop()).touch() if n == 3 else None\n"
        "@contextmanager\n"
        "def bar(doing): yield told\n"
        "s.progress_bar = bar\n"
        "from imbweights.cli import main\n"
        "main(sys.argv[1:-1])"
    )
    started = subprocess.Popen(
        [command[0], "-c", code, *command[3:], "--repeats", "500", "--no-cache", str(done)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        preexec_fn=hearing_ctrl_c,  # noqa: PLW1509 - the child has one thread
    )
    try:
        while not done.exists():
            assert started.poll() is None
            time.sleep(0.02)
        started.send_signal(signal.SIGINT)
        out, _ = started.communicate(timeout=120)
    finally:
        started.kill()
    assert started.returncode == 130
    assert "plain, threshold tuned" in out


def refused(arguments: Sequence[object], *words: str) -> None:
    """Status 2, nothing on standard output, and a message that says so."""
    found = run("sweep", *arguments)
    assert (found.code, found.out) == (2, "")
    for word in words:
        assert word in found.err


def test_sources_without_rows(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts, a ratio, a saved analysis, one remembered: none can be learned from."""
    refused(["--counts", "a=1,b=2"], "--counts a=1,b=2: holds counts", "sweep data.csv --label y")
    refused(["--ratio", "60:1"], "--ratio 60:1: holds counts")
    saved = tmp_path / "saved.json"
    run("analyze", table, "--label", "label", "-o", saved)
    refused([saved], "saved.json: holds counts")
    refused([f"train={saved}"], "saved.json: holds counts")
    monkeypatch.chdir(tmp_path)
    run("analyze", "--counts", "a=1,b=2")
    refused([], "holds counts")


def test_wrong_usage(table: Path) -> None:
    """Before anything is computed."""
    refused([table, "--plot", "a.pdf"], "must end in .svg or .png")
    refused([table, "--plot", "nowhere/a.svg"], "--plot nowhere/a.svg: there is no folder nowhere")
    refused([table, "--schemes", ""], "--schemes names no scheme")
    refused([table, "--label", "label", "--images", "."], "--images goes with masks")
    refused([table, "--for", "torch", "--format", "json"], "use one")
    refused([table, "--for", "torhc"], "did you mean torch?")
    refused([table, "--pos-weights", "1,x"], "expected numbers such as 1,2,5,10")
    refused([table, "--optimize", "accuracy"], "--optimize", "balanced-accuracy")
    refused([table, "--schemes", "balnced"], "balanced")
    refused([table, "--folds", "1"], "--folds")
    refused([table, "--features", "heart"], "there is no such column", "heat")


def test_help_lists_nothing_that_is_refused() -> None:
    """A sweep has no use for counts."""
    text = run("sweep", "--help").out
    assert "--pos-weights" in text
    assert not {"--counts", "--ratio", "--count-column"} & set(text.split())


def test_the_command_and_the_library_say_the_same(table: Path) -> None:
    """With the repeats that few rows need, and the verdict over them."""
    data = run("sweep", table, "--label", "label", "--schemes", "log", "--format", "json").json
    expected = imbweights.sweep(table, label="label", schemes="log")
    assert (data["data"]["repeats"], data["data"]["folds"]) == (3, 5)
    assert data["verdict"] == json.loads(json.dumps(expected.verdict.to_dict()))


def test_a_leak_is_told_under_a_suggestion_as_well(table: Path) -> None:
    """Not only by the sweep itself."""
    lines = table.read_text().splitlines()
    leaky = [f"{line},{'x' if ',fault,' in line else 'y'}" for line in lines[1:]]
    table.write_text("\n".join([f"{lines[0]},result", *leaky]) + "\n")
    found = run("suggest", table, "--label", "label", "--sweep").out
    assert "Column 'result' alone predicts the label perfectly" in " ".join(found.split())


def test_the_source_is_never_overwritten(table: Path) -> None:
    """Not by results of its own."""
    before = table.read_bytes()
    found = run("sweep", table, "--pos-weights", "2", "--folds", "2", "-o", table)
    assert found.code == 2
    assert "would be overwritten" in found.err
    assert table.read_bytes() == before


def test_end_to_end(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen, all files, a picture; the numbers in them agree."""
    monkeypatch.chdir(tmp_path)
    outputs = ("-o", "a.json", "-o", "a.csv", "-o", "a.md", "--plot", "a.svg", "--plot", "a.png")
    found = run("sweep", table, "--drop", "day", "--per-class", *outputs)
    assert found.code == 0
    lines = found.out.splitlines()
    assert lines[0].split(":")[0] in {"Do not weight", "Leave it as it is", "Weight"}
    assert all(cell_len(line) <= 80 for line in lines if "imbweights" not in line)
    assert "400 rows, 2 features, class fault is" in found.out
    data = run("sweep", table, "--drop", "day", "--format", "json").json
    [plain] = [line for line in lines if line.startswith("plain  ")]
    pooled = data["candidates"][0]["pooled"]
    for key, cell in zip(("precision", "recall", "f1"), plain.split()[1:], strict=False):
        assert float(cell) == pytest.approx(pooled[key], abs=0.0006)
    with (tmp_path / "a.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["class"] for row in rows} == {"fault", "ok"}
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("**")


def test_the_screen_of_real_results_fits(table: Path) -> None:
    """24 lines of 80 columns with all that the engine has to say."""
    for more in ((), ("--optimize", "recall@precision=.9", "--group", "day")):
        found = run("sweep", table, "--label", "label", *more, "--folds", "3", "--jobs", "1")
        lines = found.out.splitlines()
        assert 10 < len(lines) <= 24
        assert all(cell_len(line) <= 80 for line in lines if "imbweights" not in line)


def test_code_for_the_winner(table: Path) -> None:
    """The verdict is the first comment, the weights have their class beside them."""
    options = ("--label", "label", "--folds", "2", "--schemes", "log")
    text = run("sweep", table, *options, "--for", "torch").out
    headline = run("sweep", table, *options, "--format", "json").json["verdict"]["headline"]
    comments = " ".join(line[2:] for line in text.splitlines() if line.startswith("# "))
    assert comments.startswith(headline)
    assert "import torch" in text
    assert "# 0 fault" in text


def test_standard_input(table: Path) -> None:
    """Read once, like a file."""
    found = run("sweep", "-", "--label", "label", "--folds", "2", stdin=table.read_bytes())
    assert found.code == 0
    assert "400 rows" in found.out


def test_the_last_source_is_taken(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the other commands; options are its own."""
    monkeypatch.chdir(tmp_path)
    run("analyze", table, "--label", "label")
    found = run("sweep", "--folds", "2")
    assert found.code == 0
    assert "analysed last in this folder" in found.err


def test_suggest_with_a_sweep(table: Path) -> None:
    """The usual page, then the answer; JSON has all of it."""
    lines = run("suggest", table, "--label", "label", "--sweep").out.splitlines()
    assert lines[0].startswith("By the counts alone: try balanced first")
    [at] = [i for i, line in enumerate(lines) if line.startswith("Tried on this data: ")]
    assert 1 <= len(lines) - at <= 5
    assert len(lines) <= 24
    assert not any("Evidence to get next" in line for line in lines)
    data = run("suggest", table, "--label", "label", "--sweep", "--format", "json").json
    assert data["schema"] == "imbweights.suggestion/1"
    assert data["sweep"]["schema"] == "imbweights.sweep/1"


def test_suggest_cannot_sweep_everything(table: Path) -> None:
    """Counts, code, CSV, standard input."""
    for arguments, word in (
        (("--counts", "a=1,b=2"), "holds counts"),
        ((table, "--label", "label", "--for", "torch"), "imbweights sweep has --for"),
        ((table, "--label", "label", "--format", "csv"), "JSON has"),
        (("-", "--label", "label"), "standard input cannot"),
    ):
        found = run("suggest", *arguments, "--sweep")
        assert found.code == 2
        assert word in found.err


def test_hostile_names_end_to_end(tmp_path: Path) -> None:
    """Classes, columns and the file itself."""
    rng = np.random.default_rng(1)
    rows = [
        f"{x:.3f},{'red[bold]' if x > 0.9 else 'b<i>'},{name}"
        for x, name in zip(
            rng.normal(size=120), ["\x1b[31mred", "=1+1", "$a$", "$a$"] * 30, strict=True
        )
    ]
    path = write(tmp_path / "a[b].csv", "x$y,\x1b[7mz,label\n" + "\n".join(rows) + "\n")
    for form in ("table", "markdown"):
        found = run(
            "sweep", path, "--label", "label", "--per-class", "--format", form, "--folds", "2"
        )
        assert found.code == 0
        assert "\x1b" not in found.out
