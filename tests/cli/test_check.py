"""``imbweights check`` from end to end: what it finds, compares and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from support import run, write

from imbweights.checking import Settings
from imbweights.checking.codes import ALL_CODES
from imbweights.checking.schema import configuration_schema
from imbweights.rules import RULES, THRESHOLDS
from imbweights.rules.near_duplicates import skeleton


def labels(**counts: int) -> str:
    """A table of labels."""
    return "label\n" + "".join(f"{name}\n" * n for name, n in counts.items())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(*arguments: object) -> list[str]:
    """The codes that a check of these arguments finds."""
    done = run("check", *arguments, "--format", "json", "--no-cache")
    assert done.code in {0, 1}, done.err
    return [found["code"] for each in done.json["datasets"] for found in each["findings"]]


class TestExit:
    """0, 1, 2."""

    def test_fine(self, folder: Path) -> None:
        """Nothing to say: one line."""
        write(folder / "a.csv", labels(cat=30, dog=20))
        done = run("check", "a.csv", "--no-cache")
        assert done.code == 0
        assert len(done.out.splitlines()) == 1

    def test_an_error_fails_and_a_warning_does_not(self, folder: Path) -> None:
        """Unless warnings are asked to."""
        write(folder / "few.csv", labels(cat=30, dog=2))
        write(folder / "wide.csv", labels(cat=3000, dog=12))
        assert run("check", "few.csv", "--no-cache").code == 1
        assert run("check", "few.csv", "--exit-zero", "--no-cache").code == 0
        warned = run("check", "wide.csv", "--no-cache")
        assert (warned.code, "IMB004" in warned.out) == (0, True)
        assert run("check", "wide.csv", "--fail-on", "warning", "--no-cache").code == 1

    def test_what_cannot_be_read_is_2_even_with_exit_zero(self, folder: Path) -> None:
        """A typo in a path is no data set that passes."""
        assert run("check", "none.csv", "--exit-zero", "--no-cache").code == 2
        write(folder / "imbweights.toml", 'source = "none.csv"\n')
        assert run("check", "--exit-zero", "--no-cache").code == 2

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (["--select", "IMB999"], "IMB999"),
            (["--level", "IMB003=loud"], "loud"),
            (["--level", "IMB00=error"], "whole code"),
            (["--drift-metric", "kl"], "kl"),
            (["--min-count", "2.5"], "whole number"),
            (["--max-missing", "1.5"], "at most 1"),
            (["--scheme", "balance"], "balanced"),
            (["--baseline", "none.json"], "--write-baseline"),
            (["--dataset", "x"], "configuration"),
            (["--weights", "none.json"], "none.json"),
            (["-o", "report.docx"], "report.docx"),
        ],
    )
    def test_wrong_usage(self, folder: Path, typed: list[str], said: str) -> None:
        """Said in a line, before anything is counted where possible."""
        write(folder / "a.csv", labels(cat=30, dog=20))
        done = run("check", "a.csv", *typed, "--no-cache")
        assert done.code == 2
        assert said in done.err


class TestRules:
    """Which rules run, and at which level."""

    def test_select_and_ignore_take_beginnings(self, folder: Path) -> None:
        """As ruff's do."""
        write(folder / "a.csv", labels(cat=3000, Cat=2))
        assert codes("a.csv") == ["IMB002", "IMB003", "IMB004", "IMB013"]
        assert codes("a.csv", "--select", "IMB01") == ["IMB013"]
        assert codes("a.csv", "--ignore", "IMB00") == ["IMB013"]
        assert codes("a.csv", "--level", "IMB013=off", "--select", "IMB013,IMB003") == ["IMB003"]

    def test_a_level_decides_whether_it_fails(self, folder: Path) -> None:
        """A warning made an error, an error made a note."""
        write(folder / "a.csv", labels(cat=3000, dog=12))
        assert run("check", "a.csv", "--level", "IMB004=error", "--no-cache").code == 1
        write(folder / "b.csv", labels(cat=30, dog=2))
        done = run("check", "b.csv", "--level", "IMB003=note", "--fail-on", "warning", "--no-cache")
        assert (done.code, "IMB003 note" in done.out) == (0, True)

    def test_rules_about_counts_look_at_training(self, folder: Path) -> None:
        """A class that is rare in training alone is found."""
        write(folder / "a.csv", labels(cat=30, dog=3))
        write(folder / "b.csv", labels(cat=30, dog=30))
        done = run("check", "train=a.csv", "test=b.csv", "--select", "IMB003", "--no-cache")
        assert 'class "dog" has 3 samples in split "train"' in done.out

    def test_the_same_file_twice(self, folder: Path) -> None:
        """Named for two splits, or copied."""
        write(folder / "a.csv", labels(cat=30, dog=30))
        write(folder / "b.csv", labels(cat=30, dog=30))
        assert codes("train=a.csv", "val=a.csv", "--select", "IMB023") == ["IMB023"]
        assert codes("train=a.csv", "val=b.csv", "--select", "IMB023") == ["IMB023"]
        write(folder / "b.csv", labels(cat=30, dog=31))
        assert codes("train=a.csv", "val=b.csv", "--select", "IMB023") == []

    def test_a_ratio_has_no_samples(self) -> None:
        """What speaks of samples is left out; the ratio itself is checked."""
        assert codes("--ratio", "1000:1") == ["IMB002", "IMB004"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Dog", "dog"),
            ("dog ", "dog"),
            ("hot dog", "hot  dog"),
            ("hot dog", "hot_dog"),
            ("café", "cafe\u0301"),
            ("ﬁsh", "fish"),
            ("cat", "с\u0430t"),
            ("a-b", "a–b"),
            ("dog", "do\u200bg"),
            ("straße", "STRASSE"),
        ],
    )
    def test_names_that_read_the_same(self, one: str, other: str) -> None:
        """Case, blanks, Unicode form, look-alike letters, signs that nobody sees."""
        assert skeleton(one) == skeleton(other)

    @pytest.mark.parametrize(
        ("one", "other"), [("-1", "1"), ("cat", "cut"), ("c", "c++"), ("a b", "ab"), ("1", "l")]
    )
    def test_names_that_do_not(self, one: str, other: str) -> None:
        """What people tell apart."""
        assert skeleton(one) != skeleton(other)


