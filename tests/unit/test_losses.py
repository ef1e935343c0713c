"""Losses: numbers worked out by hand, gradients by differences, extremes, and what is refused."""

from __future__ import annotations

import inspect
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradients import FloatArray, slopes
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from imbweights import losses
from imbweights.core.errors import UsageError
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

RANDOM = np.random.default_rng(7)
LN2 = math.log(2)
Z = RANDOM.normal(size=(5, 3))
Y = np.array([0, 2, 1, 2, 0])
PIXELS = RANDOM.normal(size=(2, 3, 4, 2))
MASK = RANDOM.integers(0, 3, size=(2, 4, 2))
SOFT = RANDOM.dirichlet(np.ones(3), size=5)
W = np.array([1.0, 0.5, 4.0])
MATRIX = np.array([[0.5, 1, 2], [3, 0.1, 5], [6, 7, 0.3]])
BINARY = RANDOM.normal(size=(6, 2))
HITS = RANDOM.integers(0, 2, size=(6, 2))

ClassLoss = Callable[..., Loss]
CLASS_LOSSES: dict[str, ClassLoss] = {
    "plain": weighted_cross_entropy,
    "true": lambda z, y, **o: weighted_cross_entropy(z, y, weight=W, **o),
    "over samples": lambda z, y, **o: weighted_cross_entropy(
        z, y, weight=W, mean_over="samples", **o
    ),
    "predicted": lambda z, y, **o: weighted_cross_entropy(
        z, y, weight=W, weight_of="predicted", **o
    ),
    "matrix": lambda z, y, **o: weighted_cross_entropy(z, y, weight=MATRIX, **o),
    "expected cost": lambda z, y, **o: expected_cost(z, y, MATRIX, **o),
    "softmax focal": lambda z, y, **o: softmax_focal(z, y, alpha=W, **o),
    "focal of .5": lambda z, y, **o: softmax_focal(z, y, gamma=0.5, **o),
    "logit adjusted": lambda z, y, **o: logit_adjusted(z, y, W, tau=1.5, **o),
    "balanced softmax": lambda z, y, **o: balanced_softmax(z, y, [500, 20, 1], **o),
    "ldam": lambda z, y, **o: ldam(z, y, [0.1, 0.2, 0.5], scale=3, weight=W, **o),
}
BINARY_LOSSES: dict[str, ClassLoss] = {
    "plain": weighted_binary_cross_entropy,
    "weighted": lambda z, y, **o: weighted_binary_cross_entropy(
        z, y, pos_weight=[3, 0.5], weight=np.arange(6)[:, None], **o
    ),
    "focal": focal,
    "focal without alpha": lambda z, y, **o: focal(z, y, alpha=None, gamma=0.5, **o),
    "focal per label": lambda z, y, **o: focal(z, y, alpha=[0.1, 0.9], gamma=3, **o),
    "gamma 0": lambda z, y, **o: focal(z, y, alpha=None, gamma=0, **o),
}
each_class_loss = pytest.mark.parametrize("loss", CLASS_LOSSES.values(), ids=CLASS_LOSSES)
each_binary_loss = pytest.mark.parametrize("loss", BINARY_LOSSES.values(), ids=BINARY_LOSSES)
each_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


def _total(loss: Loss) -> float:
    return float(np.sum(loss.value))


