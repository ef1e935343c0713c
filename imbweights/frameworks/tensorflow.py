"""TensorFlow: losses on logits for a training loop, which Keras takes as they are."""

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
from imbweights.frameworks.text import listing, number

_LAST = "Targets come first, as in Keras."


def _constant(name: str, subject: Subject) -> str:
    return f"{name} = tf.constant({list_of(subject)})"


def _shapes(subject: Subject) -> str:
    return (
        "(N, height, width, K), targets (N, height, width)"
        if subject.pixels
        else "(N, K), targets (N,)"
    )


def _integer_targets(subject: Subject) -> tuple[str, ...]:
    """The lines that make ``targets`` indices, and 1.0 or 0.0 of ``kept`` where some are ignored."""
    if subject.ignore_index is None:
        return ("    targets = tf.cast(targets, tf.int32)",)
    return (
        f"    kept = tf.not_equal(tf.cast(targets, tf.int32), {subject.ignore_index})",
        "    targets = tf.where(kept, tf.cast(targets, tf.int32), 0)",
        "    kept = tf.cast(kept, logits.dtype)",
    )


def class_weight(subject: Subject) -> str:
    """A weighted mean of the cross-entropy."""
    start = first_epoch(subject)
    kept = "" if subject.ignore_index is None else "kept * "
    return program(
        "import functools\n" if start is not None else "",
        "import tensorflow as tf\n",
        note(
            f"Raw logits {_shapes(subject)} of integer class indices, no softmax before it. It "
            f"divides by the sum of the weights, so their scale cancels. {_LAST}"
        ),
        _constant("weight", subject),
        "\n\ndef loss(targets, logits, weight=weight):",
        '    """Weighted mean of the softmax cross-entropy."""',
        *_integer_targets(subject),
        "    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)",
        f"    weights = {kept}tf.gather(tf.cast(weight, logits.dtype), targets)",
        "    total = tf.reduce_sum(weights * losses)",
        "    return tf.math.divide_no_nan(total, tf.reduce_sum(weights))",
        "" if start is None else _loss_in(start),
    )


def _loss_in(start: int) -> str:
    return program(
        "\n\ndef loss_in(epoch):",
        f'    """The loss of an epoch (counted from 0): unweighted before {start}."""',
        f"    if epoch >= {start}:",
        "        return loss",
        "    return functools.partial(loss, weight=tf.ones_like(weight))",
    )


def _float_targets(subject: Subject) -> tuple[str, ...]:
    """The lines that give ``targets`` the type and shape of the logits, and take ignored ones out."""
    cast = "    targets = tf.cast(targets, logits.dtype)"
    if subject.multilabel:
        return (cast,)
    lines = (cast, "    targets = tf.reshape(targets, tf.shape(logits))")
    if subject.ignore_index is None:
        return lines
    return (
        *lines,
        f"    kept = tf.not_equal(targets, {subject.ignore_index})",
        "    targets, logits = tf.boolean_mask(targets, kept), tf.boolean_mask(logits, kept)",
    )


def _mean(losses: str, subject: Subject) -> tuple[str, ...]:
    """The lines that return the mean of ``losses``; 0 where every pixel is ignored."""
    if subject.ignore_index is None:
        return (f"    return tf.reduce_mean({losses})",)
    return (
        f"    total = tf.reduce_sum({losses})",
        "    return tf.math.divide_no_nan(total, tf.cast(tf.size(targets), total.dtype))",
    )


def pos_weight(subject: Subject) -> str:
    """``tf.nn.weighted_cross_entropy_with_logits``."""
    value = (
        _constant("pos_weight", subject)
        if subject.multilabel
        else f"pos_weight = {one_value(subject)}"
    )
    weight = "tf.cast(pos_weight, logits.dtype)" if subject.multilabel else "pos_weight"
    return program(
        "import tensorflow as tf\n",
        note(
            "Raw logits, no sigmoid before it. The scale matters: it multiplies the gradient of the "
            "positives. At a logit of exactly 0 TensorFlow leaves the positives out of the "
            f"gradient: do not start the last layer with zeros alone. {_LAST}"
        ),
        targets_remark(subject),
        value,
        "\n\ndef loss(targets, logits):",
        '    """Mean of the weighted cross-entropy; targets may be integers."""',
        *_float_targets(subject),
        "    losses = tf.nn.weighted_cross_entropy_with_logits(",
        f"        targets, logits, pos_weight={weight}",
        "    )",
        *_mean("losses", subject),
    )


