"""Our weights against other libraries and published numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

import imbweights
from imbweights import ClassCounts, Task, Unit
from imbweights.core.errors import UsageError
from imbweights.core.weights import Role
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


CIFAR_10_LT = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]


def test_ldam_margins_on_cifar_10_lt() -> None:
    """Cao et al.'s code: 1/n^¼ scaled so that the largest margin is 0.5."""
    expected = [
        0.158114, 0.179697, 0.204238, 0.232091, 0.263829,
        0.299768, 0.340675, 0.387221, 0.440497, 0.5,
    ]  # fmt: skip
    found = imbweights.suggest(dict(enumerate(CIFAR_10_LT)), "ldam-margins")
    np.testing.assert_allclose(found.values, expected, atol=5e-7)
    assert found.role is Role.MARGIN


def test_tensorflows_initial_bias() -> None:
    """The tutorial's log(pos/neg) for 492 frauds of 284,807."""
    found = imbweights.suggest({"0": 284_807 - 492, "1": 492}, "initial-bias")
    assert found.values.tolist() == [pytest.approx(-6.35935934, abs=5e-9)]
    assert (found.classes, found.role) == (("1",), Role.INITIAL_BIAS)


def test_initial_bias_gives_back_the_frequencies() -> None:
    """The sigmoid of each label's bias, and the softmax of all, are the shares."""
    labels = np.array([[1, 0], [1, 1], [0, 0], [1, 0], [1, 0]])
    sigmoid = imbweights.suggest(labels, "initial-bias").values
    np.testing.assert_allclose(1 / (1 + np.exp(-sigmoid)), [0.8, 0.2], rtol=1e-12)
    softmax = np.exp(imbweights.suggest(FOUR, "initial-bias").values)
    np.testing.assert_allclose(softmax / softmax.sum(), np.array([198, 436, 710, 272]) / 1616)


def test_log_ratio_by_hand() -> None:
    """max(1, ln(0.15 N / n)) for N = 1000: ln 15 and ln 1.5, the second under the floor."""
    found = imbweights.suggest({"a": 10, "b": 100, "c": 890}, "log-ratio")
    np.testing.assert_allclose(found.values, [2.70805, 1.0, 1.0], rtol=1e-5)
    assert "2 classes are at the floor" in found.notes[0]


def test_generalised_dice_is_proportional_to_the_inverse_square() -> None:
    """Sudre et al.: 1/n²; the scale cancels in the loss."""
    found = imbweights.suggest(FOUR, "generalised-dice").values
    expected = 1 / np.array([198, 436, 710, 272]) ** 2.0
    np.testing.assert_allclose(found / found.sum(), expected / expected.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    ("costs", "weights", "threshold"),
    [
        ([[0, 1], [10, 0]], [1, 10], "0.09091"),  # Elkan: 1/(1 + 10)
        ([[0, 5], [1, 0]], [5, 1], "0.8333"),
        ([[1, 3], [9, 1]], [2, 8], "0.2"),  # right answers cost, too
    ],
)
def test_costs_of_two_classes(
    costs: list[list[float]], weights: list[float], threshold: str
) -> None:
    """Rows true, columns predicted; the threshold minimises the expected cost."""
    found = imbweights.suggest({"0": 90, "1": 10}, "cost-matrix", costs=costs)
    assert found.values.tolist() == weights
    assert f"at least {threshold}" in found.notes[0]
    c = np.array(costs, dtype=float)
    p = np.linspace(0, 1, 100_001)
    one_is_cheaper = (1 - p) * c[0, 1] + p * c[1, 1] <= (1 - p) * c[0, 0] + p * c[1, 0]
    assert p[one_is_cheaper].min() == pytest.approx(float(threshold), abs=1e-4)


def test_costs_of_three_classes_are_summed() -> None:
    """Breiman's approximation, said to be one; the order is that of the names in the file."""
    costs = [[0, 1, 2], [3, 0, 4], [5, 6, 0]]
    found = imbweights.suggest({"a": 1, "b": 2, "c": 3}, "cost-matrix", costs=costs)
    assert found.values.tolist() == [3, 7, 11]
    assert found.costs == ((0, 1, 2), (3, 0, 4), (5, 6, 0))
    assert "approximation" in found.notes[0]


def test_logit_adjustment_turns_frequencies_into_equal_shares() -> None:
    """A model that only knows the frequencies is undecided after z − τ ln p with τ = 1."""
    shares = np.array([198, 436, 710, 272]) / 1616
    found = imbweights.suggest(FOUR, "logit-adjustment")
    np.testing.assert_allclose(np.log(shares) - found.values, 0, atol=1e-12)
    half = imbweights.suggest(FOUR, "logit-adjustment", tau=0.5)
    np.testing.assert_allclose(half.values, 0.5 * np.log(shares), rtol=1e-12)


def test_repeat_factors_as_detectron2_computes_them() -> None:
    """max(1, √(t / f)), f the share of images with the class."""
    sets = {(0,): 7000, (0, 1): 2990, (2,): 9, (1, 2): 1}
    counts = ClassCounts.multilabel(["a", "b", "c"], sets)
    found = weigh(SCHEMES["repeat-factor"], counts, Wishes(parameters={"threshold": 0.01}))
    share = np.array([9990, 2991, 10]) / 10_000
    expected = [max(1.0, math.sqrt(0.01 / f)) for f in share]
    np.testing.assert_allclose(found.values, expected, rtol=1e-12)
    idle = weigh(SCHEMES["repeat-factor"], counts, Wishes(parameters={"threshold": 0.0005}))
    assert any("nothing is repeated" in note for note in idle.notes)


