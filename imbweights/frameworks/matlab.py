"""MATLAB: a loss function for ``trainnet``, and the output layer for ``trainNetwork``."""

from __future__ import annotations

from imbweights.core.counts import Unit
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject
from imbweights.frameworks.matlab_text import column, names
from imbweights.frameworks.text import commented, number, remark


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _note(text: str) -> str:
    return commented(text, "%")


def _column(name: str, subject: Subject) -> str:
    weights = subject.weights
    return f"{name} = {column(weights.values.tolist(), weights.classes)};"


def _names(subject: Subject) -> str:
    return f"classNames = {names(subject.classes)};"


def _voxels(subject: Subject) -> bool:
    return subject.counts.unit is Unit.VOXELS


def _along_channels(name: str, subject: Subject) -> str:
    """A column turned so that it meets the channels of SSCB or SSSCB data."""
    return f"reshape({name}, 1, 1, {'1, ' if _voxels(subject) else ''}[])"


def _pixel_loss(weights: str) -> str:
    """The local function for pixels; ``weights`` is what follows T in its calls."""
    return _joined(
        "\n",
        f"function loss = pixelLoss(Y, T{weights})",
        "% Cross-entropy, mean over the labelled pixels; <undefined> ones are NaN in T.",
        "T(isnan(T)) = 0;",
        f"total = crossentropy(Y, T{weights}, ..."
        + ("\n    'WeightsFormat', 'C', " if weights else "\n    ")
        + "'NormalizationFactor', 'none');",
        "loss = total / max(sum(T(:)), 1);",
        "end",
    ).removeprefix("\n")


def _targets(subject: Subject) -> str:
    if not subject.pixels:
        return (
            _note(
                "Targets in the same order: T = categorical(labels, classNames); without the second "
                "argument the order is alphabetical."
            )
            + "\n% net = trainnet(X, T, layers, lossFcn, options);"
        )
    void = (
        ""
        if subject.ignore_index is None
        else f", without {subject.ignore_index}: pixels of that value are then <undefined>"
    )
    return (
        _note(
            "Targets in the same order: pixelLabelDatastore(folder, classNames, labelIDs) with the "
            f"labelIDs in class order{void}."
        )
        + "\n% net = trainnet(data, net, lossFcn, options);"
    )


def _older_layer(subject: Subject) -> str:
    """The output layer for ``trainNetwork``, which takes positive weights only."""
    if subject.weights.values.min() <= 0:
        return ""
    layer = "pixelClassificationLayer" if subject.pixels else "classificationLayer"
    return _joined(
        "\n% For trainNetwork, before R2023b: the last layer, after the softmaxLayer.",
        f"if exist('{layer}', 'file')",
        f"    outputLayer = {layer}( ...",
        "        'Classes', classNames, 'ClassWeights', classWeights);",
        "end",
    )


def _deferred(subject: Subject) -> str:
    """Deferred weights are two trainings, since a loss function is not told the epoch."""
    if len(subject.weights.stages) == 1:
        return ""
    start = subject.weights.stages[1][0]
    first = (
        "pixelLoss(Y, T, ones(size(classWeights)))"
        if subject.pixels
        else "crossentropy(Y, T, 'NormalizationFactor', 'batch-size')"
    )
    return _joined(
        "\n"
        + _note(
            f"Deferred weights: train {start} epochs with firstLossFcn, then hand the trained net "
            "to trainnet again, with lossFcn."
        ),
        f"firstLossFcn = @(Y,T) {first};",
    )


def class_weight(subject: Subject) -> str:
    """``crossentropy`` with class weights, as a loss function for ``trainnet``."""
    shape = "SSSCB" if _voxels(subject) else "SSCB"
    what = f"labelled pixels ({shape})" if subject.pixels else "observations"
    loss = (
        "pixelLoss(Y, T, classWeights);"
        if subject.pixels
        else "crossentropy(Y, T, classWeights, ...\n"
        "    'WeightsFormat', 'C', 'NormalizationFactor', 'batch-size');"
    )
    return _joined(
        _note(
            "For trainnet (R2023b or later). Y are probabilities: the last layer is softmaxLayer. "
            f"The mean divides by the number of {what}, not by the sum of the weights: their scale "
            "matters."
        ),
        _names(subject),
        _column("classWeights", subject),
        f"lossFcn = @(Y,T) {loss}",
        _targets(subject),
        _deferred(subject),
        _older_layer(subject),
        _pixel_loss(", classWeights") if subject.pixels else "",
    )


