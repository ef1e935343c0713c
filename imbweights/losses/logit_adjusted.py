"""Cross-entropy that is told how frequent the classes are: an offset to the logits, no weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.losses.base import FloatArray, Loss, MeanOver, Reduction, at_least
from imbweights.losses.class_axis import ClassRows, class_rows, class_vector
from imbweights.losses.weighted_cross_entropy import cross_entropy_of_rows


def logit_adjusted(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    priors: npt.ArrayLike,
    *,
    tau: float = 1.0,
    ignore_index: int | None = None,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓᵢ = −ln softmax(z + τ ln π)[t]; ∂ℓᵢ/∂z[c] = softmax(z + τ ln π)[c] − 1[c = t].

    z: logits (N, K) or (N, K, d₁, …), in nats. t: class indices (N,) or (N, d₁, …), or
    probabilities with the shape of the logits. π: priors (K,), shares or counts of the classes in
    the training data; a common factor cancels. τ ≥ 0, 0 leaves the plain cross-entropy. Train with
    the offset and predict with z **without** it. A class of prior 0 has the offset −∞: its
    probability and gradient are 0, and it may be nobody's target (unless τ = 0).

    The mean is over the samples that are not ignored, nan if there are none. In nats.

    Raises ``UsageError`` for shapes that do not fit, negative priors, and a target whose class has
    prior 0.

    Source: Menon et al. 2021, "Long-tail learning via logit adjustment", arXiv:2007.07314,
    equation 10.

    >>> loss = logit_adjusted([[0.0, 0.0]], [1], priors=[0.9, 0.1])
    >>> round(float(loss.value), 6), loss.gradient.round(6).tolist()
    (2.302585, [[0.9, -0.9]])
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    offsets = _offsets("priors", priors, rows.targets, at_least("tau", tau, 0))
    return _with_offsets(rows, offsets, reduction)


def balanced_softmax(
    logits: npt.ArrayLike,
    targets: npt.ArrayLike,
    counts: npt.ArrayLike,
    *,
    ignore_index: int | None = None,
    reduction: Reduction | str = Reduction.MEAN,
) -> Loss:
    """ℓᵢ = −ln (n[t] exp z[t] / Σ_c n[c] exp z[c]): ``logit_adjusted`` with τ = 1 and counts.

    n: counts (K,) of the classes in the training data, n = 0 for a class that cannot be; the rest
    as in ``logit_adjusted``.

    Source: Ren et al. 2020, "Balanced meta-softmax for long-tailed visual recognition",
    arXiv:2007.10740, equation 3.

    >>> loss = balanced_softmax([[0.0, 0.0, 5.0]], [1], counts=[9, 1, 0])
    >>> round(float(loss.value), 6), loss.gradient.round(6).tolist()
    (2.302585, [[0.9, -0.9, 0.0]])
    """
    rows = class_rows(logits, targets, ignore_index=ignore_index)
    return _with_offsets(rows, _offsets("counts", counts, rows.targets, 1.0), reduction)


def _with_offsets(rows: ClassRows, offsets: FloatArray, reduction: Reduction | str) -> Loss:
    """The cross-entropy of the logits plus the offsets."""
    with np.errstate(invalid="ignore"):  # a logit of +∞ and an offset of −∞ make nan
        rows = replace(rows, logits=rows.logits + offsets)
    return cross_entropy_of_rows(
        rows, rows.targets, reduction=reduction, mean_over=MeanOver.SAMPLES
    )


def _offsets(name: str, values: npt.ArrayLike, targets: FloatArray, tau: float) -> FloatArray:
    """τ ln π, (K,), relative to the largest; −∞ for π = 0, which no target may have."""
    priors = class_vector(name, values, targets.shape[1])
    if tau == 0:
        return np.zeros_like(priors)
    if not priors.any():
        raise UsageError(f"{name} are all 0")
    impossible = np.flatnonzero((priors == 0) & targets.any(axis=0))
    if impossible.size:
        raise UsageError(
            f"class {impossible[0]} is the target of a sample, but {name}[{impossible[0]}] is 0",
            hint=f"{name} must come from the data that is trained on",
        )
    with np.errstate(divide="ignore"):
        return np.asarray(tau * (np.log(priors) - np.log(priors.max())))
