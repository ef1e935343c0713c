"""Hugging Face Trainer: a loss for ``compute_loss_func``."""

from __future__ import annotations

from imbweights.core.counts import Task
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.python_code import (
    alpha_of,
    first_epoch,
    list_of,
    note,
    one_value,
    program,
    scalar_alpha,
)
from imbweights.frameworks.text import numbers, remark

_IGNORED = -100
_SIGNATURE = "outputs, labels, num_items_in_batch=None"
_USE = "Trainer(…, compute_loss_func=compute_loss)"


def _ignored(subject: Subject) -> int:
    return _IGNORED if subject.ignore_index is None else subject.ignore_index


def _tensor(name: str, subject: Subject) -> str:
    return f"{name} = torch.tensor({list_of(subject)})"


def _logits(subject: Subject) -> tuple[str, ...]:
    """The lines that find the logits, of masks in the size of the labels."""
    if not subject.pixels:
        return ("    logits = outputs.logits",)
    return (
        "    # Segmentation models answer at a fraction of the size of the masks.",
        "    logits = torch.nn.functional.interpolate(",
        '        outputs.logits, labels.shape[-2:], mode="bilinear", align_corners=False',
        "    )",
    )


def _mean(subject: Subject) -> tuple[str, ...]:
    """The lines that divide ``total`` by the number of labels, over accumulated batches too."""
    if _ignored(subject) == _IGNORED:
        return (
            "    if num_items_in_batch is None:  # when it evaluates",
            f"        num_items_in_batch = (labels != {_IGNORED}).sum().clamp(min=1)",
            "    return total / num_items_in_batch",
        )
    return (
        f"    items = (labels != {_ignored(subject)}).sum().clamp(min=1)",
        "    if num_items_in_batch is None:  # when it evaluates",
        "        return total / items",
        "    # The Trainer counts ignored pixels too: it tells how many batches are accumulated.",
        "    return total / (items * num_items_in_batch / labels.numel())",
    )


def _cross_entropy(subject: Subject, logits: str, weight: str = "") -> tuple[str, ...]:
    """The lines for the sum of the cross-entropy over the labels that are not ignored."""
    values = f"{logits}, labels" if subject.pixels else f"{logits}.flatten(0, -2), labels.flatten()"
    ignored = _ignored(subject)
    option = "" if ignored == _IGNORED else f", ignore_index={ignored}"
    return (
        "    total = torch.nn.functional.cross_entropy(",
        f'        {values}{weight}{option}, reduction="sum"',
        "    )",
    )


def _of_labels(subject: Subject) -> str:
    if subject.pixels:
        return f"Labels: integer class indices (N, height, width); {_ignored(subject)} is left out."
    return f"Labels: integer class indices, one per sample or per token; {_IGNORED} is left out."


def class_weight(subject: Subject) -> str:
    """Weighted cross-entropy; for deferred weights a callback that is the loss as well."""
    start = first_epoch(subject)
    use = _USE if start is None else "Trainer(…, compute_loss_func=loss, callbacks=[loss])"
    weight = "" if start is None else ", weight=weight"
    return program(
        "import torch"
        + ("\n" if start is None else "\nfrom transformers import TrainerCallback\n"),
        note(
            f"{use}. {_of_labels(subject)} The scale matters: it divides by the number of labels, "
            "which alone is right when gradients are accumulated."
        ),
        _tensor("weight", subject),
        f"\n\ndef compute_loss({_SIGNATURE}{weight}):",
        '    """Weighted cross-entropy, mean over the labels."""',
        *_logits(subject),
        *_cross_entropy(subject, "logits", ", weight.to(logits)"),
        *_mean(subject),
        "" if start is None else _deferred(start),
    )


def _deferred(start: int) -> str:
    return program(
        "\n\nclass DeferredLoss(TrainerCallback):",
        f'    """Unweighted before epoch {start} (counted from 0), weighted from there on."""\n',
        "    epoch = 0.0\n",
        "    def on_epoch_begin(self, args, state, control, **kwargs):",
        '        """Remember which epoch begins."""',
        "        self.epoch = state.epoch\n",
        f"    def __call__(self, {_SIGNATURE}):",
        '        """The loss of this epoch."""',
        f"        used = weight if self.epoch >= {start} else torch.ones_like(weight)",
        "        return compute_loss(outputs, labels, num_items_in_batch, used)",
        "\n\nloss = DeferredLoss()",
    )


