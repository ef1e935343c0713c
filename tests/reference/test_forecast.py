"""Every number of the forecast against a simulation or a published case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from sklearn.linear_model import LogisticRegression

import imbweights
from imbweights import ClassCounts, ClassWeights, Forecast, Unit
from imbweights.core.errors import UsageError
from imbweights.forecasting import forecast
from imbweights.forecasting.batches import chance_of_none
from imbweights.losses import weighted_binary_cross_entropy, weighted_cross_entropy

FOUR = {"A": 198, "B": 436, "C": 710, "D": 272}


def told(counts: dict[str, int], scheme: str, batch_size: int = 32, **options: float) -> Forecast:
    """The forecast of one scheme."""
    found = ClassCounts.multiclass(counts)
    return forecast(found, imbweights.suggest(counts, scheme, **options), batch_size)


def _labels(counts: dict[str, int]) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), list(counts.values()))


def test_sixty_to_one() -> None:
    """The real case: weight 59·y + 1 starts at 1.364, and the user saw about 1.5."""
    found = told({"background": 60, "crack": 1}, "pos-weight")
    assert found.zero_logits.plain == pytest.approx(math.log(2))
    assert found.zero_logits.by_samples == pytest.approx(1.364, abs=5e-4)
    assert found.zero_logits.by_samples < 1.5 < found.spread_logits.by_samples
    assert found.learning_rate == pytest.approx(61 / 120)


def test_kish_of_the_balanced_weights() -> None:
    """1287.31 of 1616, as the formula gives by hand."""
    found = told(FOUR, "balanced")
    assert found.effective == pytest.approx(1287.31, abs=5e-3)
    assert found.effective_share == pytest.approx(1287.31 / 1616, abs=1e-5)


def test_kish_is_how_noisy_a_weighted_mean_is() -> None:
    """The variance of a weighted mean of noise is that of a plain mean over so many samples."""
    rng = np.random.default_rng(0)
    w = imbweights.suggest(FOUR, "inverse").values[_labels(FOUR)]
    means = (rng.normal(size=(4000, len(w))) @ w) / w.sum()
    assert 1 / means.var() == pytest.approx(told(FOUR, "inverse").effective, rel=0.08)


@pytest.mark.parametrize("spread", [0.0, 1.0])
@pytest.mark.parametrize("scheme", ["inverse", "sqrt-inverse"])
def test_first_loss_of_a_softmax(scheme: str, spread: float) -> None:
    """Random logits, our own loss in both conventions of the mean."""
    rng = np.random.default_rng(1)
    y = np.tile(_labels(FOUR), 40)
    logits = rng.normal(0, spread, (len(y), 4)) if spread else np.zeros((len(y), 4))
    w = imbweights.suggest(FOUR, scheme).values
    found = told(FOUR, scheme)
    expected = found.spread_logits if spread else found.zero_logits
    by_weights = weighted_cross_entropy(logits, y, weight=w).value
    by_samples = weighted_cross_entropy(logits, y, weight=w, mean_over="samples").value
    plain = weighted_cross_entropy(logits, y).value
    assert [plain, by_samples, by_weights] == pytest.approx(
        [expected.plain, expected.by_samples, expected.by_weights], rel=0.01
    )


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_first_loss_of_a_sigmoid(spread: float) -> None:
    """Random logits, weighted binary cross-entropy."""
    rng = np.random.default_rng(2)
    y = np.repeat([0.0, 1.0], [60_000, 1000])
    logits = rng.normal(0, spread, len(y)) if spread else np.zeros(len(y))
    found = told({"no": 60, "yes": 1}, "pos-weight")
    expected = found.spread_logits if spread else found.zero_logits
    loss = weighted_binary_cross_entropy(logits, y, pos_weight=60.0).value
    assert loss == pytest.approx(expected.by_samples, rel=0.02)


def test_first_loss_grows_with_the_spread_as_documented() -> None:
    """About (1 − 1/K) σ²/2 for a softmax and σ²/8 for a sigmoid, for small spreads."""
    from imbweights.forecasting.first_loss import at_spread
    from imbweights.forecasting.groups import Group

    for k in (2, 10, 1000):
        group = Group(tuple(map(str, range(k))), np.ones(k), np.ones(k), sigmoid=False)
        grown = at_spread((group,), 0.2).plain - math.log(k)
        assert grown == pytest.approx((1 - 1 / k) * 0.02, rel=0.03)
    label = Group(("no", "yes"), np.ones(2), np.ones(2), sigmoid=True)
    assert at_spread((label,), 0.2).plain - math.log(2) == pytest.approx(0.005, rel=0.03)


def test_first_loss_at_the_class_shares() -> None:
    """Every sample predicted as the shares: the entropy without weights."""
    shares = np.array(list(FOUR.values())) / 1616
    logits = np.tile(np.log(shares), (1616, 1))
    w = imbweights.suggest(FOUR, "balanced").values
    found = told(FOUR, "balanced").class_shares
    assert found.plain == pytest.approx(-(shares * np.log(shares)).sum())
    assert found.by_weights == pytest.approx(
        weighted_cross_entropy(logits, _labels(FOUR), weight=w).value
    )


def test_gradients_grow_by_the_mean_and_the_root_mean_square() -> None:
    """At zero logits, where every sample has a gradient of the same length."""
    w = imbweights.suggest(FOUR, "inverse").values
    y = _labels(FOUR)
    zero = np.zeros((len(y), 4))
    length = np.linalg.norm
    plain = weighted_cross_entropy(zero, y, reduction="sum").gradient
    heavy = weighted_cross_entropy(zero, y, weight=w, reduction="sum").gradient
    each = length(heavy, axis=1) / length(plain, axis=1)
    found = told(FOUR, "inverse")
    assert each.mean() == pytest.approx(found.mean_weight)
    assert math.sqrt((each**2).mean()) == pytest.approx(found.rms_weight)


def test_the_learning_rate_factor_undoes_the_scale() -> None:
    """Weights times 7 and learning rate times the factor: the same steps of gradient descent."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(400, 3)), rng.integers(0, 2, 400)
    counts = {"0": int((y == 0).sum()), "1": int((y == 1).sum())}
    paths = []
    for scale in (1.0, 7.0):
        weights = imbweights.suggest(counts, "balanced").values * scale
        found = _scaled(counts, weights)
        theta = np.zeros((3, 2))
        for _ in range(50):
            loss = weighted_cross_entropy(x @ theta, y, weight=weights, mean_over="samples")
            theta -= 0.5 * found.learning_rate * (x.T @ loss.gradient)
        paths.append(theta)
    np.testing.assert_allclose(paths[0], paths[1], rtol=1e-9)


