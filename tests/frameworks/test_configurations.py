"""Configuration for MMSegmentation and Ultralytics: read back, and refused where it cannot be had."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from printed_code import HOSTILE, executed

from imbweights import ClassCounts, ClassWeights, Role, code, suggest
from imbweights.core.counts import Task, Unit
from imbweights.core.errors import UsageError
from imbweights.frameworks import code_for, find_framework
from imbweights.frameworks.base import Subject

PIXELS = {"road": 6000, "car": 3000, "sign": 1000}


def configuration(text: str, folder: Path) -> dict[str, Any]:
    """The configuration as MMEngine reads it, or as Python does where MMEngine is not installed."""
    if importlib.util.find_spec("mmengine") is None:
        return executed(text)
    path = folder / "config.py"
    path.write_text(text, encoding="utf-8")
    found: dict[str, Any] = (
        importlib.import_module("mmengine.config").Config.fromfile(path).to_dict()
    )
    return found


def subject(
    counts: ClassCounts, scheme: str, *, ignore_index: int | None = None, **wishes: Any
) -> Subject:
    """What code is written for, of counts that are pixels or objects."""
    weights = suggest(counts.as_dict(), scheme, **wishes)
    return Subject(weights=weights, counts=counts, ignore_index=ignore_index)


def counted(numbers: dict[str, int], task: Task, unit: Unit) -> ClassCounts:
    """Counts of one task."""
    values = np.array(list(numbers.values()))
    names = tuple(numbers)
    return ClassCounts(names, values, values, values, int(values.sum()), task=task, unit=unit)


def test_mmseg_weighs_the_softmax(tmp_path: Path) -> None:
    """In class order, K of them, with the mean over pixels that are not ignored."""
    found = configuration(code(PIXELS, "mmseg", "inverse", class_order="count"), tmp_path)
    head = found["model"]["decode_head"]
    loss = head["loss_decode"]
    assert loss.pop("class_weight") == pytest.approx([10 / 6, 10 / 3, 10.0])
    assert head.pop("num_classes") == 3
    assert loss == {
        "type": "CrossEntropyLoss",
        "use_sigmoid": False,
        "avg_non_ignore": True,
        "loss_weight": 1.0,
    }


def test_mmseg_with_ignored_pixels_leaves_the_mean_to_mmengine(tmp_path: Path) -> None:
    """The mean of MMSegmentation 1.2 looks 255 up in the weights, and stops."""
    counts = counted(PIXELS, Task.SEGMENTATION, Unit.PIXELS)
    masks = subject(counts, "balanced", ignore_index=255)
    mmseg = find_framework("mmsegmentation")
    head = configuration(code_for(mmseg, masks), tmp_path)["model"]["decode_head"]
    assert (head["ignore_index"], head["loss_decode"]["reduction"]) == (255, "none")
    assert "avg_non_ignore" not in head["loss_decode"]
    assert mmseg.scale_matters(masks)
    assert not mmseg.scale_matters(subject(counts, "balanced"))


def test_mmseg_has_one_channel_for_pos_weight(tmp_path: Path) -> None:
    """With a sigmoid MMSegmentation hands ``class_weight`` on as ``pos_weight``."""
    found = configuration(code({"back": 900, "crack": 100}, "openmmlab", "pos-weight"), tmp_path)
    head = found["model"]["decode_head"]
    assert (head["num_classes"], head["out_channels"]) == (2, 1)
    assert head["loss_decode"]["use_sigmoid"] is True
    assert head["loss_decode"]["class_weight"] == [9.0]


def test_mmseg_names_cannot_break_out(tmp_path: Path) -> None:
    """They stand in comments only."""
    counts = {name: k + 1 for k, name in enumerate(HOSTILE)}
    found = configuration(code(counts, "mmseg", "inverse", class_order="appearance"), tmp_path)
    weights = found["model"]["decode_head"]["loss_decode"]["class_weight"]
    assert weights == pytest.approx([55 / (k + 1) for k in range(10)])


@pytest.mark.parametrize(
    ("scheme", "wishes", "message"),
    [
        ("deferred", {}, "one loss for all epochs"),
        ("pos-weight", {"positive": "a"}, "class with index 1"),
    ],
)
def test_mmseg_refuses_what_a_configuration_cannot_say(
    scheme: str, wishes: dict[str, Any], message: str
) -> None:
    """With what to use instead."""
    with pytest.raises(UsageError, match=message) as error:
        code({"a": 5, "b": 3}, "mmseg", scheme, **wishes)
    assert "--scheme" in str(error.value.hint)


def test_mmseg_refuses_what_is_no_pixel() -> None:
    """Several labels per row, and objects."""
    with pytest.raises(UsageError, match="no pixels"):
        code(np.eye(3, dtype=int), "mmseg", "pos-weight")
    boxes = subject(counted(PIXELS, Task.DETECTION, Unit.OBJECTS), "balanced")
    with pytest.raises(UsageError, match="no pixels") as error:
        code_for(find_framework("mmseg"), boxes)
    assert "--for ultralytics" in str(error.value.hint)


@pytest.mark.parametrize(
    ("scheme", "wishes", "power"),
    [
        ("balanced", {}, 1.0),
        ("inverse", {"normalize": "sumk"}, 1.0),
        ("sqrt-inverse", {}, 0.5),
        ("power", {}, 0.75),
        ("power", {"gamma": 0}, 0.0),
    ],
)
def test_ultralytics_takes_the_power(scheme: str, wishes: dict[str, Any], power: float) -> None:
    """Its own weights, as the comments give them, are ours scaled to mean 1 over classes."""
    text = code(PIXELS, "yolo", scheme, class_order="count", **wishes)
    assert yaml.safe_load(text) == {"cls_pw": power}
    told = [float(line.split()[1]) for line in text.splitlines() if line.startswith("#   ")]
    ours = suggest(PIXELS, scheme, class_order="count", **(wishes | {"normalize": "sumk"}))
    assert told == pytest.approx(ours.values.tolist())
    by_hand = np.array([6000, 3000, 1000]) ** -power
    assert told == pytest.approx((by_hand / by_hand.mean()).tolist())


def test_ultralytics_gives_a_class_without_labels_weight_one() -> None:
    """The mean of the others, which scaled is 1."""
    text = code({"a": 100, "b": 400, "c": 0}, "ultralytics", "sqrt-inverse", empty="zero")
    told = [float(line.split()[1]) for line in text.splitlines() if line.startswith("#   ")]
    assert told == pytest.approx([4 / 3, 2 / 3, 1.0])


def test_ultralytics_weighs_masks_as_enet_does() -> None:
    """Semantic segmentation: 1 / ln(1.02 + p), and nothing else."""
    counts = counted(PIXELS, Task.SEGMENTATION, Unit.PIXELS)
    yolo = find_framework("ultralytics")
    text = code_for(yolo, subject(counts, "log", class_order="count"))
    assert yaml.safe_load(text) == {"cls_pw": 1.0}
    told = [float(line.split()[1]) for line in text.splitlines() if line.startswith("#   ")]
    enet = 1 / np.log(1.02 + np.array([0.6, 0.3, 0.1]))
    assert told == pytest.approx((enet / enet.mean()).tolist())
    for refused in (subject(counts, "balanced"), subject(counts, "log", c=1.1)):
        with pytest.raises(UsageError, match="ENet") as error:
            code_for(yolo, refused)
        assert error.value.hint == "--scheme log --c 1.02"


@pytest.mark.parametrize(
    ("scheme", "wishes", "message"),
    [
        ("effective", {}, "no list of weights"),
        ("log", {}, "no list of weights"),
        ("power", {"gamma": 1.5}, "between 0 and 1"),
        ("balanced", {"cap": 2}, "cannot cap"),
        ("logit-adjustment", {}, "no place for a logit offset"),
    ],
)
def test_ultralytics_refuses_what_no_power_gives(
    scheme: str, wishes: dict[str, Any], message: str
) -> None:
    """With what to use instead."""
    with pytest.raises(UsageError, match=message) as error:
        code(PIXELS, "ultralytics", scheme, **wishes)
    assert error.value.hint


def test_ultralytics_names_cannot_break_out() -> None:
    """They stand in comments only."""
    counts = {name: k + 1 for k, name in enumerate(HOSTILE)}
    assert yaml.safe_load(code(counts, "ultralytics", "balanced")) == {"cls_pw": 1.0}


def test_weights_of_a_role_that_neither_knows_are_refused() -> None:
    """The message lists who has a place for them."""
    margin = ClassWeights(
        classes=("a", "b"), values=np.ones(2), counts=(1, 1), scheme="ldam", role=Role.MARGIN
    )
    counts = ClassCounts.multiclass({"a": 1, "b": 1})
    for name in ("mmseg", "ultralytics", "sklearn", "xgboost", "lightgbm", "catboost"):
        with pytest.raises(UsageError, match="no place for a margin") as error:
            code_for(find_framework(name), Subject(weights=margin, counts=counts))
        assert "torch" in str(error.value.hint)
