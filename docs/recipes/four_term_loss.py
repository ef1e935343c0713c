"""The four-term loss of an autoencoder, in NumPy, each term with its gradient.

‖λ cov(H) − I‖_F + ‖H/4 + λ ‖W₁W₁ᵀ − I‖_F‖_F + ‖λ cov(Q) − I‖_F + MSE(input, output)

``python four_term_loss.py`` trains for a few steps. four_term_loss.md says how the formula is read.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Parameters = dict[str, FloatArray]


def frobenius(a: FloatArray) -> tuple[float, FloatArray]:
    """‖A‖_F = √(Σ aᵢⱼ²) and its gradient A/‖A‖_F; A of any shape.

    The norm has a kink at A = 0. There any matrix of norm at most 1 is a subgradient; this is 0, the
    choice of torch, so that a term that is already perfect does not push.

    >>> frobenius(np.array([[1.0, -1.0], [-1.0, 1.0]]))[0]
    2.0
    """
    norm = float(np.sqrt((a * a).sum()))
    return norm, a / norm if norm else np.zeros_like(a)


def whiteness(hidden: FloatArray, lam: float) -> tuple[float, FloatArray]:
    """‖λ cov(H) − I‖_F and ∂/∂H, for H (N, h): N samples, h features.

    cov(H) = H̃ᵀH̃/(N − 1), H̃ = H less its column means: (h, h), as np.cov and torch.cov. With
    G = ∂‖A‖/∂A, symmetric: ∂/∂H = 2λ/(N − 1) H̃ G. (H̃ G has column means 0 already.)
    """
    rows = len(hidden) - 1
    if rows < 1:
        raise ValueError("a covariance needs at least two samples in the batch")
    centred = hidden - hidden.mean(axis=0)
    value, slope = frobenius(lam * centred.T @ centred / rows - np.eye(hidden.shape[1]))
    return value, 2 * lam / rows * centred @ slope


def orthonormality(weight: FloatArray) -> tuple[float, FloatArray]:
    """‖WWᵀ − I‖_F and ∂/∂W = 2 G W, for W (h, D): 0 when its rows are orthonormal.

    That needs h ≤ D; with more rows than columns the least possible value is √(h − D).
    """
    value, slope = frobenius(weight @ weight.T - np.eye(len(weight)))
    return value, 2 * slope @ weight


def shifted_activity(
    hidden: FloatArray, weight: FloatArray, lam: float
) -> tuple[float, FloatArray, FloatArray]:
    """‖H/4 + λr‖_F, r = ‖WWᵀ − I‖_F, and ∂/∂H and ∂/∂W.

    The number λr is added to each entry of H/4. With G = ∂‖A‖/∂A: ∂/∂H = G/4, ∂/∂r = λ ΣG.
    """
    r, slope_of_r = orthonormality(weight)
    value, slope = frobenius(hidden / 4 + lam * r)
    return value, slope / 4, lam * slope.sum() * slope_of_r


def mean_squared_error(output: FloatArray, target: FloatArray) -> tuple[float, FloatArray]:
    """Mean over all entries of (output − target)², and ∂/∂output."""
    error = output - target
    return float((error * error).mean()), 2 * error / error.size


def new_parameters(inputs: int, first: int, second: int, seed: int = 0) -> Parameters:
    """Small random matrices (outputs, inputs), as torch.nn.Linear holds them; biases 0."""
    random = np.random.default_rng(seed)
    sizes = [inputs, first, second, inputs]
    made: Parameters = {}
    for layer in (1, 2, 3):
        shape = (sizes[layer], sizes[layer - 1])
        made[f"w{layer}"] = random.normal(scale=shape[1] ** -0.5, size=shape)
        made[f"b{layer}"] = np.zeros(shape[0])
    return made


def forward(x: FloatArray, p: Parameters) -> tuple[FloatArray, FloatArray, FloatArray]:
    """H (N, h), Q (N, q) and the output (N, D): two tanh layers and a linear one."""
    hidden = np.tanh(x @ p["w1"].T + p["b1"])
    second = np.tanh(hidden @ p["w2"].T + p["b2"])
    return hidden, second, second @ p["w3"].T + p["b3"]


def loss_and_gradient(
    x: FloatArray, p: Parameters, lam: float
) -> tuple[dict[str, float], Parameters]:
    """The four terms, and the gradient of their sum for every parameter."""
    hidden, second, output = forward(x, p)
    white_h, d_white_h = whiteness(hidden, lam)
    shifted, d_shifted_h, d_shifted_w = shifted_activity(hidden, p["w1"], lam)
    white_q, d_white_q = whiteness(second, lam)
    error, d_output = mean_squared_error(output, x)

    # Backwards through the layers; each constraint joins where its layer's output is.
    d_second = (d_output @ p["w3"] + d_white_q) * (1 - second**2)
    d_hidden = (d_second @ p["w2"] + d_white_h + d_shifted_h) * (1 - hidden**2)
    gradient = {
        "w1": d_hidden.T @ x + d_shifted_w,
        "b1": d_hidden.sum(axis=0),
        "w2": d_second.T @ hidden,
        "b2": d_second.sum(axis=0),
        "w3": d_output.T @ second,
        "b3": d_output.sum(axis=0),
    }
    return {"white H": white_h, "shifted": shifted, "white Q": white_q, "mse": error}, gradient


def train(
    x: FloatArray, p: Parameters, lam: float, *, steps: int, rate: float
) -> tuple[list[float], Parameters]:
    """Plain gradient descent: the loss before each step, and the new parameters."""
    losses = []
    for _ in range(steps):
        terms, gradient = loss_and_gradient(x, p, lam)
        losses.append(sum(terms.values()))
        p = {name: value - rate * gradient[name] for name, value in p.items()}
    return losses, p


if __name__ == "__main__":
    data = np.random.default_rng(1).normal(size=(32, 6))
    history, trained = train(data, new_parameters(6, 4, 3), 1.0, steps=50, rate=0.02)
    print(f"loss {history[0]:.3f} → {history[-1]:.3f}")
    for term, number in loss_and_gradient(data, trained, 1.0)[0].items():
        print(f"{term:8} {number:.3f}")