def focal_alpha(subject: Subject) -> str:
    """A sigmoid focal loss with this α."""
    return program(
        "import tensorflow as tf\n",
        note(f"Raw logits, no sigmoid before it. {_LAST}"),
        targets_remark(subject),
        f"\n\ndef loss(targets, logits, alpha={alpha_of(subject)}, gamma=2.0):",
        '    """Focal loss (arXiv:1708.02002), mean over all elements."""',
        *_float_targets(subject),
        "    plain = tf.nn.sigmoid_cross_entropy_with_logits(targets, logits)",
        "    missed = tf.abs(targets - tf.sigmoid(logits))",
        "    share = alpha * targets + (1 - alpha) * (1 - targets)",
        *_mean("share * missed**gamma * plain", subject),
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    return program(
        "import tensorflow as tf\n",
        note(
            "Offsets, not weights: for training only. Predict with the plain logits. "
            f"Shapes: logits {_shapes(subject)}. {_LAST}"
        ),
        _constant("offset", subject),
        "\n\ndef loss(targets, logits):",
        '    """Logit-adjusted cross-entropy of raw logits and class indices."""',
        *_integer_targets(subject),
        "    adjusted = logits + tf.cast(offset, logits.dtype)",
        "    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, adjusted)",
        *_kept_mean(subject),
    )


def margin(subject: Subject) -> str:
    """The LDAM loss."""
    return program(
        "import tensorflow as tf\n",
        note(
            "Margins, not weights. The logits are cosines: normalise features and class weights. "
            f"Shapes: logits {_shapes(subject)}. {_LAST}"
        ),
        _constant("margin", subject),
        "\n\ndef loss(targets, logits, scale=30.0):",
        '    """LDAM: the margin is taken off the logit of the true class."""',
        *_integer_targets(subject),
        "    true = tf.one_hot(targets, len(margin), dtype=logits.dtype)",
        "    adjusted = scale * (logits - true * tf.cast(margin, logits.dtype))",
        "    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, adjusted)",
        *_kept_mean(subject),
    )


def _kept_mean(subject: Subject) -> tuple[str, ...]:
    if subject.ignore_index is None:
        return ("    return tf.reduce_mean(losses)",)
    return (
        "    total = tf.reduce_sum(kept * losses)",
        "    return tf.math.divide_no_nan(total, tf.reduce_sum(kept))",
    )


def initial_bias(subject: Subject) -> str:
    """The bias of the last layer."""
    return program(
        "import tensorflow as tf\n",
        note("No weight: where the bias of the last layer starts. Call it once, before training."),
        _constant("bias", subject),
        "\n\ndef set_bias(layer):",
        '    """Give the last layer, once it is built, the bias of the class frequencies."""',
        "    layer.bias.assign(tf.cast(bias, layer.bias.dtype))",
    )


def sample_weight(subject: Subject) -> str:
    """``Dataset.sample_from_datasets``, which wants the shares of the classes in what is drawn."""
    weights = subject.weights
    drawn = weights.values * weights.counts
    shares = listing(map(number, drawn / drawn.sum()), weights.classes, weights.indices)
    return program(
        "import tensorflow as tf\n",
        note("The share of each class in what is drawn. Leave the loss unweighted."),
        f"share = [\n{shares}\n]",
        "\n\ndef resampled(datasets):",
        '    """An endless mix of one dataset per class, in class order: set steps_per_epoch."""',
        "    endless = [dataset.repeat() for dataset in datasets]",
        "    return tf.data.Dataset.sample_from_datasets(endless, share)",
    )


FRAMEWORK = Framework(
    name="tensorflow",
    title="TensorFlow",
    suffix=".py",
    comment="#",
    reference="https://www.tensorflow.org/api_docs/python/tf/nn/weighted_cross_entropy_with_logits",
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
