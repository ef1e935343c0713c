"""Values and gradients against torch and its autograd, to 1e-6 and better, in float64."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from frameworks_support import needs
from gradients import FloatArray

from imbweights.losses import (
    Loss,
    balanced_softmax,
    expected_cost,
    focal,
    ldam,
    logit_adjusted,
    softmax_focal,
    weighted_binary_cross_entropy,
    weighted_binary_cross_entropy_of_probabilities,
    weighted_cross_entropy,
    weighted_dice,
)

torch = needs("torch")
F = torch.nn.functional

RANDOM = np.random.default_rng(11)
W = np.array([1.0, 0.25, 7.0, 0.0])
MATRIX = RANDOM.uniform(0, 5, (4, 4))
SHAPES = [(9, 4), (3, 4, 5), (2, 4, 3, 5)]
REDUCTIONS = ["mean", "sum", "none"]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_reduction = pytest.mark.parametrize("reduction", REDUCTIONS)


def _batch(shape: tuple[int, ...], scale: float = 3.0) -> tuple[FloatArray, Any]:
    """Logits, and class indices of which one is to be ignored."""
    z = RANDOM.normal(scale=scale, size=shape)
    y = RANDOM.integers(0, shape[1], size=(*shape[:1], *shape[2:]))
    y.reshape(-1)[3] = -100
    return z, y


def _agrees(ours: Loss, theirs: Callable[[Any], Any], at: FloatArray) -> None:
    """Value and autograd's gradient of its sum."""
    x = torch.tensor(at, requires_grad=True)
    value = theirs(x)
    value.sum().backward()
    np.testing.assert_allclose(
        np.asarray(ours.value), value.detach().numpy(), rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(ours.gradient, x.grad.numpy(), rtol=1e-9, atol=1e-12)


def _reduce(values: Any, kept: Any, reduction: str) -> Any:
    if reduction == "none":
        return values
    return values.sum() / kept.sum() if reduction == "mean" else values.sum()


class TestClasses:
    """Losses over K exclusive classes."""

    @each_reduction
    @each_shape
    @pytest.mark.parametrize("weight", [None, W])
    def test_cross_entropy(
        self, shape: tuple[int, ...], reduction: str, weight: FloatArray | None
    ) -> None:
        """nn.CrossEntropyLoss with class indices."""
        z, y = _batch(shape)
        ours = weighted_cross_entropy(z, y, weight=weight, ignore_index=-100, reduction=reduction)
        loss = torch.nn.CrossEntropyLoss(
            weight=None if weight is None else torch.tensor(weight), reduction=reduction
        )
        _agrees(ours, lambda x: loss(x, torch.tensor(y)), z)

    @each_reduction
    @each_shape
    def test_soft_targets(self, shape: tuple[int, ...], reduction: str) -> None:
        """nn.CrossEntropyLoss with probabilities; its mean is over samples."""
        z = RANDOM.normal(size=shape)
        soft = RANDOM.uniform(size=shape)
        ours = weighted_cross_entropy(z, soft, weight=W, reduction=reduction)
        loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(W), reduction=reduction)
        _agrees(ours, lambda x: loss(x, torch.tensor(soft)), z)

    def test_nothing_to_average(self) -> None:
        """nan where torch has nan, 0 where it has 0, in value and gradient."""
        z = RANDOM.normal(size=(2, 4))
        for y in ([-100, -100], [3, 3], [3, -100]):  # class 3 has weight 0
            ours = weighted_cross_entropy(z, y, weight=W, ignore_index=-100)
            theirs = partial(F.cross_entropy, target=torch.tensor(y), weight=torch.tensor(W))
            _agrees(ours, theirs, z)
        y = [-100, -100]
        _agrees(
            weighted_cross_entropy(z, y, ignore_index=-100),
            lambda x: F.cross_entropy(x, torch.tensor(y)),
            z,
        )

    @pytest.mark.parametrize("mean_over", ["weights", "samples"])
    @each_reduction
    @each_shape
    def test_weights_by_prediction(
        self, shape: tuple[int, ...], reduction: str, mean_over: str
    ) -> None:
        """Of the predicted class, and of each confusion: unweighted losses times the weight."""
        z, y = _batch(shape)
        labels = torch.tensor(y)
        kept = (labels != -100).double()
        true = labels.clamp(min=0)
        predicted = torch.tensor(z).argmax(1)

        def theirs(v: Any, x: Any) -> Any:
            values = v * F.cross_entropy(x, labels, reduction="none")
            return _reduce(values, v if mean_over == "weights" else kept, reduction)

        for weight, whose, factor in (
            (W, "predicted", torch.tensor(W)[predicted]),
            (MATRIX, "true", torch.tensor(MATRIX)[true, predicted]),
        ):
            ours = weighted_cross_entropy(
                z,
                y,
                weight=weight,
                weight_of=whose,
                ignore_index=-100,
                reduction=reduction,
                mean_over=mean_over,
            )
            _agrees(ours, partial(theirs, factor * kept), z)

    @each_reduction
    @each_shape
    def test_expected_cost(self, shape: tuple[int, ...], reduction: str) -> None:
        """softmax times the row of the true class."""
        z, y = _batch(shape)
        labels = torch.tensor(y)
        kept = (labels != -100).double()
        rows = torch.tensor(MATRIX)[labels.clamp(min=0)].movedim(-1, 1)
        ours = expected_cost(z, y, MATRIX, ignore_index=-100, reduction=reduction)
        _agrees(ours, lambda x: _reduce(kept * (rows * x.softmax(1)).sum(1), kept, reduction), z)

    @each_reduction
    @each_shape
    @pytest.mark.parametrize("gamma", [0, 0.5, 2])
    def test_softmax_focal(self, shape: tuple[int, ...], reduction: str, gamma: float) -> None:
        """The formula of the paper over classes."""
        z, y = _batch(shape)
        labels = torch.tensor(y)
        kept = (labels != -100).double()
        true = labels.clamp(min=0)
        ours = softmax_focal(z, y, alpha=W, gamma=gamma, ignore_index=-100, reduction=reduction)

        def theirs(x: Any) -> Any:
            logs = x.log_softmax(1).gather(1, true.unsqueeze(1)).squeeze(1)
            values = -torch.tensor(W)[true] * (1 - logs.exp()) ** gamma * logs
            return _reduce(kept * values, kept, reduction)

        _agrees(ours, theirs, z)

    @each_reduction
    @each_shape
    def test_offsets(self, shape: tuple[int, ...], reduction: str) -> None:
        """Logit adjustment and balanced softmax: cross-entropy of shifted logits."""
        z, y = _batch(shape)
        labels = torch.tensor(y)
        counts = np.array([500.0, 40, 3, 1])
        shift = torch.tensor(counts).log().reshape(-1, *[1] * (len(shape) - 2))

        def theirs(tau: float, x: Any) -> Any:
            return F.cross_entropy(x + tau * shift, labels, reduction=reduction)

        for tau, ours in (
            (1.0, balanced_softmax(z, y, counts, ignore_index=-100, reduction=reduction)),
            (
                1.7,
                logit_adjusted(
                    z, y, counts / counts.sum(), tau=1.7, ignore_index=-100, reduction=reduction
                ),
            ),
        ):
            _agrees(ours, partial(theirs, tau), z)

    @each_reduction
    def test_ldam(self, reduction: str) -> None:
        """As the authors compute it, with cosines as logits."""
        z, y = RANDOM.uniform(-1, 1, (9, 4)), RANDOM.integers(0, 4, 9)
        margins = np.array([0.1, 0.2, 0.4, 0.5])
        ours = ldam(z, y, margins, scale=30, weight=W, reduction=reduction)

        def theirs(x: Any) -> Any:
            index = F.one_hot(torch.tensor(y), 4).bool()
            batch_margins = (torch.tensor(margins) * index).sum(1, keepdim=True)
            output = torch.where(index, x - batch_margins, x)
            return F.cross_entropy(
                30 * output, torch.tensor(y), weight=torch.tensor(W), reduction=reduction
            )

        _agrees(ours, theirs, z)

    @each_shape
    @pytest.mark.parametrize("smooth", [0.0, 1e-5])
    def test_generalised_dice(self, shape: tuple[int, ...], smooth: float) -> None:
        """MONAI's formula with batch=True and weights 1/n² from the batch."""
        z = RANDOM.normal(size=shape)
        labels = RANDOM.integers(0, 4, (*shape[:1], *shape[2:]))
        labels.reshape(-1)[:4] = range(4)
        counts = np.bincount(labels.reshape(-1), minlength=4)
        ours = weighted_dice(z, labels, weight=1.0 / counts**2, smooth=smooth)

        def theirs(x: Any) -> Any:
            axes = [0, *range(2, len(shape))]
            target = F.one_hot(torch.tensor(labels), 4).movedim(-1, 1).double()
            shares = x.softmax(1)
            ground = target.sum(axes)
            w = torch.reciprocal(ground * ground)
            numerator = 2 * ((target * shares).sum(axes) * w).sum() + smooth
            return 1 - numerator / (((ground + shares.sum(axes)) * w).sum() + smooth)

        _agrees(ours, theirs, z)

    def test_extremes(self) -> None:
        """±10⁴, and a class that cannot be."""
        z, y = np.array([[1e4, -1e4, 0.0], [0.0, 1e4, -np.inf]]), np.array([1, 0])
        _agrees(
            weighted_cross_entropy(z, y, weight=W[:3]),
            lambda x: F.cross_entropy(x, torch.tensor(y), weight=torch.tensor(W[:3])),
            z,
        )


