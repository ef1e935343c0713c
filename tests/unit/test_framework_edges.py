"""Code to paste where labels, parameters or weights are not the usual ones."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from imbweights import code
from imbweights.core.errors import UsageError
from imbweights.core.yaml_text import yaml_value

TWO = {"a": 10, "b": 90}
HALF = "a\ud800"  # half a character, which no encoding has


def _sklearn(text: str) -> dict[str, Any]:
    """What the program defines, up to the first that needs scikit-learn."""
    found: dict[str, Any] = {"LogisticRegression": lambda **options: options, "np": np}
    lines = [line for line in text.splitlines() if not line.startswith(("import", "from"))]
    exec("\n".join(lines), found)  # noqa: S102 - our own code, as a user would run it
    return found


@pytest.mark.parametrize(
    "y",
    [np.array([0, 1, 1, 1, 2]), np.array([False, True, True]), np.array([1.5, 2.5, 2.5])],
    ids=["whole", "boolean", "halves"],
)
def test_labels_in_memory_are_keys_as_they_are(y: Any) -> None:
    """Equal to them in value and type, with the weights that scikit-learn computes itself."""
    weights = _sklearn(code(y, "sklearn", "balanced"))["class_weight"]
    labels = np.unique(y)
    assert list(weights) == labels.tolist()
    assert [type(key) for key in weights] == [type(label) for label in labels.tolist()]
    expected = compute_class_weight("balanced", classes=labels, y=y)
    np.testing.assert_allclose(list(weights.values()), expected)


def test_text_that_reads_as_a_number_is_weighed_by_sample() -> None:
    """scikit-learn would not find it among the keys."""
    text = code({"1": 10, "other": 30}, "sklearn", "balanced")
    found = _sklearn(text)
    assert "issue 34883" in text
    assert found["model"] == {}
    assert found["sample_weight"](["1", "other"]) == pytest.approx([2.0, 2 / 3])


def test_costs_decide_as_the_sums_say() -> None:
    """Of each row the answer whose expected cost is least; by hand: 5 p(b) against p(a)."""
    found = _sklearn(code(TWO, "sklearn", "cost-matrix", costs=[[0, 1], [5, 0]]))
    p = np.array([[0.9, 0.1], [0.8, 0.2], [0.83, 0.17], [0.84, 0.16]])
    assert found["decide"](p, ["a", "b"]) == ["a", "b", "b", "a"]
    assert found["decide"](p[:, ::-1], ["b", "a"]) == ["a", "b", "b", "a"]


REFUSED = {
    "epochs": ("sklearn", "deferred", {}, "has no epochs", "--scheme effective"),
    "a sampler": ("matlab", "sampler", {}, "no place for a sampler, which draws", "--for torch"),
    "one loss": ("mmseg", "deferred", {}, "one loss for all epochs", "--scheme effective"),
    "the other class": ("mmseg", "pos-weight", {"positive": "a"}, "index 1, not 0", "--positive"),
    "more than the inverse": ("ultralytics", "power", {"gamma": 2}, "γ is 2", "--gamma 1 or less"),
    "a scale": ("ultralytics", "balanced", {"normalize": "sum1"}, "scales the weights itself", "leave --normalize away"),
    "a cap": ("ultralytics", "balanced", {"cap": 3}, "cannot cap weights", "leave --cap away"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("framework", "scheme", "options", "words", "hint"), REFUSED.values(), ids=REFUSED
)
def test_what_a_framework_cannot_take(
    framework: str, scheme: str, options: dict[str, Any], words: str, hint: str
) -> None:
    """Is refused, with what to use instead."""
    with pytest.raises(UsageError, match=words) as error:
        code(TWO, framework, scheme, **options)
    assert hint in str(error.value)


@pytest.mark.parametrize(
    ("framework", "words"),
    [
        ("matlab", "train 160 epochs with firstLossFcn"),
        ("matlab-layer", "train 160 epochs with a plain classificationLayer"),
    ],
)
def test_deferred_weights_are_two_trainings_in_matlab(framework: str, words: str) -> None:
    """A loss function is not told the epoch; other weights need no second training."""
    text = " ".join(code(TWO, framework, "deferred").replace("%", " ").split())
    assert words in text
    assert "Deferred" not in code(TWO, framework, "balanced")


@pytest.mark.parametrize(
    ("framework", "classes"),
    [
        ("yaml", lambda text: yaml_value(text, typed=True)["classes"]),
        ("toml", lambda text: tomllib.loads(text)["classes"]),
    ],
)
def test_half_a_character_can_be_read_again(
    framework: str, classes: Callable[[str], list[str]]
) -> None:
    """As its escape: neither format can hold it."""
    assert classes(code({HALF: 10, "b": 90}, framework, "balanced")) == ["a\\ud800", "b"]


def test_half_a_character_in_matlab() -> None:
    """As its escape, beside what is seen."""
    assert "['a' '\\ud800']" in code({HALF: 10, "b": 90}, "matlab", "balanced")
