"""The JAX programs, executed: values and gradients against NumPy, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from frameworks.batches import CASES, HITS, MASKS, PIXELS, YES, Case, Y, Z
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

jax = needs("jax")
needs("optax")


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    """The printed arrays are of the default type."""
    with jax.enable_x64(True):
        yield


def value_and_slopes(loss: Any, logits: Any, targets: Any) -> tuple[Any, Any]:
    """What JAX finds, compiled."""
    compiled = jax.jit(jax.value_and_grad(loss))
    return compiled(jax.numpy.array(logits), jax.numpy.array(targets))  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_value_and_gradient(case: Case) -> None:
    """Integer targets as they are."""
    loss = run("jax", case.counts, case.scheme, **case.wishes)["loss"]
    value, gradient = value_and_slopes(loss, case.logits, case.targets)
    same(value, case.value(case.logits))
    same(gradient, slopes(case.value, case.logits))


@pytest.mark.parametrize("counts", [FOUR, THREE_MASKS])
def test_deferred(counts: ClassCounts) -> None:
    """Unweighted before the epoch."""
    z, y = (PIXELS, MASKS) if counts is THREE_MASKS else (Z, Y)
    wishes = {"parameters": {"epoch": 7, "beta": 0.99}}
    names = run("jax", counts, "deferred", **wishes)
    w = weights_of(counts, "deferred", **wishes).values
    for epoch, expected in ((0, np.ones_like(w)), (6, np.ones_like(w)), (7, w)):
        value, _ = value_and_slopes(names["loss_in"](epoch), z, y)
        same(value, weighted(z, y, expected, ignored=VOID))


@pytest.mark.parametrize(
    ("counts", "scheme", "logits"),
    [
        (THREE_MASKS, "balanced", PIXELS),
        (THREE_MASKS, "logit-adjustment", PIXELS),
        (TWO_MASKS, "pos-weight", PIXELS[..., 0]),
        (TWO_MASKS, "focal-alpha", PIXELS[..., 0]),
    ],
)
def test_nothing_but_ignored_pixels(counts: ClassCounts, scheme: str, logits: Any) -> None:
    """A loss of 0, where a mean over nothing would be NaN."""
    nothing = np.full_like(MASKS, VOID)
    value, gradient = value_and_slopes(run("jax", counts, scheme)["loss"], logits, nothing)
    assert value == 0
    assert not gradient.any()


def test_far_logits() -> None:
    """Nothing overflows."""
    loss = run("jax", LABELS, "pos-weight")["loss"]
    value, gradient = value_and_slopes(loss, np.sign(Z[:, :3]) * 1e4, HITS)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_initial_bias_in_flax() -> None:
    """A network that knows nothing yet answers with the class frequencies."""
    linen = needs("flax.linen")
    nnx = needs("flax.nnx")
    bias_init = run("jax", FOUR, "initial-bias")["bias_init"]
    nothing = np.zeros((1, 5), dtype=np.float32)
    answer, _ = linen.Dense(4, bias_init=bias_init).init_with_output(jax.random.key(0), nothing)
    same(jax.nn.softmax(answer)[0], FOUR.shares)
    answer = nnx.Linear(5, 4, bias_init=bias_init, rngs=nnx.Rngs(0))(nothing)
    same(jax.nn.softmax(answer)[0], FOUR.shares)


@pytest.mark.parametrize(("gamma", "shares"), [(1.0, [0.5, 0.5]), (0.5, [0.634, 0.366])])
def test_sampler(gamma: float, shares: list[float]) -> None:
    """What is drawn: √300 / (√300 + √100) = 0.634 for square roots."""
    targets = np.repeat([0, 1], [3000, 1000])
    names = run("jax", TWO, "sampler", parameters={"gamma": gamma})
    drawn = targets[names["epoch_indices"](targets, seed=0)]
    assert drawn.size == 4000
    assert np.bincount(drawn) / drawn.size == pytest.approx(shares, abs=0.03)


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
        value_and_slopes(run_scaled("jax", counts, scheme, f)["loss"], logits, targets)[1]
        for f in (1, 10)
    )
    assert scale_matters("jax", counts, scheme) == (not np.allclose(one, ten))


def test_scale_of_chances() -> None:
    """Ten times the weights draw the same samples."""
    drawn = [run_scaled("jax", TWO, "sampler", f)["epoch_indices"](Y % 2, 0) for f in (1, 10)]
    assert drawn[0].tolist() == drawn[1].tolist()
    assert not scale_matters("jax", TWO, "sampler")


def test_alone() -> None:
    """As it is pasted."""
    assert_runs_alone("jax", {"A": 30, "B": 10}, "deferred")
