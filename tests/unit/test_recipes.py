"""The recipes: each term's gradient by differences, and training that gets somewhere."""

from __future__ import annotations

import runpy
from collections.abc import Callable

import four_term_loss as four
import numpy as np
import pytest
import weighted_with_constraints as constrained
from doc_code import RECIPES
from gradients import FloatArray, slopes

RANDOM = np.random.default_rng(3)
H = np.tanh(RANDOM.normal(size=(7, 4)))
W = RANDOM.normal(size=(4, 6))
TERMS: list[tuple[Callable[[FloatArray], float], FloatArray, FloatArray]] = [
    (lambda h: four.whiteness(h, 1.3)[0], H, four.whiteness(H, 1.3)[1]),
    (lambda h: four.shifted_activity(h, W, 0.7)[0], H, four.shifted_activity(H, W, 0.7)[1]),
    (lambda w: four.shifted_activity(H, w, 0.7)[0], W, four.shifted_activity(H, W, 0.7)[2]),
    (lambda w: four.orthonormality(w)[0], W, four.orthonormality(W)[1]),
    (lambda x: four.frobenius(x)[0], W, four.frobenius(W)[1]),
    (
        lambda x: four.mean_squared_error(x, W[:2])[0],
        W[2:],
        four.mean_squared_error(W[2:], W[:2])[1],
    ),
]


@pytest.mark.parametrize(
    ("term", "at", "gradient"),
    TERMS,
    ids=["whiteness", "shifted H", "shifted W", "orthonormality", "norm", "mse"],
)
def test_each_term(
    term: Callable[[FloatArray], float], at: FloatArray, gradient: FloatArray
) -> None:
    """By central differences."""
    np.testing.assert_allclose(gradient, slopes(term, at), atol=1e-7)


@pytest.mark.parametrize("name", ["w1", "b1", "w2", "b2", "w3", "b3"])
def test_the_whole_network(name: str) -> None:
    """The gradient of the sum, for every parameter."""
    x = RANDOM.normal(size=(9, 5))
    p = four.new_parameters(5, 4, 3)

    def total(value: FloatArray) -> float:
        return sum(four.loss_and_gradient(x, p | {name: value}, 0.8)[0].values())

    gradient = four.loss_and_gradient(x, p, 0.8)[1][name]
    np.testing.assert_allclose(gradient, slopes(total, p[name]), atol=1e-7)


@pytest.mark.parametrize("name", ["w1", "b1", "w2", "b2"])
def test_weighted_loss_with_constraints(name: str) -> None:
    """Likewise."""
    x, y = constrained.rare_class()
    weight = np.array([0.55, 5.5])
    p = constrained.new_parameters(5, 3, 2)

    def total(value: FloatArray) -> float:
        return sum(constrained.loss_and_gradient(x, y, weight, p | {name: value})[0].values())

    gradient = constrained.loss_and_gradient(x, y, weight, p)[1][name]
    np.testing.assert_allclose(gradient, slopes(total, p[name]), atol=1e-7)


def test_the_terms_are_those_of_numpy() -> None:
    """np.cov and np.linalg.norm; the scalar is added to every entry."""
    eye = np.eye(4)
    white = np.linalg.norm(1.3 * np.cov(H, rowvar=False) - eye)
    assert four.whiteness(H, 1.3)[0] == pytest.approx(white)
    r = np.linalg.norm(W @ W.T - eye)
    assert four.orthonormality(W)[0] == pytest.approx(r)
    shifted = np.linalg.norm(H / 4 + np.full_like(H, 0.7 * r))
    assert four.shifted_activity(H, W, 0.7)[0] == pytest.approx(shifted)


def test_a_constraint_that_is_met_does_not_push() -> None:
    """Norm 0 has the subgradient 0, and no nan."""
    for value, gradient in (four.frobenius(np.zeros((2, 3))), four.orthonormality(np.eye(3))):
        assert value == 0
        assert not gradient.any()
    least = four.orthonormality(np.eye(5)[:, :3])[0]
    assert least == pytest.approx(np.sqrt(5 - 3))


def test_one_sample_has_no_covariance() -> None:
    """Said, not nan."""
    with pytest.raises(ValueError, match="at least two samples"):
        four.whiteness(H[:1], 1.0)


def test_training_descends() -> None:
    """Both recipes lose at least half of their loss in 50 steps."""
    x = np.random.default_rng(1).normal(size=(32, 6))
    losses, _ = four.train(x, four.new_parameters(6, 4, 3), 1.0, steps=50, rate=0.02)
    assert losses[-1] < losses[0] / 2
    x, y = constrained.rare_class()
    weight = len(y) / (2 * np.bincount(y))
    losses, _ = constrained.train(
        x, y, weight, constrained.new_parameters(5, 3, 2), steps=50, rate=0.2
    )
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("name", ["four_term_loss.py", "weighted_with_constraints.py"])
def test_scripts(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As programs."""
    runpy.run_path(str(RECIPES / name), run_name="__main__")
    assert capsys.readouterr().out.startswith("loss ")
