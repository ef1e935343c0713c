"""The code for scikit-learn, run as it is printed: its models are those of sample weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from printed_code import HOSTILE, executed, sample, several_labels
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from imbweights import code, suggest
from imbweights.core.errors import UsageError

LABELS = {
    "text": ["cat", "dog", "owl"],
    "numbers": [10, 9, 2],
    "far apart": [0, 1, 2**40],
    "floats": [3.0, 1.0, 2.0],
    "numbers and text": ["1", "01", "a"],
    "negative": [-1, 1, 0],
    "booleans": [False, True],
    "hostile": list(HOSTILE),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
@pytest.mark.parametrize("order", ["sorted", "count"])
def test_class_weights_are_sample_weights(labels: list[Any], order: str) -> None:
    """Fitting with the printed ``class_weight`` is fitting with each sample's weight."""
    x, index = sample(len(labels))
    y = np.array(labels)[index]
    found = executed(code(y, "sklearn", "balanced", class_order=order))
    weights = suggest(y, "balanced", class_order=order).sample_weight(y)
    assert found["sample_weight"](y) == pytest.approx(weights, rel=1e-8)
    exactly = {"solver": "newton-cg", "max_iter": 1000, "tol": 1e-9}
    in_fit = found["model"].class_weight is None
    model = found["model"].set_params(**exactly)
    model.fit(x, y, sample_weight=found["sample_weight"](y) if in_fit else None)
    expected = LogisticRegression(**exactly).fit(x, y, sample_weight=weights)
    assert in_fit == ("01" in labels)
    assert model.predict_proba(x) == pytest.approx(expected.predict_proba(x), abs=1e-6)


def test_sample_weight_serves_boosting() -> None:
    """What has no ``class_weight`` is weighted by the printed function."""
    x, index = sample(3)
    found = executed(code(index, "sklearn", "inverse"))
    ours, theirs = (GradientBoostingClassifier(n_estimators=5, random_state=0) for _ in range(2))
    ours.fit(x, index, sample_weight=found["sample_weight"](index))
    counts = np.bincount(index)
    theirs.fit(x, index, sample_weight=len(index) / counts[index])
    assert ours.predict_proba(x) == pytest.approx(theirs.predict_proba(x), abs=1e-6)


def test_doubling_all_weights_is_doubling_c() -> None:
    """As the comment says."""
    x, index = sample(3)
    twice = executed(code(index, "sklearn", "balanced"))
    plain = executed(code(index, "sklearn", "balanced"))
    exactly = {"solver": "newton-cg", "max_iter": 1000, "tol": 1e-9}
    doubled = {label: 2 * weight for label, weight in twice["class_weight"].items()}
    ours = twice["model"].set_params(class_weight=doubled, **exactly).fit(x, index)
    theirs = plain["model"].set_params(C=2.0, **exactly).fit(x, index)
    once = plain["model"].set_params(C=1.0)
    assert ours.coef_ == pytest.approx(theirs.coef_, abs=1e-6)
    assert once.fit(x, index).coef_ != pytest.approx(ours.coef_, abs=1e-4)


@pytest.mark.parametrize("positive", [None, "1", "0"])
def test_pos_weight_is_against_one(positive: str | None) -> None:
    """Of two classes the positive one has the odds against it, the other one 1."""
    y = np.array([0] * 300 + [1] * 100)
    found = executed(code(y, "sklearn", "pos-weight", positive=positive))
    expected = {0: 1 / 3, 1: 1.0} if positive == "0" else {0: 1.0, 1: 3.0}
    assert found["class_weight"] == pytest.approx(expected)
    assert found["model"].class_weight == found["class_weight"]


