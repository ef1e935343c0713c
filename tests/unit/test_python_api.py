"""Labels that are already in memory, and results that cannot change."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import imbweights
from imbweights.core.errors import ImbweightsError, UsageError

EXPECTED = {"cat": 2, "dog": 1}


class Tensor:
    """What torch and TensorFlow have in common: ``__array__``."""

    def __init__(self, values: list[int]) -> None:
        """Hold the values."""
        self.values = values

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """As NumPy asks for it."""
        return np.array(self.values, dtype=dtype)


@pytest.mark.parametrize(
    "y",
    [
        ["cat", "dog", "cat"],
        ("cat", "dog", "cat"),
        iter(["cat", "dog", "cat"]),
        np.array(["cat", "dog", "cat"]),
        np.array(["cat", "dog", "cat"], dtype=object),
        pd.Series(["cat", "dog", "cat"]),
        pd.Series(["cat", "dog", "cat"], dtype="category"),
        pd.DataFrame({"kind": ["cat", "dog", "cat"]}),
        {"cat": 2, "dog": 1},
        {"dog": np.int64(1), "cat": np.int64(2)},
    ],
)
def test_every_container_of_labels(y: Any) -> None:
    """Two cats and a dog."""
    assert imbweights.analyze(y).counts.as_dict() == EXPECTED


def test_tensors_and_numbers() -> None:
    """Numbers are spelled as the indices they are."""
    assert imbweights.analyze(Tensor([0, 1, 1])).counts.as_dict() == {"0": 1, "1": 2}
    assert imbweights.analyze([0.0, 1.0, None, float("nan")]).counts.missing == 2
    assert imbweights.analyze([True, False, True]).counts.as_dict() == {"False": 1, "True": 2}


def test_missing_of_every_kind() -> None:
    """None, NaN, NaT, pandas.NA and blank text."""
    series = pd.Series(["a", None, pd.NA, " ", "a"], dtype="object")
    counts = imbweights.analyze(series).counts
    assert (counts.as_dict(), counts.missing) == ({"a": 2}, 3)


@pytest.mark.parametrize(
    "y",
    [
        [[1, 0], [1, 1], [0, 0]],
        np.array([[1, 0], [1, 1], [0, 0]]),
        np.array([[True, False], [True, True], [False, False]]),
        pd.DataFrame({"0": [1, 1, 0], "1": [0, 1, 0]}),
    ],
)
def test_tables_of_zeros_and_ones_are_multilabel(y: Any) -> None:
    """Also from memory."""
    counts = imbweights.analyze(y).counts
    assert counts.task == "multilabel"
    assert counts.as_dict() == {"0": 2, "1": 1}
    weights = imbweights.suggest(y, "pos-weight")
    assert weights.as_dict() == {"0": 0.5, "1": 2.0}


@pytest.mark.parametrize("y", [[], 5, None, [["a", "b"], ["c"]], {"a": 1.5}, {"a": -1}, b"abc"])
def test_what_holds_no_labels_is_refused(y: Any) -> None:
    """With an error of ours, which is a ValueError."""
    with pytest.raises(ImbweightsError):
        imbweights.analyze(y)


def test_paths_of_every_kind(samples: Any, tmp_path: Path) -> None:
    """Text, Path, a list of Path as one data set, a mapping of splits."""
    path = samples / "four_classes.csv"
    (tmp_path / "copy.csv").write_bytes(path.read_bytes())
    once = imbweights.analyze(path).counts
    assert imbweights.analyze(str(path)).counts == once
    other = samples / "reviews.csv"
    both = imbweights.analyze([path, tmp_path / "copy.csv"]).counts
    assert both.total == 2 * once.total
    with pytest.raises(imbweights.ImbweightsError, match="is named twice"):
        imbweights.analyze([path, other, path])
    splits = imbweights.analyze({"train": path, "val": path}).profile.splits
    assert {name: c.total for name, c in splits.items()} == {"train": 1616, "val": 1616}


def test_results_are_immutable() -> None:
    """Neither fields nor values."""
    weights = imbweights.suggest({"a": 1, "b": 3}, "inverse")
    with pytest.raises(dataclasses.FrozenInstanceError):
        weights.scheme = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        weights.values[0] = 0.0


def test_frames() -> None:
    """One row per class, indexed by the class index."""
    found = imbweights.analyze({"a": 1, "b": 3})
    assert found.to_frame()["count"].tolist() == [1, 3]
    weights = imbweights.suggest(found, "balanced").to_frame()
    assert weights.index.name == "index"
    assert weights["weight"].tolist() == [2.0, 2 / 3]
    side = imbweights.suggest(found).to_frame()
    assert side["balanced"].tolist() == [2.0, 2 / 3]
    assert "pos-weight" not in side  # one number, not one per class


def test_sample_weight_refuses_what_it_does_not_know() -> None:
    """An unknown label, a missing one, and numbers that are no class weights."""
    weights = imbweights.suggest({"a": 1, "b": 3}, "balanced")
    with pytest.raises(UsageError, match="'c' has no weight"):
        weights.sample_weight(["a", "c"])
    with pytest.raises(UsageError, match="missing label"):
        weights.sample_weight(["a", None])
    with pytest.raises(UsageError, match="not a weight per sample"):
        imbweights.suggest({"a": 1, "b": 3}, "pos-weight").sample_weight(["a"])


def test_suggestion_without_a_scheme() -> None:
    """All that fit, and one to try first, or none."""
    side = imbweights.suggest({"a": 100, "b": 300})
    assert side.recommended == imbweights.suggest({"a": 100, "b": 300}, "balanced")
    assert imbweights.suggest({"a": 100, "b": 110}).recommended is None
    assert imbweights.suggest({"a": 10, "b": 1000}).recommendation.rule == "few samples"
    assert imbweights.suggest({"a": 100, "b": 9000}).recommendation.scheme == "sqrt-inverse"
    assert imbweights.suggest([[1, 0], [1, 1]]).recommendation.scheme == "pos-weight"


def test_weights_are_of_the_training_split(samples: Any) -> None:
    """And say so."""
    reviews = imbweights.analyze(samples / "reviews.csv", split="split")
    weights = imbweights.suggest(reviews, "inverse")
    assert sum(weights.counts) == 600
    assert "split 'train'" in weights.notes[0]
    assert sum(imbweights.suggest(reviews, "inverse", use_split="all").counts) == 800
    assert sum(imbweights.suggest(reviews, "inverse", use_split="test").counts) == 100
    with pytest.raises(UsageError, match="no such split"):
        imbweights.suggest(reviews, "inverse", use_split="trian")


def test_public_names_are_loaded_lazily() -> None:
    """And listed."""
    assert set(imbweights.__all__) <= set(dir(imbweights))
    assert callable(imbweights.analyze)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = imbweights.nonsense


def test_keys_are_those_that_the_framework_looks_up() -> None:
    """scikit-learn wants the labels themselves, not their names."""
    x = np.arange(6).reshape(-1, 1)
    for y in (
        [0, 0, 0, 1, 1, 2],
        [0.0, 0.0, 1.0, 1.0, 1.0, 2.0],
        list("aabbbc"),
        [True] * 4 + [False] * 2,
    ):
        weights = imbweights.suggest(y, "balanced")
        assert weights.as_dict() == imbweights.suggest(np.array(y), "balanced").as_dict()
        model = LogisticRegression(class_weight=weights.as_dict()).fit(x, y)
        expected = LogisticRegression(class_weight="balanced").fit(x, y)
        np.testing.assert_allclose(model.coef_, expected.coef_, rtol=1e-6)


def test_categories_have_an_order_of_their_own() -> None:
    """That of the codes, with those that do not occur."""
    y = pd.Series(["lo", "hi", "lo"], dtype=pd.CategoricalDtype(["lo", "mid", "hi"]))
    assert list(imbweights.analyze(y).counts.as_dict().items()) == [
        ("lo", 2),
        ("mid", 0),
        ("hi", 1),
    ]
    assert list(imbweights.analyze(y.cat.codes).counts.classes) == ["0", "2"]
    by_count = imbweights.analyze(y, class_order="count").counts
    assert by_count.classes[0] == "lo"


def test_value_counts_is_not_taken_for_labels() -> None:
    """Both ways to say what is meant are named."""
    counted = pd.Series(["a", "b", "b"]).value_counts()
    with pytest.raises(ImbweightsError, match=r"to_dict\(\)"):
        imbweights.suggest(counted, "balanced")
    assert imbweights.suggest(counted.to_dict(), "inverse").as_dict() == {"a": 3.0, "b": 1.5}


def test_one_hot_arrays() -> None:
    """One class per row, where the columns exclude each other."""
    counts = imbweights.analyze(np.eye(3)[[0, 1, 1]], one_hot=True).counts
    assert counts.as_dict() == {"0": 1, "1": 2, "2": 0}
    with pytest.raises(ImbweightsError, match="one column"):
        imbweights.analyze(np.array([0, 1]), one_hot=True)


def test_without_a_training_split_all_are_taken_and_this_is_said() -> None:
    """A test split is never mistaken for the training data."""
    frame = {"label": ["a", "b", "b"], "part": ["test", "test", "val"]}
    pd.DataFrame(frame).to_csv("a.csv", index=False)
    weights = imbweights.suggest("a.csv", "inverse", label="label", split="part")
    assert weights.counts == (1, 2)
    assert "none of val, test is called train" in weights.notes[0]
