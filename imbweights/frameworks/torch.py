"""PyTorch."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.python_code import (
    alpha_of,
    first_epoch,
    list_of,
    mean_cancels_scale,
    note,
    one_value,
    program,
    scalar_alpha,
    targets_remark,
)
from imbweights.frameworks.text import remark


def _tensor(name: str, subject: Subject) -> str:
    return f"{name} = torch.tensor({list_of(subject)})"


def _ignored(subject: Subject) -> str:
    if subject.ignore_index is None:
        return ""
    return f", ignore_index={subject.ignore_index}"


def class_weight(subject: Subject) -> str:
    """``CrossEntropyLoss(weight=…)``; for deferred weights one loss per stage."""
    shape = (
        "(N, K, height, width), targets (N, height, width)"
        if subject.pixels
        else "(N, K), targets (N,)"
    )
    start = first_epoch(subject)
    ignored = _ignored(subject)
    return program(
        "import torch\n",
        note(
            f"Raw logits {shape} of integer class indices (int64), no softmax before it. With mean "
            "reduction the scale of the weights cancels."
        ),
        _tensor("weight", subject),
        "" if start is None else f"plain = torch.nn.CrossEntropyLoss({ignored.removeprefix(', ')})",
        f"loss = torch.nn.CrossEntropyLoss(weight=weight{ignored})",
        "" if start is None else _loss_in(start),
    )


def _loss_in(start: int) -> str:
    return program(
        "\n\ndef loss_in(epoch):",
        f'    """The loss of an epoch (counted from 0): unweighted before {start}."""',
        f"    return plain if epoch < {start} else loss",
    )


def pos_weight(subject: Subject) -> str:
    """``BCEWithLogitsLoss(pos_weight=…)``."""
    head = program(
        "import torch\n",
        note(
            "Raw logits, no sigmoid before it; targets are floats of the same shape. The scale "
            "matters: it multiplies the gradient of the positives."
        ),
        targets_remark(subject),
    )
    if subject.multilabel:
        return program(
            head,
            _tensor("pos_weight", subject),
            "loss = torch.nn.BCEWithLogitsLoss(pos_weight=pos_weight)",
        )
    name = remark(subject.classes[subject.positive])
    plain = f"torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor([{one_value(subject)}]))  # {name}"
    if subject.ignore_index is None:
        return program(head, f"loss = {plain}")
    return program(
        head,
        f"per_pixel = {plain}",
        "\n\ndef loss(logits, targets):",
        f'    """Pixels of {subject.ignore_index} are left out: BCEWithLogitsLoss has no ignore_index."""',
        *_only_kept(subject),
        "    return per_pixel(logits, targets.to(logits))",
    )


def _only_kept(subject: Subject) -> tuple[str, ...]:
    """The lines that take ignored pixels out of ``logits`` and ``targets``."""
    if subject.ignore_index is None:
        return ()
    return (
        f"    kept = targets != {subject.ignore_index}",
        "    logits, targets = logits[kept], targets[kept]",
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    shape = "offset[:, None, None]" if subject.pixels else "offset"
    return program(
        "import torch\n",
        note("Offsets, not weights: for training only. Predict with the plain logits."),
        _tensor("offset", subject),
        "\n\ndef loss(logits, targets):",
        '    """Logit-adjusted cross-entropy of raw logits and class indices."""',
        f"    adjusted = logits + {shape}.to(logits)",
        f"    return torch.nn.functional.cross_entropy(adjusted, targets{_ignored(subject)})",
    )


def margin(subject: Subject) -> str:
    """The LDAM loss."""
    pixels = subject.pixels
    ignored = subject.ignore_index
    shape = (
        "cosines (N, K, height, width), targets (N, height, width)"
        if pixels
        else "cosines (N, K), targets (N,)"
    )
    known = "" if ignored is None else f"    known = targets.where(targets != {ignored}, 0)"
    return program(
        "import torch\n",
        note(
            "Margins, not weights. The logits are cosines: normalise features and class weights. "
            f"Shapes: {shape}."
        ),
        _tensor("margin", subject),
        "\n\ndef loss(cosines, targets, scale=30.0):",
        '    """LDAM: the margin is taken off the logit of the true class."""',
        known,
        f"    true = torch.nn.functional.one_hot({'known' if known else 'targets'}, len(margin))",
        "    taken = true * margin.to(cosines)",
        f"    adjusted = scale * (cosines - taken{'.movedim(-1, 1)' * pixels})",
        f"    return torch.nn.functional.cross_entropy(adjusted, targets{_ignored(subject)})",
    )


def initial_bias(subject: Subject) -> str:
    """The bias of the last layer."""
    return program(
        "import torch\n",
        note("No weight: where the bias of the last layer starts. Call it once, before training."),
        _tensor("bias", subject),
        "\n\ndef set_bias(layer):",
        '    """Give the last layer (Linear or Conv) the bias of the class frequencies."""',
        "    with torch.no_grad():",
        "        layer.bias.copy_(bias)",
    )


def focal_alpha(subject: Subject) -> str:
    """A sigmoid focal loss with this α."""
    return program(
        "import torch\n",
        note("Raw logits, no sigmoid before it; targets are floats of the same shape."),
        targets_remark(subject),
        f"\n\ndef loss(logits, targets, alpha={alpha_of(subject)}, gamma=2.0):",
        '    """Focal loss (arXiv:1708.02002), mean over all elements."""',
        *_only_kept(subject),
        "    plain = torch.nn.functional.binary_cross_entropy_with_logits(",
        '        logits, targets, reduction="none"',
        "    )",
        "    missed = torch.abs(targets - torch.sigmoid(logits))",
        "    share = alpha * targets + (1 - alpha) * (1 - targets)",
        "    return (share * missed**gamma * plain).mean()",
    )


def repeat_factor(subject: Subject) -> str:
    """A sampler that repeats images with rare classes."""
    return program(
        "import torch\n",
        note(
            "Factors, not weights: an image is drawn as often as the largest factor of its classes."
        ),
        _tensor("factor", subject),
        "\n\ndef sampler(classes_of_image):",
        '    """A sampler for images, given the class indices that occur in each."""',
        "    largest = [max([1.0, *factor[list(c)].tolist()]) for c in classes_of_image]",
        "    draws = round(sum(largest))",
        "    return torch.utils.data.WeightedRandomSampler(largest, draws, replacement=True)",
    )


def sample_weight(subject: Subject) -> str:
    """``WeightedRandomSampler``."""
    return program(
        "import torch\n",
        note("Draws every class equally often: leave the loss unweighted, and shuffle=False.")
        if subject.weights.parameters["gamma"] == 1
        else note("Draws rare classes more often: leave the loss unweighted, and shuffle=False."),
        _tensor("weight_of_class", subject),
        "\n\ndef sampler(targets):",
        '    """For DataLoader(sampler=…). targets: the class index of each training sample."""',
        "    weights = weight_of_class[torch.as_tensor(targets)]",
        "    draws = len(weights)",
        "    return torch.utils.data.WeightedRandomSampler(weights, draws, replacement=True)",
    )


FRAMEWORK = Framework(
    name="torch",
    title="PyTorch",
    suffix=".py",
    comment="#",
    reference="https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
    code={
        Role.CLASS_WEIGHT: class_weight,
        Role.POS_WEIGHT: pos_weight,
        Role.FOCAL_ALPHA: focal_alpha,
        Role.LOGIT_OFFSET: logit_offset,
        Role.MARGIN: margin,
        Role.INITIAL_BIAS: initial_bias,
        Role.REPEAT_FACTOR: repeat_factor,
        Role.SAMPLE_WEIGHT: sample_weight,
    },
    refuses=scalar_alpha,
    scale_matters=mean_cancels_scale,
)
