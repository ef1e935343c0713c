"""Keras 3, on whichever backend."""

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
    targets_remark,
)
from imbweights.frameworks.text import number, remark

_IMPORTS = "import keras\nfrom keras import ops\n"
_REGISTER = '\n\n@keras.saving.register_keras_serializable(package="imbweights")'


def class_weight(subject: Subject) -> str:
    """The ``class_weight`` of ``fit``; for masks, which it does not take, a weight per pixel."""
    return _weights_of_pixels(subject) if subject.pixels else _class_weight(subject)


def _class_weight(subject: Subject) -> str:
    start = first_epoch(subject)
    weights = subject.weights
    cells = [f"{i}: {number(v)}," for i, v in enumerate(weights.values.tolist())]
    width = max(map(len, cells))
    entries = "\n".join(
        f"    {cell:<{width}}  # {remark(name)}"
        for cell, name in zip(cells, weights.classes, strict=True)
    )
    return program(
        note(
            "Keys are class indices, not names: targets are those indices, or one-hot rows. The scale "
            "matters: Keras divides by the number of samples, not by the sum of their weights. "
            "Generators and PyTorch loaders cannot take it."
        ),
        f"class_weight = {{\n{entries}\n}}",
        "\n# model.fit(x, y, class_weight=class_weight)" if start is None else _two_fits(start),
    )


def _two_fits(start: int) -> str:
    return program(
        "\n\ndef fit(model, *data, epochs, **options):",
        f'    """Train unweighted before epoch {start} (counted from 0), weighted from there on."""',
        f"    first = model.fit(*data, epochs=min(epochs, {start}), **options)",
        f"    if epochs <= {start}:",
        "        return [first]",
        f'    options |= {{"class_weight": class_weight, "initial_epoch": {start}}}',
        "    return [first, model.fit(*data, epochs=epochs, **options)]",
    )


def _weights_of_pixels(subject: Subject) -> str:
    start = first_epoch(subject)
    ignored = subject.ignore_index
    others = "" if ignored is None else f", 0 for ignored ones ({ignored})"
    option = "" if ignored is None else f", ignore_class={ignored}"
    body = (
        ("""    return ops.take(values, ops.cast(masks, "int32"))""",)
        if ignored is None
        else (
            '    masks = ops.cast(masks, "int32")',
            f"    kept = ops.not_equal(masks, {ignored})",
            "    return ops.where(kept, ops.take(values, ops.where(kept, masks, 0)), 0)",
        )
    )
    return program(
        _IMPORTS,
        note(
            "Raw logits (N, height, width, K), masks (N, height, width) of integer class indices. "
            "Keras takes no class_weight for masks: give it (images, masks, sample_weights(masks)). "
            "The scale matters: it divides by the number of pixels, not by the sum of their weights."
        ),
        f"weight = {list_of(subject)}",
        f"loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True{option})",
        "\n\ndef sample_weights(masks):",
        f'    """One weight per pixel, that of its class{others}."""',
        "    values = ops.convert_to_tensor(weight, keras.config.floatx())",
        *body,
        "" if start is None else _two_datasets(start),
    )


def _two_datasets(start: int) -> str:
    return program(
        "\n\ndef fit(model, plain, weighted, epochs, **options):",
        f'    """Train on plain, (images, masks), before epoch {start} (counted from 0), then on',
        '    weighted, (images, masks, sample_weights(masks))."""',
        f"    first = model.fit(plain, epochs=min(epochs, {start}), **options)",
        f"    if epochs <= {start}:",
        "        return [first]",
        f"    rest = model.fit(weighted, epochs=epochs, initial_epoch={start}, **options)",
        "    return [first, rest]",
    )


def _prepared(subject: Subject) -> tuple[str, ...]:
    """The lines that make floats of ``y_true``, in the shape of the logits, without ignored ones."""
    if subject.multilabel:
        return ("        y_true = ops.cast(y_true, self.dtype)",)
    # (N,) against (N, 1) would be broadcast to (N, N) without a word.
    lines = ("        y_true = ops.reshape(ops.cast(y_true, self.dtype), ops.shape(y_pred))",)
    if subject.ignore_index is None:
        return lines
    return (
        *lines,
        f"        kept = ops.cast(ops.not_equal(y_true, {subject.ignore_index}), self.dtype)",
        "        y_true = kept * y_true",
    )


