"""The PyTorch programs, executed: values and gradients against NumPy, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from frameworks.batches import HITS as INTEGER_HITS
from frameworks.batches import MASKS, PIXELS, ROADS, ROW, Y, Z
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
from frameworks.reference import focal, ldam, same, slopes, weighted, weighted_binary
from frameworks_support import needs

from imbweights.core.counts import ClassCounts

torch = needs("torch")

HITS = INTEGER_HITS.astype(float)


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    """The printed tensors are of the default type."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def value_and_slopes(loss: Any, logits: Any, targets: Any) -> tuple[float, Any]:
    """What PyTorch finds."""
    z = torch.tensor(logits, requires_grad=True)
    value = loss(z, torch.tensor(targets))
    value.backward()
    return value.item(), z.grad.numpy()


def first(array: Any) -> Any:
    """The classes where PyTorch has them: behind the samples."""
    return np.moveaxis(array, -1, 1).copy()


def test_class_weight() -> None:
    """A mean over the weights."""
    w = weights_of(FOUR, "balanced").values
    value, gradient = value_and_slopes(run("torch", FOUR, "balanced")["loss"], Z, Y)
    same(value, weighted(Z, Y, w))
    same(gradient, slopes(lambda z: weighted(z, Y, w), Z))


def test_class_weight_of_masks() -> None:
    """Ignored pixels have no part."""
    w = weights_of(THREE_MASKS, "median-frequency").values
    loss = run("torch", THREE_MASKS, "median-frequency")["loss"]
    value, gradient = value_and_slopes(loss, first(PIXELS), MASKS)
    same(value, weighted(PIXELS, MASKS, w, ignored=VOID))
    same(gradient, first(slopes(lambda z: weighted(z, MASKS, w, ignored=VOID), PIXELS)))


@pytest.mark.parametrize("counts", [FOUR, THREE_MASKS])
def test_deferred(counts: ClassCounts) -> None:
    """Two losses, the second from the epoch on."""
    names = run("torch", counts, "deferred", parameters={"epoch": 7, "beta": 0.99})
    assert names["loss_in"](6) is names["plain"]
    assert names["loss_in"](7) is names["loss"]
    w = weights_of(counts, "deferred", parameters={"epoch": 7, "beta": 0.99}).values
    z, y = (PIXELS, MASKS) if counts is THREE_MASKS else (Z, Y)
    given = first(z) if counts is THREE_MASKS else z
    for epoch, expected in ((6, np.ones_like(w)), (7, w)):
        value, _ = value_and_slopes(names["loss_in"](epoch), given, y)
        same(value, weighted(z, y, expected, ignored=VOID))


def test_pos_weight_of_labels() -> None:
    """Only the positive term is weighted."""
    w = weights_of(LABELS, "pos-weight").values
    value, gradient = value_and_slopes(run("torch", LABELS, "pos-weight")["loss"], Z[:, :3], HITS)
    same(value, weighted_binary(Z[:, :3], HITS, w))
    same(gradient, slopes(lambda z: weighted_binary(z, HITS, w), Z[:, :3]))


@pytest.mark.parametrize(("positive", "weight"), [("yes", 3.0), ("no", 1 / 3)])
def test_pos_weight_of_two_classes(positive: str, weight: float) -> None:
    """One number, whichever class is the positive one."""
    loss = run("torch", TWO, "pos-weight", positive=positive)["loss"]
    value, gradient = value_and_slopes(loss, Z[:, :1], HITS[:, :1])
    same(value, weighted_binary(Z[:, :1], HITS[:, :1], weight))
    same(gradient, slopes(lambda z: weighted_binary(z, HITS[:, :1], weight), Z[:, :1]))


def test_pos_weight_of_masks() -> None:
    """``BCEWithLogitsLoss`` knows no ignored pixels; the printed function does."""
    loss = run("torch", TWO_MASKS, "pos-weight")["loss"]
    value, gradient = value_and_slopes(loss, ROW, ROADS.astype(float))
    same(value, weighted_binary(ROW, ROADS, 9.0, ignored=VOID))
    same(gradient, slopes(lambda z: weighted_binary(z, ROADS, 9.0, ignored=VOID), ROW))
    assert not gradient[ROADS == VOID].any()


@pytest.mark.parametrize("alpha", [0.25, 0.5, 0.9])
def test_focal_alpha(alpha: float) -> None:
    """α for the positives."""
    loss = run("torch", TWO, "focal-alpha", parameters={"alpha": alpha})["loss"]
    y = HITS[:, 0]
    value, gradient = value_and_slopes(loss, Z[:, 0], y)
    same(value, focal(Z[:, 0], y, alpha))
    same(gradient, slopes(lambda z: focal(z, y, alpha), Z[:, 0]))


def test_focal_alpha_of_masks() -> None:
    """Ignored pixels are left out here as well."""
    value, gradient = value_and_slopes(
        run("torch", TWO_MASKS, "focal-alpha")["loss"], ROW, ROADS.astype(float)
    )
    same(value, focal(ROW, ROADS, 0.25, ignored=VOID))
    same(gradient, slopes(lambda z: focal(z, ROADS, 0.25, ignored=VOID), ROW))


