"""The loss that training prints first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from imbweights.core.weights import FloatArray
from imbweights.forecasting.groups import Group

WIDEST = 1.0
_NODES = 80


@dataclass(frozen=True, slots=True)
class FirstLoss:
    """The mean loss before training has begun, in nats.

    ``plain``: without weights. ``by_samples``: weighted, divided by the number of samples, as
    Keras, MATLAB's example, ``pos_weight`` and tree libraries do. ``by_weights``: weighted and
    divided by the sum of the weights, as PyTorch's cross-entropy does; ``None`` for a sigmoid,
    where no framework divides so.
    """

    plain: float
    by_samples: float
    by_weights: float | None

    def to_dict(self) -> dict[str, float | None]:
        """JSON-ready form."""
        return {
            "unweighted": self.plain,
            "weighted_mean_over_samples": self.by_samples,
            "weighted_mean_over_weights": self.by_weights,
        }


def at_spread(groups: tuple[Group, ...], spread: float) -> FirstLoss:
    """Logits drawn from a normal distribution of mean 0 and standard deviation σ = ``spread``.

    Softmax over K: E[ln Σ exp z] = ln K + (1 − 1/K) σ²/2 − …, so about σ²/2 above ln K for many
    classes; sigmoid: E[ln(1 + exp z)] = ln 2 + σ²/8 − …. Both are the same for every class, and a
    weighted mean over samples is m times as large, m the mean weight over samples.

    >>> import numpy as np
    >>> g = Group(("background", "crack"), np.array([60.0, 1]), np.array([1.0, 60.0]), True)
    >>> round(at_spread((g,), 0.0).by_samples, 3), round(at_spread((g,), 1.0).by_samples, 3)
    (1.364, 1.586)
    """

    def loss(group: Group) -> FloatArray:
        one = _sigmoid_loss(spread) if group.sigmoid else _softmax_loss(len(group.names), spread)
        return np.full(len(group.names), one)

    return _averaged(groups, loss)


def at_shares(groups: tuple[Group, ...]) -> FirstLoss:
    """Every sample predicted as the shares of the classes: where a bias set to them starts.

    Without weights that is the entropy −Σ p ln p, p the shares.
    """

    def loss(group: Group) -> FloatArray:
        with np.errstate(divide="ignore"):
            logs: FloatArray = -np.log(group.shares)
        return np.where(group.shares > 0, logs, 0.0)

    return _averaged(groups, loss)


def _averaged(groups: tuple[Group, ...], loss: Callable[[Group], FloatArray]) -> FirstLoss:
    """The mean over questions of the means over samples, ``loss`` giving that of each class."""
    plain = [float(g.shares @ loss(g)) for g in groups]
    weighted = [float((g.shares * g.weights) @ loss(g)) for g in groups]
    divided = None
    if not groups[0].sigmoid and groups[0].mean_weight:
        divided = weighted[0] / groups[0].mean_weight
    return FirstLoss(sum(plain) / len(plain), sum(weighted) / len(weighted), divided)


@cache
def _sigmoid_loss(spread: float) -> float:
    """E[ln(1 + exp z)] for z ~ N(0, σ²), by Gauss-Hermite quadrature."""
    nodes, masses = _normal()
    return float(masses @ np.logaddexp(0.0, spread * nodes))


@cache
def _softmax_loss(classes: int, spread: float) -> float:
    """E[ln Σ exp z_k] for K independent z ~ N(0, σ²).

    E[ln S] = ∫ (exp(−e^u) − L(e^u)^K) du with L(t) = E[exp(−t e^z)], the Laplace transform of e^z.
    """
    if spread == 0:
        return math.log(classes)
    nodes, masses = _normal()
    u = np.linspace(-50.0, 12.0, 6201)
    laplace = np.exp(-np.exp(u[:, None] + spread * nodes)) @ masses
    integrand = np.exp(-np.exp(u)) - np.minimum(laplace, 1.0) ** classes
    # By hand: NumPy's function for this has another name in every release.
    return float(((integrand[1:] + integrand[:-1]) / 2 * np.diff(u)).sum())


@cache
def _normal() -> tuple[FloatArray, FloatArray]:
    """Nodes and masses for expectations under the standard normal distribution."""
    nodes, masses = np.polynomial.hermite_e.hermegauss(_NODES)
    return nodes, masses / masses.sum()
