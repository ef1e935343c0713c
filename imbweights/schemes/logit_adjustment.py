"""Logit adjustment: no weight, an offset for every logit."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import Parameter, Parameters, Scheme, floats

TAU = Parameter(
    name="tau",
    symbol="τ",
    default=1.0,
    meaning="1: aims at the balanced error; 0: nothing",
    least=0,
)


def logit_adjustment(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """offset = τ ln p: p = n/N the share of the class, τ ≥ 0.

    Train with z + τ ln p in the loss and predict with z alone; or train without, and predict with
    z − τ ln p. Not both. τ = 1 in training is the balanced softmax up to a constant.

    Source: Menon et al. 2021, arXiv:2007.07314; Ren et al. 2020, arXiv:2007.10740.

    >>> logit_adjustment(ClassCounts.multiclass({"a": 300, "b": 100}), {"tau": 1.0}).round(6).tolist()
    [-0.287682, -1.386294]
    """
    n = floats(counts)
    shares: FloatArray = n / float(n.sum())
    return parameters["tau"] * np.log(shares)


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """How to use it."""
    del counts, parameters, values
    note = (
        "these are no weights: add them to the logits in the training loss, or subtract them from "
        "the logits of a plainly trained model when it predicts; not both"
    )
    return (note,)


SCHEME = Scheme(
    name="logit-adjustment",
    title="Logit adjustment",
    formula="τ ln(n/N)",
    reference="Menon et al. 2021, arXiv:2007.07314",
    compute=logit_adjustment,
    parameters=(TAU,),
    role=Role.LOGIT_OFFSET,
    caveats=caveats,
)