def test_many_findings_of_a_code_are_cut_and_counted(folder: Path) -> None:
    """Ten of them, how many more there are, all with ``--all`` and in files."""
    write(folder / "a.csv", labels(**{f"c{i:02d}": 2 for i in range(30)}))
    done = run("check", "a.csv", "--select", "IMB003", "-o", "all.txt", "--no-cache")
    lines = done.out.splitlines()
    assert sum("IMB003 error" in line for line in lines) == 10
    assert "a.csv: IMB003 20 more of “few samples” (--all shows them)" in lines
    assert "30 errors in 1 data set (1 rule)" in lines
    every = run("check", "a.csv", "--select", "IMB003", "--all", "--no-cache").out
    assert every == (folder / "all.txt").read_text(encoding="utf-8")
    assert every.count("IMB003 error") == 30
    write(folder / "a.csv", labels(**{f"c{i:02d}": 2 for i in range(11)}))
    assert run("check", "a.csv", "--select", "IMB003", "--no-cache").out.count("IMB003 error") == 11


class TestPlaces:
    """Findings about labels say where the label occurs first."""

    def places(self, *arguments: object) -> dict[str, tuple[int | None, int | None]]:
        """Class → row and line of its finding."""
        done = run("check", *arguments, "--select", "IMB01", "--format", "json", "--no-cache")
        [checked] = done.json["datasets"]
        return {
            found["where"]["class"]: (found["where"]["row"], found["where"]["line"])
            for found in checked["findings"]
        }

    def test_row_and_line(self, folder: Path) -> None:
        """Rows count from 0, lines from 1; a header is a line but no row."""
        write(folder / "a.csv", "id,label\n1,cat\n2,dog\n3,Cat\n4,cat\n5,?\n")
        assert self.places("a.csv", "--label", "label") == {"Cat": (2, 4), "?": (4, 6)}
        write(folder / "b.csv", "1,cat\n2,Cat\n3,Cat\n4,cat\n")
        assert self.places("b.csv", "--label", "2", "--no-header") == {"Cat": (1, 2)}

    def test_line_breaks_in_cells_do_not_mislead(self, folder: Path) -> None:
        """The row is right, and a line that does not hold the label is not given."""
        write(folder / "a.csv", 'text,label\n"a\nb\nc",cat\nd,cat\ne,Cat\nf,cat\n')
        assert self.places("a.csv", "--label", "label") == {"Cat": (2, None)}

    def test_a_binary_file_has_rows_but_no_lines(self, folder: Path) -> None:
        """As for NumPy arrays."""
        np.save(folder / "y.npy", np.array(["cat", "dog", "cat", "Cat", "dog"]))
        assert self.places("y.npy") == {"Cat": (3, None)}