def _scaled(counts: dict[str, int], values: np.ndarray) -> Forecast:
    plain = imbweights.suggest(counts, "balanced")
    scaled = ClassWeights(
        classes=plain.classes,
        values=values,
        counts=plain.counts,
        scheme=plain.scheme,
        role=plain.role,
    )
    return forecast(ClassCounts.multiclass(counts), scaled)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 80))
def test_chance_of_an_absent_class(with_it: int, without: int, size: int) -> None:
    """The hypergeometric distribution, as SciPy has it."""
    whole = with_it + without
    expected = hypergeom(whole, with_it, min(size, whole)).pmf(0)
    assert chance_of_none(with_it, whole, size, whole) == pytest.approx(expected, abs=1e-9)


def test_batches_by_drawing_them() -> None:
    """Chance of none, mean number and spread of the summed weight, over shuffled epochs."""
    rng = np.random.default_rng(4)
    y = _labels(FOUR)
    w = imbweights.suggest(FOUR, "balanced").values
    drawn = np.array([rng.choice(y, 32, replace=False) for _ in range(20_000)])
    found = told(FOUR, "balanced").batches
    assert (drawn != 0).all(axis=1).mean() == pytest.approx(found.none, abs=0.004)
    assert (drawn == 0).sum(axis=1).mean() == pytest.approx(found.expected, rel=0.01)
    sums = w[drawn].sum(axis=1)
    assert found.spread is not None
    assert sums.std() / sums.mean() == pytest.approx(found.spread, rel=0.03)


