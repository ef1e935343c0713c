"""``check``: what a critical reader tried and broke."""

from __future__ import annotations

import json
import os
import re
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency
from support import run, write

from imbweights.checking.settings import BASELINE_FILE as BASELINE
from imbweights.core.baseline import Baseline
from imbweights.core.counts import ClassCounts
from imbweights.core.locking import locked
from imbweights.rules import RULES, Facts
from imbweights.rules.chance import chance_of_change
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


def against(before: dict[str, int], now: dict[str, int]) -> list[tuple[str, str]]:
    """Code and level of what the rules on single classes and their order find."""
    then, today = ClassCounts.multiclass(before), ClassCounts.multiclass(now)
    facts = Facts(name="y", counts=today, training=today, baseline=Baseline.of(then, {}))
    return [
        (found.code, found.level.value)
        for code in ("IMB051", "IMB052", "IMB053", "IMB055")
        for found in RULES[code].check(facts, {"max-share-change": 2.0})
    ]


class TestChance:
    """The baseline is one sample, today's data another."""

    @pytest.mark.parametrize(
        ("shares", "then", "now"),
        [
            (0.5 ** np.arange(15), 10000, 3000),
            (0.5 ** np.arange(15), 3000, 10000),
            (1 / np.arange(1, 21), 100, 50),
            (1 / np.arange(1, 21), 50, 5000),
            (np.array([0.99, 0.01]), 5000, 500),
            (np.ones(300), 300, 300),
        ],
    )
    def test_samples_of_one_distribution_are_no_error(
        self, shares: np.ndarray[Any, Any], then: int, now: int
    ) -> None:
        """In 300 pairs at most 1 %."""
        rng, p = np.random.default_rng(7), shares / shares.sum()
        names = [f"c{i:03d}" for i in range(len(p))]
        alarms = 0
        for _ in range(300):
            pair = [
                {c: n for c, n in zip(names, rng.multinomial(size, p).tolist(), strict=True) if n}
                for size in (then, now)
            ]
            alarms += "error" in {level for _, level in against(*pair)}
        assert alarms <= 3

    def test_classes_that_surely_went_or_came_are_errors(self) -> None:
        """With 0.5^20 by chance; 0.5^5 is a note."""
        base = {"a": 500, "b": 500}
        assert against({**base, "c": 20}, base) == [("IMB051", "error")]
        assert against({**base, "c": 5}, base) == [("IMB051", "note")]
        assert against(base, {**base, "c": 20}) == [("IMB052", "error")]
        assert against(base, {**base, "c": 5}) == [("IMB052", "note")]

    def test_indices_that_move_are_said_once(self, folder: Path) -> None:
        """A new class in front shifts the others, but does not reorder them."""
        write(folder / "a.csv", labels(b=300, c=300))
        run("check", "a.csv", "--write-baseline", "--no-cache")
        write(folder / "a.csv", labels(a=300, b=300, c=300))
        [new] = [f for f in check("a.csv") if f["code"] in {"IMB052", "IMB053"}]
        assert new["message"].endswith("now; the index of 2 other classes move")
        done = check("a.csv", "--classes", "a,c,b", "--select", "IMB053")
        assert [f["code"] for f in done] == ["IMB053"]

    @pytest.mark.parametrize("metric", ["linf", "js", "psi", "cramers-v"])
    @pytest.mark.usefixtures("folder")
    def test_a_rare_class_that_collapses_is_found(self, metric: str) -> None:
        """From 200 to 20 of 20,000, whatever the measure of drift; not from 4 to 1."""
        run("check", "--counts", "A=19800,B=200", "--write-baseline", "--no-cache")
        typed = ("--counts", "A=19980,B=20", "--select", "IMB055", "--drift-metric", metric)
        [found] = check(*typed)
        assert found["where"]["class"] == "B"
        assert found["details"]["factor"] == pytest.approx(10)
        assert check(*typed, "--max-share-change", "11") == []
        run("check", "--counts", "A=996,B=4", "--write-baseline", "--no-cache")
        assert check("--counts", "A=999,B=1", "--select", "IMB055") == []

    @pytest.mark.parametrize(("old", "new"), [(10, 3), (3, 30), (7, 7), (200, 20)])
    def test_the_test_is_the_exact_binomial_one(self, old: int, new: int) -> None:
        """Twice the smaller tail, as scipy gives the tails."""
        tails = [
            binomtest(new, old + new, 0.25, alternative=side).pvalue for side in ("less", "greater")
        ]
        assert chance_of_change(old, 300, new, 100) == pytest.approx(min(1, 2 * min(tails)))