def pos_weight(subject: Subject) -> str:
    """A loss with the metrics that belong to it, all of which are saved with the model."""
    several = subject.multilabel
    value = list_of(subject) if several else one_value(subject)
    shape = "(N, K)" if several else "(N, height, width, 1)" if subject.pixels else "(N, 1)"
    return program(
        _IMPORTS,
        note(
            f"Raw logits {shape}, no sigmoid in the model; targets may be integers. The scale "
            "matters: it multiplies the gradient of the positives."
        ),
        targets_remark(subject),
        f"pos_weight = {value}",
        _loss_class(subject),
        _accuracy_class(subject),
        _f1_class(subject),
        "\n\nloss = WeightedBinaryCrossentropy(pos_weight)",
        "metrics = [WeightedBinaryAccuracy(pos_weight), F1OfLogits()]",
        "# model.compile(loss=loss, metrics=metrics)",
    )


def _loss_class(subject: Subject) -> str:
    ignored = subject.ignore_index is not None
    result = (
        (
            "        losses = kept * (positive + negative)",
            "        return ops.divide_no_nan(ops.mean(losses, axis=-1), ops.mean(kept))",
        )
        if ignored
        else ("        return ops.mean(positive + negative, axis=-1)",)
    )
    return program(
        _REGISTER,
        "class WeightedBinaryCrossentropy(keras.losses.Loss):",
        '    """Binary cross-entropy of logits; positives have a weight'
        + (f"; {subject.ignore_index} is left out" if ignored else "")
        + '."""\n',
        '    def __init__(self, pos_weight, name="weighted_bce", **options):',
        "        super().__init__(name=name, **options)",
        "        self.pos_weight = pos_weight\n",
        "    def call(self, y_true, y_pred):",
        *_prepared(subject),
        "        weight = ops.convert_to_tensor(self.pos_weight, self.dtype)",
        "        positive = weight * y_true * ops.softplus(-y_pred)",
        "        negative = (1 - y_true) * ops.softplus(y_pred)",
        *result,
        *_config(),
    )


def _config() -> tuple[str, ...]:
    return (
        "\n    def get_config(self):",
        '        return {**super().get_config(), "pos_weight": self.pos_weight}',
    )


def _accuracy_class(subject: Subject) -> str:
    weight = "1 + (weight - 1) * y_true"
    if subject.ignore_index is not None:
        weight = f"kept * ({weight})"
    return program(
        _REGISTER,
        "class WeightedBinaryAccuracy(keras.metrics.Mean):",
        '    """(pos_weight * TP + TN) / (pos_weight * P + N)."""\n',
        '    def __init__(self, pos_weight, name="weighted_accuracy", **options):',
        "        super().__init__(name=name, **options)",
        "        self.pos_weight = pos_weight\n",
        "    def update_state(self, y_true, y_pred, sample_weight=None):",
        *_prepared(subject),
        "        weight = ops.convert_to_tensor(self.pos_weight, self.dtype)",
        f"        weight = {weight}",
        *_times_sample_weight("weight", subject),
        "        right = ops.equal(y_pred > 0, y_true > 0.5)",
        "        super().update_state(ops.reshape(right, [-1]), ops.reshape(weight, [-1]))",
        *_config(),
    )


def _times_sample_weight(name: str, subject: Subject) -> tuple[str, ...]:
    """The lines that multiply weights per label or pixel with those that fit or evaluate got."""
    shape = "[-1, 1]" if subject.multilabel else "ops.shape(y_pred)"
    return (
        "        if sample_weight is not None:",
        "            sample_weight = ops.cast(sample_weight, self.dtype)",
        f"            {name} = {name} * ops.reshape(sample_weight, {shape})",
    )


def _f1_class(subject: Subject) -> str:
    what = "Mean of the F1 of the labels" if subject.multilabel else "F1 of the positive class"
    return program(
        _REGISTER,
        "class F1OfLogits(keras.metrics.F1Score):",
        f'    """{what} over the whole epoch, at probability 0.5."""\n',
        '    def __init__(self, average="macro", threshold=0.5, name="f1", **options):',
        "        super().__init__(average, threshold, name, **options)\n",
        "    def update_state(self, y_true, y_pred, sample_weight=None):",
        *_prepared(subject),
        "        answers = ops.cast(y_pred > 0, self.dtype)",
        *(_rows_of_pixels(subject) if subject.pixels else ()),
        "        super().update_state(y_true, answers, sample_weight)",
    )


