"""The code for XGBoost, LightGBM and CatBoost: its models are those of sample weights."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from frameworks_support import needs
from printed_code import HOSTILE, executed, sample, several_labels

from imbweights import code, suggest
from imbweights.core.errors import UsageError

xgboost = needs("xgboost")
lightgbm = needs("lightgbm")
catboost = needs("catboost")

# XGBoost's histograms weigh their bins by sample weights but not by scale_pos_weight, and its and
# LightGBM's starting score differ between the two; without those they must agree.
XGB = {"n_estimators": 10, "n_jobs": 1, "tree_method": "exact", "base_score": 0.5}
LGB = {
    "n_estimators": 10,
    "n_jobs": 1,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
    "boost_from_average": False,
}
CAT = {
    "iterations": 10,
    "depth": 3,
    "thread_count": 1,
    "random_seed": 0,
    "verbose": False,
    "allow_writing_files": False,
}
LABELS = {
    "text": ["dog", "cat", "owl"],
    "numbers": [10, 9, 2],
    "booleans": [False, True],
    "two texts": ["yes", "no"],
    "hostile": list(HOSTILE),
}


@pytest.mark.parametrize("classes", [2, 3])
def test_xgboost_takes_sample_weights(classes: int) -> None:
    """Class indices become the weights of their classes."""
    x, y = sample(classes)
    found = executed(code(y, "xgboost", "balanced"))
    weights = suggest(y, "balanced").sample_weight(y)
    assert found["sample_weight"](y) == pytest.approx(weights, rel=1e-8)
    parameters = XGB if classes == 2 else {**XGB, "base_score": None}
    model = found["model"].set_params(**parameters)
    model.fit(x, y, sample_weight=found["sample_weight"](y))
    expected = xgboost.XGBClassifier(**parameters).fit(x, y, sample_weight=weights)
    assert model.predict_proba(x) == pytest.approx(expected.predict_proba(x), abs=1e-6)


def test_xgboost_takes_booleans_for_indices() -> None:
    """A boolean y is no mask."""
    found = executed(code([True] + [False] * 3, "xgboost", "inverse"))
    y = np.array([True, False, True])
    assert found["sample_weight"](y) == pytest.approx([4.0, 4 / 3, 4.0])


@pytest.mark.parametrize(
    ("framework", "settings"), [("xgboost", XGB), ("lightgbm", LGB), ("catboost", CAT)]
)
def test_scale_pos_weight_is_a_sample_weight_of_the_positives(
    framework: str, settings: dict[str, Any]
) -> None:
    """With y as the comment says, 1 for the positive class, also if its index is 0."""
    x, index = sample(2)
    names = np.array(["a", "b"])[index]
    for scheme in ("pos-weight", "scale-pos-weight"):
        text = code(names, framework, scheme, positive="a")
        assert "# y is 1 for a and 0 for b." in text
        model = executed(text)["model"]
        y = (names == "a").astype(int)
        odds = (y == 0).sum() / (y == 1).sum()
        plain = type(model)(**settings)
        model.set_params(**settings).fit(x, y)
        expected = plain.fit(x, y, sample_weight=np.where(y == 1, odds, 1.0))
        assert model.predict_proba(x) == pytest.approx(expected.predict_proba(x), abs=1e-6)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
@pytest.mark.parametrize("order", ["sorted", "count"])
@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
def test_lightgbm_class_weights_are_sample_weights(labels: list[Any], order: str) -> None:
    """Also where the order of the classes is not that of the sorted labels."""
    x, index = sample(len(labels))
    y = np.array(labels)[index]
    found = executed(code(y, "lightgbm", "balanced", class_order=order))
    weights = suggest(y, "balanced").sample_weight(y)
    model = found["model"].set_params(**LGB).fit(x, y)
    expected = lightgbm.LGBMClassifier(**LGB).fit(x, y, sample_weight=weights)
    assert model.predict_proba(x) == pytest.approx(expected.predict_proba(x), abs=1e-6)


@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
def test_lightgbm_gets_no_key_that_y_lacks() -> None:
    """It would stop at one."""
    x, index = sample(2)
    text = code({"0": 300, "1": 100, "2": 0}, "lightgbm", "balanced", empty="max")
    assert "left out" in text
    assert executed(text)["model"].set_params(**LGB).fit(x, index).n_classes_ == 2
    with pytest.raises(KeyError):
        lightgbm.LGBMClassifier(class_weight={0: 1.0, 1: 1.0, 2: 1.0}, **LGB).fit(x, index)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
@pytest.mark.parametrize("order", ["sorted", "count"])
def test_catboost_class_weights_are_sample_weights(labels: list[Any], order: str) -> None:
    """The dictionary also sets the order of the columns, which the comment says."""
    x, index = sample(len(labels))
    y = np.array(labels)[index]
    found = executed(code(y, "catboost", "balanced", class_order=order))
    weights = suggest(y, "balanced").sample_weight(y)
    model = found["model"].set_params(**CAT).fit(x, y)
    expected = catboost.CatBoostClassifier(**CAT).fit(x, y, sample_weight=weights)
    assert list(model.classes_) == list(found["class_weights"])
    columns = [list(model.classes_).index(c) for c in expected.classes_]
    assert model.predict_proba(x)[:, columns] == pytest.approx(expected.predict_proba(x), abs=1e-6)


@pytest.mark.parametrize(("framework", "settings"), [("xgboost", XGB), ("lightgbm", LGB)])
@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
def test_several_labels_have_one_model_each(framework: str, settings: dict[str, Any]) -> None:
    """Each with the odds against its label."""
    x, labels = several_labels()
    found = executed(code(labels, framework, "pos-weight"))
    name = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier"}[framework]
    plain = functools.partial(found[name], **settings)
    found[name] = plain  # the printed function looks it up when it is called
    for y, model in zip(labels.T, found["fit"](x, labels), strict=True):
        odds = (y == 0).sum() / (y == 1).sum()
        expected = plain().fit(x, y, sample_weight=np.where(y == 1, odds, 1.0))
        assert model.predict_proba(x) == pytest.approx(expected.predict_proba(x), abs=1e-6)


def test_catboost_refuses_several_labels_because_it_must() -> None:
    """Its own loss for them does not take such weights."""
    x, labels = several_labels()
    with pytest.raises(UsageError, match="MultiLogloss") as error:
        code(labels, "catboost", "pos-weight")
    assert "--for xgboost" in str(error.value.hint)
    for weight in ({"class_weights": [1.0, 2.0, 3.0]}, {"scale_pos_weight": 2.0}):
        model = catboost.CatBoostClassifier(loss_function="MultiLogloss", **weight, **CAT)
        with pytest.raises(catboost.CatBoostError, match="only"):
            model.fit(x, labels)


@pytest.mark.parametrize("framework", ["xgboost", "lightgbm", "catboost"])
def test_scale_pos_weight_of_three_classes_is_refused(framework: str) -> None:
    """With what to use instead; XGBoost itself would only warn, and train without it."""
    with pytest.raises(UsageError, match="is for binary data; these are 3 classes") as error:
        code({"a": 3, "b": 2, "c": 1}, framework, "scale-pos-weight")
    assert "--scheme balanced" in str(error.value.hint)


@pytest.mark.parametrize("framework", ["xgboost", "lightgbm", "catboost"])
def test_what_starts_at_an_epoch_is_refused(framework: str) -> None:
    """There are no epochs here."""
    with pytest.raises(UsageError, match="no epochs"):
        code({"a": 3, "b": 1}, framework, "deferred")


def test_lightgbm_refuses_both_knobs() -> None:
    """The comment says never both, and LightGBM agrees."""
    x, index = sample(2)
    model = executed(code(index, "lightgbm", "pos-weight"))["model"]
    with pytest.raises(lightgbm.basic.LightGBMError, match="at the same time"):
        model.set_params(is_unbalance=True, **LGB).fit(x, index)
