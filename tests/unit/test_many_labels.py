"""Many labels at once give what scikit-learn gives for each alone."""

from __future__ import annotations

import tracemalloc
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss

from imbweights.core.errors import UsageError
from imbweights.evidence import multilabel
from imbweights.evidence.many_labels import fit_many
from imbweights.evidence.solving import alone as newton
from imbweights.evidence.solving import coefficients, curvature, path
from imbweights.evidence.solving.descent import descend
from imbweights.evidence.solving.rows import Rows

Floats = npt.NDArray[np.float64]

# Of decision values, whose spread is 1 to 10 here; stated in the docstring of ``fit_many``.
NEAR = 1e-3


def made(
    rows: int, labels: int, features: int, seed: int = 0
) -> tuple[Floats, npt.NDArray[np.int8]]:
    """Rows with two of the labels each, and features that tell something of them."""
    rng = np.random.default_rng(seed)
    y = np.zeros((rows, labels), np.int8)
    np.put_along_axis(y, rng.random((rows, labels)).argpartition(2, axis=1)[:, :2], 1, axis=1)
    x = y @ rng.standard_normal((labels, features)) + rng.standard_normal((rows, features))
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def ratio(y: npt.NDArray[np.int8]) -> Floats:
    """Negatives / positives per label."""
    on = y.sum(axis=0)
    return np.asarray((len(y) - on) / on)


def alone(x: Floats, on: npt.NDArray[Any], weight: float, c: float = 1.0) -> LogisticRegression:
    """What scikit-learn fits, driven to convergence."""
    return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-10, max_iter=1000).fit(
        x, on, sample_weight=np.where(on, weight, 1.0)
    )


@pytest.mark.parametrize("gammas", [(0, 0.25, 0.5, 0.75, 1), (1, 0, 1.5), (0.5, 0.5)])
def test_every_label_and_weight_equals_scikit_learn(gammas: tuple[float, ...]) -> None:
    """In any order of the grid, repeated weights included."""
    x, y = made(rows=1200, labels=6, features=12)
    fitted = fit_many(x, sparse.csc_array(y), [ratio(y) ** g for g in gammas], jobs=2)
    for point, gamma in enumerate(gammas):
        scores = fitted.scores(x, point)
        for label in range(y.shape[1]):
            model = alone(x, y[:, label], ratio(y)[label] ** gamma)
            assert scores[:, label] == pytest.approx(model.decision_function(x), abs=NEAR)
            assert fitted.coef[point, label] == pytest.approx(model.coef_[0], abs=NEAR)


