"""``imbweights.check`` and ``imbweights.testing``: the data check from Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import lines, run, write

import imbweights
from imbweights import CheckResult
from imbweights.core.errors import ConfigError, ImbweightsError, UsageError
from imbweights.core.findings import Level
from imbweights.testing import assert_balanced

RARE = ["ok"] * 98 + ["fault"] * 2
FEW = 'class "fault" has 2 samples, at least 10 wanted'


@pytest.mark.parametrize(
    "y", [RARE, np.array(RARE), {"ok": 98, "fault": 2}, imbweights.analyze(RARE)], ids=type
)
def test_labels_of_every_kind(y: Any) -> None:
    """The same finding, however the labels came."""
    found = imbweights.check(y)
    assert isinstance(found, CheckResult)
    assert [each.message for each in found.findings] == [FEW]
    assert found.failed


def test_a_path_says_what_the_command_says(tmp_path: Path) -> None:
    """Findings, rules that ran and those that could not, word by word."""
    path = write(tmp_path / "a.csv", "label\n" + lines([*RARE, "?", "Ok"]))
    told = run("check", path, "--min-share", "0.05", "--format", "json", "--exit-zero")
    found = imbweights.check(path, min_share=0.05)
    mine = [(each.code, each.message) for each in found.findings]
    assert {code for code, _ in mine} == {"IMB002", "IMB003", "IMB013", "IMB015"}
    for code, message in mine:
        assert code in told.out
        assert message in told.out or message.replace('"', '\\"') in told.out


def test_options_are_those_of_the_command(tmp_path: Path) -> None:
    """Thresholds, levels, chosen rules, label options."""
    assert not imbweights.check(RARE, min_count=2).findings
    assert not imbweights.check(RARE, select="IMB01").findings
    assert not imbweights.check(RARE, ignore=["IMB003"]).findings
    softer = imbweights.check(RARE, levels={"IMB003": "warning"})
    assert softer.number(Level.WARNING) == 1
    assert not softer.failed
    assert imbweights.check(RARE, levels={"IMB003": "warning"}, fail_on="warning").failed
    path = write(tmp_path / "a.csv", "x;y\n" + lines(f"{i};{c}" for i, c in enumerate(RARE)))
    assert imbweights.check(str(path), label="y", delimiter=";").codes == ("IMB003",)
    splits = {"train": path, "val": path}
    assert "IMB023" in imbweights.check(splits, label="y").codes


def test_undeclared_labels_are_findings() -> None:
    """They are refused by analyze, and reported by check."""
    labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    assert imbweights.check(labels, classes=["a", "b"]).codes == ("IMB011",)
    with pytest.raises(ImbweightsError):
        imbweights.analyze(labels, classes=["a", "b"])


def test_a_baseline_of_the_command(tmp_path: Path) -> None:
    """Written by it, compared with in Python; several need a name."""
    path = write(tmp_path / "a.csv", "label\n" + lines(["a"] * 50 + ["b"] * 50))
    assert run("check", path, "--write-baseline").code == 0
    place = tmp_path / "imbweights-baseline.json"
    assert imbweights.check(path, baseline=place).codes == ()
    moved = imbweights.check(["a"] * 500 + ["b"] * 100 + ["c"] * 100, baseline=place)
    assert moved.codes == ("IMB050", "IMB052", "IMB055")
    with pytest.raises(ConfigError, match="no data set 'mine'"):
        imbweights.check(path, baseline=place, name="mine")
    with pytest.raises(ConfigError, match="no such baseline"):
        imbweights.check(path, baseline=tmp_path / "none.json")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_cuont": 3}, "did you mean min_count"),
        ({"lable": "y"}, "did you mean label"),
        ({"min_count": "many"}, "min-count must be a number"),
        ({"max_ratio": 0.5}, "at least 1"),
        ({"select": "IMB9"}, "no code begins with IMB9"),
        ({"fail_on": "note"}, "is no level"),
        ({"drift_metric": "kl"}, "known: linf"),
    ],
)
def test_what_means_nothing_is_refused(options: dict[str, Any], words: str) -> None:
    """With what may be meant."""
    with pytest.raises(ImbweightsError, match=words):
        imbweights.check(RARE, **options)


def test_an_analysis_is_counted_already() -> None:
    """Label options are too late."""
    with pytest.raises(UsageError, match="counted already"):
        imbweights.check(imbweights.analyze(RARE), label="y")


def test_assertion_text_lists_the_findings() -> None:
    """One line for each, as the command prints it."""
    with pytest.raises(AssertionError) as failed:
        assert_balanced([*RARE, "OK"], max_ratio=10)
    text = str(failed.value)
    for code in ("IMB003", "IMB004", "IMB013"):
        assert [line for line in text.splitlines() if code in line], text
    assert FEW in text
    assert 'classes "OK", "ok" differ only by case' in text


def test_assertion_passes_with_warnings() -> None:
    """They are in the result; with fail_on they are a failure."""
    result = assert_balanced(["a"] * 2000 + ["b"] * 10)
    assert result.codes == ("IMB004",)
    with pytest.raises(AssertionError, match="200 times as large"):
        assert_balanced(["a"] * 2000 + ["b"] * 10, fail_on="warning")


def test_unreadable_data_are_no_failed_assertion(tmp_path: Path) -> None:
    """The test is broken then."""
    with pytest.raises(ImbweightsError, match="no such file"):
        assert_balanced(tmp_path / "none.csv")


def test_configuration_around_is_not_looked_at(tmp_path: Path) -> None:
    """A test means the same wherever it runs."""
    write(tmp_path / "imbweights.toml", "[check]\nmin-count = 1\n")
    with pytest.raises(AssertionError):
        assert_balanced(RARE)


def test_neither_pytest_nor_the_command_line_is_needed() -> None:
    """Importing loads neither."""
    code = (
        "import sys; sys.modules['pytest'] = sys.modules['typer'] = None\n"
        "from imbweights.testing import assert_balanced\n"
        "print(assert_balanced(['a'] * 10 + ['b'] * 10).codes)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, "()"), ran.stderr


def test_a_suite_of_a_user(tmp_path: Path) -> None:
    """pytest shows the findings and not our frame."""
    write(tmp_path / "labels.csv", "label\n" + lines(RARE))
    write(
        tmp_path / "test_data.py",
        "from imbweights.testing import assert_balanced\n\n"
        "def test_labels():\n    assert_balanced('labels.csv', min_count=2)\n\n"
        "def test_rare():\n    assert_balanced('labels.csv', min_count=50)\n",
    )
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_data.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in ran.stdout, ran.stdout
    assert "at least 50 wanted" in ran.stdout
    assert "__tracebackhide__" not in ran.stdout
