"""Weights for a sampler: one per sample, not per class."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import Parameter, Parameters, Scheme, floats

GAMMA = Parameter(
    name="gamma",
    symbol="γ",
    default=1.0,
    meaning="1: every class drawn equally often, 0.5: square-root sampling, 0: as in the data",
    least=0,
)


def sampler(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = (1/n)^γ of the sample's class, scaled so that Σ n w = N: the mean over samples is 1.

    n: count of the class, N the sum of all counts. A sampler that draws with replacement and these
    probabilities (up to scale) shows class c with probability n^(1−γ) / Σ n^(1−γ).

    Source: PyTorch ``WeightedRandomSampler``; Mahajan et al. 2018 (γ = ½).

    >>> sampler(ClassCounts.multiclass({"a": 300, "b": 100}), {"gamma": 1.0}).round(6).tolist()
    [0.666667, 2.0]
    """
    n = floats(counts)
    relative: FloatArray = (float(n.max()) / n) ** parameters["gamma"]
    return relative * (float(n.sum()) / float((n * relative).sum()))


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """How to use it, and how often the rarest samples come back."""
    del parameters
    most = int(values.argmax())
    note = (
        "one weight per sample, that of its class: -o sampler.npy writes them in the order of the rows; "
        "draw with replacement, and leave the loss unweighted"
    )
    repeats = float(values[most])
    if repeats < 20:
        return (note,)
    often = (
        f"in one epoch of N draws each sample of {counts.classes[most]!r} is seen about {repeats:,.0f} times: "
        "augment them, or the network learns them by heart; --gamma 0.5 is milder"
    )
    return (note, often)


SCHEME = Scheme(
    name="sampler",
    title="Sampler",
    formula="(1/n)^γ, mean 1 over samples",
    reference="PyTorch, WeightedRandomSampler",
    compute=sampler,
    parameters=(GAMMA,),
    tasks=frozenset({Task.MULTICLASS}),
    role=Role.SAMPLE_WEIGHT,
    caveats=caveats,
)
