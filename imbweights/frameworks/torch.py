"""PyTorch."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.text import commented, listing, number, remark


def _tensor(name: str, subject: Subject) -> str:
    weights = subject.weights
    body = listing(map(number, weights.values.tolist()), weights.classes, weights.indices)
    return f"{name} = torch.tensor([\n{body}\n])"


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _note(text: str) -> str:
    return commented(text, "#")


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
    note = _note(
        f"Raw logits {shape} of integer class indices (int64), no softmax before it. With mean "
        "reduction the scale of the weights cancels."
    )
    if len(subject.weights.stages) == 1:
        return _joined(
            "import torch\n",
            note,
            _tensor("weight", subject),
            f"loss = torch.nn.CrossEntropyLoss(weight=weight{_ignored(subject)})",
        )
    start = subject.weights.stages[1][0]
    return _joined(
        "import torch\n",
        note,
        _tensor("weight", subject),
        f"plain = torch.nn.CrossEntropyLoss({_ignored(subject).removeprefix(', ')})",
        f"loss = torch.nn.CrossEntropyLoss(weight=weight{_ignored(subject)})",
        "\n\ndef loss_in(epoch):",
        f'    """The loss of an epoch (counted from 0): unweighted before {start}."""',
        f"    return plain if epoch < {start} else loss",
    )


def pos_weight(subject: Subject) -> str:
    """``BCEWithLogitsLoss(pos_weight=…)``."""
    note = _note(
        "Raw logits, no sigmoid before it; targets are floats of the same shape. The scale matters: it "
        "multiplies the gradient of the positives."
    )
    if subject.multilabel:
        return _joined(
            "import torch\n",
            note,
            _tensor("pos_weight", subject),
            "loss = torch.nn.BCEWithLogitsLoss(pos_weight=pos_weight)",
        )
    name = remark(subject.classes[subject.positive])
    value = number(float(subject.weights.values[0]))
    plain = f"torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor([{value}]))  # {name}"
    ignored = subject.ignore_index
    return _joined(
        "import torch\n",
        note,
        f"# Target 1.0: {name}; target 0.0: {remark(subject.classes[1 - subject.positive])}.",
        f"loss = {plain}" if ignored is None else f"per_pixel = {plain}",
        ""
        if ignored is None
        else "\n\ndef loss(logits, targets):\n"
        f'    """BCEWithLogitsLoss has no ignore_index: pixels of value {ignored} are left out here."""\n'
        f"    kept = targets != {ignored}\n"
        "    return per_pixel(logits[kept], targets[kept])",
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    shape = "offset[:, None, None]" if subject.pixels else "offset"
    return _joined(
        "import torch\n",
        _note("Offsets, not weights: for training only. Predict with the plain logits."),
        _tensor("offset", subject),
        "\n\ndef loss(logits, targets):",
        '    """Logit-adjusted cross-entropy of raw logits and class indices."""',
        f"    adjusted = logits + {shape}.to(logits)",
        f"    return torch.nn.functional.cross_entropy(adjusted, targets{_ignored(subject)})",
    )


def margin(subject: Subject) -> str:
    """The LDAM loss."""
    return _joined(
        "import torch\n",
        _note(
            "Margins, not weights. The logits are cosines: normalise features and class weights."
        ),
        _tensor("margin", subject),
        "\n\ndef loss(cosines, targets, scale=30.0):",
        '    """LDAM: the margin is taken off the logit of the true class. cosines (N, K), targets (N,)."""',
        "    taken = torch.nn.functional.one_hot(targets, len(margin)) * margin.to(cosines)",
        "    return torch.nn.functional.cross_entropy(scale * (cosines - taken), targets)",
    )


def initial_bias(subject: Subject) -> str:
    """The bias of the last layer."""
    return _joined(
        "import torch\n",
        _note("No weight: where the bias of the last layer starts. Call it once, before training."),
        _tensor("bias", subject),
        "\n\ndef set_bias(layer):",
        '    """Give the last layer (Linear or Conv) the bias of the class frequencies."""',
        "    with torch.no_grad():",
        "        layer.bias.copy_(bias)",
    )


def focal_alpha(subject: Subject) -> str:
    """A sigmoid focal loss with this α."""
    alpha = subject.weights.parameters["alpha"]
    return _joined(
        "import torch\n",
        _note(
            "Raw logits, no sigmoid before it; targets are floats of the same shape"
            + (
                "."
                if subject.multilabel
                else f", 1.0 for {remark(subject.classes[_positive(subject)])}."
            )
        ),
        f"\n\ndef loss(logits, targets, alpha={number(alpha)}, gamma=2.0):",
        '    """Focal loss (arXiv:1708.02002), mean over all elements."""',
        "    plain = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction='none')",
        "    missed = torch.abs(targets - torch.sigmoid(logits))",
        "    share = alpha * targets + (1 - alpha) * (1 - targets)",
        "    return (share * missed**gamma * plain).mean()",
    )


def _positive(subject: Subject) -> int:
    """The class that has α; the other one has 1 − α."""
    return int((subject.weights.values == subject.weights.parameters["alpha"]).argmax())


def repeat_factor(subject: Subject) -> str:
    """A sampler that repeats images with rare classes."""
    return _joined(
        "import torch\n",
        _note(
            "Factors, not weights: an image is drawn as often as the largest factor of its classes."
        ),
        _tensor("factor", subject),
        "\n\ndef sampler(classes_of_image):",
        '    """A sampler for images, given the class indices that occur in each."""',
        "    largest = [max([1.0, *(float(factor[c]) for c in found)]) for found in classes_of_image]",
        "    return torch.utils.data.WeightedRandomSampler(largest, round(sum(largest)), replacement=True)",
    )


def sample_weight(subject: Subject) -> str:
    """``WeightedRandomSampler``."""
    return _joined(
        "import torch\n",
        _note("Draws every class equally often: leave the loss unweighted, and shuffle=False.")
        if subject.weights.parameters["gamma"] == 1
        else _note("Draws rare classes more often: leave the loss unweighted, and shuffle=False."),
        _tensor("weight_of_class", subject),
        "\n\ndef sampler(targets):",
        '    """For DataLoader(sampler=…). targets: the class index of each training sample."""',
        "    weights = weight_of_class[torch.as_tensor(targets)]",
        "    return torch.utils.data.WeightedRandomSampler(weights, len(weights), replacement=True)",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    role = subject.weights.role
    if role is Role.FOCAL_ALPHA and not (subject.binary or subject.multilabel):
        return (
            "a scalar α does nothing for more than two classes",
            "--scheme balanced --normalize sum1",
        )
    return None


def _scale_matters(subject: Subject) -> bool:
    return subject.weights.role is not Role.CLASS_WEIGHT


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
    refuses=_refuses,
    scale_matters=_scale_matters,
)
