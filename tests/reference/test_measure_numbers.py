"""Our measures against other libraries, published numbers and plain definitions."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.dummy import DummyClassifier
from sklearn.metrics import f1_score

from imbweights import ClassCounts
from imbweights.measures import MEASURES, measured

COUNTS = st.lists(st.integers(1, 10**6), min_size=2, max_size=10)
FOUR = ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})


def of(name: str, values: list[int]) -> object:
    """One measure of counts."""
    counts = ClassCounts.multiclass({str(i): n for i, n in enumerate(values)})
    return MEASURES[name].compute(counts)


def test_the_four_class_case() -> None:
    """Worked by hand, six digits."""
    found = measured(FOUR)
    assert found["imbalance_ratio"] == pytest.approx(710 / 198)
    assert found["normalized_entropy"] == pytest.approx(0.917528, abs=5e-7)
    assert found["effective_classes"] == pytest.approx(3.567851, abs=5e-7)
    assert found["inverse_simpson"] == pytest.approx(3.234466, abs=5e-7)
    assert found["majority_share"] == pytest.approx(710 / 1616)


@given(COUNTS)
def test_entropy_equals_scipy(values: list[int]) -> None:
    """scipy.stats.entropy over ln K, and its exponential."""
    h = stats.entropy(values)
    assert of("normalized_entropy", values) == pytest.approx(h / math.log(len(values)), rel=1e-9)
    assert of("effective_classes", values) == pytest.approx(math.exp(h), rel=1e-9)


@given(COUNTS)
def test_lrid_equals_scipys_g_test(values: list[int]) -> None:
    """LRID is the G statistic against equal expected counts."""
    g = stats.power_divergence(values, lambda_="log-likelihood").statistic
    found = of("lrid", values)
    assert isinstance(found, dict)
    assert found["value"] == pytest.approx(g, rel=1e-6, abs=1e-6 * sum(values))
    assert found["per_2n"] == pytest.approx(found["value"] / (2 * sum(values)))


@given(COUNTS)
def test_gini_equals_the_mean_difference(values: list[int]) -> None:
    """Half the mean absolute difference over all pairs, divided by the mean."""
    n = np.array(values, dtype=np.float64)
    pairs = np.abs(n[:, None] - n[None, :]).mean()
    assert of("gini", values) == pytest.approx(pairs / (2 * n.mean()), rel=1e-9, abs=1e-12)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=5))
def test_the_accuracy_trap_equals_a_dummy_classifier(values: list[int]) -> None:
    """DummyClassifier("most_frequent") scored by scikit-learn."""
    y = np.repeat(np.arange(len(values)), values)
    x = np.zeros((len(y), 1))
    predicted = DummyClassifier(strategy="most_frequent").fit(x, y).predict(x)
    assert of("majority_share", values) == pytest.approx((predicted == y).mean())
    macro = f1_score(y, predicted, average="macro", zero_division=0)
    assert of("majority_macro_f1", values) == pytest.approx(macro)


@pytest.mark.parametrize(
    ("values", "hellinger", "total_variation"),
    [
        # One of three classes below 1/3: d(ζ, e) / d((0, 1/3, 2/3), e), worked by hand.
        ([10, 40, 40], 0.439690, (1 / 3 - 1 / 9) / (1 / 3)),
        ([5, 5, 5], 0.0, 0.0),
    ],
)
def test_imbalance_degree(values: list[int], hellinger: float, total_variation: float) -> None:
    """The formula of Ortigosa-Hernández with two distances."""
    found = of("imbalance_degree", values)
    assert isinstance(found, dict)
    assert found["total_variation"] == pytest.approx(total_variation)
    assert found["hellinger"] == pytest.approx(hellinger, abs=5e-6)


@given(COUNTS)
def test_imbalance_degree_lies_between_m_minus_1_and_m(values: list[int]) -> None:
    """The interval tells the number of minority classes m."""
    m = sum(n * len(values) < sum(values) for n in values)
    found = of("imbalance_degree", values)
    assert isinstance(found, dict)
    for degree in found.values():
        assert max(m - 1, 0) - 1e-9 <= degree <= m + 1e-9


@pytest.mark.parametrize(
    ("positives", "mean_ir", "cvir"),
    [
        ([173, 166, 264, 148, 168, 189], 1.478068, 0.1796),  # emotions
        ([153, 91, 99, 91, 146, 52, 26], 2.254709, 0.764775),  # flags
    ],
)
def test_imbalance_per_label_equals_mldr(positives: list[int], mean_ir: float, cvir: float) -> None:
    """MeanIR and CVIR as the R package mldr reports them for its data sets."""
    names = [str(i) for i in range(len(positives))]
    counts = ClassCounts.multilabel(names, {(i,): n for i, n in enumerate(positives)})
    assert MEASURES["mean_ir"].compute(counts) == pytest.approx(mean_ir, abs=5e-7)
    assert MEASURES["cvir"].compute(counts) == pytest.approx(cvir, abs=5e-5)


def test_scumble_by_hand() -> None:
    """Three rows: {a}, {a}, {a, b}. IRLbl a = 1, b = 3; one row has 1 − √3/2; mean over 3."""
    counts = ClassCounts.multilabel(["a", "b"], {(0,): 2, (0, 1): 1})
    expected = (1 - math.sqrt(1 * 3) / ((1 + 3) / 2)) / 3
    assert MEASURES["scumble"].compute(counts) == pytest.approx(expected)


@pytest.mark.parametrize("name", MEASURES)
def test_measures_of_one_class_are_defined_or_none(name: str) -> None:
    """Never NaN, never infinite."""
    one = ClassCounts.multiclass({"a": 5})
    if one.task in MEASURES[name].tasks:
        value = MEASURES[name].compute(one)
        assert not isinstance(value, tuple)
        numbers = list(value.values()) if isinstance(value, Mapping) else [value]
        assert all(v is None or math.isfinite(v) for v in numbers)


def test_shots_at_their_borders() -> None:
    """Liu et al.: many is more than 100, few is fewer than 20."""
    counts = ClassCounts.multiclass({"a": 101, "b": 100, "c": 20, "d": 19, "e": 0})
    assert MEASURES["shots"].compute(counts) == {"many": 1, "medium": 2, "few": 1, "none": 1}
