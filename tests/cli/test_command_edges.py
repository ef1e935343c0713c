"""Commands at the edges: what was typed in part, what lies elsewhere, outputs over inputs, sources of memory."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import sweep_results
from PIL import Image
from support import lines, run, write

from imbweights import __version__
from imbweights.analysis import analyze
from imbweights.cli.completing_columns import columns_of
from imbweights.cli.given_values import light
from imbweights.cli.sweep import _code
from imbweights.frameworks import find_framework

PETS = "label\n" + lines(["cat"] * 30 + ["dog"] * 20)


@pytest.fixture(autouse=True)
def _pets(tmp_path: Path) -> None:
    write(tmp_path / "pets.csv", PETS)


def test_the_version() -> None:
    """Alone on a line, with exit status 0, whatever else is typed."""
    for words in (("--version",), ("--version", "analyze", "none.csv")):
        done = run(*words)
        assert (done.code, done.out) == (0, f"imbweights {__version__}\n")


def test_rules_in_markdown() -> None:
    """A heading for each code that was named."""
    done = run("rule", "IMB003", "IMB004", "--format", "markdown")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line.startswith("#")] != []
    assert done.out.index("IMB003") < done.out.index("IMB004")
    assert run("rule", "IMB003").out != done.out


# -- what is read is not overwritten -----------------------------------------------------------


def test_a_check_overwrites_none_of_its_inputs(tmp_path: Path) -> None:
    """Neither images nor what another data set of the configuration matches; a gone one hides nothing."""
    (tmp_path / "masks").mkdir()
    (tmp_path / "images").mkdir()
    flat = np.arange(64, dtype=np.uint8).reshape(8, 8) % 2
    Image.fromarray(flat).save(tmp_path / "masks" / "a.png")
    Image.fromarray(flat).save(tmp_path / "images" / "a.jpg")
    write(tmp_path / "images" / "notes.json", "{}")
    done = run("check", "masks", "--images", "images", "-o", "images/notes.json")
    assert done.code == 2
    assert "-o images/notes.json: lies in the source folder" in done.err
    write(
        tmp_path / "imbweights.toml",
        '[[datasets]]\nname = "one"\nsource = "pets.csv"\nclasses = ["cat", "dog"]\n'
        '[[datasets]]\nname = "all"\nsource = "other_*.json"\n'
        '[[datasets]]\nname = "gone"\nsource = "gone.csv"\n',
    )
    write(tmp_path / "other_1.json", '[{"label": "cat"}]')
    done = run("check", "--dataset", "one", "-o", "other_1.json")
    assert done.code == 2
    assert "-o other_1.json: is the source itself" in done.err
    done = run("check", "--dataset", "one", "--format", "json", "-o", "found.json")
    assert done.code in {0, 1}, done.err
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))


def test_an_output_that_is_a_folder(tmp_path: Path) -> None:
    """Is named, and nothing is counted for it."""
    (tmp_path / "out.json").mkdir()
    done = run("suggest", "pets.csv", "--scheme", "balanced", "-o", "out.json")
    assert done.code == 2
    assert "-o out.json: is a folder" in done.err


# -- sources of memory and of the configuration ------------------------------------------------


def test_check_and_report_take_what_was_analysed_last() -> None:
    """But not one that cannot be read again, nor a data set that nobody configured."""
    assert "--dataset: the configuration has no data sets" in run("check", "--dataset", "a").err
    assert run("analyze", "pets.csv").code == 0
    done = run("check", "--format", "json")
    assert done.json["datasets"][0]["name"] == "pets.csv"
    assert run("analyze", "-", stdin=PETS.encode()).code == 0
    for command in ("check", "sweep"):
        done = run(command)
        assert done.code == 2
        assert "the last source was standard input, which cannot be read again" in done.err
    done = run("report", "-", "--sweep", stdin=PETS.encode())
    assert done.code == 2
    assert "--sweep reads the rows once more, which standard input cannot" in done.err


@pytest.mark.parametrize(
    ("classes", "typed"),
    [
        ('["dog", "cat"]', "--classes dog,cat"),
        ('["2=dog", "1=cat"]', "--classes 1=cat,2=dog"),
    ],
)
def test_classes_of_a_configuration_are_typed_again(
    classes: str, typed: str, tmp_path: Path
) -> None:
    """As they would be typed, on the page that says how it was made."""
    labels = PETS if "=" not in classes else PETS.replace("cat", "1").replace("dog", "2")
    write(tmp_path / "pets.csv", labels)
    write(tmp_path / "imbweights.toml", f'source = "pets.csv"\nclasses = {classes}\n')
    done = run("report", "-o", "page.md")
    assert done.code == 0, done.err
    assert f"pets.csv {typed} " in (tmp_path / "page.md").read_text("utf-8")


def test_notes_of_a_configuration_are_passed_on(tmp_path: Path) -> None:
    """What is read otherwise than it stands there is said by every command that uses it."""
    write(tmp_path / "imbweights.toml", 'source = "pets.csv"\n')
    write(tmp_path / "pyproject.toml", '[tool.imbweights]\nsource = "other.csv"\n')
    done = run("analyze")
    assert done.code == 0, done.err
    assert "pyproject.toml" in done.err


def test_sql_does_not_ask_a_configured_database(tmp_path: Path) -> None:
    """Its own query does."""
    write(
        tmp_path / "imbweights.toml",
        'database = "env:PETS"\nquery = "select label from pets"\n',
    )
    done = run("analyze", "--sql", "select label from data")
    assert done.code == 2
    assert "--sql asks files, and the source is a database" in done.err


# -- the shell ---------------------------------------------------------------------------------


def test_columns_for_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first file that has some; none of arrays, and none of JSON without a record."""
    assert columns_of(write(tmp_path / "a.npy", b"\x93NUMPY")) == []
    assert columns_of(write(tmp_path / "a.json", "[1, 2]")) == []
    write(tmp_path / "plain.txt", lines(["cat", "dog"]))
    write(tmp_path / "table.csv", "id,label\n1,cat\n")
    from imbweights.cli import completing

    monkeypatch.setattr(completing, "typed", lambda: ["analyze", "plain.txt", "table.csv"])
    assert completing.columns("l") == ["label"]


def test_a_typer_without_validators_is_left_alone() -> None:
    """Older ones have none to spare."""
    parameter = SimpleNamespace(name="label")
    light(parameter)
    assert vars(parameter) == {"name": "label"}


@pytest.mark.parametrize(("framework", "said"), [("json", True), ("torch", False)])
def test_the_advice_of_a_sweep_where_code_has_no_comments(
    framework: str, said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes to standard error, where else it would be lost."""
    result = sweep_results.weight_wins()
    profile = analyze({"0": 900, "1": 100}).profile
    text = _code(result, profile, find_framework(framework))()
    assert text
    assert bool(capsys.readouterr().err) is said