class TestGradients:
    """Every gradient is that of central differences."""

    @each_reduction
    @each_class_loss
    def test_rows(self, loss: ClassLoss, reduction: str) -> None:
        """(N, K) logits."""
        found = loss(Z, Y, reduction=reduction)
        expected = slopes(lambda z: _total(loss(z, Y, reduction=reduction)), Z)
        np.testing.assert_allclose(found.gradient, expected, atol=1e-8)

    @each_reduction
    @each_class_loss
    def test_masks_with_ignored_pixels(self, loss: ClassLoss, reduction: str) -> None:
        """(N, K, H, W) logits; ignored pixels have value and gradient 0."""
        mask = MASK.copy()
        mask[0, 1] = 255
        found = loss(PIXELS, mask, ignore_index=255, reduction=reduction)
        expected = slopes(
            lambda z: _total(loss(z, mask, ignore_index=255, reduction=reduction)), PIXELS
        )
        np.testing.assert_allclose(found.gradient, expected, atol=1e-8)
        assert not found.gradient[0, :, 1].any()
        if reduction == "none":
            assert isinstance(found.value, np.ndarray)
            assert found.value.shape == mask.shape
            assert not found.value[0, 1].any()

    @pytest.mark.parametrize(
        "name", ["plain", "true", "over samples", "predicted", "matrix", "expected cost"]
    )
    @each_reduction
    def test_soft_targets(self, name: str, reduction: str) -> None:
        """Probabilities as targets."""
        loss = CLASS_LOSSES[name]
        found = loss(Z, SOFT, reduction=reduction)
        expected = slopes(lambda z: _total(loss(z, SOFT, reduction=reduction)), Z)
        np.testing.assert_allclose(found.gradient, expected, atol=1e-8)

    @each_reduction
    @each_binary_loss
    def test_binary(self, loss: ClassLoss, reduction: str) -> None:
        """(N, L) logits."""
        found = loss(BINARY, HITS, reduction=reduction)
        expected = slopes(lambda z: _total(loss(z, HITS, reduction=reduction)), BINARY)
        np.testing.assert_allclose(found.gradient, expected, atol=1e-8)
        assert np.shape(found.value) == (HITS.shape if reduction == "none" else ())

    @pytest.mark.parametrize("targets", [HITS, RANDOM.uniform(size=HITS.shape)])
    def test_probabilities(self, targets: FloatArray) -> None:
        """With respect to the probabilities, and 0 beyond the clip."""
        p = RANDOM.uniform(0.02, 0.98, size=HITS.shape)
        p[0] = 0.01, 0.99

        def loss(x: FloatArray) -> Loss:
            return weighted_binary_cross_entropy_of_probabilities(
                x, targets, pos_weight=[3, 0.5], weight=2, clip=0.015
            )

        expected = slopes(lambda x: float(loss(x).value), p)
        np.testing.assert_allclose(loss(p).gradient, expected, atol=1e-6)
        assert not loss(p).gradient[0].any()

    @pytest.mark.parametrize("smooth", [0, 1])
    @pytest.mark.parametrize("weight", [None, W])
    def test_dice(self, weight: FloatArray | None, smooth: float) -> None:
        """Masks with an ignored class, and soft targets."""

        def loss(z: FloatArray) -> Loss:
            return weighted_dice(z, MASK, weight=weight, smooth=smooth, ignore_index=1)

        found = loss(PIXELS)
        expected = slopes(lambda z: float(loss(z).value), PIXELS)
        np.testing.assert_allclose(found.gradient, expected, atol=1e-8)
        soft = weighted_dice(Z, SOFT, weight=weight, smooth=smooth)
        expected = slopes(
            lambda z: float(weighted_dice(z, SOFT, weight=weight, smooth=smooth).value), Z
        )
        np.testing.assert_allclose(soft.gradient, expected, atol=1e-8)


