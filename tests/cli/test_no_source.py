"""Which source a command works on when none was named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support import run, write


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A small label file in the current folder."""
    return write(tmp_path / "labels.csv", "id,kind\n1,a\n2,b\n3,b\n")


def test_without_any_source_there_is_an_error() -> None:
    """Which says what would be one."""
    found = run("suggest", "--scheme", "inverse")
    assert found.code == 2
    assert "no source" in found.err
    assert "[tool.imbweights]" in found.err


@pytest.mark.usefixtures("labels")
def test_the_last_analysed_is_remembered_with_its_options(tmp_path: Path) -> None:
    """And said on standard error, not in the result."""
    run("analyze", "labels.csv", "--label", "kind")
    found = run("suggest", "--scheme", "inverse")
    assert found.column == ["3.00000", "1.50000"]
    assert (
        "note: source labels.csv --label kind, analysed last in this folder; unchanged" in found.err
    )
    cache = tmp_path / ".imbweights_cache"
    assert (cache / ".gitignore").read_text("utf-8").endswith("*\n")
    assert (
        (cache / "CACHEDIR.TAG")
        .read_text("utf-8")
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_a_change_is_noticed_and_counted_anew(labels: Path) -> None:
    """The weights are those of the file as it is now."""
    run("analyze", "labels.csv", "--label", "kind")
    write(labels, "id,kind\n1,a\n2,b\n3,b\n4,b\n")
    found = run("suggest", "--scheme", "inverse")
    assert found.column == ["4.00000", "1.33333"]
    assert "changed since then, counted anew" in found.err
    status = labels.stat()
    os.utime(labels, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))
    assert "changed since then" in run("suggest", "--scheme", "inverse").err


def test_a_file_that_is_gone(labels: Path) -> None:
    """Is named."""
    run("analyze", "labels.csv", "--label", "kind")
    labels.unlink()
    found = run("suggest", "--scheme", "inverse")
    assert found.code == 2
    assert "is gone" in found.err


@pytest.mark.usefixtures("labels")
def test_options_given_again_win(tmp_path: Path) -> None:
    """Over the remembered ones."""
    run("analyze", "labels.csv", "--label", "kind")
    found = run("suggest", "--scheme", "inverse", "--classes", "b,a", "--format", "json")
    assert [c["name"] for c in found.json["classes"]] == ["b", "a"]
    assert (tmp_path / ".imbweights_cache").is_dir()


def test_counts_and_standard_input_are_remembered_too() -> None:
    """The latter by its counts, since it cannot be read again."""
    run("analyze", "--counts", "a=1,b=3")
    assert run("suggest", "--scheme", "inverse").column == ["4.00000", "1.33333"]
    run("analyze", "-", stdin=b"label\na\nb\n")
    found = run("suggest", "--scheme", "inverse")
    assert found.column == ["2.00000", "2.00000"]
    assert "standard input, as it was analysed last" in found.err
    assert run("suggest", "--scheme", "inverse", "--classes", "b,a").code == 2


@pytest.mark.usefixtures("labels")
def test_no_cache_neither_stores_nor_recalls(tmp_path: Path) -> None:
    """The folder stays clean."""
    run("analyze", "labels.csv", "--label", "kind", "--no-cache")
    assert not (tmp_path / ".imbweights_cache").exists()
    run("analyze", "labels.csv", "--label", "kind")
    assert run("suggest", "--scheme", "inverse", "--no-cache").code == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": "imbweights.last/1"}', "null"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    """Never a crash."""
    run("analyze", "--counts", "a=1,b=3")
    write(tmp_path / ".imbweights_cache" / "last.json", content)
    found = run("suggest", "--scheme", "inverse")
    assert found.code == 2
    assert "no source" in found.err


@pytest.mark.usefixtures("labels")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Works without memory."""
    write(tmp_path / ".imbweights_cache", "a file where the folder would be")
    assert run("analyze", "labels.csv", "--label", "kind").code == 0


@pytest.mark.usefixtures("labels")
@pytest.mark.parametrize(
    ("name", "head"), [("pyproject.toml", "[tool.imbweights]\n"), ("imbweights.toml", "")]
)
def test_the_configuration_comes_before_the_memory(tmp_path: Path, name: str, head: str) -> None:
    """With its label options; from a folder below as well."""
    run("analyze", "--counts", "x=1,y=3")
    write(tmp_path / name, head + 'source = "labels.csv"\nlabel = "kind"\nignore-label = ["c"]\n')
    found = run("suggest", "--scheme", "inverse")
    assert found.column == ["3.00000", "1.50000"]
    assert f"source labels.csv from {name}" in found.err
    below = tmp_path / "below"
    below.mkdir()
    os.chdir(below)
    assert run("suggest", "--scheme", "inverse").column == ["3.00000", "1.50000"]


@pytest.mark.usefixtures("labels")
def test_the_command_line_wins_over_the_configuration(tmp_path: Path) -> None:
    """Option by option; and a named source has nothing to do with it."""
    write(tmp_path / "imbweights.toml", 'source = "labels.csv"\nlabel = "id"\n')
    found = run("analyze", "--label", "kind", "--format", "json").json
    assert [c["name"] for c in found["classes"]] == ["a", "b"]
    assert run("analyze", "--counts", "x=1,y=2").code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('sorce = "a.csv"', "unknown key 'sorce'\ndid you mean 'source'?"),
        ("source = 3.5", "source must be text"),
        ('header = "yes"', "header must be true or false"),
        ('class-order = "random"', "class-order 'random' is not known"),
        ("source = [", "cannot be read"),
        ("label = [1]", "label must be text"),
    ],
)
def test_a_configuration_that_means_nothing(tmp_path: Path, content: str, message: str) -> None:
    """Is an error naming the file."""
    write(tmp_path / "imbweights.toml", content)
    found = run("suggest")
    assert found.code == 2
    assert "imbweights.toml" in found.err
    assert message in found.err


def test_a_pyproject_of_another_project_is_passed_over(tmp_path: Path) -> None:
    """It has no table of ours."""
    write(tmp_path / "pyproject.toml", "[tool.other]\nx = 1\n")
    assert "no source" in run("suggest").err


def test_the_memory_is_plain_json(tmp_path: Path) -> None:
    """So that anyone can look at it."""
    run("analyze", "--counts", "é=1,b=3")
    data = json.loads((tmp_path / ".imbweights_cache" / "last.json").read_text("utf-8"))
    assert data["spec"]["counts"] == "é=1,b=3"
