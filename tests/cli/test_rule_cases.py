"""Every rule has data that it passes and data that it finds; both are collected from tests/cases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support import run

from imbweights.rules import RULES

CASES = Path(__file__).parent.parent / "cases"


def folders(kind: str) -> list[Path]:
    """The cases of one kind."""
    return sorted(path for path in (CASES / kind).iterdir() if path.is_dir())


def copied(case: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Work in a copy of the case; what its files hold."""
    shutil.copytree(case, place / "case")
    monkeypatch.chdir(place / "case")
    return contents(place / "case")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("kind", ["pass", "fail"])
def test_every_rule_has_both(kind: str) -> None:
    """A folder for each code, and none for a code that does not exist."""
    assert {path.name for path in folders(kind)} == set(RULES)


@pytest.mark.parametrize("case", folders("fail"), ids=lambda path: path.name)
def test_what_is_wrong_is_found(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The finding has the code of the folder, the exit status is 1, and nothing is changed."""
    before = copied(case, tmp_path, monkeypatch)
    done = run(
        "check", "--select", case.name, "--format", "json", "--fail-on", "warning", "--no-cache"
    )
    assert done.code == 1, done.err
    found = json.loads(done.out)["datasets"][0]["findings"]
    assert {each["code"] for each in found} == {case.name}
    assert contents(tmp_path / "case") == before


@pytest.mark.parametrize("case", folders("pass"), ids=lambda path: path.name)
def test_what_is_fine_passes(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule has run and says nothing."""
    before = copied(case, tmp_path, monkeypatch)
    done = run(
        "check", "--select", case.name, "--format", "json", "--fail-on", "warning", "--no-cache"
    )
    assert done.code == 0, (done.out, done.err)
    [checked] = json.loads(done.out)["datasets"]
    assert checked["rules"] == [case.name], checked["skipped"]
    assert checked["findings"] == []
    assert contents(tmp_path / "case") == before
