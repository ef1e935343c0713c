"""The TensorFlow programs, executed: values and gradients against NumPy, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from frameworks.batches import CASES, HITS, MASKS, PIXELS, ROADS, YES, Case, Y, Z
from frameworks.programs import (
    FOUR,
    LABELS,
    THREE_MASKS,
    TWO,
    TWO_MASKS,
    VOID,
    assert_runs_alone,
    run,
    run_scaled,
    scale_matters,
    weights_of,
)
from frameworks.reference import same, slopes, weighted
from frameworks_support import needs

from imbweights.core.counts import ClassCounts

tf = needs("tensorflow")
keras = needs("keras")


def value_and_slopes(loss: Any, logits: Any, targets: Any) -> tuple[Any, Any]:
    """What TensorFlow finds, also when it is compiled to a graph."""
    z = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = tf.function(loss)(tf.constant(targets), z)
    return value.numpy(), tape.gradient(value, z).numpy()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_value_and_gradient(case: Case) -> None:
    """Integer targets as they are."""
    loss = run("tensorflow", case.counts, case.scheme, **case.wishes)["loss"]
    value, gradient = value_and_slopes(loss, case.logits, case.targets)
    same(value, case.value(case.logits))
    same(gradient, slopes(case.value, case.logits))


@pytest.mark.parametrize("counts", [FOUR, THREE_MASKS])
def test_deferred(counts: ClassCounts) -> None:
    """Unweighted before the epoch."""
    z, y = (PIXELS, MASKS) if counts is THREE_MASKS else (Z, Y)
    wishes = {"parameters": {"epoch": 7, "beta": 0.99}}
    names = run("tensorflow", counts, "deferred", **wishes)
    w = weights_of(counts, "deferred", **wishes).values
    for epoch, expected in ((0, np.ones_like(w)), (6, np.ones_like(w)), (7, w)):
        value, _ = value_and_slopes(names["loss_in"](epoch), z, y)
        same(value, weighted(z, y, expected, ignored=VOID))


@pytest.mark.parametrize(
    ("counts", "scheme", "logits"),
    [
        (THREE_MASKS, "balanced", PIXELS),
        (TWO_MASKS, "pos-weight", PIXELS[..., 0]),
        (TWO_MASKS, "focal-alpha", PIXELS[..., 0]),
    ],
)
def test_nothing_but_ignored_pixels(counts: ClassCounts, scheme: str, logits: Any) -> None:
    """A loss of 0, where a mean over nothing would be NaN."""
    nothing = np.full_like(MASKS, VOID)
    value, gradient = value_and_slopes(run("tensorflow", counts, scheme)["loss"], logits, nothing)
    assert value == 0
    assert not gradient.any()


def test_far_logits() -> None:
    """Nothing overflows."""
    loss = run("tensorflow", LABELS, "pos-weight")["loss"]
    value, gradient = value_and_slopes(loss, np.sign(Z[:, :3]) * 1e4, HITS)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_the_warning_of_zero_logits() -> None:
    """The printed note is true: at 0 the positives are left out of TensorFlow's gradient."""
    loss = run("tensorflow", TWO, "pos-weight")["loss"]
    _, at_zero = value_and_slopes(loss, np.zeros(2), np.array([1, 0]))
    _, beside = value_and_slopes(loss, np.full(2, 1e-9), np.array([1, 0]))
    same(at_zero, [0, 0.5])
    same(beside, [-0.75, 0.25])


def test_keras_takes_the_loss() -> None:
    """As it is, targets first; the mask has no channel and is of bytes."""
    w = weights_of(THREE_MASKS, "balanced").values
    model = keras.Sequential(
        [keras.layers.Input((2, 3, 3)), keras.layers.Dense(3, kernel_initializer="identity")]
    )
    model.compile(loss=run("tensorflow", THREE_MASKS, "balanced")["loss"])
    found = model.evaluate(PIXELS, MASKS.astype(np.uint8), verbose=0)
    assert found == pytest.approx(weighted(PIXELS, MASKS, w, ignored=VOID), rel=1e-5)

    model = keras.Sequential([keras.layers.Input((2, 3, 1)), keras.layers.Identity()])
    model.compile(loss=run("tensorflow", TWO_MASKS, "pos-weight")["loss"])
    found = model.evaluate(PIXELS[..., :1], ROADS.astype(np.uint8), verbose=0)
    case = CASES["pos_weight, masks"]
    assert found == pytest.approx(case.value(PIXELS[..., :1]), rel=1e-5)


def test_initial_bias() -> None:
    """A network that knows nothing yet answers with the class frequencies."""
    layer = keras.layers.Dense(4)
    layer.build((None, 5))
    run("tensorflow", FOUR, "initial-bias")["set_bias"](layer)
    same(tf.nn.softmax(layer(np.zeros((1, 5))))[0], FOUR.shares)
    layer = keras.layers.Dense(1)
    layer.build((None, 5))
    run("tensorflow", TWO, "initial-bias")["set_bias"](layer)
    same(tf.sigmoid(layer(np.zeros((1, 5)))), [[0.25]])


@pytest.mark.parametrize(("gamma", "shares"), [(1.0, [0.5, 0.5]), (0.5, [0.634, 0.366])])
def test_sampler(gamma: float, shares: list[float]) -> None:
    """What is drawn: √300 / (√300 + √100) = 0.634 for square roots."""
    tf.random.set_seed(0)
    names = run("tensorflow", TWO, "sampler", parameters={"gamma": gamma})
    datasets = [tf.data.Dataset.from_tensors(index).repeat(3) for index in (0, 1)]
    drawn = list(names["resampled"](datasets).take(8000).as_numpy_iterator())
    assert np.bincount(drawn) / 8000 == pytest.approx(shares, abs=0.02)


@pytest.mark.parametrize(
    ("counts", "scheme", "logits", "targets"),
    [
        (FOUR, "balanced", Z, Y),
        (LABELS, "pos-weight", Z[:, :3], HITS),
        (TWO, "pos-weight", Z[:, 0], YES),
    ],
)
def test_scale(counts: ClassCounts, scheme: str, logits: Any, targets: Any) -> None:
    """Whether ten times the weights is another gradient is what the header goes by."""
    one, ten = (
        value_and_slopes(run_scaled("tensorflow", counts, scheme, f)["loss"], logits, targets)[1]
        for f in (1, 10)
    )
    assert scale_matters("tensorflow", counts, scheme) == (not np.allclose(one, ten))


def test_scale_of_chances() -> None:
    """Shares are shares."""
    shares = [run_scaled("tensorflow", TWO, "sampler", f)["share"] for f in (1, 10)]
    assert shares[0] == shares[1]
    assert not scale_matters("tensorflow", TWO, "sampler")


def test_alone() -> None:
    """As it is pasted."""
    assert_runs_alone("tensorflow", {"A": 30, "B": 10}, "deferred")