@given(st.integers(1, 500), st.integers(1, 5000))
def test_the_batch_size_is_the_smallest_that_is_enough(rare: int, rest: int) -> None:
    """Below 5 % at that size, not yet at one less."""
    found = told({"rare": rare, "rest": rest}, "balanced").batches
    n, whole = min(rare, rest), rare + rest
    assert chance_of_none(n, whole, found.enough, whole) < 0.05
    assert found.enough == 1 or chance_of_none(n, whole, found.enough - 1, whole) >= 0.05


def test_summed_weight_of_rows_with_several_labels() -> None:
    """From the label sets: a row with two rare labels weighs more than one with none."""
    sets = {(): 50, (0,): 30, (0, 1): 5, (1,): 15}
    counts = ClassCounts.multilabel(["a", "b"], sets)
    rows = np.array([s for s, n in sets.items() for _ in range(n)], dtype=object)
    y = np.array([[i in row for i in range(2)] for row in rows])
    weights = imbweights.suggest(y.astype(int), "pos-weight")
    sums = (1 + (weights.values - 1) * y).sum(axis=1)
    rng = np.random.default_rng(5)
    drawn = np.array([rng.choice(sums, 8, replace=False).sum() for _ in range(20_000)])
    found = forecast(counts, weights, 8).batches
    assert found.spread == pytest.approx(drawn.std() / drawn.mean(), rel=0.03)


def test_the_shift_of_probabilities_and_its_correction() -> None:
    """A logistic regression, hardly regularised, on data that it fits: q and the corrected q."""
    rng = np.random.default_rng(6)
    x = rng.normal(size=(200_000, 1))
    true = 1 / (1 + np.exp(-(1.5 * x[:, 0] - 3)))
    y = (rng.random(len(x)) < true).astype(int)
    counts = {"0": int((y == 0).sum()), "1": int(y.sum())}
    weights = imbweights.suggest(counts, "pos-weight")
    sample_weight = np.where(y == 1, weights.values[0], 1.0)
    model = LogisticRegression(C=1e6).fit(x, y, sample_weight=sample_weight)
    shown = model.predict_proba(x)[:, 1]
    found = forecast(ClassCounts.multiclass(counts), weights).shift
    assert found is not None
    corrected = shown / (shown + found.odds * (1 - shown))
    assert np.abs(corrected - true).max() < 0.02
    at_half = np.abs(true - 0.5).argmin()
    assert shown[at_half] == pytest.approx(found.half_becomes, abs=0.02)
    assert found.corrected(found.half_becomes) == pytest.approx(0.5)
    assert true[np.abs(shown - 0.5).argmin()] == pytest.approx(found.half_means, abs=0.02)


def test_a_ratio_has_no_population() -> None:
    """The terms of a ratio are shares: drawn with replacement, no finite-population correction."""
    counts = ClassCounts.multiclass({"n": 60, "p": 1}, unit=Unit.PARTS)
    weights = imbweights.suggest({"n": 60, "p": 1}, "pos-weight")
    found = forecast(counts, weights, 32).batches
    assert found.none == pytest.approx((60 / 61) ** 32)


def test_what_is_no_weight_has_no_forecast() -> None:
    """Rather than a number that means nothing."""
    with pytest.raises(UsageError, match="no forecast for a margin"):
        told(FOUR, "ldam-margins")
    with pytest.raises(UsageError, match="at least 1"):
        told(FOUR, "balanced", batch_size=0)


def test_a_weight_of_zero_cannot_be_undone() -> None:
    """No division by zero, and no shift."""
    counts = ClassCounts.multilabel(["always", "some"], {(0,): 5, (0, 1): 5})
    weights = imbweights.suggest(np.array([[1, 0]] * 5 + [[1, 1]] * 5), "pos-weight")
    assert forecast(counts, weights).shift is None