def _log_odds(subject: Subject) -> tuple[str, ...]:
    """The lines that give ``logits`` and ``targets`` of a sigmoid, without ignored labels."""
    if subject.multilabel:
        return (
            f"    kept = labels != {_IGNORED}",
            "    logits, targets = outputs.logits, labels.to(outputs.logits)",
        )
    axis = "1" if subject.pixels else "-1"
    return (
        *_logits(subject),
        f"    kept = labels != {_ignored(subject)}",
        "    # Two logits answer like one: their difference.",
        f"    negative, positive = logits.unbind({axis})"
        if subject.positive == 1
        else f"    positive, negative = logits.unbind({axis})",
        "    logits = positive - negative",
        f"    targets = (labels == {subject.positive}).to(logits)",
    )


def _of_binary_labels(subject: Subject) -> str:
    if subject.multilabel:
        return (
            'Model with problem_type="multi_label_classification"; labels (N, K) of 0 and 1, '
            f"{_IGNORED} is left out."
        )
    return f"Model with two logits, num_labels=2. {_of_labels(subject)}"


def pos_weight(subject: Subject) -> str:
    """Weighted binary cross-entropy of several labels, or of the difference of two logits."""
    value = (
        _tensor("pos_weight", subject)
        if subject.multilabel
        else f"pos_weight = torch.tensor({one_value(subject)})"
        f"  # {remark(subject.classes[subject.positive])}"
    )
    return program(
        "import torch\n",
        note(
            f"{_USE}. {_of_binary_labels(subject)} The scale matters: it multiplies the gradient of "
            "the positives."
        ),
        value,
        f"\n\ndef compute_loss({_SIGNATURE}):",
        '    """Binary cross-entropy with a weight for positives, mean over the labels."""',
        *_log_odds(subject),
        "    losses = torch.nn.functional.binary_cross_entropy_with_logits(",
        '        logits, targets, pos_weight=pos_weight.to(logits), reduction="none"',
        "    )",
        "    total = losses[kept].sum()",
        *_mean(subject),
    )


def focal_alpha(subject: Subject) -> str:
    """A sigmoid focal loss with this α."""
    return program(
        "import torch\n",
        note(f"{_USE}. {_of_binary_labels(subject)}"),
        "" if subject.multilabel else f"# α is for {remark(subject.classes[subject.positive])}.",
        f"alpha, gamma = {alpha_of(subject)}, 2.0",
        f"\n\ndef compute_loss({_SIGNATURE}):",
        '    """Focal loss (arXiv:1708.02002), mean over the labels."""',
        *_log_odds(subject),
        "    plain = torch.nn.functional.binary_cross_entropy_with_logits(",
        '        logits, targets, reduction="none"',
        "    )",
        "    missed = torch.abs(targets - torch.sigmoid(logits))",
        "    share = alpha * targets + (1 - alpha) * (1 - targets)",
        "    total = (share * missed**gamma * plain)[kept].sum()",
        *_mean(subject),
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    shape = "offset[:, None, None]" if subject.pixels else "offset"
    return program(
        "import torch\n",
        note(
            "Offsets, not weights: for training only. Predict with the plain logits. "
            f"{_USE}. {_of_labels(subject)}"
        ),
        _tensor("offset", subject),
        f"\n\ndef compute_loss({_SIGNATURE}):",
        '    """Logit-adjusted cross-entropy, mean over the labels."""',
        *_logits(subject),
        f"    adjusted = logits + {shape}.to(logits)",
        *_cross_entropy(subject, "adjusted"),
        *_mean(subject),
    )


def initial_bias(subject: Subject) -> str:
    """The bias of the last layer; of two logits, that of the positive class has all of it."""
    if subject.binary:
        both = [0.0, 0.0]
        both[subject.positive] = float(subject.weights.values[0])
        names = ", ".join(map(remark, subject.classes))
        bias = f"bias = torch.tensor([{numbers(both)}])  # {names}"
    else:
        bias = _tensor("bias", subject)
    return program(
        "import torch\n",
        note(
            "No weight: where the bias of the last layer starts. Call it once, before training, such "
            "as set_bias(model.classifier)."
        ),
        bias,
        "\n\ndef set_bias(layer):",
        '    """Give the last layer the bias of the class frequencies."""',
        "    with torch.no_grad():",
        "        layer.bias.copy_(bias)",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    if subject.counts.task is Task.DETECTION:
        return (
            "detectors of Hugging Face match boxes inside a loss of their own, which takes no weights",
            "--scheme repeat-factor --for torch repeats images with rare classes",
        )
    return scalar_alpha(subject)


FRAMEWORK = Framework(
    name="huggingface",
    title="Hugging Face Trainer",
    suffix=".py",
    comment="#",
    reference="https://huggingface.co/docs/transformers/trainer_recipes",
    code={
        Role.CLASS_WEIGHT: class_weight,
        Role.POS_WEIGHT: pos_weight,
        Role.FOCAL_ALPHA: focal_alpha,
        Role.LOGIT_OFFSET: logit_offset,
        Role.INITIAL_BIAS: initial_bias,
    },
    refuses=_refuses,
)