def test_logit_offset() -> None:
    """Cross-entropy of what is added up; for masks too."""
    offset = weights_of(FOUR, "logit-adjustment").values
    loss = run("torch", FOUR, "logit-adjustment")["loss"]
    value, gradient = value_and_slopes(loss, Z, Y)
    same(value, weighted(Z + offset, Y, np.ones(4)))
    same(gradient, slopes(lambda z: weighted(z + offset, Y, np.ones(4)), Z))

    offset = weights_of(THREE_MASKS, "logit-adjustment").values
    loss = run("torch", THREE_MASKS, "logit-adjustment")["loss"]
    value, _ = value_and_slopes(loss, first(PIXELS), MASKS)
    same(value, weighted(PIXELS + offset, MASKS, np.ones(3), ignored=VOID))


def test_margin() -> None:
    """LDAM; for masks too."""
    m = weights_of(FOUR, "ldam-margins").values
    cosines = np.tanh(Z)
    value, gradient = value_and_slopes(run("torch", FOUR, "ldam-margins")["loss"], cosines, Y)
    same(value, ldam(cosines, Y, m))
    same(gradient, slopes(lambda z: ldam(z, Y, m), cosines))

    m = weights_of(THREE_MASKS, "ldam-margins").values
    loss = run("torch", THREE_MASKS, "ldam-margins")["loss"]
    value, _ = value_and_slopes(loss, first(np.tanh(PIXELS)), MASKS)
    same(value, ldam(np.tanh(PIXELS), MASKS, m, ignored=VOID))


def test_initial_bias() -> None:
    """A network that knows nothing yet answers with the class frequencies."""
    layer = torch.nn.Linear(5, 4)
    run("torch", FOUR, "initial-bias")["set_bias"](layer)
    same(torch.softmax(layer(torch.zeros(5)), 0).detach(), FOUR.shares)
    layer = torch.nn.Conv2d(5, 1, 1)
    run("torch", TWO, "initial-bias")["set_bias"](layer)
    same(torch.sigmoid(layer(torch.zeros(1, 5, 1, 1))).detach().ravel(), [0.25])


@pytest.mark.parametrize(("gamma", "shares"), [(1.0, [0.5, 0.5]), (0.5, [0.634, 0.366])])
def test_sampler(gamma: float, shares: list[float]) -> None:
    """What is drawn: √300 / (√300 + √100) = 0.634 for square roots."""
    targets = np.repeat([0, 1], [300, 100])
    names = run("torch", TWO, "sampler", parameters={"gamma": gamma})
    torch.manual_seed(0)
    drawn = np.concatenate([targets[list(names["sampler"](targets))] for _ in range(50)])
    assert drawn.size == 50 * 400
    assert np.bincount(drawn) / drawn.size == pytest.approx(shares, abs=0.02)


def test_repeat_factor() -> None:
    """An image is drawn as often as the largest factor of its classes: √(0.2 / 0.05) = 2."""
    names = run("torch", LABELS, "repeat-factor", parameters={"threshold": 0.2})
    images = [set(), {0}, {0, 1}, {2}, {0, 2}]
    torch.manual_seed(0)
    sampler = names["sampler"](images)
    largest = [1, 1, np.sqrt(0.2 / 0.15), 2, 2]
    assert len(sampler) == round(sum(largest)) == 7
    drawn = np.bincount(np.concatenate([list(sampler) for _ in range(3000)]), minlength=5)
    assert drawn / drawn.sum() == pytest.approx(np.array(largest) / sum(largest), abs=0.01)


@pytest.mark.parametrize(
    ("counts", "scheme", "z", "y"),
    [(FOUR, "balanced", Z, Y), (LABELS, "pos-weight", Z[:, :3], HITS)],
)
def test_scale(counts: ClassCounts, scheme: str, z: Any, y: Any) -> None:
    """Whether ten times the weights is another gradient is what the header goes by."""
    one, ten = (
        value_and_slopes(run_scaled("torch", counts, scheme, factor)["loss"], z, y)[1]
        for factor in (1, 10)
    )
    assert scale_matters("torch", counts, scheme) == (not np.allclose(one, ten))


def test_scale_of_chances() -> None:
    """Ten times the weights draw the same samples."""
    assert not scale_matters("torch", TWO, "sampler")
    drawn = []
    for factor in (1, 10):
        torch.manual_seed(0)
        sampler = run_scaled("torch", TWO, "sampler", factor)["sampler"]
        drawn.append(list(sampler([0, 1, 1, 0] * 5)))
    assert drawn[0] == drawn[1]


def test_a_thousand_classes() -> None:
    """All of them, in order."""
    counts = ClassCounts.multiclass({f"c{i:04}": i + 1 for i in range(1000)})
    weight = run("torch", counts, "balanced")["weight"]
    np.testing.assert_allclose(weight.numpy(), weights_of(counts, "balanced").values, rtol=1e-8)


def test_alone() -> None:
    """As it is pasted."""
    assert_runs_alone("torch", {"A": 30, "B": 10}, "deferred")