def levels(code: str, *names: str, n: int = 40) -> list[str]:
    """The levels of what a rule says of a list of class names, with equal counts."""
    counts = ClassCounts.multiclass(dict.fromkeys(names, n))
    facts = Facts(name="y", counts=counts, training=counts)
    return [found.level.value for found in RULES[code].check(facts, {})]


class TestNames:
    """Which names are slips, and which are meant."""

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            ([*string.ascii_letters, *string.digits], []),
            (["C", "c", "x"], ["note"]),
            (["CO", "Co", "co"], ["note"]),
            (["MM", "mm", "C", "c"], ["note", "note"]),
            (["OK", "ok", "fault"], ["error"]),
            (["Cat", "cat", "Dog", "dog"], ["error", "error"]),
            (["H2O", "H₂O"], ["error"]),
        ],
    )
    def test_case_that_is_meant(self, names: list[str], expected: list[str]) -> None:
        """Letters and several short names; words are slips."""
        assert levels("IMB013", *names) == expected

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["2.1", "2.10", "2.2"], ["warning"]),
            (["E10", "1E1", "E11", "10"], ["warning"]),
            (["02134", "2134", "10001"], ["warning"]),
            (["0", "00", "000"], ["warning"]),
            (["1", "1.0", "01", "2"], ["error"]),
            (["1.0", "1.00", "2.0"], ["error"]),
            (["1", "1e0", "2"], ["error"]),
            (["1", "١", "2"], ["error"]),
            (["2.1", "2.2", "3.1"], []),
        ],
    )
    def test_codes_are_no_numbers(self, names: list[str], expected: list[str]) -> None:
        """Where the list shows it, a warning only."""
        assert levels("IMB014", *names) == expected

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["na", "de", "us", "no"], []),
            (["None", "mild", "severe"], []),
            (["none", "normal"], []),
            (["+", "-"], []),
            (["cat", "none"], ["warning"]),
            (["cat", "na", "dog"], ["warning"]),
            (["cat", "-"], ["warning"]),
            (["mild", "?", "nan"], ["warning", "warning"]),
        ],
    )
    def test_placeholders_beside_names_that_explain_them(
        self, names: list[str], expected: list[str]
    ) -> None:
        """Codes of two letters, degrees, signs."""
        assert levels("IMB015", *names) == expected

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            (["cat", "сat"], "look-alike letters (40, 40); the second holds U+0441"),
            (["café", "cafe\u0301"], "Unicode form (40, 40); the first holds U+00E9, the second"),
            (["dog", "dog\u00a0"], "blanks (40, 40); the second holds U+00A0"),
            (["fish", "ﬁsh"], "Unicode form"),
            (["straße", "strasse"], "the spelling of a letter"),
            (["Öl", "öl"], "differ only by case (40, 40)"),
        ],
    )
    def test_what_looks_alike_is_told_apart_by_code_points(
        self, names: list[str], said: str
    ) -> None:
        """And the reason is the right one."""
        counts = ClassCounts.multiclass(dict.fromkeys(names, 40), order=names)
        facts = Facts(name="y", counts=counts, training=counts)
        [found] = RULES["IMB013"].check(facts, {})
        assert said in found.message
        assert found.details["classes"] == names