def test_several_labels_have_one_model_each() -> None:
    """``fit`` gives each label's positives the odds against it; a forest takes the whole list."""
    x, labels = several_labels()
    found = executed(code(labels, "sklearn", "pos-weight"))
    models = found["fit"](x, labels)
    for k, model in enumerate(models):
        y = labels[:, k]
        weight = np.where(y == 1, (y == 0).sum() / (y == 1).sum(), 1.0)
        expected = LogisticRegression().fit(x, y, sample_weight=weight)
        assert model.predict_proba(x) == pytest.approx(expected.predict_proba(x), abs=1e-6)
    forest = RandomForestClassifier(3, class_weight=found["class_weight"], random_state=0)
    assert len(forest.fit(x, labels).predict_proba(x)) == 3


def test_costs_decide_by_expected_cost() -> None:
    """``decide`` minds that the columns of probabilities are in the model's order, not in ours."""
    costs = [[0.0, 1.0, 4.0], [2.0, 0.0, 8.0], [16.0, 32.0, 0.0]]
    y = ["b10"] * 6 + ["b9"] * 3 + ["b2"]
    found = executed(code(y, "sklearn", "cost-matrix", costs=costs, class_order="count"))
    assert found["classes"] == ["b10", "b9", "b2"]
    assert found["class_weight"] == {"b10": 5.0, "b9": 10.0, "b2": 48.0}
    # The expected cost of each answer, by hand; the likeliest class is not the cheapest answer.
    ours = np.array([[0.6, 0.2, 0.2], [0.5, 0.25, 0.25]])
    assert ours @ costs == pytest.approx(np.array([[3.6, 7.0, 4.0], [4.5, 8.5, 4.0]]))
    assert found["decide"](ours, ["b10", "b9", "b2"]) == ["b10", "b2"]
    assert found["decide"](ours[:, [0, 2, 1]], ["b10", "b2", "b9"]) == ["b10", "b2"]
    assert found["decide"](np.array([[0.0, 1.0, 0.0]]), np.array(["b10", "b2", "b9"])) == ["b2"]


def test_sampler_draws_every_class_equally_often() -> None:
    """The printed ``draw`` gives rows whose classes are balanced."""
    _, index = sample(3)
    y = np.array(["a", "b", "c"])[index]
    rows = executed(code(y, "sklearn", "sampler"))["draw"](np.tile(y, 50))
    assert np.bincount(np.tile(index, 50)[rows]) / len(rows) == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize("lines", ["0 1 1", "False True True", "ok fault ok"])
def test_keys_are_what_a_data_frame_reads(lines: str, tmp_path: Path) -> None:
    """Labels of a file become keys of the type that ``pandas.read_csv`` gives them."""
    path = tmp_path / "labels.csv"
    path.write_text("x,y\n" + "".join(f"{i},{label}\n" for i, label in enumerate(lines.split())))
    y = pd.read_csv(path)["y"]
    found = executed(code(path, "sklearn", "balanced", label="y"))
    assert set(found["class_weight"]) == set(y)
    assert sum(found["sample_weight"](y)) == pytest.approx(3)


def test_a_class_without_samples_does_no_harm() -> None:
    """A key that does not occur in y is allowed."""
    x, index = sample(2)
    found = executed(code({"0": 300, "1": 100, "2": 0}, "sklearn", "balanced", empty="zero"))
    assert found["class_weight"][2] == 0
    assert found["model"].fit(x, index).classes_.tolist() == [0, 1]


def test_a_thousand_classes() -> None:
    """The dictionary is complete and in class order."""
    counts = {f"c{k:04}": k + 1 for k in range(1000)}
    found = executed(code(counts, "sklearn", "inverse"))["class_weight"]
    assert list(found) == list(counts)
    assert found["c0499"] == pytest.approx(500500 / 500, rel=1e-8)


def test_what_starts_at_an_epoch_is_refused() -> None:
    """There are no epochs here."""
    with pytest.raises(UsageError, match="no epochs") as error:
        code({"a": 3, "b": 1}, "scikit-learn", "deferred")
    assert "effective" in str(error.value.hint)