def test_scores_are_within_a_standard_error_of_the_full_fit() -> None:
    """Macro F1 and log loss on held-out folds, nearer than a tenth of what folds differ by."""
    x, y = made(rows=1500, labels=12, features=8)
    weights = ratio(y) ** 0.5
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for fold in range(5):
        test = np.arange(len(x)) % 5 == fold
        z = fit_many(x[~test], y[~test], [weights], jobs=1).scores(x[test], 0)
        best = np.column_stack(
            [
                alone(x[~test], y[~test, j], weights[j]).decision_function(x[test])
                for j in range(y.shape[1])
            ]
        )
        for scores, found in ((z, ours), (best, theirs)):
            f1 = f1_score(y[test], scores > 0, average="macro", zero_division=0)
            found.append((f1, log_loss(y[test].ravel(), expit(scores.ravel()))))
    error = np.std(theirs, axis=0, ddof=1) / np.sqrt(5)
    assert (np.abs(np.mean(ours, axis=0) - np.mean(theirs, axis=0)) < error / 10).all()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(2, 60),
    features=st.integers(1, 80),
    weight=st.floats(0.01, 1000),
    c=st.sampled_from([0.01, 1.0, 10.0]),
)
def test_small_data_of_any_shape(
    seed: int, rows: int, features: int, weight: float, c: float
) -> None:
    """More features than rows, separable labels, weights far from 1, features on other scales.

    Nothing better is found by SciPy, from there or from zero.
    """
    rng = np.random.default_rng(seed)
    scales = 10.0 ** rng.integers(-1, 2, features)
    x = (rng.standard_normal((rows, features)) + rng.standard_normal(features)) * scales
    y = (rng.random((rows, 3)) < 0.4).astype(np.int8)
    fitted = fit_many(x, y, [weight], c=c, jobs=1)
    assert np.isfinite(fitted.coef).all()
    assert np.isfinite(fitted.intercept).all()
    for label in np.flatnonzero(~fitted.constant):
        found = np.append(fitted.coef[0, label], fitted.intercept[0, label])
        slope_of = partial(objective, x, y[:, label], weight, c)
        value = slope_of(found)[0]
        for start in (found, np.zeros_like(found)):
            best = minimize(slope_of, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
            assert value <= best.fun + 1e-6 * (1 + best.fun)


def objective(
    x: Floats, on: npt.NDArray[np.int8], weight: float, c: float, at: Floats
) -> tuple[float, Floats]:
    """What is minimised, from its definition in double precision, and its slope."""
    z = x @ at[:-1] + at[-1]
    s = c * np.where(on, weight, 1.0)
    value = s @ np.logaddexp(0, np.where(on, -z, z)) + at[:-1] @ at[:-1] / 2
    turn = s * np.where(on, -expit(-z), expit(z))
    return float(value), np.append(x.T @ turn + at[:-1], turn.sum())


def test_labels_that_are_nowhere_or_everywhere_on_get_one_answer() -> None:
    """Finite, of the right sign, whatever their weight; the others are not disturbed."""
    x, y = made(rows=200, labels=6, features=4)
    y[:, 1], y[:, 4] = 0, 1
    odd = np.where([False, True, False, False, True, False], [np.nan, np.inf, 1, 1, 0, 1], 2.0)
    fitted = fit_many(x, sparse.csc_array(y), [odd, 3.0], jobs=1)
    assert fitted.constant.tolist() == [False, True, False, False, True, False]
    assert (fitted.coef[:, [1, 4]] == 0).all()
    assert fitted.intercept[:, [1, 4]] == pytest.approx(
        np.tile([np.log(0.5 / 200.5), np.log(200.5 / 0.5)], (2, 1))
    )
    answers = fitted.decide(x, 0)
    assert not answers[:, 1].any()
    assert answers[:, 4].all()
    assert fitted.coef[1, 0] == pytest.approx(alone(x, y[:, 0], 3).coef_[0], abs=NEAR)


def test_no_label_that_varies() -> None:
    """Nothing to fit is no error."""
    fitted = fit_many(np.ones((5, 2)), np.zeros((5, 3), int), [1.0, 2.0])
    assert fitted.coef.shape == (2, 3, 2)
    assert fitted.constant.all()


def test_constant_and_shifted_features() -> None:
    """A constant tells nothing and gets 0; a large offset costs no precision."""
    x, y = made(rows=500, labels=5, features=4)
    shifted = np.column_stack([x * [1, 10, 0.1, 1] + [1e5, 0, 0, -1e4], np.full(len(x), 0.1)])
    fitted = fit_many(shifted, y, [2.0], jobs=1)
    assert (fitted.coef[..., -1] == 0).all()
    for label in range(5):
        model = alone(shifted - shifted.mean(axis=0), y[:, label], 2.0)
        best = model.decision_function(shifted - shifted.mean(axis=0))
        assert fitted.scores(shifted, 0)[:, label] == pytest.approx(best, abs=NEAR)


def test_too_many_features_to_invert(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a limit only the diagonal of the Hessians is used; the answer is the same."""
    monkeypatch.setattr(curvature, "MOST_COLUMNS", 50)
    x, y = made(rows=300, labels=4, features=120)
    fitted = fit_many(x, y, [1.0, 8.0], jobs=1)
    for point, weight in enumerate((1.0, 8.0)):
        for label in range(4):
            best = alone(x, y[:, label], weight).decision_function(x)
            assert fitted.scores(x, point)[:, label] == pytest.approx(best, abs=NEAR)


def test_what_does_not_finish_is_fitted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pass is never enough."""
    x, y = made(rows=400, labels=4, features=5)
    monkeypatch.setattr(path, "descend", partial(descend, passes=1))
    fitted = fit_many(x + 3, y, [1.0, 5.0], jobs=1)
    for point, weight in enumerate((1.0, 5.0)):
        for label in range(4):
            model = alone(x + 3, y[:, label], weight)
            assert fitted.coef[point, label] == pytest.approx(model.coef_[0], abs=1e-5)
            assert fitted.intercept[point, label] == pytest.approx(model.intercept_[0], abs=1e-5)


def test_columns_that_say_the_same_and_hardly_any_ridge() -> None:
    """The Hessian has no inverse in single precision; the minimum is found all the same."""
    x, y = made(rows=300, labels=4, features=2)
    twice = np.concatenate([x, x], axis=1)
    fitted = fit_many(twice, y, [1.0], c=1e9, jobs=1)
    for label in range(2):
        expected = alone(x, y[:, label], 1.0, c=2e9).decision_function(x)
        found = twice @ fitted.coef[0, label] + fitted.intercept[0, label]
        assert found == pytest.approx(expected, abs=1e-2 * np.abs(expected).max())


def test_steps_of_one_label_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last one it is where it got to, which is below where it began."""
    x, y = made(rows=200, labels=3, features=4)
    rows, on, start = Rows.of(x, 1.0), y[:, 0] > 0, np.zeros(5)
    whole = newton.fit_alone(rows, on, 2.0, start)
    monkeypatch.setattr(newton, "_STEPS", 1)
    once = newton.fit_alone(rows, on, 2.0, start)
    again = newton.fit_alone(rows, on, 2.0, once)
    far = [float(np.abs(at - whole).max()) for at in (start, once, again)]
    assert far[0] > far[1] > far[2] > 0


@pytest.mark.parametrize(("share", "certain"), [(0, 0.0), (1, 1.0)])
def test_a_label_that_never_changes_in_training(share: int, certain: float) -> None:
    """Is answered as it was there, nearly surely, whatever the features."""
    x, y = made(rows=60, labels=4, features=3)
    on = np.stack([y[:, 0] > 0, np.full(60, share, dtype=bool)], axis=1)
    fitted = multilabel.fit_many(x, on, np.ones((1, 2)))
    p = multilabel.probabilities(x, fitted, 0)
    assert p[:, 1] == pytest.approx(certain, abs=1e-8)
    assert 0 < p[:, 1].min() <= p[:, 1].max() < 1
    assert p[:, 0] == pytest.approx(alone(x, y[:, 0], 1.0).predict_proba(x)[:, 1], abs=1e-2)


def test_threads_and_progress() -> None:
    """As many threads as wanted: the same bits; each block is told."""
    x, y = made(rows=400, labels=200, features=3)
    told: list[tuple[int, int]] = []
    one = fit_many(x, y, [1.0], jobs=1, progress=lambda done, of: told.append((done, of)))
    two = fit_many(x, y, [1.0], jobs=2)
    assert (one.coef == two.coef).all()
    assert (one.intercept == two.intercept).all()
    assert len(told) > 1
    assert told[-1] == (200, 200)


def test_scores_and_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """In batches or at once, with one threshold or one per label."""
    x, y = made(rows=90, labels=5, features=3)
    fitted = fit_many(x, y, [1.0, 4.0], jobs=1)
    monkeypatch.setattr(coefficients, "_AT_A_TIME", 70)
    whole = np.stack([fitted.scores(x, 0), fitted.scores(x, 1)])
    parts = list(fitted.in_batches(x))
    assert len(parts) > 1
    assert np.concatenate([values for _, values in parts], axis=1) == pytest.approx(whole)
    assert [x[part].shape[0] for part, _ in parts] == [values.shape[1] for _, values in parts]
    thresholds = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    assert (fitted.decide(x, 1) == (whole[1] > 0)).all()
    assert (fitted.decide(x, 1, thresholds) == (whole[1] > thresholds)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": [[1.0], [np.nan], [3.0]]}, "1 of 3 rows hold NaN or inf .the first is row 1"),
        ({"x": [["a"], ["b"], ["c"]]}, "must be numbers"),
        ({"x": [1.0, 2.0, 3.0]}, "rows × columns"),
        ({"labels": [[1], [0]]}, "with 3 rows"),
        ({"labels": [[1], [0], [2]]}, "0 or 1"),
        ({"pos_weights": [0.0]}, "above 0"),
        ({"pos_weights": [np.nan]}, "above 0"),
        ({"pos_weights": [[1.0, 2.0]]}, "one per label"),
        ({"c": 0.0}, "C is above 0"),
    ],
)
def test_bad_input(change: dict[str, Any], message: str) -> None:
    """Says what was expected and what was found."""
    good: dict[str, Any] = {
        "x": [[1.0], [2.0], [3.0]],
        "labels": [[1], [0], [1]],
        "pos_weights": [1.0],
    }
    with pytest.raises(UsageError, match=message):
        fit_many(**(good | change))


def test_memory_is_that_of_some_labels_at_a_time() -> None:
    """Less than decision values of all labels and weights (102 MB) would take, by far."""
    x, y = made(rows=10_000, labels=256, features=32)
    labels = sparse.csc_array(y)
    tracemalloc.start()
    try:
        fit_many(x, labels, [1.0, 4.0, 16.0, 64.0, 128.0], jobs=2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50e6
