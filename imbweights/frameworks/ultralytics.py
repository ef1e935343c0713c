"""Ultralytics YOLO: ``cls_pw``, from which it computes the weights itself."""

from __future__ import annotations

import numpy as np

from imbweights.core.choices import Normalization
from imbweights.core.weights import FloatArray, Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import joined
from imbweights.frameworks.text import commented, number, remark

_POWERS = {"balanced": 1.0, "inverse": 1.0, "sqrt-inverse": 0.5}
_ENET = 1.02


def class_weight(subject: Subject) -> str:
    """The power, with the weights that Ultralytics will make of it as comments.

    Boxes (and polygons, poses, rotated boxes): w = (1/n)^cls_pw, scaled to mean 1 over classes; a
    class without labels weighs 1. Semantic masks: w = (1 / ln(1.02 + n/N))^cls_pw, likewise.

    Source: ``DetectionTrainer`` and ``SemanticSegmentationTrainer`` of Ultralytics 8.4.190; the
    option is there since between 8.4.30 and 8.4.40.
    """
    power = 1.0 if subject.pixels else _power(subject)
    what = (
        "semantic segmentation"
        if subject.pixels
        else "detect, segment, pose and obb (classify has no class weights and ignores it)"
    )
    weights = subject.weights
    cells = [number(value) for value in weighed_by(subject).tolist()]
    width = max(map(len, cells))
    lines = [
        f"#   {cell:<{width}}  {index} {remark(name)}"
        for cell, index, name in zip(cells, weights.indices, weights.classes, strict=True)
    ]
    return joined(
        commented(
            f"For yolo … cfg=FILE, or as cls_pw={number(power)} on its own; for {what}. Needs Ultralytics "
            "8.4.40 or later. It counts the training labels itself and scales to mean 1 over classes"
            + ("; a class without labels weighs 1 there:" if 0 in weights.counts else ":"),
            "#",
        ),
        *lines,
        f"cls_pw: {number(power)}",
    )


def weighed_by(subject: Subject) -> FloatArray:
    """The weights that Ultralytics will compute from these counts, (K,)."""
    counts = np.array(subject.weights.counts, dtype=np.float64)
    if subject.pixels:
        return _mean_one(1.0 / np.log(_ENET + counts / counts.sum()))
    present = counts > 0
    raw = np.where(present, counts, 1.0) ** -_power(subject)
    return _mean_one(np.where(present, raw, raw[present].mean()))


def _mean_one(raw: FloatArray) -> FloatArray:
    return raw / float(raw.mean())


def _power(subject: Subject) -> float:
    weights = subject.weights
    return weights.parameters["gamma"] if weights.scheme == "power" else _POWERS[weights.scheme]


def _refuses(subject: Subject) -> tuple[str, str] | None:
    weights = subject.weights
    if subject.pixels:
        if weights.scheme != "log" or weights.parameters != {"c": _ENET}:
            return (
                "for masks Ultralytics has one kind of class weights: ENet's 1 / ln(1.02 + n/N)",
                "--scheme log --c 1.02",
            )
    elif weights.scheme not in {*_POWERS, "power"}:
        return (
            f"Ultralytics takes no list of weights, only a power of the inverse frequency; {weights.scheme} is none",
            "--scheme sqrt-inverse, balanced or power",
        )
    elif _power(subject) > 1:
        return (
            f"cls_pw must be between 0 and 1, and γ is {_power(subject):g}",
            "--gamma 1 or less",
        )
    if weights.normalization not in {Normalization.NONE, Normalization.SUMK}:
        return (
            "Ultralytics scales the weights itself, to mean 1 over classes",
            "leave --normalize away",
        )
    if weights.capped:
        return (
            "Ultralytics cannot cap weights",
            "leave --cap away; a smaller power, such as --scheme sqrt-inverse, is milder",
        )
    return None


FRAMEWORK = Framework(
    name="ultralytics",
    title="Ultralytics",
    suffix=".yaml",
    comment="#",
    reference="https://docs.ultralytics.com/usage/cfg/",
    code={Role.CLASS_WEIGHT: class_weight},
    refuses=_refuses,
    scale_matters=by_no_gradient,
    by_index=False,
)
