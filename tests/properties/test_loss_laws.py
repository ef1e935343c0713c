"""Laws of the losses: what must hold for any logits, targets and weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from gradients import FloatArray
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from imbweights.losses import (
    Loss,
    balanced_softmax,
    expected_cost,
    focal,
    ldam,
    logit_adjusted,
    softmax_focal,
    weighted_binary_accuracy,
    weighted_binary_cross_entropy,
    weighted_binary_cross_entropy_of_probabilities,
    weighted_cross_entropy,
    weighted_dice,
)

NUMBERS = st.floats(-30, 30)
WEIGHTS = st.floats(0.01, 100)


@dataclass(frozen=True)
class Case:
    """Logits (N, K), class indices (N,) and one positive number per class (K,)."""

    z: FloatArray
    y: npt.NDArray[np.int64]
    w: FloatArray


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    n, k = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    z = draw(hnp.arrays(np.float64, (n, k), elements=NUMBERS))
    y = draw(hnp.arrays(np.int64, n, elements=st.integers(0, k - 1)))
    return Case(z, y, draw(hnp.arrays(np.float64, k, elements=WEIGHTS)))


CASES = _cases()


def _close(found: object, expected: object, scale: float = 1.0) -> None:
    np.testing.assert_allclose(
        np.asarray(found), np.asarray(expected), rtol=1e-9, atol=1e-9 * scale
    )


@given(CASES, st.randoms(use_true_random=False))
def test_permuting_classes_permutes_the_gradient(case: Case, random: object) -> None:
    """No class is special, wherever it stands."""
    order = np.arange(case.w.size)
    random.shuffle(order)  # type: ignore[attr-defined]
    new = np.argsort(order)[case.y]
    losses: tuple[Callable[..., Loss], ...] = (
        lambda z, y, w: weighted_cross_entropy(z, y, weight=w),
        lambda z, y, w: softmax_focal(z, y, alpha=w),
        balanced_softmax,
        lambda z, y, w: ldam(z, y, w / 100, scale=2),
        lambda z, y, w: weighted_dice(z, y, weight=w),
    )
    for loss in losses:
        found = loss(case.z[:, order], new, case.w[order])
        expected = loss(case.z, case.y, case.w)
        _close(found.value, expected.value)
        _close(found.gradient, expected.gradient[:, order], 100)


@given(CASES, st.floats(-50, 50))
def test_softmax_knows_no_common_shift(case: Case, shift: float) -> None:
    """z and z + a are the same probabilities, so each gradient row sums to 0."""
    losses: tuple[Callable[[FloatArray], Loss], ...] = (
        lambda z: weighted_cross_entropy(z, case.y, weight=case.w, reduction="sum"),
        lambda z: softmax_focal(z, case.y, alpha=case.w),
        lambda z: logit_adjusted(z, case.y, case.w),
        lambda z: expected_cost(z, case.y, np.outer(case.w, case.w)),
        lambda z: weighted_dice(z, case.y, weight=case.w),
    )
    for loss in losses:
        found, moved = loss(case.z), loss(case.z + shift)
        _close(moved.value, found.value, 1e5)
        _close(found.gradient.sum(axis=1), 0, 1e5)


@given(CASES, st.floats(0.1, 10))
def test_scale_of_the_weights(case: Case, a: float) -> None:
    """It multiplies a sum and a mean over samples; it cancels in a mean over weights."""
    for options, factor in (
        ({"reduction": "sum"}, a),
        ({"mean_over": "samples"}, a),
        ({"mean_over": "weights"}, 1.0),
    ):
        one = weighted_cross_entropy(case.z, case.y, weight=case.w, **options)  # type: ignore[arg-type]
        many = weighted_cross_entropy(case.z, case.y, weight=a * case.w, **options)  # type: ignore[arg-type]
        _close(many.value, factor * np.asarray(one.value))
        _close(many.gradient, factor * one.gradient, 1e3)


@given(CASES, WEIGHTS)
def test_equal_weights_are_none(case: Case, a: float) -> None:
    """Under a mean over weights, and for Dice."""
    equal = np.full_like(case.w, a)
    plain = weighted_cross_entropy(case.z, case.y)
    _close(weighted_cross_entropy(case.z, case.y, weight=equal).value, plain.value)
    _close(logit_adjusted(case.z, case.y, equal).value, plain.value)
    _close(weighted_dice(case.z, case.y, weight=equal).value, weighted_dice(case.z, case.y).value)


@given(CASES)
def test_matrices_hold_the_vectors(case: Case) -> None:
    """Weights by true class are a matrix of equal columns, by predicted class of equal rows."""
    k = case.w.size
    for matrix, whose in (
        (np.tile(case.w[:, None], k), "true"),
        (np.tile(case.w, (k, 1)), "predicted"),
    ):
        found = weighted_cross_entropy(case.z, case.y, weight=matrix)
        expected = weighted_cross_entropy(case.z, case.y, weight=case.w, weight_of=whose)
        _close(found.value, expected.value)
        _close(found.gradient, expected.gradient)


@given(CASES)
def test_parts_add_up(case: Case) -> None:
    """The sum over a batch is the sum over its samples, and so is its gradient."""
    whole = weighted_cross_entropy(case.z, case.y, weight=case.w, reduction="sum")
    single = weighted_cross_entropy(case.z, case.y, weight=case.w, reduction="none")
    _close(np.sum(single.value), whole.value, 1e3)
    _close(single.gradient, whole.gradient)
    for i in range(len(case.y)):
        part = weighted_cross_entropy(
            case.z[i : i + 1], case.y[i : i + 1], weight=case.w, reduction="sum"
        )
        _close(part.gradient[0], whole.gradient[i])


@given(CASES)
def test_focal_without_focus_is_cross_entropy(case: Case) -> None:
    """γ = 0."""
    found = softmax_focal(case.z, case.y, alpha=case.w, gamma=0)
    expected = weighted_cross_entropy(case.z, case.y, weight=case.w, mean_over="samples")
    _close(found.value, expected.value)
    _close(found.gradient, expected.gradient, 1e2)


@given(CASES)
def test_counts_and_shares_are_the_same_priors(case: Case) -> None:
    """Balanced softmax is logit adjustment with τ = 1."""
    found = balanced_softmax(case.z, case.y, case.w)
    expected = logit_adjusted(case.z, case.y, case.w / case.w.sum())
    _close(found.value, expected.value)
    _close(found.gradient, expected.gradient)


@given(CASES, WEIGHTS)
def test_two_classes_are_one_logit(case: Case, a: float) -> None:
    """softmax of (0, z) is the sigmoid of z; pos_weight is the weight of class 1."""
    z, y = case.z[:, 0], (case.y > 0).astype(np.int64)
    pair = np.stack([np.zeros_like(z), z], axis=1)
    found = weighted_binary_cross_entropy(z, y, pos_weight=a, reduction="none")
    expected = weighted_cross_entropy(pair, y, weight=[1, a], reduction="none")
    _close(found.value, expected.value)
    _close(found.gradient, expected.gradient[:, 1])
    found = focal(z, y, reduction="none")
    expected = softmax_focal(pair, y, alpha=[0.75, 0.25], reduction="none")
    _close(found.value, expected.value)
    _close(found.gradient, expected.gradient[:, 1])


@given(CASES)
def test_logits_and_probabilities_agree(case: Case) -> None:
    """And so do the gradients, by the chain rule dp/dz = p (1 − p)."""
    z = np.clip(case.z, -10, 10)
    y, p = (case.z > 0).astype(float), 1 / (1 + np.exp(-z))
    weight = case.w
    by_logits = weighted_binary_cross_entropy(z, y, pos_weight=weight)
    by_shares = weighted_binary_cross_entropy_of_probabilities(p, y, pos_weight=weight)
    _close(by_shares.value, by_logits.value)
    _close(by_shares.gradient * p * (1 - p), by_logits.gradient, 100)


@given(CASES)
def test_turning_positives_into_negatives(case: Case) -> None:
    """z → −z and y → 1 − y is the same problem, with α → 1 − α."""
    y = (case.z.round() % 2).astype(np.int64)
    found = focal(-case.z, 1 - y, alpha=0.75)
    expected = focal(case.z, y, alpha=0.25)
    _close(found.value, expected.value)
    _close(-found.gradient, expected.gradient)


@given(CASES)
def test_bounds(case: Case) -> None:
    """Dice and accuracy lie in 0 … 1, an expected cost between the smallest and the largest."""
    dice = float(weighted_dice(case.z, case.y, weight=case.w).value)
    assert -1e-12 <= dice <= 1 + 1e-12
    costs = np.outer(case.w, case.w[::-1])
    cost = float(expected_cost(case.z, case.y, costs).value)
    assert costs.min() * (1 - 1e-9) <= cost <= costs.max() * (1 + 1e-9)
    y = (case.z.round() % 2).astype(np.int64)
    assert 0 <= weighted_binary_accuracy(y, case.z, pos_weight=case.w, threshold=0) <= 1