class TestByHand:
    """Numbers that a pencil gives."""

    def test_60_to_1_masks_start_at_twice_the_plain_loss(self) -> None:
        """Weight 59 y + 1 at zero logits: 120/61 ln 2 = 1.364, unweighted .693."""
        y = np.zeros(61)
        y[0] = 1
        plain = weighted_binary_cross_entropy(np.zeros(61), y)
        as_map = weighted_binary_cross_entropy(np.zeros(61), y, weight=59 * y + 1)
        as_pos_weight = weighted_binary_cross_entropy(np.zeros(61), y, pos_weight=60)
        assert float(plain.value) == pytest.approx(LN2)
        assert float(as_map.value) == pytest.approx(120 / 61 * LN2)
        assert round(float(as_map.value), 3) == 1.364
        assert as_pos_weight.value == pytest.approx(as_map.value)

    def test_both_means(self) -> None:
        """Three losses of ln 2 with weights 1, 1, 4: over weights they cancel."""
        z, y = np.zeros((3, 2)), [0, 0, 1]
        over_weights = weighted_cross_entropy(z, y, weight=[1, 4])
        over_samples = weighted_cross_entropy(z, y, weight=[1, 4], mean_over="samples")
        total = weighted_cross_entropy(z, y, weight=[1, 4], reduction="sum")
        assert float(over_weights.value) == pytest.approx(LN2)
        assert float(over_samples.value) == pytest.approx(2 * LN2)
        assert float(total.value) == pytest.approx(6 * LN2)

    def test_soft_targets_divide_by_samples_unless_asked(self) -> None:
        """As torch does; with ``mean_over="weights"`` one-hot and indices agree."""
        one_hot = np.eye(3)[Y]
        usual = weighted_cross_entropy(Z, one_hot, weight=W)
        samples = weighted_cross_entropy(Z, Y, weight=W, mean_over="samples")
        assert float(usual.value) == pytest.approx(samples.value)
        asked = weighted_cross_entropy(Z, one_hot, weight=W, mean_over="weights")
        assert float(asked.value) == pytest.approx(weighted_cross_entropy(Z, Y, weight=W).value)

    def test_whose_weight(self) -> None:
        """True 1, predicted 0: weight[1], weight[0], W[1, 0]."""
        z, lost = [[1.0, 0.0]], math.log1p(math.e)
        options: list[tuple[dict[str, Any], float]] = [
            ({"weight": [2, 3]}, 3),
            ({"weight": [2, 3], "weight_of": "predicted"}, 2),
            ({"weight": [[10, 20], [30, 40]]}, 30),
        ]
        for option, weight in options:
            found = weighted_cross_entropy(z, [1], reduction="sum", **option)
            assert float(found.value) == pytest.approx(weight * lost)

    def test_focal(self) -> None:
        """σ = ¾: easy positive .25 · (¼)² · ln 4/3, hard negative .75 · (¾)² · ln 4."""
        z = math.log(3)
        found = focal([z, z], [1, 0], reduction="none")
        expected = [0.25 / 16 * math.log(4 / 3), 0.75 * 9 / 16 * math.log(4)]
        np.testing.assert_allclose(found.value, expected)

    def test_dice(self) -> None:
        """Generalised weights 1/n²; Σ p g worked out: 1 − 2 (¾ + ¼) / (2¼ + 3¾) by hand."""
        z = np.array([[0.0, math.log(3)], [0.0, math.log(3)], [math.log(3), 0.0]])
        y = [1, 1, 0]
        # p[0] = ¼ ¼ ¾, p[1] = ¾ ¾ ¼; I₀ = ¾, I₁ = 1½; P + G: 1¼ + 1, 1¾ + 2; w = 1, ¼.
        found = weighted_dice(z, y, weight=[1, 0.25])
        assert float(found.value) == pytest.approx(1 - 2 * (0.75 + 0.375) / (2.25 + 0.9375))
        smooth = weighted_dice(z, y, weight=[1, 0.25], smooth=1)
        assert float(smooth.value) == pytest.approx(1 - 3.25 / 4.1875)

    def test_a_perfect_mask_has_dice_0_and_the_worst_1(self) -> None:
        """At sure logits."""
        z = np.array([[1e4, -1e4], [-1e4, 1e4]])
        assert weighted_dice(z, [0, 1]).value == 0
        assert weighted_dice(z, [1, 0]).value == 1

    def test_ldam_is_a_scaled_cross_entropy_less_the_margin(self) -> None:
        """With margin 0 and scale 1 it is the cross-entropy."""
        found = ldam(Z, Y, [0, 0, 0], scale=1, weight=W)
        expected = weighted_cross_entropy(Z, Y, weight=W)
        assert found.value == expected.value
        np.testing.assert_array_equal(found.gradient, expected.gradient)

    def test_sure_predictions_keep_their_digits(self) -> None:
        """exp(−50), which 1 − p in floats has lost."""
        found = weighted_cross_entropy([[0.0, -50.0]], [0])
        assert float(found.value) == pytest.approx(math.exp(-50), rel=1e-12)
        assert float(softmax_focal([[0.0, -50.0]], [0]).value) == pytest.approx(math.exp(-150))

    def test_accuracy_is_that_of_scikit_learn(self) -> None:
        """With sample weights; with N/P it is the balanced accuracy."""
        y, p = RANDOM.integers(0, 2, 50), RANDOM.uniform(size=50)
        found = weighted_binary_accuracy(y, p, pos_weight=5)
        assert found == pytest.approx(accuracy_score(y, p > 0.5, sample_weight=np.where(y, 5, 1)))
        logit = np.log(p / (1 - p))
        assert found == weighted_binary_accuracy(y, logit, pos_weight=5, threshold=0)
        found = weighted_binary_accuracy(y, p, pos_weight=(1 - y).sum() / y.sum())
        assert found == pytest.approx(balanced_accuracy_score(y, p > 0.5))