class TestSplitsAndDeclared:
    """What rules say of splits, and of what nobody declared."""

    def test_few_expected_samples_may_be_missing(self, folder: Path) -> None:
        """5 of 400 make 1.25 of 100: a note; 40 of 400 make 10: a warning."""
        write(folder / "train.csv", labels(a=355, b=5, c=40))
        write(folder / "val.csv", labels(a=100))
        found = check("train=train.csv", "val=val.csv", "--select", "IMB020")
        assert [(f["where"]["class"], f["level"]) for f in found] == [
            ("b", "note"),
            ("c", "warning"),
        ]
        assert "1.2 would be its share" in found[0]["message"]

    def test_an_undeclared_class_is_found_once(self, folder: Path) -> None:
        """Not as rare, too."""
        write(folder / "a.csv", labels(cat=5000, dog=5000, dgo=1))
        found = check("a.csv", "--classes", "cat,dog", "--folds", "3", "--batch-size", "32")
        assert [f["code"] for f in found] == ["IMB011"]

    def test_findings_of_a_split_name_its_file(self, folder: Path) -> None:
        """Not the whole of what was typed."""
        write(folder / "train.csv", labels(cat=400, dog=400, owl=5))
        write(folder / "val.csv", labels(cat=400))
        write(folder / "test.csv", labels(cat=40, dog=40, fish=40))
        found = check("train=train.csv", "val=val.csv", "test=test.csv")
        files = {(f["code"], f["where"]["class"], f["where"]["file"]) for f in found}
        assert ("IMB003", "owl", "train.csv") in files
        assert ("IMB020", "dog", "val.csv") in files
        assert ("IMB022", "fish", "test.csv") in files
        assert {f for code, _, f in files if code == "IMB021"} == {"val.csv", "test.csv"}


class TestBooks:
    """What ran, what was compared."""

    def test_chi_squared_is_in_the_json(self, folder: Path) -> None:
        """Also where nothing is found; as scipy computes it."""
        write(folder / "a.csv", labels(cat=300, dog=300))
        run("check", "a.csv", "--write-baseline", "--no-cache")
        write(folder / "a.csv", labels(cat=310, dog=290))
        [checked] = run("check", "a.csv", "--format", "json", "--no-cache").json["datasets"]
        [compared] = checked["compared"]
        expected = chi2_contingency([[300, 300], [310, 290]], correction=False)
        assert checked["findings"] == []
        assert compared["chi2"] == pytest.approx(expected.statistic)
        assert compared["p"] == pytest.approx(expected.pvalue)
        assert compared["degrees_of_freedom"] == 1
        assert compared["counts"]["cat"] == {"before": 300, "now": 310}

    def test_the_audit_of_weights_is_a_check(self, folder: Path) -> None:
        """Weights in order pass, and JUnit says so."""
        write(folder / "a.csv", labels(cat=100, dog=300))
        write(folder / "w.json", json.dumps({"cat": 2.0, "dog": 2 / 3}))
        typed = ("a.csv", "--weights", "w.json", "--select", "IMB1")
        done = run("check", *typed, "-o", "r.xml", "--no-cache")
        assert (done.code, done.out[:8]) == (0, "All fine")
        text = (folder / "r.xml").read_text(encoding="utf-8")
        assert 'name="IMB101 inverted"' in text
        assert "<skipped" not in text

    def test_weights_that_moved_far_are_told_in_percent(self, folder: Path) -> None:
        """Never as 5e+02 %."""
        write(folder / "a.csv", labels(cat=1000, dog=1000))
        run("suggest", "a.csv", "--scheme", "balanced", "-o", "w.json", "--no-cache")
        write(folder / "a.csv", labels(cat=1000, dog=50))
        done = run("check", "a.csv", "--weights", "w.json", "--select", "IMB110", "--no-cache")
        assert re.search(r"move by up to [\d,.]+ %", done.out), done.out

    @pytest.mark.parametrize(
        "typed",
        [["--ignore", "IMB"], ["--select", "IMB004", "--ignore", "IMB004"], ["--select", "IMB1"]],
    )
    def test_a_check_without_rules_is_wrong_usage(self, folder: Path, typed: list[str]) -> None:
        """It would pass whatever the data are."""
        write(folder / "a.csv", labels(cat=100, dog=300))
        done = run("check", "a.csv", *typed, "--exit-zero", "--no-cache")
        assert (done.code, "no rule is left" in done.err) == (2, True)