class TestElements:
    """Losses of single yes-or-no answers."""

    @each_reduction
    @pytest.mark.parametrize("soft", [False, True])
    def test_binary_cross_entropy(self, reduction: str, soft: bool) -> None:
        """nn.BCEWithLogitsLoss."""
        z = RANDOM.normal(scale=3, size=(8, 3))
        y = RANDOM.uniform(size=(8, 3)) if soft else RANDOM.integers(0, 2, (8, 3)).astype(float)
        pos_weight, weight = np.array([0.5, 3, 40]), RANDOM.uniform(size=(8, 1))
        ours = weighted_binary_cross_entropy(
            z, y, pos_weight=pos_weight, weight=weight, reduction=reduction
        )
        loss = torch.nn.BCEWithLogitsLoss(
            weight=torch.tensor(weight), pos_weight=torch.tensor(pos_weight), reduction=reduction
        )
        _agrees(ours, lambda x: loss(x, torch.tensor(y)), z)

    def test_masks(self) -> None:
        """pos_weight of shape (L, 1, 1) for (N, L, H, W), as torch wants it."""
        z = RANDOM.normal(size=(2, 3, 4, 4))
        y = RANDOM.integers(0, 2, z.shape).astype(float)
        pos_weight = np.array([0.5, 3, 40]).reshape(3, 1, 1)
        loss = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(pos_weight))
        ours = weighted_binary_cross_entropy(z, y, pos_weight=pos_weight)
        _agrees(ours, lambda x: loss(x, torch.tensor(y)), z)

    def test_extremes(self) -> None:
        """±10⁴."""
        z, y = np.array([1e4, -1e4, 1e4, -1e4]), np.array([0.0, 1, 1, 0])
        ours = weighted_binary_cross_entropy(z, y, pos_weight=3)
        loss = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3.0).double())
        _agrees(ours, lambda x: loss(x, torch.tensor(y)), z)

    @each_reduction
    def test_probabilities(self, reduction: str) -> None:
        """nn.BCELoss of probabilities that were clamped."""
        p = RANDOM.uniform(size=(8, 3))
        p[0] = 0, 1, 1e-9
        y = RANDOM.integers(0, 2, (8, 3)).astype(float)
        ours = weighted_binary_cross_entropy_of_probabilities(p, y, reduction=reduction)
        loss = torch.nn.BCELoss(reduction=reduction)
        _agrees(ours, lambda x: loss(x.clamp(1e-7, 1 - 1e-7), torch.tensor(y)), p)

    @each_reduction
    @pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2), (0.9, 0.5), (-1, 2), (0.5, 0)])
    def test_focal(self, reduction: str, alpha: float, gamma: float) -> None:
        """torchvision.ops.sigmoid_focal_loss, whose α = −1 means none."""
        z = RANDOM.normal(scale=3, size=(8, 3))
        y = RANDOM.integers(0, 2, (8, 3)).astype(float)
        ours = focal(z, y, alpha=None if alpha < 0 else alpha, gamma=gamma, reduction=reduction)

        def theirs(x: Any) -> Any:
            targets = torch.tensor(y)
            p = torch.sigmoid(x)
            ce_loss = F.binary_cross_entropy_with_logits(x, targets, reduction="none")
            p_t = p * targets + (1 - p) * (1 - targets)
            loss = ce_loss * ((1 - p_t) ** gamma)
            if alpha >= 0:
                loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
            return {"none": lambda t: t, "mean": torch.mean, "sum": torch.sum}[reduction](loss)

        _agrees(ours, theirs, z)
