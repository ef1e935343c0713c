"""MMSegmentation: a piece of its configuration, which is Python."""

from __future__ import annotations

from imbweights.core.counts import Task
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.classical import by_index, joined
from imbweights.frameworks.text import commented, number, remark

_HEAD = "For MMSegmentation 1.x: put it below _base_. Give an auxiliary_head the same loss_decode."


def class_weight(subject: Subject) -> str:
    """``class_weight`` of the softmax cross-entropy.

    ``reduction="mean"`` of version 1.2 looks the weight of every label up, also of ignored ones,
    and stops with an ``IndexError`` at 255 (issues 3734, 3831). ``reduction="none"`` does not, and
    MMEngine takes the mean over all pixels.
    """
    if subject.ignore_index is None:
        reduction = "avg_non_ignore=True"
        note = (
            f"{_HEAD} The loss is divided by the sum of the pixels' weights: their scale cancels. If labels "
            "hold 255, from padding too, version 1.2 stops with an IndexError: then write "
            "reduction='none' instead of avg_non_ignore=True."
        )
    else:
        reduction = "reduction='none'"
        note = (
            f"{_HEAD} With ignored pixels the mean of version 1.2 stops with an IndexError; after "
            "reduction='none' MMEngine takes the mean over all pixels, so the scale of the weights matters."
        )
    return joined(
        commented(note, "#"),
        by_index("class_weight", subject),
        _model(subject, "class_weight", reduction, sigmoid=False),
    )


def pos_weight(subject: Subject) -> str:
    """One output channel with sigmoid: there ``class_weight`` is handed on as ``pos_weight``."""
    name = remark(subject.classes[1])
    value = number(float(subject.weights.values[0]))
    return joined(
        commented(
            f"{_HEAD} One channel, for class 1 ({name}): with use_sigmoid class_weight is the pos_weight of "
            "the binary cross-entropy, and its scale matters. The head's threshold is 0.3 unless you set it.",
            "#",
        ),
        _model(subject, f"[{value}]", "avg_non_ignore=True", sigmoid=True),
    )


def _model(subject: Subject, weight: str, reduction: str, *, sigmoid: bool) -> str:
    ignored = subject.ignore_index
    lines = [
        "model = dict(",
        "    decode_head=dict(",
        f"        num_classes={len(subject.classes)},",
        "        out_channels=1," if sigmoid else "",
        "" if ignored is None else f"        ignore_index={ignored},",
        "        loss_decode=dict(",
        "            type='CrossEntropyLoss',",
        f"            use_sigmoid={sigmoid},",
        f"            class_weight={weight},",
        f"            {reduction},",
        "            loss_weight=1.0,",
        "        ),",
        "    ),",
        ")",
    ]
    return joined(*lines)


def _refuses(subject: Subject) -> tuple[str, str] | None:
    if subject.multilabel or subject.counts.task is Task.DETECTION:
        return (
            "MMSegmentation weighs pixels of one class each, and these are no pixels",
            "for objects: --for ultralytics; for several labels: --for torch",
        )
    if len(subject.weights.stages) > 1:
        return (
            "a configuration of MMSegmentation has one loss for all epochs",
            "--scheme effective gives the same weights from the beginning; --for torch switches",
        )
    if subject.weights.role is Role.POS_WEIGHT and subject.positive == 0:
        return (
            "the single channel of MMSegmentation stands for the class with index 1, not 0",
            "--positive with the other class, or two channels with class weights: --scheme balanced",
        )
    return None


def _scale_matters(subject: Subject) -> bool:
    return subject.weights.role is Role.POS_WEIGHT or subject.ignore_index is not None


FRAMEWORK = Framework(
    name="mmseg",
    title="MMSegmentation",
    suffix=".py",
    comment="#",
    reference="https://mmsegmentation.readthedocs.io/en/latest/advanced_guides/training_tricks.html",
    code={Role.CLASS_WEIGHT: class_weight, Role.POS_WEIGHT: pos_weight},
    refuses=_refuses,
    scale_matters=_scale_matters,
)
