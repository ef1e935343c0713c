"""What to do, in the framework of the user."""

from __future__ import annotations

from imbweights.core.codes import losses as codes
from imbweights.core.findings import Code
from imbweights.frameworks import FRAMEWORKS

_LOGITS = {
    "torch": (
        "CrossEntropyLoss on logits, without softmax in the model",
        "BCEWithLogitsLoss on logits, without sigmoid in the model",
    ),
    "keras": (
        "SparseCategoricalCrossentropy(from_logits=True), without softmax at the end",
        "BinaryCrossentropy(from_logits=True), without sigmoid at the end",
    ),
    "matlab": (
        "imbweights suggest … --for matlab-layer prints a layer that is safe, --for matlab a lossFcn",
        "imbweights suggest … --scheme pos-weight --for matlab prints a lossFcn on logits",
    ),
    "tensorflow": (
        "tf.nn.sparse_softmax_cross_entropy_with_logits, without softmax in the model",
        "tf.nn.weighted_cross_entropy_with_logits, without sigmoid in the model",
    ),
    "jax": (
        "optax.softmax_cross_entropy_with_integer_labels on logits",
        "optax.sigmoid_binary_cross_entropy on logits",
    ),
}
_OWN: dict[str, dict[str, str]] = {
    codes.NOTHING_TO_AVERAGE.code: {
        "torch": "reduction='sum', divided by weight[target].sum().clamp(min=1)",
        "matlab": "divide by max(sum(T, 'all'), 1)",
        "keras": "leave such batches out of the data set",
    },
    codes.HALF_RANGE.code: {
        "torch": "loss(logits.float(), target), outside of autocast",
        "keras": "the last layer with dtype='float32'",
        "matlab": "single(Y) before the loss",
        "tensorflow": "tf.cast(logits, tf.float32) before the loss",
        "jax": "logits.astype(jnp.float32) before the loss",
    },
    codes.NAN_PREDICTION.code: {
        "torch": "torch.autograd.set_detect_anomaly(True) finds where; then clip_grad_norm_ and a lower lr",
        "keras": "optimizer with clipnorm=1 and a lower learning_rate; "
        "keras.callbacks.TerminateOnNaN() stops at once",
        "matlab": "any(isnan(X(:))) for the data; then GradientThreshold and a lower InitialLearnRate",
    },
    codes.STRAY_TARGET.code: {
        "torch": "CrossEntropyLoss(ignore_index=…) for what is to be left out; else count from 0",
        "keras": "SparseCategoricalCrossentropy(ignore_class=…) for what is to be left out",
        "matlab": "categorical(labels, classNames): what is not a class becomes <undefined>",
    },
    codes.SOFTMAX_TWICE.code: {
        "torch": "take the softmax out of forward(): CrossEntropyLoss has its own",
        "keras": "from_logits=False with a softmax at the end, or True without: never True with it",
        "matlab": "one softmaxLayer only",
    },
    codes.CLIPPED.code: {"keras": "from_logits=True, without softmax or sigmoid at the end"},
}
_BY_LOGITS = {codes.ZERO_LOG_ZERO.code, codes.LOG_ZERO.code, codes.CLIPPED.code}


def family(framework: str | None) -> str | None:
    """The framework whose losses a name of ``--for`` uses, ``None`` for what has none of these.

    >>> family("huggingface"), family("matlab-layer"), family("xgboost")
    ('torch', 'matlab', None)
    """
    if framework is None:
        return None
    alike = {"huggingface": "torch", "mmseg": "torch", "ultralytics": "torch"}
    name = alike.get(framework, framework.removesuffix("-layer"))
    return name if name in _LOGITS else None


def loss_frameworks() -> tuple[str, ...]:
    """The names of ``--for`` that have a loss here.

    >>> "torch" in loss_frameworks(), "xgboost" in loss_frameworks()
    (True, False)
    """
    return tuple(name for name in FRAMEWORKS if family(name) is not None)


def loss_family(framework: str | None) -> str | None:
    """The row of the table that is this framework's: TensorFlow's and JAX's logits are torch's."""
    name = family(framework)
    return {"tensorflow": "keras", "jax": "torch"}.get(name or "", name)


def remedy_for(code: Code, framework: str | None, *, classes: bool) -> str | None:
    """The remedy in that framework; ``None``: the register's."""
    name = family(framework)
    if name is None:
        return None
    if framework == "matlab-layer" and classes and code.code in _BY_LOGITS:
        return "the layer that is printed with your weights stays finite"
    own = _OWN.get(code.code, {})
    if name in own:
        return own[name]
    if code.code in _BY_LOGITS:
        return _LOGITS[name][0 if classes else 1]
    return None
