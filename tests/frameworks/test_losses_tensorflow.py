"""Values against TensorFlow and Keras, to 1e-6, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from frameworks_support import needs

from imbweights.losses import (
    focal,
    softmax_focal,
    weighted_binary_accuracy,
    weighted_binary_cross_entropy,
    weighted_binary_cross_entropy_of_probabilities,
    weighted_cross_entropy,
    weighted_dice,
)

tf = needs("tensorflow")
keras = tf.keras

RANDOM = np.random.default_rng(13)
Z = RANDOM.normal(scale=2, size=(8, 3))
Y = RANDOM.integers(0, 3, 8)
W = np.array([1.0, 0.25, 7.0])
HITS = RANDOM.integers(0, 2, (8, 3)).astype(float)
P = 1 / (1 + np.exp(-Z))


def _same(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy_is_keras_with_sample_weights(reduction: str) -> None:
    """Keras' mean is over samples, whatever their weights; so is that of class_weight."""
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True,
        reduction={"mean": "sum_over_batch_size"}.get(reduction, reduction),
        dtype="float64",
    )
    ours = weighted_cross_entropy(Z, Y, weight=W, mean_over="samples", reduction=reduction)
    _same(ours.value, loss(Y, Z, sample_weight=W[Y]))
    one_hot = weighted_cross_entropy(Z, np.eye(3)[Y], weight=W, reduction=reduction)
    _same(one_hot.value, ours.value)


def test_mean_over_weights_is_keras_with_weighted_mean() -> None:
    """The reduction that divides by the sum of the sample weights."""
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight", dtype="float64"
    )
    _same(weighted_cross_entropy(Z, Y, weight=W).value, loss(Y, Z, sample_weight=W[Y]))


def test_class_weight_of_fit() -> None:
    """What training with class_weight reports: the mean over samples."""
    model = keras.Sequential(
        [keras.layers.Input((3,)), keras.layers.Dense(3, kernel_initializer="identity")]
    )
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.SGD(0.0),
    )
    history = model.fit(
        Z, Y, class_weight=dict(enumerate(W)), batch_size=8, epochs=1, verbose=0
    ).history
    ours = weighted_cross_entropy(Z, Y, weight=W, mean_over="samples")
    assert float(ours.value) == pytest.approx(history["loss"][0], rel=1e-6)


def test_ignored_pixels() -> None:
    """ignore_class."""
    mask = np.array([[0, 2, 255], [1, 255, 1]])
    z = RANDOM.normal(size=(2, 3, 3))
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, ignore_class=255, reduction="sum", dtype="float64"
    )
    ours = weighted_cross_entropy(z, mask, ignore_index=255, reduction="sum")
    _same(ours.value, loss(mask, np.moveaxis(z, 1, -1)))


def test_pos_weight() -> None:
    """tf.nn.weighted_cross_entropy_with_logits, at ±10⁴ too."""
    for z in (Z, 1e4 * np.sign(Z)):
        ours = weighted_binary_cross_entropy(z, HITS, pos_weight=[0.5, 3, 40], reduction="none")
        theirs = tf.nn.weighted_cross_entropy_with_logits(
            labels=HITS, logits=z, pos_weight=np.array([0.5, 3, 40])
        )
        _same(ours.value, theirs)


def test_binary_cross_entropy() -> None:
    """Of logits, and of probabilities that Keras clips by the same 1e-7."""
    from_logits = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    _same(weighted_binary_cross_entropy(Z, HITS).value, from_logits(HITS, Z))
    p = P.copy()
    p[0] = 0, 1, 1e-9
    of_shares = keras.losses.BinaryCrossentropy(dtype="float64")
    ours = weighted_binary_cross_entropy_of_probabilities(p, HITS)
    _same(ours.value, of_shares(HITS, p))


@pytest.mark.parametrize("balanced", [True, False])
def test_focal(balanced: bool) -> None:
    """keras.losses.BinaryFocalCrossentropy."""
    loss = keras.losses.BinaryFocalCrossentropy(
        apply_class_balancing=balanced, from_logits=True, dtype="float64"
    )
    _same(focal(Z, HITS, alpha=0.25 if balanced else None).value, loss(HITS, Z))


def test_softmax_focal() -> None:
    """keras.losses.CategoricalFocalCrossentropy with one α per class."""
    loss = keras.losses.CategoricalFocalCrossentropy(alpha=W, from_logits=True, dtype="float64")
    _same(softmax_focal(Z, Y, alpha=W).value, loss(np.eye(3)[Y], Z))


def test_dice() -> None:
    """keras.losses.Dice: equal weights, all pixels in one sum, 1e-7 in the denominator only."""
    shares = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    loss = keras.losses.Dice(dtype="float64")
    _same(weighted_dice(Z, Y).value, loss(np.eye(3)[Y], shares))


def test_accuracy() -> None:
    """keras.metrics.BinaryAccuracy with sample weights."""
    metric = keras.metrics.BinaryAccuracy(dtype="float64")
    metric.update_state(
        HITS.reshape(-1, 1), P.reshape(-1, 1), sample_weight=np.where(HITS, 5, 1).reshape(-1)
    )
    _same(weighted_binary_accuracy(HITS, P, pos_weight=5), metric.result())


def test_the_gradient_of_a_norm_of_0_is_nan() -> None:
    """As docs/recipes/four_term_loss.md says."""
    x = tf.Variable(np.zeros((2, 2)))
    with tf.GradientTape() as tape:
        value = tf.norm(x)
    assert np.isnan(np.asarray(tape.gradient(value, x))).all()
