"""JAX with optax; the bias is for Flax layers."""

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

_IMPORTS = "import jax.numpy as jnp\nimport optax\n"


def _array(name: str, subject: Subject) -> str:
    return f"{name} = jnp.array({list_of(subject)})"


def _shapes(subject: Subject) -> str:
    return (
        "(N, height, width, K), targets (N, height, width)"
        if subject.pixels
        else "(N, K), targets (N,)"
    )


def _indices(subject: Subject) -> tuple[str, ...]:
    """The lines that find the ignored pixels and put a class that exists in their place."""
    whole = "    targets = jnp.asarray(targets).astype(int)"
    if subject.ignore_index is None:
        return (whole,)
    return (
        whole,
        f"    kept = targets != {subject.ignore_index}",
        "    targets = jnp.where(kept, targets, 0)",
    )


def class_weight(subject: Subject) -> str:
    """A weighted mean of the cross-entropy."""
    start = first_epoch(subject)
    last: tuple[str, ...]
    if subject.ignore_index is None:
        last = (
            "    weights = weight[targets]",
            "    return jnp.sum(weights * losses) / jnp.sum(weights)",
        )
    else:
        last = (
            "    weights = kept * weight[targets]",
            "    total = jnp.sum(weights)",
            "    return jnp.sum(weights * losses) / jnp.where(total > 0, total, 1)",
        )
    return program(
        "import functools\n" if start is not None else "",
        _IMPORTS,
        note(
            f"Raw logits {_shapes(subject)} of integer class indices, no softmax before it. It "
            "divides by the sum of the weights, so their scale cancels."
        ),
        _array("weight", subject),
        "\n\ndef loss(logits, targets, weight=weight):",
        '    """Weighted mean of the softmax cross-entropy."""',
        *_indices(subject),
        "    losses = optax.softmax_cross_entropy_with_integer_labels(logits, targets)",
        *last,
        "" if start is None else _loss_in(start),
    )


def _loss_in(start: int) -> str:
    return program(
        "\n\ndef loss_in(epoch):",
        f'    """The loss of an epoch (counted from 0): unweighted before {start}."""',
        f"    if epoch >= {start}:",
        "        return loss",
        "    return functools.partial(loss, weight=jnp.ones_like(weight))",
    )


def _float_targets(subject: Subject) -> tuple[str, ...]:
    """The lines that give ``targets`` the type and shape of the logits, and find ignored ones."""
    if subject.multilabel:
        return ("    targets = jnp.asarray(targets, logits.dtype)",)
    # (N,) against (N, 1) would be broadcast to (N, N) without a word.
    line = "    targets = jnp.asarray(targets, logits.dtype).reshape(logits.shape)"
    if subject.ignore_index is None:
        return (line,)
    return (
        line,
        f"    kept = targets != {subject.ignore_index}",
        "    targets = jnp.where(kept, targets, 0)",
    )


def _mean(losses: str, subject: Subject) -> str:
    """The line that returns the mean of ``losses``; 0 where every pixel is ignored."""
    if subject.ignore_index is None:
        return f"    return jnp.mean({losses})"
    return f"    return jnp.sum({losses}, where=kept) / jnp.maximum(jnp.sum(kept), 1)"


def pos_weight(subject: Subject) -> str:
    """Cross-entropy of logits whose positive term is weighted: optax has none."""
    value = (
        _array("pos_weight", subject)
        if subject.multilabel
        else f"pos_weight = {one_value(subject)}"
    )
    return program(
        "import jax\nimport jax.numpy as jnp\n",
        note(
            "Raw logits, no sigmoid before it; targets of the same shape. The scale matters: it "
            "multiplies the gradient of the positives."
        ),
        targets_remark(subject),
        value,
        "\n\ndef loss(logits, targets):",
        '    """Mean of the weighted cross-entropy; targets may be integers."""',
        *_float_targets(subject),
        "    positive = -pos_weight * targets * jax.nn.log_sigmoid(logits)",
        "    negative = -(1 - targets) * jax.nn.log_sigmoid(-logits)",
        _mean("positive + negative", subject),
    )


def focal_alpha(subject: Subject) -> str:
    """``optax.sigmoid_focal_loss``."""
    return program(
        _IMPORTS,
        note("Raw logits, no sigmoid before it; targets of the same shape."),
        targets_remark(subject),
        f"\n\ndef loss(logits, targets, alpha={alpha_of(subject)}, gamma=2.0):",
        '    """Focal loss (arXiv:1708.02002), mean over all elements."""',
        *_float_targets(subject),
        "    losses = optax.sigmoid_focal_loss(logits, targets, alpha=alpha, gamma=gamma)",
        _mean("losses", subject),
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    return program(
        _IMPORTS,
        note(
            "Offsets, not weights: for training only. Predict with the plain logits. "
            f"Shapes: logits {_shapes(subject)}."
        ),
        _array("offset", subject),
        "\n\ndef loss(logits, targets):",
        '    """Logit-adjusted cross-entropy of raw logits and class indices."""',
        *_indices(subject),
        "    adjusted = logits + offset",
        "    losses = optax.softmax_cross_entropy_with_integer_labels(adjusted, targets)",
        _mean("losses", subject),
    )


def margin(subject: Subject) -> str:
    """The LDAM loss."""
    return program(
        "import jax\nimport jax.numpy as jnp\nimport optax\n",
        note(
            "Margins, not weights. The logits are cosines: normalise features and class weights. "
            f"Shapes: logits {_shapes(subject)}."
        ),
        _array("margin", subject),
        "\n\ndef loss(logits, targets, scale=30.0):",
        '    """LDAM: the margin is taken off the logit of the true class."""',
        *_indices(subject),
        "    adjusted = scale * (logits - jax.nn.one_hot(targets, len(margin)) * margin)",
        "    losses = optax.softmax_cross_entropy_with_integer_labels(adjusted, targets)",
        _mean("losses", subject),
    )


def initial_bias(subject: Subject) -> str:
    """An initialiser for the bias of the last layer."""
    return program(
        "import jax\nimport jax.numpy as jnp\n",
        note(
            "No weight: where the bias of the last layer starts, as in Flax: Dense(…, "
            "bias_init=bias_init) or nnx.Linear(…, bias_init=bias_init)."
        ),
        _array("bias", subject),
        "bias_init = jax.nn.initializers.constant(bias)",
    )


def sample_weight(subject: Subject) -> str:
    """Indices drawn with replacement."""
    return program(
        "import numpy as np\n",
        note("How often a sample of each class is drawn. Leave the loss unweighted."),
        f"weight_of_class = np.array({list_of(subject)})",
        "\n\ndef epoch_indices(targets, seed):",
        '    """Which samples to visit in one epoch. targets: the class index of each."""',
        "    chance = weight_of_class[np.asarray(targets)]",
        "    rng = np.random.default_rng(seed)",
        "    return rng.choice(len(chance), len(chance), p=chance / chance.sum())",
    )


FRAMEWORK = Framework(
    name="jax",
    title="JAX with optax",
    suffix=".py",
    comment="#",
    reference="https://optax.readthedocs.io/en/latest/api/losses.html",
    code={
        Role.CLASS_WEIGHT: class_weight,
        Role.POS_WEIGHT: pos_weight,
        Role.FOCAL_ALPHA: focal_alpha,
        Role.LOGIT_OFFSET: logit_offset,
        Role.MARGIN: margin,
        Role.INITIAL_BIAS: initial_bias,
        Role.SAMPLE_WEIGHT: sample_weight,
    },
    refuses=scalar_alpha,
    scale_matters=mean_cancels_scale,
)
