"""A weighted cross-entropy joined with constraints on the hidden layer and its weights.

weighted CE(z, y) + a ‖λ cov(H) − I‖_F + b ‖W₁W₁ᵀ − I‖_F, for a classifier with one hidden layer.
``python weighted_with_constraints.py`` trains for a few steps.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from four_term_loss import FloatArray, Parameters, orthonormality, whiteness

from imbweights.losses import weighted_cross_entropy

A, B, LAMBDA = 0.1, 0.1, 1.0


def loss_and_gradient(
    x: FloatArray, y: npt.NDArray[np.int64], weight: FloatArray, p: Parameters
) -> tuple[dict[str, float], Parameters]:
    """The three terms, and the gradient of their sum for every parameter."""
    hidden = np.tanh(x @ p["w1"].T + p["b1"])
    logits = hidden @ p["w2"].T + p["b2"]

    ce = weighted_cross_entropy(logits, y, weight=weight)
    white, d_white = whiteness(hidden, LAMBDA)
    ortho, d_ortho = orthonormality(p["w1"])

    d_hidden = (ce.gradient @ p["w2"] + A * d_white) * (1 - hidden**2)
    gradient = {
        "w1": d_hidden.T @ x + B * d_ortho,
        "b1": d_hidden.sum(axis=0),
        "w2": ce.gradient.T @ hidden,
        "b2": ce.gradient.sum(axis=0),
    }
    return {"cross-entropy": float(ce.value), "white": A * white, "ortho": B * ortho}, gradient


def train(
    x: FloatArray,
    y: npt.NDArray[np.int64],
    weight: FloatArray,
    p: Parameters,
    *,
    steps: int,
    rate: float,
) -> tuple[list[float], Parameters]:
    """Plain gradient descent: the loss before each step, and the new parameters."""
    losses = []
    for _ in range(steps):
        terms, gradient = loss_and_gradient(x, y, weight, p)
        losses.append(sum(terms.values()))
        p = {name: value - rate * gradient[name] for name, value in p.items()}
    return losses, p


def new_parameters(inputs: int, hidden: int, classes: int, seed: int = 0) -> Parameters:
    """Small random matrices (outputs, inputs); biases 0."""
    random = np.random.default_rng(seed)
    return {
        "w1": random.normal(scale=inputs**-0.5, size=(hidden, inputs)),
        "b1": np.zeros(hidden),
        "w2": random.normal(scale=hidden**-0.5, size=(classes, hidden)),
        "b2": np.zeros(classes),
    }


def rare_class(seed: int = 1) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """60 samples of class 0 and 6 of class 1, which lies two units further."""
    random = np.random.default_rng(seed)
    y = np.repeat([0, 1], [60, 6])
    return random.normal(size=(66, 5)) + 2.0 * y[:, None], y


if __name__ == "__main__":
    data, labels = rare_class()
    balanced = len(labels) / (2 * np.bincount(labels))
    start = new_parameters(5, 3, 2)
    history, trained = train(data, labels, balanced, start, steps=50, rate=0.2)
    print(f"loss {history[0]:.3f} → {history[-1]:.3f}")
    for term, number in loss_and_gradient(data, labels, balanced, trained)[0].items():
        print(f"{term:13} {number:.3f}")
