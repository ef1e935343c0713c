"""Counted once, from the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support import run, write

from imbweights.running.cache_folder import FOLDER
from imbweights.running.store import NAME

KNOWN = "note: 20 of 20 files counted before\n"


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    """Twenty masks; the last one has a class of its own."""
    folder = tmp_path / "masks"
    folder.mkdir()
    for number in range(20):
        array = np.zeros((8, 8), dtype=np.uint8)
        array[: number % 5] = 1
        array[-1, -1] = number // 19 * 2
        np.save(folder / f"{number:02}.npy", array)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("analyze", "masks", "--as", "masks"),
        ("suggest", "masks", "--as", "masks", "--scheme", "inverse"),
        ("check", "masks", "--as", "masks", "--select", "IMB0"),
        ("analyze", "masks", "--as", "masks", "--ignore-label", "1", "--classes", "0,1,2"),
        ("analyze", "masks", "--as", "masks", "--cache-by", "content"),
    ],
    ids=["analyze", "suggest", "check", "options", "content"],
)
@pytest.mark.usefixtures("masks")
def test_the_second_run_says_the_same(command: tuple[str, ...]) -> None:
    """And that it counted nothing."""
    plain = run(*command, "--no-cache")
    assert not Path(FOLDER).exists()
    first, second = run(*command), run(*command)
    assert plain.out == first.out == second.out
    assert plain.code == first.code == second.code
    assert "counted before" not in first.err
    assert second.err == first.err + KNOWN or KNOWN in second.err
    assert "counted before" not in run(*command, "--no-cache").err


@pytest.mark.usefixtures("masks")
def test_other_options_recount_no_mask() -> None:
    """What a mask holds does not depend on them; every command has it from the first."""
    run("analyze", "masks", "--as", "masks")
    for arguments in (
        ("suggest", "masks", "--as", "masks", "--ignore-label", "2"),
        ("check", "masks", "--as", "masks"),
        ("analyze", "masks", "--as", "masks", "--classes", "0=a,1=b,2=c"),
        ("plot", "masks", "--as", "masks", "-o", "plot.svg"),
    ):
        assert KNOWN in run(*arguments).err, arguments


def test_a_change_is_counted(masks: Path) -> None:
    """One file of twenty."""
    run("analyze", "masks", "--as", "masks")
    np.save(masks / "19.npy", np.full((8, 8), 3, dtype=np.uint8))
    found = run("analyze", "masks", "--as", "masks", "--format", "json")
    assert "19 of 20 files counted before" in found.err
    assert {row["name"] for row in found.json["classes"]} == {"0", "1", "3"}


@pytest.mark.usefixtures("masks")
def test_a_damaged_store_is_named_once() -> None:
    """Then counting goes on as ever."""
    first = run("analyze", "masks", "--as", "masks")
    write(Path(FOLDER) / NAME, "not a store")
    again = run("analyze", "masks", "--as", "masks")
    assert again.out == first.out
    assert f"{FOLDER}/{NAME} was damaged or is no store of imbweights" in again.err
    assert "damaged" not in run("analyze", "masks", "--as", "masks").err


@pytest.mark.usefixtures("masks")
def test_show_and_clear() -> None:
    """Sizes, entries, dates; then nothing."""
    assert run("cache", "show").out == run("cache").out == "Nothing is kept in this folder.\n"
    run("analyze", "masks", "--as", "masks")
    shown = run("cache", "show").out
    assert "counts of 20 files" in shown
    assert "what was analysed last" in shown
    write(Path(FOLDER) / "mine.txt", "x")
    assert "Not ours and left alone: mine.txt" in run("cache", "clear").out
    assert sorted(p.name for p in Path(FOLDER).iterdir()) == [
        ".gitignore",
        "CACHEDIR.TAG",
        "mine.txt",
    ]
    (Path(FOLDER) / "mine.txt").unlink()
    assert run("cache", "clear").out.startswith("Removed 0 B from ")
    assert not Path(FOLDER).exists()
    assert run("cache", "melt").code == 2


def test_the_configuration_says_how(masks: Path, tmp_path: Path) -> None:
    """``cache-by``; the command line comes first."""
    write(tmp_path / "imbweights.toml", 'source = "masks"\nas = "masks"\ncache-by = "content"\n')
    run("analyze")
    for path in masks.iterdir():
        path.write_bytes(path.read_bytes())  # as a checkout does
    assert KNOWN in run("analyze").err
    assert "counted before" not in run("analyze", "--cache-by", "status").err
    write(tmp_path / "imbweights.toml", 'source = "masks"\ncache-by = "size"\n')
    assert "known: status, content" in run("analyze").err