def _rows_of_pixels(subject: Subject) -> tuple[str, ...]:
    """The lines that make a row of each pixel, which is what ``F1Score`` wants."""
    rows = (
        "        y_true = ops.reshape(y_true, [-1, 1])",
        "        answers = ops.reshape(answers, [-1, 1])",
    )
    if subject.ignore_index is None:
        return (
            *rows,
            "        if sample_weight is not None:",
            "            sample_weight = ops.reshape(sample_weight, [-1])",
        )
    return (
        *_times_sample_weight("kept", subject),
        *rows,
        "        sample_weight = ops.reshape(kept, [-1])",
    )


def focal_alpha(subject: Subject) -> str:
    """``BinaryFocalCrossentropy``, which takes α for target 1 and 1 − α for target 0."""
    options = f"apply_class_balancing=True, alpha={alpha_of(subject)}, gamma=2.0, from_logits=True"
    head = program(
        _IMPORTS if subject.ignore_index is not None else "import keras\n",
        note(
            "Raw logits, no sigmoid in the model. Without apply_class_balancing Keras does not use α."
        ),
        targets_remark(subject),
    )
    if subject.ignore_index is None:
        return program(
            head,
            f"loss = keras.losses.BinaryFocalCrossentropy(\n    {options}\n)",
        )
    return program(
        head,
        _REGISTER,
        "class FocalCrossentropyOfPixels(keras.losses.BinaryFocalCrossentropy):",
        f'    """Focal loss of logits (N, height, width, 1) that leaves {subject.ignore_index} out."""\n',
        "    def call(self, y_true, y_pred):",
        *_prepared(subject),
        "        losses = ops.expand_dims(super().call(y_true, y_pred), -1)",
        "        return ops.divide_no_nan(kept * losses, ops.mean(kept))",
        f"\n\nloss = FocalCrossentropyOfPixels(\n    {options}\n)",
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    ignored = subject.ignore_index
    option = "" if ignored is None else f", ignore_class={ignored}"
    return program(
        _IMPORTS,
        note(
            "Offsets, not weights: for training only. Predict with the plain logits. Targets are "
            "integer class indices."
        ),
        f"offset = {list_of(subject)}",
        _REGISTER,
        "class LogitAdjustedCrossentropy(keras.losses.Loss):",
        '    """Cross-entropy of logits to which an offset per class is added."""\n',
        '    def __init__(self, offset, name="logit_adjusted", **options):',
        "        super().__init__(name=name, **options)",
        "        self.offset = offset\n",
        "    def call(self, y_true, y_pred):",
        "        adjusted = y_pred + ops.convert_to_tensor(self.offset, self.dtype)",
        "        return keras.losses.sparse_categorical_crossentropy(",
        f"            y_true, adjusted, from_logits=True{option}",
        "        )",
        "\n    def get_config(self):",
        '        return {**super().get_config(), "offset": self.offset}',
        "\n\nloss = LogitAdjustedCrossentropy(offset)",
    )


def initial_bias(subject: Subject) -> str:
    """An initialiser for the bias of the last layer."""
    single = len(subject.weights.values) == 1
    value = one_value(subject) if single else list_of(subject)
    return program(
        "import keras\n",
        note(
            "No weight: where the bias of the last layer starts: "
            f"keras.layers.Dense({len(subject.weights.values)}, bias_initializer=bias)."
        ),
        targets_remark(subject) if single else "",
        f"bias = keras.initializers.Constant({value})",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    if subject.weights.role is Role.CLASS_WEIGHT and subject.multilabel:
        return (
            "Keras class_weight looks at the first label of a row only",
            "--scheme pos-weight prints a loss with a weight per label",
        )
    if subject.weights.role is Role.CLASS_WEIGHT and subject.counts.task is Task.DETECTION:
        return (
            "the fit of Keras takes no class_weight for a detector, whose targets are boxes and classes",
            "--for tensorflow prints a loss for the head that names the classes",
        )
    return scalar_alpha(subject)


FRAMEWORK = Framework(
    name="keras",
    title="Keras",
    suffix=".py",
    comment="#",
    reference="https://keras.io/api/models/model_training_apis/",
    code={
        Role.CLASS_WEIGHT: class_weight,
        Role.POS_WEIGHT: pos_weight,
        Role.FOCAL_ALPHA: focal_alpha,
        Role.LOGIT_OFFSET: logit_offset,
        Role.INITIAL_BIAS: initial_bias,
    },
    refuses=_refuses,
)
