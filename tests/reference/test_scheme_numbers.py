"""Our weights against other libraries and published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

import imbweights
from imbweights import ClassCounts, Task, Unit
from imbweights.core.errors import UsageError
from imbweights.schemes import SCHEMES
from imbweights.schemes.weighing import Wishes, weigh

FOUR = {"A": 198, "B": 436, "C": 710, "D": 272}


@pytest.mark.parametrize(
    ("scheme", "options", "expected"),
    [
        ("inverse", {}, [8.16162, 3.70642, 2.27606, 5.94118]),
        ("inverse", {"normalize": "sum1"}, [0.406348, 0.184534, 0.113320, 0.295798]),
        ("inverse", {"normalize": "sumk"}, [1.625393, 0.738137, 0.453279, 1.183191]),
        ("balanced", {}, [2.040404, 0.926606, 0.569014, 1.485294]),
        ("sqrt-inverse", {}, [1.893636, 1.276104, 1, 1.615640]),
        ("power", {"gamma": 0.5}, [1.893636, 1.276104, 1, 1.615640]),
        ("log", {"c": 1.02}, [7.505225, 3.929448, 2.645534, 5.795829]),
        ("effective", {"beta": 0.999}, [1.529030, 0.777273, 0.540350, 1.153347]),
    ],
)
def test_the_four_class_case(scheme: str, options: dict[str, float], expected: list[float]) -> None:
    """Worked by hand: N = 1616, K = 4; six digits."""
    weights = imbweights.suggest(FOUR, scheme, **options)
    np.testing.assert_allclose(weights.values, expected, rtol=2e-6, atol=5e-7)


@given(st.lists(st.integers(0, 8), min_size=2).filter(lambda y: len(set(y)) > 1))
def test_balanced_equals_scikit_learn(y: list[int]) -> None:
    """compute_class_weight on the same labels."""
    classes = np.unique(y)
    expected = compute_class_weight("balanced", classes=classes, y=y)
    weights = imbweights.suggest(y, "balanced")
    assert weights.classes == tuple(map(str, classes.tolist()))
    np.testing.assert_allclose(weights.values, expected, rtol=1e-12)


@given(st.lists(st.sampled_from("abcd"), min_size=2).filter(lambda y: len(set(y)) > 1))
def test_sample_weight_equals_scikit_learn(y: list[str]) -> None:
    """compute_sample_weight on the same labels."""
    ours = imbweights.suggest(y, "balanced").sample_weight(y)
    np.testing.assert_allclose(ours, compute_sample_weight("balanced", y), rtol=1e-12)


def test_scikit_learns_own_example() -> None:
    """The example of compute_class_weight's documentation."""
    weights = imbweights.suggest([1, 1, 1, 1, 0, 0], "balanced")
    assert weights.as_dict() == {0: 1.5, 1: 0.75}


def test_pytorchs_own_example() -> None:
    """BCEWithLogitsLoss: 100 positive and 300 negative examples give pos_weight 3."""
    weights = imbweights.suggest({"negative": 300, "positive": 100}, "pos-weight")
    assert weights.as_dict() == {"positive": 3.0}
    assert weights.indices == (1,)


def test_tensorflows_credit_card_tutorial() -> None:
    """492 frauds of 284,807: the tutorial's two weights."""
    weights = imbweights.suggest({"0": 284_807 - 492, "1": 492}, "balanced")
    np.testing.assert_allclose(weights.values, [0.50086524, 289.43801], rtol=1e-7)


def test_effective_number_on_cifar_10_lt() -> None:
    """Cui et al.'s CIFAR-10 with imbalance 100 and β = .9999, as their code gives it."""
    n = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]
    expected = [
        0.0506114, 0.0768998, 0.1211339, 0.1950367, 0.3188054,
        0.5245899, 0.8683489, 1.4426273, 2.4092231, 3.9927238,
    ]  # fmt: skip
    weights = imbweights.suggest(dict(enumerate(n)), "effective", beta=0.9999)
    np.testing.assert_allclose(weights.values, expected, rtol=2e-6, atol=5e-7)


