"""The recipes against torch: every term by autograd, and whole trainings step by step."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from typing import Any

import four_term_loss as four
import numpy as np
import pytest
import weighted_with_constraints as constrained
from doc_code import RECIPES, run_page
from frameworks_support import needs
from gradients import FloatArray

torch = needs("torch")
recipe = needs("four_term_loss_torch")
norm = torch.linalg.matrix_norm

RANDOM = np.random.default_rng(5)
H = np.tanh(RANDOM.normal(size=(7, 4)))
W = RANDOM.normal(size=(4, 6))


def _autograd(function: Callable[..., Any], *at: FloatArray) -> tuple[float, list[FloatArray]]:
    tensors = [torch.tensor(a, requires_grad=True) for a in at]
    value = function(*tensors)
    value.backward()
    return value.item(), [t.grad.numpy() for t in tensors]


def _eye(size: int) -> Any:
    return torch.eye(size, dtype=torch.float64)


def _white(h: Any) -> Any:
    return norm(1.3 * torch.cov(h.T) - _eye(4))


def _ortho(w: Any) -> Any:
    return norm(w @ w.T - _eye(4))


def _shifted(h: Any, w: Any) -> Any:
    return norm(h / 4 + 0.7 * _ortho(w))


@pytest.mark.parametrize(
    ("theirs", "at", "ours"),
    [
        (_white, [H], four.whiteness(H, 1.3)),
        (_ortho, [W], four.orthonormality(W)),
        (_shifted, [H, W], four.shifted_activity(H, W, 0.7)),
        (
            lambda x: torch.nn.functional.mse_loss(x, torch.tensor(W[:2])),
            [W[2:]],
            four.mean_squared_error(W[2:], W[:2]),
        ),
        (norm, [np.zeros((2, 3))], four.frobenius(np.zeros((2, 3)))),
        (_ortho, [np.eye(4)], four.orthonormality(np.eye(4))),
    ],
    ids=["whiteness", "orthonormality", "shifted", "mse", "zero", "orthonormal"],
)
def test_each_term(theirs: Callable[..., Any], at: list[FloatArray], ours: tuple[Any, ...]) -> None:
    """Value and gradients; at the kink too, where torch takes 0."""
    value, gradients = _autograd(theirs, *at)
    assert ours[0] == pytest.approx(value, rel=1e-9)
    for found, expected in zip(ours[1:], gradients, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_training_goes_the_same_way() -> None:
    """Fifty steps from the same start, in NumPy and in torch."""
    x = np.random.default_rng(1).normal(size=(32, 6))
    start = four.new_parameters(6, 4, 3)
    model = recipe.Autoencoder(6, 4, 3).double()
    with torch.no_grad():
        for i, layer in enumerate((model.first, model.second, model.third), start=1):
            layer.weight.copy_(torch.tensor(start[f"w{i}"]))
            layer.bias.copy_(torch.tensor(start[f"b{i}"]))
    ours, trained = four.train(x, start, 1.0, steps=50, rate=0.02)
    theirs = recipe.train(model, torch.tensor(x), 1.0, steps=50, rate=0.02)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    np.testing.assert_allclose(trained["w1"], model.first.weight.detach().numpy(), rtol=1e-6)


def test_weighted_loss_with_constraints() -> None:
    """The gradient of the sum, for every parameter."""
    x, y = constrained.rare_class()
    weight = np.array([0.55, 5.5])
    p = constrained.new_parameters(5, 3, 2)
    terms, gradient = constrained.loss_and_gradient(x, y, weight, p)
    names = list(p)

    def theirs(*values: Any) -> Any:
        w1, b1, w2, b2 = values
        hidden = torch.tanh(torch.tensor(x) @ w1.T + b1)
        ce = torch.nn.functional.cross_entropy(
            hidden @ w2.T + b2, torch.tensor(y), weight=torch.tensor(weight)
        )
        white = norm(constrained.LAMBDA * torch.cov(hidden.T) - _eye(3))
        return ce + constrained.A * white + constrained.B * norm(w1 @ w1.T - _eye(3))

    value, expected = _autograd(theirs, *p.values())
    assert sum(terms.values()) == pytest.approx(value, rel=1e-9)
    for name, there in zip(names, expected, strict=True):
        np.testing.assert_allclose(gradient[name], there, rtol=1e-9, atol=1e-12)


def test_the_page() -> None:
    """All blocks of docs/recipes/four_term_loss.md."""
    run_page(RECIPES / "four_term_loss.md", frameworks=True)


def test_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    """As a program."""
    runpy.run_path(str(RECIPES / "four_term_loss_torch.py"), run_name="__main__")
    assert capsys.readouterr().out.startswith("loss ")