@pytest.mark.parametrize(
    ("gamma", "shares"), [(1.0, [0.5, 0.5]), (0.5, [0.75, 0.25]), (0.0, [0.9, 0.1])]
)
def test_a_sampler_draws_classes_as_promised(gamma: float, shares: list[float]) -> None:
    """n·w over its sum is the chance of a class: n^(1 − γ) over its sum."""
    found = imbweights.suggest({"a": 900, "b": 100}, "sampler", gamma=gamma)
    drawn = found.values * [900, 100]
    np.testing.assert_allclose(drawn / drawn.sum(), shares, rtol=1e-12)
    assert drawn.sum() == pytest.approx(1000)


def test_deferred_weights_have_two_stages() -> None:
    """All 1 until the epoch, then the effective number of samples."""
    found = imbweights.suggest(dict(enumerate(CIFAR_10_LT)), "deferred", beta=0.9999, epoch=80)
    (first, ones), (start, late) = found.stages
    assert (first, start) == (0, 80)
    assert ones.tolist() == [1.0] * 10
    plain = imbweights.suggest(dict(enumerate(CIFAR_10_LT)), "effective", beta=0.9999)
    np.testing.assert_array_equal(late, plain.values)
    stages = found.to_dict()["stages"]
    assert [s["from_epoch"] for s in stages] == [0, 80]


def test_beta_auto_is_n_minus_1_over_n() -> None:
    """The choice without a parameter."""
    auto = imbweights.suggest(FOUR, "effective", beta="auto")
    given_beta = imbweights.suggest(FOUR, "effective", beta=1615 / 1616)
    assert auto.parameters["beta"] == 1615 / 1616
    np.testing.assert_allclose(auto.values, given_beta.values, rtol=1e-12)


@pytest.mark.parametrize(
    ("scheme", "counts", "options", "warning"),
    [
        ("effective", {"a": 10**6, "b": 10**7}, {"beta": 0.99}, "is saturated"),
        ("log-ratio", {"a": 300, "b": 700}, {}, "at the floor of 1"),
        ("inverse", {"a": 1, "b": 1000}, {}, "--cap"),
        ("generalised-dice", {"a": 10, "b": 200}, {}, "--cap"),
        ("median-frequency", {"a": 10, "b": 200, "c": 30, "d": 50}, {}, "even number"),
        ("focal-alpha", {"a": 10, "b": 20, "c": 30}, {}, "does nothing"),
        ("focal-alpha", {"a": 10, "b": 20}, {}, "the frequent one"),
        ("scale-pos-weight", {"0": 90, "1": 10}, {}, "max_delta_step"),
        ("sampler", {"a": 10, "b": 990}, {}, "seen about 50 times"),
        ("log", {"a": 1, "b": 4, "c": 10_000}, {}, "near the largest possible weight"),
    ],
)
def test_a_scheme_says_where_it_misbehaves(
    scheme: str, counts: dict[str, int], options: dict[str, float], warning: str
) -> None:
    """On these counts, and not on counts where it behaves."""
    found = imbweights.suggest(counts, scheme, **options)
    assert any(warning in note for note in found.notes), found.notes


@pytest.mark.parametrize(
    ("scheme", "counts", "options"),
    [
        ("effective", FOUR, {}),
        ("log-ratio", {"a": 10, "b": 100, "c": 890}, {"mu": 0.5}),
        ("inverse", FOUR, {}),
        ("inverse", {"a": 1, "b": 1000}, {"cap": 50}),
        ("generalised-dice", FOUR, {}),
        ("focal-alpha", {"a": 20, "b": 10}, {}),
        ("log", FOUR, {}),
    ],
)
def test_a_scheme_that_behaves_says_nothing(
    scheme: str, counts: dict[str, int], options: dict[str, float]
) -> None:
    """A warning that is always there warns of nothing."""
    warnings = imbweights.suggest(counts, scheme, **options).notes
    assert not [note for note in warnings if "floor" not in note], warnings


def test_void_in_or_out_of_the_denominator_is_said() -> None:
    """For masks with ignored pixels, and only until it is chosen."""
    for name in ("log", "median-frequency"):
        left_out = weigh(SCHEMES[name], _camvid_without_void(), Wishes())
        assert any("--void-in-denominator" in note for note in left_out.notes)
        kept = weigh(SCHEMES[name], _camvid_without_void(), Wishes(void_in_denominator=True))
        assert not any("--void-in-denominator" in note for note in kept.notes)


@pytest.mark.parametrize("labels", [["10", "9", "2"], ["b", "A", "a"], [10, 9, 2], ["é", "e", "z"]])
def test_class_order_is_that_of_label_encoder(labels: list[Any]) -> None:
    """The commonest mistake in the wild; text that holds whole numbers is sorted as numbers."""
    from sklearn.preprocessing import LabelEncoder

    numbers = [int(x) for x in labels] if str(labels[0]).isdigit() else labels
    expected = [str(c) for c in LabelEncoder().fit(numbers).classes_]
    assert list(imbweights.suggest(labels, "balanced").classes) == expected
    fixed = imbweights.suggest(labels, "balanced", classes=labels)
    assert list(fixed.classes) == [str(x) for x in labels]


def test_rows_without_a_label_are_no_images_without_the_class() -> None:
    """One of six labelled rows: the same share decides the factor and is told."""
    counts = ClassCounts.multiclass({"a": 5, "b": 1}, missing=4)
    idle = weigh(SCHEMES["repeat-factor"], counts, Wishes())
    assert any("the rarest in 0.167" in note for note in idle.notes)
    found = weigh(SCHEMES["repeat-factor"], counts, Wishes(parameters={"threshold": 0.6}))
    np.testing.assert_allclose(found.values, [1, math.sqrt(0.6 * 6)])
