"""Rules, measures, schemes and names where data is small, empty, or not what it should be."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image
from report_cases import write_panoptic
from scipy.stats import poisson
from support import run, write

import imbweights
from imbweights import ClassCounts, ImbweightsError, analyze, code, suggest
from imbweights.coding import snippets_of
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.drift.cramers_v import significance
from imbweights.forecasting.batches import chance_of_none
from imbweights.measures import MEASURES
from imbweights.measures.entropy import shannon_entropy
from imbweights.naming import class_names
from imbweights.profiling import profile_of
from imbweights.recommending import Recommendation
from imbweights.render import initial_words
from imbweights.reporting.looking import looking_at
from imbweights.rules.chance import chance_of_absence
from imbweights.sources.base import Order, Reading


class TestMeasures:
    """Of nothing."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("normalized_entropy", None), ("gini", None), ("lrid", None), ("imbalance_ratio", None)],
    )
    def test_of_no_samples(self, name: str, expected: float | None) -> None:
        """No number is made up, and none is divided by."""
        assert MEASURES[name].compute(ClassCounts.multiclass({"a": 0, "b": 0})) == expected
        assert shannon_entropy(ClassCounts.multiclass({"a": 0})) == 0.0

    def test_classes_that_exclude_each_other_have_no_pairs(self) -> None:
        """Which is not the same as that there is none."""
        assert MEASURES["label_pairs"].compute(ClassCounts.multiclass({"a": 5, "b": 1})) is None

    def test_the_distance_of_one_class(self) -> None:
        """Nothing can have changed, however many there are."""
        assert significance(np.array([5.0]), np.array([700.0])) == 1.0

    def test_a_part_without_rows(self) -> None:
        """Lacks any class by chance."""
        assert chance_of_absence(10, 0, 100) == chance_of_absence(10, 100, 0) == 1.0

    @pytest.mark.parametrize("with_it", [2_000_000, 1_000_001])
    def test_batches_as_large_as_classes(self, with_it: int) -> None:
        """Too many factors to multiply: as with replacement, which is next to nothing then."""
        size, whole = 1_500_000, 10**13
        found = chance_of_none(with_it, whole, size, whole)
        assert found == pytest.approx(float(poisson(with_it * size / whole).pmf(0)), rel=1e-6)


class TestNames:
    """Files that are not parts of one data set."""

    def reading(self, *declared: str, **ids: int) -> Reading:
        """What a file tells of its classes."""
        counts = ClassCounts.multiclass(dict.fromkeys([*declared, *ids], 1))
        order = Order.DECLARED if declared else Order.IDS
        return Reading(splits={"": counts}, order=order, declared=declared, ids=ids)

    def test_numbers_of_classes_agree(self) -> None:
        """A class has one number, and a number one class."""
        first = self.reading(cat=1, dog=2)
        for second, message in (
            (self.reading(cat=7), "class 'cat' is number 1 in one file and 7 in another"),
            (self.reading(cow=2), "number 2 is 'dog' in one file and 'cow' in another"),
        ):
            with pytest.raises(SourceError, match=message):
                class_names([first, second], LabelOptions())
        assert class_names([first, self.reading(cow=3)], LabelOptions()).ids["cow"] == 3

    def test_declared_orders_agree(self) -> None:
        """The index of a class is its place in the order."""
        first = self.reading("cat", "dog", "cow")
        with pytest.raises(SourceError, match="declare the same classes in different orders"):
            class_names([first, self.reading("dog", "cat")], LabelOptions())
        merged = class_names([first, self.reading("cat", "cow", "pig")], LabelOptions()).declared
        assert merged == ("cat", "dog", "cow", "pig")

    def test_a_split_is_named_once(self, tmp_path: Path) -> None:
        """By the user, or by the data."""
        path = write(tmp_path / "a.csv", "label,split\na,train\nb,val\n")
        found = run("analyze", f"train={path}", "--split", "split")
        assert found.code == 2
        assert "split 'train' is named on the command line and 'train' by the data" in found.err

    def test_a_database_counts_itself(self) -> None:
        """Nobody else could."""
        spec = SourceSpec(database="sqlite:///a.db", query="SELECT 1", engine="dask")
        with pytest.raises(
            ImbweightsError, match="--engine counts files; a database counts itself"
        ):
            profile_of(spec)


