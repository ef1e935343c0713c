"""Weights from what mistakes cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imbweights.core.cost_matrix import CostMatrix
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import UsageError
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameters, Scheme


def cost_weights(costs: FloatArray) -> FloatArray:
    """w_t = Σ_q (C[t, q] − C[t, t]): C (K, K) costs, t the true class, q the predicted one.

    Exact for two classes (w₁ : w₀ = C[1,0] − C[1,1] : C[0,1] − C[0,0]); for more an approximation,
    since one number per class cannot tell a cheap mistake from a dear one. The counts play no
    part: the loss sees each class as often as it occurs.

    Source: Breiman et al. 1984, "Classification and Regression Trees"; Elkan 2001, IJCAI (who
    writes c(predicted, true), the transpose).

    >>> cost_weights(np.array([[0.0, 1.0], [10.0, 0.0]])).tolist()
    [1.0, 10.0]
    """
    weights: FloatArray = (costs - np.diag(costs)[:, None]).sum(axis=1)
    return weights


def threshold(costs: FloatArray) -> float:
    """p* = (C01 − C00) / (C01 − C00 + C10 − C11): answer 1 when its probability is at least p*.

    Source: Elkan 2001, IJCAI, equation 2.

    >>> round(threshold(np.array([[0.0, 1.0], [10.0, 0.0]])), 6)
    0.090909
    """
    dear, cheap = costs[1, 0] - costs[1, 1], costs[0, 1] - costs[0, 0]
    return float(cheap / (cheap + dear))


def _unbound(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    del counts, parameters
    raise UsageError(
        "cost-matrix needs to know what mistakes cost: --costs FILE",
        hint="K lines of K numbers, rows true, columns predicted, such as\n0,1\n10,0",
    )


def with_costs(matrix: CostMatrix) -> Scheme:
    """The scheme for one cost matrix."""

    def compute(counts: ClassCounts, parameters: Parameters) -> FloatArray:
        del parameters
        return cost_weights(matrix.for_classes(counts.classes))

    def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
        del parameters, values
        costs = matrix.for_classes(counts.classes)
        if len(costs) == 2:
            first, second = counts.classes
            note = (
                "moving the threshold does the same without weights, and Elkan (2001) prefers it: "
                f"answer {second!r} when its probability is at least {threshold(costs):.4g}, "
                f"else {first!r}"
            )
        else:
            note = (
                "for more than two classes one weight per class is an approximation (Breiman); exact "
                "without weights: answer the q with the least Σ_t p_t C[t, q]"
            )
        return (note,)

    return replace(SCHEME, compute=compute, caveats=caveats)


SCHEME = Scheme(
    name="cost-matrix",
    title="Cost matrix",
    formula="Σ_q (C[t, q] − C[t, t])",
    reference="Breiman et al. 1984; Elkan 2001",
    compute=_unbound,
    with_costs=with_costs,
)
