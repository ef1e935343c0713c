"""Shell completion through its protocol: names, columns of the file in the line, and how quickly."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support import run, write

from imbweights.checking.codes import ALL_CODES
from imbweights.cli import completing
from imbweights.cli.completing_codes import CODES
from imbweights.cli.completing_columns import columns_of
from imbweights.drift import DRIFTS
from imbweights.evidence.goals import GOALS
from imbweights.frameworks import FRAMEWORKS
from imbweights.render.plots.kinds import KINDS
from imbweights.schemes import SCHEMES
from imbweights.sources.images.palettes import PALETTE_NAMES

TABLE = "size,kind of thing,label\n1.5,a,x\n2.5,b,y\n"


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """What bash is told for a line; the last word is the one that is being typed."""

    def ask(line: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        monkeypatch.setenv("_IMBWEIGHTS_COMPLETE", "complete_bash")
        done = run()
        assert done.err == ""
        return [line for line in done.out.splitlines() if line]

    return ask


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("imbweights sw", ["sweep"]),
        ("imbweights analyze --lab", ["--label"]),
        ("imbweights analyze a.csv --label ", ["size", "kind of thing", "label"]),
        ("imbweights analyze a.csv --label l", ["label"]),
        ("imbweights analyze train=a.csv --split s", ["size"]),
        ("imbweights analyze -o a.csv --label ", []),
        ("imbweights analyze a.csv --label size,l", ["size,label"]),
        ("imbweights analyze a.csv --count-column s", ["size"]),
        ("imbweights analyze missing.csv --label ", []),
        ("imbweights sweep a.csv --features size,", ["size,kind of thing", "size,label"]),
        ("imbweights audit 1,2 --on a.csv --label l", ["label"]),
        ("imbweights loss p.npy --targets a.csv --label l", ["label"]),
        ("imbweights suggest --scheme bal", ["balanced"]),
        ("imbweights sweep a.csv --schemes log,bal", ["log,balanced"]),
        ("imbweights plot a.csv --scheme bal", ["balanced"]),
        ("imbweights suggest --for mat", ["matlab", "matlab-layer"]),
        ("imbweights loss p.npy --for tor", ["torch"]),
        ("imbweights plot a.csv --kind ", ["bar", "splits", "weights", "cooccurrence"]),
        ("imbweights suggest --normalize s", ["sum1", "sumk", "samples"]),
        ("imbweights analyze --as svm", ["svmlight"]),
        ("imbweights rule IMB00", [f"IMB00{i}" for i in range(1, 7)]),
        ("imbweights check a.csv --select IMB05,IMB001", ["IMB05,IMB001"]),
        ("imbweights check a.csv --level IMB001=", [
            "IMB001=error", "IMB001=warning", "IMB001=note", "IMB001=off",
        ]),
        ("imbweights check a.csv --drift-metric c", ["cramers-v"]),
        ("imbweights check --dataset ", ["first", "second"]),
        ("imbweights report --dataset s", ["second"]),
        ("imbweights report a.csv --label l", ["label"]),
        ("imbweights report a.csv --empty ma", ["max"]),
        ("imbweights report a.csv --sw", ["--sweep"]),
        ("imbweights report a.csv --im", ["--images"]),
    ],
)  # fmt: skip
def test_bash(
    complete: Callable[[str], list[str]], line: str, expected: list[str], tmp_path: Path
) -> None:
    """One answer a line."""
    write(tmp_path / "a.csv", TABLE)
    sets = [f'[[datasets]]\nname = "{name}"\nsource = "a.csv"\n' for name in ("first", "second")]
    write(tmp_path / "imbweights.toml", "".join(sets))
    assert complete(line) == expected
    write(tmp_path / "imbweights.toml", "[[datasets")
    assert complete(line) in (expected, [])


def test_zsh_and_fish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They send the line in a variable of their own."""
    write(tmp_path / "a.csv", TABLE)
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "imbweights analyze a.csv --label l")
    monkeypatch.setenv("_IMBWEIGHTS_COMPLETE", "complete_zsh")
    assert '"label"' in run().out
    monkeypatch.setenv("_IMBWEIGHTS_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    assert run().out.split() == ["label"]


def test_names_are_those_of_the_registers() -> None:
    """They are written down twice, so that completion need not import the registers."""
    assert tuple(SCHEMES) == completing.SCHEMES
    assert tuple(FRAMEWORKS) == completing.FRAMEWORKS
    assert tuple(KINDS) == completing.KINDS
    assert tuple(DRIFTS) == completing.DRIFTS
    assert tuple(PALETTE_NAMES) == completing.PALETTES
    assert tuple(GOALS) == completing.GOALS
    assert {code: found.title for code, found in ALL_CODES.items()} == CODES


def test_columns_of_every_form(tmp_path: Path) -> None:
    """Names where there are some, nothing else, and never an error."""
    frame = pd.DataFrame({"a b": [1.5, 2.5], "label": ["x", "y"]})
    frame.to_csv(tmp_path / "a.tsv", sep="\t", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    write(tmp_path / "a.csv.gz", gzip.compress(TABLE.encode()))
    write(tmp_path / "latin.csv", "größe;label\n1,5;x\n2,5;y\n".encode("latin-1"))
    write(tmp_path / "utf16.csv", "size,label\n1,x\n2,y\n".encode("utf-16"))
    write(tmp_path / "a.jsonl", '{"text": "t", "label": 1}\n{"text": "u", "label": 0}\n')
    np.savez(tmp_path / "a.npz", X=np.zeros(2), y=np.zeros(2))
    expected = {
        "a.tsv": ["a b", "label"],
        "a.parquet": ["a b", "label"],
        "a.csv.gz": ["size", "kind of thing", "label"],
        "latin.csv": ["größe", "label"],
        "utf16.csv": ["size", "label"],
        "a.jsonl": ["text", "label"],
        "a.npz": ["X", "y"],
    }
    assert {name: columns_of(tmp_path / name) for name in expected} == expected
    for name, content in {
        "empty.csv": "",
        "bad.json": "{",
        "bad.npz": "no archive",
        "bad.parquet": "no",
        "words.txt": "one\ntwo\n",
        "plain.csv": "1,2\n3,4\n",
    }.items():
        assert columns_of(write(tmp_path / name, content)) == []
    assert columns_of(tmp_path / "missing.csv") == []


@pytest.mark.parametrize(
    "line",
    ["analyze a.csv --label ", "suggest --for t", "rule IMB0", "an", "check --", "report --"],
)
def test_nothing_heavy_is_loaded(line: str, tmp_path: Path) -> None:
    """The shell waits."""
    write(tmp_path / "a.csv", TABLE)
    heavy = ("numpy", "pandas", "sklearn", "duckdb", "scipy", "matplotlib")
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr))\n"
        "from imbweights.cli import main\nmain([])"
    )
    words = f"imbweights {line}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={
            **os.environ, "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1),
            "_IMBWEIGHTS_COMPLETE": "complete_bash",
        },
    )  # fmt: skip
    assert done.stdout.strip()
    assert done.stderr.splitlines()[-1] == "[]"