def pos_weight(subject: Subject) -> str:
    """A binary cross-entropy on logits, in arithmetic that ``dlarray`` knows."""
    note = (
        "For trainnet (R2023b or later). Z are logits: no sigmoidLayer at the end, predict with "
        "sigmoid(Z). T is 0 or 1, of the same shape. The scale matters: it multiplies the gradient "
        "of the positives."
    )
    if subject.multilabel:
        weight = _joined(
            _note(f"{note} One channel per label, in this order."),
            _names(subject),
            _column("posWeight", subject),
        )
    else:
        positive, negative = (
            subject.classes[subject.positive],
            subject.classes[1 - subject.positive],
        )
        value = number(float(subject.weights.values[0]))
        weight = _joined(
            _note(note),
            f"% T = 1: {remark(positive)}; T = 0: {remark(negative)}.",
            f"posWeight = {value};  % {remark(positive)}",
        )
    each = "posWeight .* T .* softplus(-Z) + (1 - T) .* softplus(Z)"
    return _joined(
        weight,
        "softplus = @(Z) max(Z, 0) + log(1 + exp(-abs(Z)));  % no overflow, no log of 0",
        *(
            (f"lossFcn = @(Z,T) mean(reshape( ...\n    {each}, [], 1));",)
            if subject.ignore_index is None
            else _binary_with_void(each, subject.ignore_index)
        ),
    )


def _binary_with_void(each: str, ignored: int) -> tuple[str, ...]:
    return (
        f"kept = @(T) reshape(double(T ~= {ignored}), [], 1);  % value {ignored} does not count",
        f"perPixel = @(Z,T) reshape( ...\n    {each}, [], 1);",
        "lossFcn = @(Z,T) sum(kept(T) .* perPixel(Z, T)) / max(sum(kept(T)), 1);",
    )


def logit_offset(subject: Subject) -> str:
    """Cross-entropy of adjusted logits."""
    offset = _along_channels("offset", subject) if subject.pixels else "offset"
    call = "pixelLoss" if subject.pixels else "crossentropy"
    return _joined(
        _note(
            "For trainnet (R2023b or later). Offsets, not weights, and for training only: Z are "
            "logits, train without the softmaxLayer and predict with softmax(Z)."
        ),
        _names(subject),
        _column("offset", subject),
        f"lossFcn = @(Z,T) {call}(softmax(Z + {offset}), T);",
        _targets(subject),
        _pixel_loss("") if subject.pixels else "",
    )


def initial_bias(subject: Subject) -> str:
    """The last layer, with its bias."""
    kind = "convolution3dLayer" if _voxels(subject) else "convolution2dLayer"
    layer = (
        f"{kind}(1, numel(bias), ...\n    'Bias', {_along_channels('bias', subject)})"
        if subject.pixels
        else "fullyConnectedLayer(numel(bias), 'Bias', bias)"
    )
    after = "sigmoidLayer" if subject.multilabel or subject.binary else "softmaxLayer"
    return _joined(
        _note(f"The {after} comes after this layer, unless the loss takes logits."),
        _column("bias", subject),
        f"lastLayer = {layer};",
    )


FRAMEWORK = Framework(
    name="matlab",
    title="MATLAB",
    suffix=".m",
    comment="%",
    reference="https://www.mathworks.com/help/deeplearning/ref/dlarray.crossentropy.html",
    code={
        Role.CLASS_WEIGHT: class_weight,
        Role.POS_WEIGHT: pos_weight,
        Role.LOGIT_OFFSET: logit_offset,
        Role.INITIAL_BIAS: initial_bias,
    },
)