def test_effective_number_keeps_its_digits_next_to_one() -> None:
    """(1 − β)/(1 − βⁿ) in 50-digit arithmetic, where the plain formula loses half its digits."""
    from decimal import Decimal, getcontext

    getcontext().prec = 50
    beta, n = 1 - 1e-12, [10, 1000, 10**6]
    exact = [(1 - Decimal(beta)) / (1 - Decimal(beta) ** k) for k in n]
    expected = [float(3 * e / sum(exact)) for e in exact]
    weights = imbweights.suggest(dict(enumerate(n)), "effective", beta=beta)
    np.testing.assert_allclose(weights.values, expected, rtol=1e-12)


CAMVID_PIXELS = [
    10682767, 14750079, 623349, 20076880, 2845085, 6166762,
    743859, 714595, 3719877, 405385, 184967, 2503995,
]  # fmt: skip
CAMVID_IMAGES = [366, 365, 366, 367, 349, 319, 351, 173, 360, 317, 201, 367]
CAMVID_WEIGHTS = [
    0.256527308, 0.185282667, 4.396287575, 0.136869322, 0.918473131, 0.387319864,
    3.533074291, 1.812685267, 0.724619798, 5.855012981, 8.136508447, 1.097409921,
]  # fmt: skip


def test_median_frequency_on_camvid_with_void_as_a_class() -> None:
    """367 masks of 480 × 360, all 12 values counted: worked by hand from the pixel counts."""
    counts = ClassCounts(
        classes=tuple(map(str, range(12))),
        counts=np.array(CAMVID_PIXELS),
        present=np.array(CAMVID_IMAGES),
        extent=np.array(CAMVID_IMAGES) * 480 * 360,
        samples=367,
        task=Task.SEGMENTATION,
        unit=Unit.PIXELS,
    )
    weights = weigh(SCHEMES["median-frequency"], counts, Wishes())
    np.testing.assert_allclose(weights.values, CAMVID_WEIGHTS, rtol=1e-8)


def _camvid_without_void() -> ClassCounts:
    """The 11 classes; void, the last of the 12 values, is ignored."""
    pixels = np.array(CAMVID_PIXELS[:-1])
    return ClassCounts(
        classes=tuple(map(str, range(11))),
        counts=pixels,
        present=np.array(CAMVID_IMAGES[:-1]),
        extent=pixels,  # not used below
        samples=367,
        ignored=CAMVID_PIXELS[-1],
        task=Task.SEGMENTATION,
        unit=Unit.PIXELS,
        extent_with_void=np.array(CAMVID_IMAGES[:-1]) * 480 * 360,
    )


def test_median_frequency_of_camvid_with_void_in_the_denominator() -> None:
    """Void is no class, but its pixels stay in the extent."""
    counts = _camvid_without_void()
    wishes = Wishes(void_in_denominator=True)
    found = weigh(SCHEMES["median-frequency"], counts, wishes)
    expected = [0.279298, 0.201729, 4.786517, 0.149018, 1, 0.421700]
    expected += [3.846682, 1.973586, 0.788940, 6.374724, 8.858733]
    np.testing.assert_allclose(found.values, expected, atol=6e-7)
    assert found.parameters["void"] == CAMVID_PIXELS[-1]


def test_log_weights_with_void_in_the_denominator_by_hand() -> None:
    """1 / ln(c + n / (N + void))."""
    counts = _camvid_without_void()
    found = weigh(SCHEMES["log"], counts, Wishes(void_in_denominator=True))
    whole = sum(CAMVID_PIXELS)
    assert whole == 367 * 480 * 360
    expected = [1 / math.log(1.02 + n / whole) for n in CAMVID_PIXELS[:-1]]
    np.testing.assert_allclose(found.values, expected, rtol=1e-12)


def test_void_in_the_denominator_needs_masks_and_a_scheme_that_divides() -> None:
    """Otherwise the option would do nothing."""
    wishes = Wishes(void_in_denominator=True)
    with pytest.raises(UsageError, match="means nothing to balanced"):
        weigh(SCHEMES["balanced"], _camvid_without_void(), wishes)
    with pytest.raises(UsageError, match="is for masks"):
        weigh(SCHEMES["log"], ClassCounts.multiclass({"a": 1, "b": 2}), wishes)