class TestWeights:
    """What does not fit, and advice not to weight."""

    COSTS = ((0.0, 1.0), (5.0, 0.0))

    @pytest.mark.parametrize(
        ("scheme", "options", "message"),
        [
            ("balanced", {"costs": COSTS}, "--costs means nothing to balanced"),
            ("cost-matrix", {"costs": COSTS, "cap": 2}, "--cap would change what the costs say"),
        ],
    )
    def test_wishes_that_contradict(
        self, scheme: str, options: dict[str, Any], message: str
    ) -> None:
        """Each other, or the scheme."""
        with pytest.raises(ImbweightsError) as refused:
            suggest({"a": 5, "b": 1}, scheme, **options)
        assert message in str(refused.value)

    def test_a_split_whose_class_is_missing(self, tmp_path: Path) -> None:
        """It is said on what weights are computed."""
        path = write(tmp_path / "a.csv", "label,split\na,train\na,train\nb,val\n")
        found = run("suggest", path, "--label", "label", "--split", "split", "--scheme", "log")
        assert found.code == 2
        assert "(weights are computed on split 'train' alone" in " ".join(found.err.split())

    def test_smoothing_gives_an_absent_class_all_pixels(self, tmp_path: Path) -> None:
        """One pixel more of each, in images that were all looked at."""
        mask = np.zeros((4, 5), np.uint8)
        mask[0, 0] = 1
        Image.fromarray(mask).save(tmp_path / "a.png")
        Image.fromarray(mask).save(tmp_path / "b.png")
        options: dict[str, Any] = {"kind": "masks", "classes": {0: "ground", 1: "car", 2: "van"}}
        found = suggest(tmp_path, "median-frequency", empty="smooth", **options)
        n = np.array([39.0, 3.0, 1.0])
        frequency = n / (np.array([40.0, 40.0, 40.0]) + 3)
        assert found.values == pytest.approx(np.median(frequency) / frequency)

    def test_classes_of_the_same_size_need_none(self) -> None:
        """Code is given all the same, with the advice above it; no option is named for nothing."""
        text = code({"a": 10, "b": 10}, "sklearn")
        advice = " ".join(line.removeprefix("# ") for line in text.splitlines() if line[:1] == "#")
        assert "if you weight all the same." in advice
        assert Recommendation(None, "", "", "", {}).options == ""

    def test_explained_weights_hold_the_reason(self) -> None:
        """Where no scheme was named."""
        found = run("suggest", "--counts", "a=90,b=10", "--explain", "--format", "json").json
        assert found["recommendation"]["scheme"] == found["scheme"]
        named = run(
            "suggest", "--counts", "a=90,b=10", "--explain", "--format", "json", "--scheme", "log"
        ).json
        assert "recommendation" not in named


class TestRules:
    """``imbweights check``."""

    def test_labels_that_may_be_together_by_coincidence(self, tmp_path: Path) -> None:
        """Few rows prove nothing; how many are enough can be said."""
        rows = ["1,1,0"] * 5 + ["0,0,1"] * 40
        path = write(tmp_path / "a.csv", "x,y,z\n" + "\n".join(rows) + "\n")
        told = [
            'labels "x" and "y" always occur together (5 rows)'
            in run("check", path, "--label", "x,y,z", *more).out
            for more in ((), ("--min-together", "5"))
        ]
        assert told == [False, True]

    def test_very_many_files_in_two_splits(self, tmp_path: Path) -> None:
        """The first twenty are named."""
        for split in ("train", "val"):
            folder = tmp_path / split / "cat"
            folder.mkdir(parents=True)
            (tmp_path / split / "dog").mkdir()
            for i in range(23):
                Image.new("L", (4, 4), i).save(folder / f"{i}.jpg")
            Image.new("RGB", (3, 3), (split == "val" and "red") or "blue").save(
                tmp_path / split / "dog" / "d.jpg"
            )
        out = " ".join(run("check", tmp_path, "--all").out.split())
        assert "3 more files are in two splits (23 in all)" in out

    def test_names_that_differ_in_several_ways(self, tmp_path: Path) -> None:
        """Are near-duplicates all the same, whatever sets them apart."""
        names = ["Cat one", "cat\u00a0 0ne".replace("0", "o"), "CAT-ONE", "\uff43at_\u043ene"]
        rows = [f"{name}" for name in names for _ in range(12)] + ["dog"] * 12
        path = write(tmp_path / "a.csv", "label\n" + "\n".join(rows) + "\n")
        found = run("check", path, "--label", "label", "--format", "json").json
        text = json.dumps(found, ensure_ascii=False)
        assert "look-alike letters, case, blanks or Unicode form" in text


class TestReports:
    """Pictures that cannot be looked at, and code that has no room."""

    def test_a_picture_without_colours_is_no_panoptic_one(self, tmp_path: Path) -> None:
        """Nor is it an example."""
        listing = write_panoptic(tmp_path / "d")
        profile = profile_of(
            SourceSpec(paths=(str(listing),), options=LabelOptions(keep_files=True))
        )
        looking = looking_at(profile, LabelOptions())
        assert looking is not None
        facts = next(f for each in profile.files.values() for f in each)
        looking(facts, 0)
        Image.new("L", (6, 4)).save(facts.path)
        with pytest.raises(SourceError, match="is no RGB image of segment ids"):
            looking(facts, 0)

    def test_no_room_for_code(self) -> None:
        """Then there is none, rather than half of it."""
        found = suggest({"a": 90, "b": 10})
        report = cast("Any", SimpleNamespace)(
            weights=found.weights,
            training=found.counts,
            analysis=analyze({"a": 90, "b": 10}),
        )
        assert snippets_of(report, room=10) == {}
        assert {*snippets_of(report)} == {*found.weights}


def test_many_doubts_are_counted() -> None:
    """``init`` names the first five."""
    each = SimpleNamespace(name="train", doubts=[f"doubt {i}" for i in range(8)])
    draft = cast("Any", SimpleNamespace(questions=(), sets=(each,), left_out=()))
    told = list(initial_words.notes(draft))
    assert len(told) == 6
    assert told[-1] == "is that meant? train: 3 more of the kind; imbweights check lists them"


def test_the_module_may_be_imported(capsys: pytest.CaptureFixture[str]) -> None:
    """As documentation tools do: nothing runs."""
    module = importlib.import_module("imbweights.__main__")
    assert module.main is not None
    assert capsys.readouterr() == ("", "")
    assert imbweights.__version__