class TestExtremes:
    """What is finite stays finite; where torch says nan, so do we, without a warning."""

    @each_class_loss
    def test_classes(self, loss: ClassLoss) -> None:
        """Logits of ±10⁴, right and wrong."""
        z = np.array([[1e4, -1e4, 0], [-1e4, 1e4, 1e4], [0, 0, 1e4]])
        for y in ([0, 2, 2], [1, 0, 0]):
            found = loss(z, y)
            assert np.isfinite(found.value)
            assert np.isfinite(found.gradient).all()

    @each_binary_loss
    def test_binary(self, loss: ClassLoss) -> None:
        """Likewise."""
        z = np.array([[1e4, -1e4]] * 6)
        for y in (np.ones((6, 2)), np.zeros((6, 2)), np.array([[1, 0]] * 6)):
            found = loss(z, y)
            assert np.isfinite(found.value)
            assert np.isfinite(found.gradient).all()

    def test_the_values(self) -> None:
        """2 · 10⁴ for a sure mistake over classes, 10⁴ for a binary one; slope 1."""
        wrong = weighted_cross_entropy([[1e4, -1e4]], [1])
        assert wrong.value == 2e4
        assert wrong.gradient.tolist() == [[1, -1]]
        wrong = weighted_binary_cross_entropy([1e4], [0])
        assert wrong.value == 1e4
        assert wrong.gradient.tolist() == [1]
        assert focal([-1e4], [1], alpha=None).gradient.tolist() == [-1]

    def test_a_class_that_cannot_be(self) -> None:
        """A logit of −∞ costs nothing unless it is the truth; its gradient is 0."""
        z = [[0.0, -np.inf, 0.0]]
        for loss in (
            weighted_cross_entropy(z, [0], weight=W),
            softmax_focal(z, [0], gamma=0),
            expected_cost(z, [0], np.full((3, 3), LN2)),
        ):
            assert float(loss.value) == pytest.approx(LN2)
            assert loss.gradient[0, 1] == 0
        impossible = weighted_cross_entropy(z, [1])
        assert impossible.value == np.inf
        assert impossible.gradient.tolist() == [[0.5, -1, 0.5]]
        assert softmax_focal(z, [1]).gradient.tolist() == [[0.5, -1, 0.5]]
        assert weighted_binary_cross_entropy([-np.inf, np.inf], [0, 1]).value == 0

    def test_a_class_without_samples(self) -> None:
        """Balanced softmax leaves it out: value as without it, gradient 0."""
        found = balanced_softmax(Z, [0, 2, 0, 2, 0], [30, 0, 20])
        without = balanced_softmax(Z[:, [0, 2]], [0, 1, 0, 1, 0], [30, 20])
        assert float(found.value) == pytest.approx(without.value)
        assert not found.gradient[:, 1].any()
        plain = weighted_cross_entropy(Z, Y)
        assert logit_adjusted(Z, Y, [1, 0, 0], tau=0).value == plain.value

    def test_nan_in_nan_out(self) -> None:
        """Without a warning, and only in its own row; not at all where it is ignored."""
        z = np.array([[np.nan, 0], [0, 0]])
        found = weighted_cross_entropy(z, [0, 1], reduction="none")
        assert np.isnan(found.value).tolist() == [True, False]
        found = weighted_cross_entropy(z, [9, 1], ignore_index=9)
        assert float(found.value) == pytest.approx(LN2)
        assert np.isfinite(found.gradient).all()
        for found in (
            weighted_cross_entropy(z, [0, 1], weight=[0, 1]),
            weighted_binary_cross_entropy([np.nan, 0.0], [1, 1], weight=[0, 1], reduction="sum"),
        ):
            assert float(found.value) == pytest.approx(LN2)
            assert np.isfinite(found.gradient).all()
        assert math.isnan(float(weighted_cross_entropy([[np.inf, np.inf]], [0]).value))
        assert math.isnan(float(logit_adjusted([[0, np.inf]], [0], [1, 0]).value))

    @each_class_loss
    def test_all_ignored(self, loss: ClassLoss) -> None:
        """The mean of nothing is nan, the sum 0; nothing has a gradient."""
        found = loss(Z, np.full(5, -1), ignore_index=-1)
        assert math.isnan(float(found.value))
        assert not found.gradient.any()
        assert loss(Z, np.full(5, -1), ignore_index=-1, reduction="sum").value == 0

    def test_nothing_at_all(self) -> None:
        """No rows, no elements, no weight."""
        assert math.isnan(float(weighted_cross_entropy(np.zeros((0, 3)), np.zeros(0, int)).value))
        assert math.isnan(float(weighted_binary_cross_entropy([], []).value))
        assert math.isnan(float(weighted_dice(Z, np.full(5, 9), ignore_index=9).value))
        assert not weighted_dice(Z, np.full(5, 9), ignore_index=9).gradient.any()
        assert math.isnan(weighted_binary_accuracy([], []))
        weightless = weighted_cross_entropy(Z, Y, weight=[0, 0, 0])
        assert math.isnan(float(weightless.value))
        assert np.isnan(weightless.gradient).all()

    def test_clipping(self) -> None:
        """Finite at 0 and 1; without it infinite only where it counts."""
        loss = weighted_binary_cross_entropy_of_probabilities
        found = loss([0.0, 1.0], [1, 0], reduction="none")
        np.testing.assert_allclose(found.value, -math.log(1e-7), rtol=1e-7)
        assert found.gradient.tolist() == [0, 0]
        sharp = loss([0.0, 1.0, 0.0], [0, 1, 1], clip=0, reduction="none")
        assert sharp.value.tolist() == [0, 0, np.inf]  # type: ignore[union-attr]
        assert sharp.gradient.tolist() == [1, -1, -np.inf]

    def test_no_negative_zero(self) -> None:
        """A perfect prediction costs 0, not −0."""
        for loss in (
            weighted_cross_entropy([[1e4, 0]], [0]),
            weighted_binary_cross_entropy([1e4], [1]),
            weighted_binary_cross_entropy_of_probabilities([1.0], [1], clip=0),
        ):
            assert math.copysign(1, float(loss.value)) == 1

    def test_any_dtype(self) -> None:
        """float16 logits and uint8 or boolean targets are computed in float64."""
        small = np.array([[60000, -60000]], dtype=np.float16)
        found = weighted_cross_entropy(small, np.array([1], dtype=np.uint8), ignore_index=255)
        assert found.value == 2 * float(small[0, 0])
        assert found.gradient.dtype == np.float64
        assert weighted_cross_entropy(small, np.array([True])).value == found.value


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: weighted_cross_entropy([0.0, 1.0], [1]), r"logits have shape \(2,\).*logits\[None\]"),
    (lambda: weighted_cross_entropy(np.zeros((2, 0)), [0, 0]), r"shape \(2, 0\)"),
    (lambda: weighted_cross_entropy("no", [1]), "logits must be an array of numbers"),
    (lambda: weighted_cross_entropy(Z, [0, 1]), r"shape \(2,\).*expected \(5,\) class indices"),
    (lambda: weighted_cross_entropy(Z, Y.astype(float)), "dtype float64.*astype"),
    (lambda: weighted_cross_entropy(Z, [0, 1, 2, 3, 0]), "target 3 is no class.*0 … 2"),
    (lambda: weighted_cross_entropy(Z, [0, 1, 2, -1, 0]), "target -1 is no class.*0 … 2"),
    (lambda: weighted_cross_entropy(Z, [0, 1, 2, -100, 0]), "ignore_index=-100 leaves"),
    (lambda: weighted_cross_entropy(Z, SOFT, ignore_index=0), "ignore_index needs targets"),
    (lambda: weighted_cross_entropy(Z, -SOFT), r"targets\[0, 0\] is -.*at least 0"),
    (lambda: weighted_cross_entropy(Z, Y, weight=[1, 2]), r"shape \(2,\).*3 classes"),
    (lambda: weighted_cross_entropy(Z, Y, weight=np.eye(2)), r"\(3,\) or \(3, 3\)"),
    (lambda: weighted_cross_entropy(Z, Y, weight=[1, -2, 1]), r"weight\[1\] is -2"),
    (lambda: weighted_cross_entropy(Z, Y, weight=[1, np.inf, 1]), r"weight\[1\] is inf"),
    (lambda: weighted_cross_entropy(Z, Y, weight=np.nan), "weight is nan"),
    (lambda: weighted_cross_entropy(Z, Y, weight=MATRIX, weight_of="predicted"), "columns are"),
    (lambda: weighted_cross_entropy(Z, Y, weight_of="loudest"), "not one of true, predicted"),
    (lambda: weighted_cross_entropy(Z, Y, mean_over="all"), "not one of weights, samples"),
    (lambda: weighted_cross_entropy(Z, Y, reduction="avg"), "not one of mean, sum, none"),
    (lambda: focal([0.0], [1], reduction="avg"), "not one of mean, sum, none"),
    (lambda: expected_cost(Z, Y, np.eye(2)), r"expected \(3, 3\): rows true"),
    (lambda: expected_cost(Z, Y, np.full((3, 3), np.inf)), "costs must be finite"),
    (lambda: weighted_binary_cross_entropy(np.zeros((3, 1)), [0, 0, 1]), "same shape.*reshape"),
    (lambda: weighted_binary_cross_entropy([0.0], [2]), "target 2 is not between 0 and 1"),
    (lambda: focal([0.0], [0.5]), "target 0.5 is not 0 or 1"),
    (lambda: focal([0.0], [-0.5]), "target -0.5 is not 0 or 1"),
    (
        lambda: weighted_binary_cross_entropy(
            np.zeros((2, 3, 5, 5)), np.zeros((2, 3, 5, 5)), pos_weight=[1, 2, 3]
        ),
        r"pos_weight has shape \(3,\).*\(L, 1, 1\)",
    ),
    (lambda: weighted_binary_cross_entropy([0.0], [0], pos_weight=[1, 2]), "does not broadcast"),
    (lambda: weighted_binary_cross_entropy([0.0], [0], pos_weight=-1), "pos_weight is -1"),
    (lambda: weighted_binary_cross_entropy_of_probabilities([1.5], [1]), "for logits use"),
    (lambda: weighted_binary_cross_entropy_of_probabilities([0.5], [1], clip=0.5), "clip is 0.5"),
    (lambda: focal([0.0], [1], alpha=1.5), "alpha is 1.5; it must be between 0 and 1"),
    (lambda: focal([0.0], [1], gamma=-1), "gamma is -1"),
    (lambda: softmax_focal(Z, Y, alpha=0.25), "multiply every class alike"),
    (lambda: softmax_focal(Z, SOFT), "indices or one-hot"),
    (lambda: logit_adjusted(Z, Y, [0.5, 0.5]), r"priors has shape \(2,\)"),
    (lambda: logit_adjusted(Z, Y, [0, 0, 0]), "priors are all 0"),
    (lambda: logit_adjusted(Z, Y, W, tau=math.nan), "tau is nan"),
    (lambda: balanced_softmax(Z, Y, [5, 0, 5]), r"class 1 is the target.*counts\[1\] is 0"),
    (lambda: ldam(Z, SOFT, W), r"ldam needs class indices.*argmax"),
    (lambda: ldam(Z, Y, [0, -1, 0]), r"margins\[1\] is -1"),
    (lambda: ldam(Z, Y, W, scale=0), "scale is 0; it must be positive"),
    (lambda: weighted_dice(Z, Y, smooth=-1), "smooth is -1"),
    (lambda: weighted_binary_accuracy([0, 2], [0.1, 0.2]), "target 2 is not 0 or 1"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_refused(call: Callable[[], object], message: str) -> None:
    """With what was found, what was expected, and what to do."""
    with pytest.raises(UsageError, match=f"(?s){message}"):
        call()


def test_one_hot_is_as_good_as_an_index() -> None:
    """For the losses that take both."""
    one_hot = np.eye(3)[Y]
    for name in ("plain", "over samples", "expected cost", "softmax focal", "logit adjusted"):
        loss = CLASS_LOSSES[name]
        assert float(loss(Z, one_hot).value) == pytest.approx(loss(Z, Y).value)
    assert weighted_dice(Z, one_hot).value == weighted_dice(Z, Y).value


def test_inputs_are_left_alone() -> None:
    """Nothing is changed in place."""
    z, y = Z.copy(), Y.copy()
    for loss in CLASS_LOSSES.values():
        loss(z, y)
    np.testing.assert_array_equal(z, Z)
    np.testing.assert_array_equal(y, Y)


def test_every_public_loss_says_formula_shape_and_source() -> None:
    """And what it raises."""
    for name in losses.__all__:
        function = getattr(losses, name)
        if inspect.isfunction(function):
            text = inspect.getdoc(function) or ""
            short = name == "balanced_softmax"  # it refers to logit_adjusted
            for word in ("Source:", ">>>") if short else ("shape", "Raises", "Source:", ">>>"):
                assert word in text, (name, word)


def test_loads_numpy_and_core_only() -> None:
    """A training script that checks its loss does not pay for pandas."""
    code = (
        "import sys, imbweights.losses; "
        "print({m.split('.')[1] for m in sys.modules if m.startswith('imbweights.')}"
        " | ({'pandas', 'scipy', 'sklearn', 'rich', 'duckdb'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(eval(out.stdout)) == {"core", "losses"}  # noqa: S307 - what we printed ourselves