class TestBaseline:
    """Written once, compared later."""

    def test_the_same_data_pass_and_others_do_not(self, folder: Path) -> None:
        """Drift, a vanished and a new class, another order."""
        write(folder / "a.csv", labels(cat=300, dog=300))
        wrote = run("check", "a.csv", "--write-baseline", "--no-cache")
        assert (wrote.code, "wrote imbweights-baseline.json" in wrote.err) == (0, True)
        assert codes("a.csv", "--select", "IMB05") == []
        write(folder / "a.csv", labels(cat=300, bird=300))
        found = codes("a.csv", "--select", "IMB05")
        assert found == ["IMB050", "IMB051", "IMB052"]

    def test_a_significant_but_tiny_shift_is_no_alarm(self, folder: Path) -> None:
        """Nor is a large one that chance explains."""
        run("check", "--counts", "a=500000,b=500000", "--write-baseline", "--no-cache")
        assert codes("--counts", "a=505000,b=495000", "--select", "IMB050") == []
        (folder / "imbweights-baseline.json").unlink()
        run("check", "--counts", "a=10,b=10", "--write-baseline", "--no-cache")
        assert codes("--counts", "a=12,b=8", "--select", "IMB050") == []
        assert codes("--counts", "a=120,b=10", "--select", "IMB050") == ["IMB050"]

    @pytest.mark.usefixtures("folder")
    @pytest.mark.parametrize("metric", ["linf", "js", "psi", "cramers-v"])
    def test_every_measure_decides(self, metric: str) -> None:
        """The limit is that of the measure, or what was said."""
        run("check", "--counts", "a=5000,b=5000", "--write-baseline", "--no-cache")
        shifted = ("--counts", "a=8000,b=2000", "--select", "IMB050", "--drift-metric", metric)
        assert codes(*shifted) == ["IMB050"]
        assert codes(*shifted, "--max-drift", "0.9") == []

    def test_splits_are_compared_each_with_its_own(self, folder: Path) -> None:
        """A shift in one split that the other balances is seen."""
        write(folder / "a.csv", labels(cat=300, dog=300))
        write(folder / "b.csv", labels(cat=300, dog=300))
        both = ("train=a.csv", "val=b.csv", "--select", "IMB050")
        run("check", *both, "--write-baseline", "--no-cache")
        write(folder / "a.csv", labels(cat=400, dog=200))
        write(folder / "b.csv", labels(cat=200, dog=400))
        assert codes(*both) == ["IMB050", "IMB050"]

    def test_other_data_sets_of_the_file_stay(self, folder: Path) -> None:
        """Writing one does not lose the others."""
        for name in ("a", "b"):
            write(folder / f"{name}.csv", labels(cat=30, dog=30))
            run("check", f"{name}.csv", "--write-baseline", "--no-cache")
        stored = json.loads((folder / "imbweights-baseline.json").read_text(encoding="utf-8"))
        assert list(stored["datasets"]) == ["a.csv", "b.csv"]
        assert stored["datasets"]["a.csv"]["counts"] == {"cat": 30, "dog": 30}
        assert stored["datasets"]["a.csv"]["order"] == ["cat", "dog"]

    def test_the_weights_of_a_scheme_are_kept_and_compared(self, folder: Path) -> None:
        """By hand: 600/(2 · 300) = 1 then; 400/(2 · 100) = 2 and 400/(2 · 300) = 2/3 now."""
        write(folder / "a.csv", labels(cat=300, dog=300))
        run("check", "a.csv", "--write-baseline", "--scheme", "balanced", "--no-cache")
        write(folder / "a.csv", labels(cat=300, dog=100))
        done = run("check", "a.csv", "--select", "IMB054", "--format", "json", "--no-cache")
        moved = {
            found["where"]["class"]: (found["details"]["before"], found["details"]["now"])
            for found in done.json["datasets"][0]["findings"]
        }
        assert moved == {"cat": (1.0, pytest.approx(2 / 3)), "dog": (1.0, 2.0)}

    @pytest.mark.parametrize("content", ["", "{}", "[1]", '{"schema": "imbweights.baseline/1"}'])
    def test_a_garbled_baseline_is_said(self, folder: Path, content: str) -> None:
        """Never taken for an empty one."""
        write(folder / "a.csv", labels(cat=30, dog=30))
        write(folder / "imbweights-baseline.json", content)
        done = run("check", "a.csv", "--no-cache")
        assert done.code == 2
        assert "imbweights-baseline.json" in done.err


