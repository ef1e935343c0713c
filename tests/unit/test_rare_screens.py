"""What is seldom seen: empty data, numbers that are none, very many classes, one label per row."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from rich.console import Console
from support import run

import imbweights
from imbweights import Analysis, ClassCounts, ClassWeights
from imbweights.checking.codes import ALL_CODES
from imbweights.core.profile import Profile, Recognised
from imbweights.render import cache_words, loss_words
from imbweights.render.checks.rule_pages import as_markdown
from imbweights.render.forms import Form
from imbweights.render.loss_forms import loss_rendered
from imbweights.render.rendering import rendered
from imbweights.render.telling_apart import told_apart
from imbweights.render.terminal.layout import Col, table
from imbweights.render.view import View


def words(text: str) -> str:
    """Without the breaks of lines."""
    return " ".join(text.split())


def screen(*arguments: object) -> str:
    """What a command that succeeds prints, without the breaks of lines."""
    found = run(*arguments)
    assert found.code == 0, found.err
    return words(found.out)


def counted(**counts: int) -> str:
    """Counts as they are typed."""
    return ",".join(f"{name}={n}" for name, n in counts.items())


class TestAnalysis:
    """``imbweights analyze``."""

    def table(self, tmp_path: Path, **columns: list[int]) -> Path:
        """A table of 0 and 1."""
        path = tmp_path / "data.csv"
        pd.DataFrame(columns).to_csv(path, index=False)
        return path

    def test_labels_that_are_never_on(self, tmp_path: Path) -> None:
        """Are told first; no command is named, since none could do anything with them."""
        path = self.table(tmp_path, t1=[0] * 9, t2=[0] * 9)
        text = screen("analyze", path, "--label", "t1,t2")
        assert text.startswith("No label is ever on: 9 rows without any.")
        assert "Never on: t1, t2." in text
        assert "Next:" not in text
        refused = run(
            "suggest", path, "--label", "t1,t2", "--scheme", "pos-weight", "--empty", "zero"
        )
        assert (refused.code, "no class has samples" in refused.err) == (2, True)

    def test_no_rows_at_all(self) -> None:
        """Of nothing no score is told."""
        empty = ClassCounts.multilabel(["a", "b"], {})
        found = Analysis(Profile(total=empty, source=Recognised(name="made", kind="python")))
        text = words(rendered(found, found.profile, Form.TABLE, View()))
        assert text.startswith("No label is ever on: 0 rows without any.")
        assert "Predicting all zeros" not in text

    def test_rows_with_one_label_each(self, tmp_path: Path) -> None:
        """May be classes, which nobody but the user knows."""
        path = self.table(tmp_path, t1=[0, 1] * 9, t2=[1, 0] * 9)
        text = screen("analyze", path, "--label", "t1,t2")
        assert (
            "Every row has exactly one label; if the columns exclude each other, say --one-hot"
            in text
        )
        assert "use a sigmoid" not in text

    @pytest.mark.parametrize("form", ["npz", "mat"])
    def test_arrays_are_called_so(self, tmp_path: Path, form: str) -> None:
        """Not columns."""
        path = tmp_path / f"data.{form}"
        y = np.array([0, 0, 1])
        if form == "npz":
            np.savez(path, y=y)
        else:
            pytest.importorskip("scipy.io").savemat(path, {"y": y})
        assert f'data.{form}, array "y" (' in screen("analyze", path)


class TestAudit:
    """``imbweights audit``."""

    def test_one_scheme_to_one_digit(self) -> None:
        """Is a guess, and called one."""
        text = screen("audit", "1,2,5", "--counts", counted(a=60, b=30, c=20))
        assert "they fit generalised Dice, (max n / n)², on a scale of its own, to 1 digit" in text
        assert "which is not enough to be sure" in text

    def test_two_classes_have_one_ratio(self) -> None:
        """Which a scheme with a parameter always gives."""
        text = screen("audit", "1,40", "--counts", counted(a=60, b=20))
        assert "Two classes have but one ratio: schemes with a parameter can give it, too." in text

    def test_those_that_differ_most(self, tmp_path: Path) -> None:
        """Those that are missing or no number before all others."""
        counts = {f"c{i:02}": 10 * (i + 1) for i in range(14)}
        weights = {name: round(1050 / (14 * n), 4) for name, n in counts.items()}
        del weights["c03"]
        weights["c05"], weights["c07"] = 99.0, 0.0
        path = tmp_path / "w.csv"
        path.write_text("class,weight\n" + "".join(f"{n},{w}\n" for n, w in weights.items()))
        found = run("audit", path, "--counts", counted(**counts))
        rows = [line.split() for line in found.out.splitlines()]
        shown = {row[1] for row in rows if len(row) > 3 and row[0].isdecimal()}
        assert "those that differ most; 4 more classes (--all shows all)" in words(found.out)
        assert len(shown) == 10
        assert {"c03", "c05", "c07"} < shown


class TestWeights:
    """``imbweights suggest``."""

    def weights(self, classes: int) -> tuple[ClassWeights, Profile]:
        """As many weights as classes."""
        counts = ClassCounts.multiclass({f"c{i:02}": 10 * (i + 1) for i in range(classes)})
        return imbweights.suggest(counts.as_dict(), "balanced"), Profile(
            total=counts, source=Recognised(name="made", kind="python")
        )

    def test_in_every_form(self) -> None:
        """A row each, with all digits in CSV."""
        weights, profile = self.weights(3)
        table = rendered(weights, profile, Form.TABLE, View())
        assert "In class order: [2.000000, 1.000000, 0.666667]" in table
        lines = rendered(weights, profile, Form.CSV, View()).splitlines()
        assert [float(line.split(",")[-1]) for line in lines[1:]] == pytest.approx([2, 1, 2 / 3])
        assert "| c02 | 30 | 0.666667 |" in words(rendered(weights, profile, Form.MARKDOWN, View()))

    def test_side_by_side_in_every_form(self) -> None:
        """A row per class and a column per scheme."""
        weights, profile = self.weights(3)
        found = imbweights.suggest(profile.total.as_dict())
        table = list(csv.DictReader(rendered(found, profile, Form.CSV, View()).splitlines()))
        assert [float(row["balanced"]) for row in table] == pytest.approx(weights.values)
        assert [row["class"] for row in table] == ["c00", "c01", "c02"]
        lines = words(rendered(found, profile, Form.MARKDOWN, View()))
        heads = lines[lines.index("| index |") :].split(" | ---")[0].split(" | ")
        [first] = re.findall(r"\| 0 \| c00 \|[^\n]*?\| 1 \| c01", lines)
        cells = first.strip("| ").split(" | ")
        assert float(cells[heads.index("balanced")]) == pytest.approx(2)

    @pytest.mark.parametrize(("classes", "all_of_them"), [(12, True), (40, False)])
    def test_of_many_classes(self, classes: int, *, all_of_them: bool) -> None:
        """The largest and the smallest; the list is short enough to copy, or a file is."""
        weights, profile = self.weights(classes)
        text = words(rendered(weights, profile, Form.TABLE, View()))
        assert f"the largest and the smallest; {classes - 10} lie between (--all shows all)" in text
        assert ("In class order: [" in text) is all_of_them
        assert (f"All {classes} in class order: add -o weights.json" in text) is not all_of_them
        everything = words(rendered(weights, profile, Form.TABLE, View(show_all=True)))
        assert "In class order: [" in everything
        assert "c07" in everything

    def test_all_schemes_of_many_classes(self) -> None:
        """A line per class, since there is no room for a column each."""
        named = {f"class {i}": 10 * (i + 1) for i in range(14)}
        found = run("suggest", "--counts", ",".join(f"{k}={v}" for k, v in named.items()), "--all")
        lines = [line.split() for line in found.out.splitlines()]
        heads = next(line for line in lines if line[:1] == ["index"])
        assert heads[:3] == ["index", "class", "count"]
        assert "balanced" in heads
        rows = [line for line in lines if line[1:2] == ["class"] and line[0].isdecimal()]
        expected = {str(i): str(10 * (i + 1)) for i in range(14)}
        assert {row[2]: row[3] for row in rows} == expected

    def test_a_weight_of_zero(self, tmp_path: Path) -> None:
        """Takes its class out of the loss, which has no threshold then."""
        costs = tmp_path / "costs.csv"
        costs.write_text("0,0,0\n1,0,1\n5,5,0\n")
        text = screen(
            *("suggest", "--counts", counted(a=60, b=30, c=20), "--scheme", "cost-matrix"),
            *("--costs", costs, "--explain"),
        )
        assert "– (a weight of 0 takes its class out of the loss)" in text

    def test_void_is_kept_in_the_denominators(self, tmp_path: Path) -> None:
        """And that is told, with how many pixels it is."""
        mask = np.repeat(np.array([0, 1, 255], np.uint8), 4).reshape(3, 4)
        for name in "ab":
            Image.fromarray(mask).save(tmp_path / f"{name}.png")
        text = screen(
            *("suggest", tmp_path, "--as", "masks", "--ignore-label", "255"),
            *("--scheme", "median-frequency", "--void-in-denominator"),
        )
        assert "8 ignored pixels are kept in the denominators." in text


class TestLosses:
    """``imbweights loss``."""

    def test_a_loss_that_nobody_gives(self) -> None:
        """The nearest is named, with how it is computed."""
        logits = [[2.0, 0.0], [0.0, 1.0], [0.5, 0.0]]
        found = imbweights.diagnose(logits, [0, 1, 1], from_logits=True, reported=3.21)
        text = loss_words.reported_text(found)
        assert text is not None
        # Of the usual ways the sum is nearest, but with a second softmax it is nearer still.
        again = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        own = np.log(np.exp(again).sum(axis=1)) - again[np.arange(3), [0, 1, 1]]
        assert text.startswith(f"3.21 is none of the losses here; nearest is {own.sum():.4f}: ")
        assert "second softmax or sigmoid, sum. Averages of an epoch" in text

    def test_no_loss_is_finite(self) -> None:
        """Nothing is near then."""
        found = imbweights.diagnose(
            np.full((3, 2), np.nan), [0, 1, 1], reported=0.5, from_logits=True
        )
        assert loss_words.reported_text(found) == "0.5: no loss here is finite."
        text = words(loss_rendered(found, Form.TABLE, View(show_all=True)))
        assert "true \\ said" in text

    def test_undefined(self) -> None:
        """A sign, not a word of Python."""
        assert loss_words.loss_text(None) == "–"

    @pytest.mark.parametrize("columns", [2, 9])
    def test_labels_have_no_confusions(self, columns: int) -> None:
        """Of labels each is a question of its own; the costliest answers name the label."""
        rng = np.random.default_rng(0)
        logits, on = rng.normal(size=(30, columns)), rng.integers(0, 2, (30, columns))
        found = imbweights.diagnose(logits, on, multilabel=True, from_logits=True)
        text = words(loss_rendered(found, Form.TABLE, View(show_all=True)))
        assert "true \\ said" not in text
        assert "costliest row label true predicted" in text

    def test_weights_that_are_none_make_no_layer(self) -> None:
        """MATLAB would not take them either."""
        logits = [[2.0, 0.0], [0.0, 1.0], [0.5, 0.0]]
        options: dict[str, Any] = {"from_logits": True, "framework": "matlab-layer"}
        good = imbweights.diagnose(logits, [0, 1, 1], weights=[1.0, 2.0], **options)
        assert "classdef" in (loss_words.safe_layer(good) or "")
        bad = imbweights.diagnose(logits, [0, 1, 1], weights=[1.0, float("inf")], **options)
        assert loss_words.safe_layer(bad) is None
        assert " of 3 rows" not in loss_words.headline(bad)  # no row is to blame


def test_very_large_sizes() -> None:
    """There is no larger unit than the last."""
    assert cache_words.amount(5 * 10**18) == "5000000.0 TB"


def test_rules_with_thresholds_name_their_options() -> None:
    """A section per rule; what can be set has its default beside it."""
    text = as_markdown(tuple(ALL_CODES.values()))
    assert text.count("### IMB") == len(ALL_CODES)
    assert "`--batch-size` (default not set): Samples in a batch" in text
    assert "`--min-count` (default `10`): The least number of samples" in text


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["x" * 30 + "1", "x" * 30 + "2"], ["…xxxxxx", "…xxxxxx"]),
        (["a - end", "b - end"], ["end", "end"]),
    ],
)
def test_names_that_cannot_be_told_apart(names: list[str], shown: list[str]) -> None:
    """By words, where there are none; or whose beginnings differ, but are not shown."""
    found = told_apart(names, lambda name: name[-3:] if "end" in name else name[:7])
    assert list(found.values()) == shown


def test_nothing_is_typed_twice() -> None:
    """A class that is declared twice is a slip."""
    found = run("analyze", "--counts", "a=1,b=2", "--classes", "a,b,a")
    assert found.code == 2
    assert "--classes names 'a' twice" in found.err


@pytest.mark.parametrize("width", [4, 9, 14, 60])
def test_long_tables_on_narrow_screens(width: int) -> None:
    """Are cut as Rich cuts short ones, also where a column has no room at all."""
    columns = [Col("index"), Col("class", "left", 8), Col("note", "left", 9), Col("count")]
    rows = [[str(i), f"class {i % 3}", "a few words", str(i * i)] for i in range(260)]
    lines = []
    for part in (rows, rows[-1:]):
        out = io.StringIO()
        Console(file=out, width=width, color_system=None).print(table(columns, part), end="")
        lines.append([line.rstrip() for line in out.getvalue().splitlines()])
    assert len(lines[0]) == 261
    assert lines[0][-1] == lines[1][-1]
    assert all(len(line) <= width for line in lines[0])
