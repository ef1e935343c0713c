"""``imbweights loss``, as a user meets it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support import run, write

from imbweights.cli.loss import EXAMPLES

HOSTILE = ["=cmd()", "a\x1b[31mb", "<b>|x", "[bold]"]


def _given(samples: Path) -> tuple[object, ...]:
    return ("loss", samples / "predictions.npy", "--targets", samples / "targets.csv")


def test_the_screen_answers_first(samples: Path) -> None:
    """Exit 1, the reason in the first line, 24 lines of 80 columns."""
    found = run(*_given(samples))
    lines = found.out.splitlines()
    assert found.code == 1
    assert lines[0] == "Written by hand, the loss is NaN: 0 · log 0 in 7 of 400 rows."
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "IMB201 error" in found.out
    assert "0·(−Inf) = NaN" in found.out
    assert "(20, 77, 134, 191, 248 …)" in found.out
    assert "sorted order" in found.err
    assert run(*_given(samples), "--exit-zero").code == 0


@pytest.mark.parametrize(
    ("framework", "code", "remedy"),
    [
        ("torch", 0, "CrossEntropyLoss on logits"),
        ("pytorch", 0, "CrossEntropyLoss on logits"),
        ("keras", 0, "from_logits=True"),
        ("matlab", 1, "--for matlab-layer prints a layer"),
    ],
)
def test_the_remedy_is_in_the_users_framework(
    samples: Path, framework: str, code: int, remedy: str
) -> None:
    """And only its loss decides the exit status."""
    found = run(*_given(samples), "--for", framework)
    assert found.code == code
    assert remedy in " ".join(found.out.split())


def test_the_safe_layer_is_printed(samples: Path) -> None:
    """With the weights in class order."""
    out = run(*_given(samples), "--for", "matlab-layer", "--weights", "4,3,2,1").out
    assert "classdef weightedClassificationLayer" in out
    assert re.findall(r"(\d\.\d);  % (\w)", out) == [
        ("4.0", "A"),
        ("3.0", "B"),
        ("2.0", "C"),
        ("1.0", "D"),
    ]


def test_everything(samples: Path) -> None:
    """--all has the confusions, the costliest rows and the thresholds."""
    out = run(*_given(samples), "--scheme", "balanced", "--all").out
    for part in ("true \\ said", "costliest row", "answer yes from", "weighted"):
        assert part in out


def test_json_csv_and_markdown(samples: Path, tmp_path: Path) -> None:
    """NaN is null with a reason beside it; CSV has a row per class."""
    found = run(*_given(samples), "--format", "json", "-o", "r.csv", "-o", "r.md", "-o", "r.txt")
    data = found.json
    assert data["schema"] == "imbweights.loss/1"
    assert data["finite"] is False
    by_hand = data["losses"][-1]
    assert (by_hand["unweighted"], by_hand["unweighted_is"]) == (None, "nan")
    assert data["findings"][0]["code"] == "IMB201"
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 5
    assert (tmp_path / "r.md").read_text().startswith("**Written by hand")
    assert "costliest row" in (tmp_path / "r.txt").read_text()


def test_reported(samples: Path) -> None:
    """Which convention gives the number."""
    scores = samples / "scores.csv"
    out = run(
        "loss",
        scores,
        "--targets",
        scores,
        "--label",
        "defect",
        "--weights",
        "40",
        "--reported",
        "0.93",
    ).out
    assert "0.93 is: weighted, mean over samples." in out


def test_examples_run(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of --help."""
    monkeypatch.chdir(samples.parent)
    commands = re.findall(r"\[cyan\]imbweights (.*?)\[/cyan\]", EXAMPLES)
    assert len(commands) == 4
    for command in commands:
        found = run(*shlex.split(command))
        assert found.code in {0, 1}, found.err
        assert found.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--weights", "1,2"), "2 weights for 4 classes"),
        (("--use-split", "train"), "--use-split means nothing here"),
        (("--positive", "A"), "--positive means nothing here"),
        (("--from-logits", "--weights", "1,2,3,4", "--scheme", "balanced"), "use one"),
        (("-o", "x.png"), "must end in"),
        (("--classes", "a,b,c,d"), "not among the classes"),
        (("--label", "nope"), "no column 'nope'"),
    ],
)
def test_wrong_usage(samples: Path, arguments: tuple[str, ...], message: str) -> None:
    """Exit 2, a message, nothing on standard output."""
    found = run(*_given(samples), *arguments)
    assert (found.code, found.out) == (2, "")
    assert message in found.err


def test_two_readings_are_listed(tmp_path: Path) -> None:
    """Exit 2; --exit-zero does not hide it."""
    np.save(tmp_path / "p.npy", np.full((5, 3), 0.5))
    write(tmp_path / "t.txt", "0\n1\n2\n1\n0\n")
    found = run("loss", "p.npy", "--targets", "t.txt", "--exit-zero")
    assert found.code == 2
    assert "--from-logits" in found.err
    assert "--probabilities" in found.err
    assert run("loss", "p.npy", "--targets", "t.txt", "--probabilities").code == 0


def test_the_sources_are_not_overwritten(samples: Path, tmp_path: Path) -> None:
    """The targets would be gone."""
    file = write(tmp_path / "t.csv", (samples / "targets.csv").read_bytes())
    found = run("loss", samples / "predictions.npy", "--targets", file, "-o", file)
    assert found.code == 2
    assert "would be overwritten" in found.err


def test_class_names_are_hostile(tmp_path: Path) -> None:
    """Each form spells them its own way."""
    np.save(tmp_path / "z.npy", np.random.default_rng(0).normal(size=(8, 4)))
    write(tmp_path / "t.json", json.dumps(HOSTILE * 2))
    options = ("loss", "z.npy", "--targets", "t.json")
    page = run(*options, "--all")
    assert page.code == 0, page.err
    assert "\x1b" not in page.out + page.err
    assert "[bold]" in page.out
    assert "'=cmd()" in run(*options, "--format", "csv").out
    assert "&lt;b&gt;\\|x" in run(*options, "--format", "markdown").out


def test_many_classes_fit_the_screen(tmp_path: Path) -> None:
    """300 classes: the worst, and how many there are besides."""
    random = np.random.default_rng(0)
    np.save(tmp_path / "z.npy", random.normal(size=(900, 300)).astype("f4"))
    np.save(tmp_path / "t.npy", np.arange(900) % 300)
    lines = run("loss", "z.npy", "--targets", "t.npy", "--scheme", "balanced").out.splitlines()
    assert len(lines) <= 24
    assert any("others: --all" in line for line in lines)


def test_masks(tmp_path: Path) -> None:
    """Places are image:y,x; void does not count once it is named."""
    random = np.random.default_rng(0)
    z, t = random.normal(size=(3, 2, 8, 9)), random.integers(0, 2, (3, 8, 9))
    t[1, 4, 5] = 255
    np.save(tmp_path / "z.npy", z)
    np.save(tmp_path / "t.npy", t)
    found = run("loss", "z.npy", "--targets", "t.npy")
    assert found.code == 1
    assert "(1:4,5)" in found.out
    assert "--ignore-label 255" in found.out
    assert run("loss", "z.npy", "--targets", "t.npy", "--ignore-label", "255").code == 0


def test_help_is_light() -> None:
    """It loads none of the large libraries."""
    code = (
        "import sys; from imbweights.cli.app import build_app; build_app('loss');"
        "print(*sorted({'numpy', 'pandas', 'sklearn', 'duckdb', 'scipy'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"", "numpy"}