class TestConfiguration:
    """``[tool.imbweights]``."""

    def test_several_data_sets(self, folder: Path) -> None:
        """Shared keys hold for all, own ones come first, the command line wins."""
        write(folder / "a.csv", "y\n" + "cat\n" * 30 + "dog\n" * 4)
        write(folder / "b.csv", "y\n" + "cat\n" * 30 + "dog\n" * 4)
        write(
            folder / "pyproject.toml",
            '[tool.imbweights]\nlabel = "y"\n[tool.imbweights.check]\nmin-count = 5\n'
            '[[tool.imbweights.datasets]]\nsource = "a.csv"\n'
            '[[tool.imbweights.datasets]]\nname = "second"\nsource = "b.csv"\ncheck = {min-count = 3}\n',
        )
        done = run("check", "--format", "json", "--no-cache")
        found = {
            each["name"]: [f["code"] for f in each["findings"]] for each in done.json["datasets"]
        }
        assert found == {"a.csv": ["IMB003"], "second": []}
        assert codes("--dataset", "second", "--min-count", "9") == ["IMB003"]
        assert run("check", "--dataset", "secnd", "--no-cache").code == 2
        shown = run("config", "--format", "json").json
        values = {
            each["name"]: {v["key"]: (v["value"], v["from"]) for v in each["check"]}
            for each in shown["datasets"]
        }
        assert values["a.csv"]["min-count"] == (5.0, "file")
        assert values["second"]["min-count"] == (3.0, "data set")
        assert values["second"]["max-ratio"] == (100.0, "default")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[check]\nmin-cuont = 3\n", "min-count"),
            ('[check]\nmin-count = "many"\n', "number"),
            ("[check]\nselect = 3\n", "select"),
            ('[check]\nlevels = { IMB003 = "loud" }\n', "loud"),
            ('[check]\ndrift-metric = "kl"\n', "linf"),
            ('sorce = "a.csv"\n', "source"),
            ('[[datasets]]\nname = "x"\n', "source"),
            ('[[datasets]]\nsource = "a.csv"\n[[datasets]]\nsource = "a.csv"\n', "two data sets"),
            ('[[datasets]]\nsource = "a.csv"\ncheck = { fail-on = "warning" }\n', "all data sets"),
        ],
    )
    def test_what_means_nothing_is_said(self, folder: Path, text: str, said: str) -> None:
        """With what may be meant."""
        write(folder / "a.csv", labels(cat=30, dog=30))
        write(folder / "imbweights.toml", text)
        done = run("check", "--no-cache")
        assert done.code == 2
        assert said in done.err

    def test_the_command_line_names_the_source(self, folder: Path) -> None:
        """The thresholds of the configuration hold for it, its data sets do not."""
        write(folder / "imbweights.toml", 'source = "gone.csv"\n[check]\nmin-count = 40\n')
        write(folder / "a.csv", labels(cat=30, dog=50))
        assert codes("a.csv") == ["IMB003"]


def test_weights_that_lie_beside_the_data_are_audited(folder: Path) -> None:
    """Stale against the labels: the audit's code, in the same register."""
    write(folder / "a.csv", labels(cat=300, dog=100, bird=50))
    run("suggest", "a.csv", "--scheme", "balanced", "-o", "weights.json", "--no-cache")
    assert codes("a.csv", "--weights", "weights.json", "--select", "IMB1") == []
    write(folder / "a.csv", labels(cat=300, dog=100, bird=150))
    assert codes("a.csv", "--weights", "weights.json", "--select", "IMB1") == ["IMB110"]


class TestRegister:
    """One register, and pages made from it."""

    def test_codes_and_thresholds_are_told_apart(self) -> None:
        """Each code once, each threshold once."""
        assert len(ALL_CODES) == len({code.code for code in ALL_CODES.values()})
        assert {code for code in ALL_CODES if code.startswith("IMB0")} == set(RULES)
        assert all(rule.code.code == code for code, rule in RULES.items())

    @pytest.mark.parametrize("code", sorted(ALL_CODES))
    def test_every_code_can_be_explained(self, code: str) -> None:
        """Title, reason and remedy."""
        done = run("rule", code)
        assert done.code == 0
        assert ALL_CODES[code].title in done.out
        assert "What to do" in done.out

    def test_the_list_and_what_is_wrong(self) -> None:
        """All of them; a code that is none."""
        out = run("rule", "--all").out
        assert all(code in out for code in ALL_CODES)
        assert run("rule").code == 2
        assert run("rule", "IMB998").code == 2
        assert len(run("rule", "--all", "--format", "json").json["rules"]) == len(ALL_CODES)

    def test_every_rule_has_its_section_in_the_documentation(self) -> None:
        """And the schema knows every threshold."""
        page = Path(__file__).parents[2] / "docs" / "rules.md"
        text = page.read_text(encoding="utf-8")
        assert all(f"### {code}: " in text for code in RULES)
        keys = configuration_schema()["definitions"]["check"]["properties"]
        assert set(THRESHOLDS) <= set(keys)

    def test_a_limit_of_drift_follows_the_measure(self) -> None:
        """0.05 for shares, 0.1 for the others; splits may differ by twice as much."""
        assert Settings().all_limits()["max-drift"] == 0.05
        assert Settings(metric="js").all_limits()["max-split-drift"] == 0.2
