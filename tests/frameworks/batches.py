"""Logits and targets, classes last, and what the loss of each printed program is on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from frameworks.programs import FOUR, LABELS, NO_VOID, THREE_MASKS, TWO, TWO_MASKS, VOID, weights_of
from frameworks.reference import Floats, focal, ldam, weighted, weighted_binary

from imbweights.core.counts import ClassCounts

RANDOM = np.random.default_rng(1)
Z = RANDOM.normal(scale=2, size=(9, 4))
Y = RANDOM.integers(0, 4, 9)
MASKS = np.array([[[0, 1, VOID], [2, VOID, 1]], [[VOID, 0, 0], [1, 2, 0]]])
ROADS = np.where(MASKS == VOID, VOID, MASKS % 2)
PIXELS = RANDOM.normal(scale=2, size=(2, 2, 3, 3))
ROW = RANDOM.normal(scale=2, size=(2, 2, 3))
HITS = RANDOM.integers(0, 2, (9, 3))
YES = HITS[:, 0]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A program, a batch for it, and its loss as a function of the logits and the numbers."""

    counts: ClassCounts
    scheme: str
    logits: Floats
    targets: npt.NDArray[Any]
    loss: Callable[[Floats, Floats], float]
    wishes: Mapping[str, Any] = field(default_factory=dict)

    def value(self, logits: Floats) -> float:
        """The loss of these logits, in NumPy."""
        return self.loss(logits, weights_of(self.counts, self.scheme, **self.wishes).values)


CASES = {
    "class weight": Case(
        counts=FOUR, scheme="balanced", logits=Z, targets=Y, loss=lambda z, w: weighted(z, Y, w)
    ),
    "class weight, masks": Case(
        counts=THREE_MASKS,
        scheme="median-frequency",
        logits=PIXELS,
        targets=MASKS,
        loss=lambda z, w: weighted(z, MASKS, w, ignored=VOID),
    ),
    "class weight, whole masks": Case(
        counts=NO_VOID,
        scheme="balanced",
        logits=PIXELS[..., :2],
        targets=MASKS % 2,
        loss=lambda z, w: weighted(z, MASKS % 2, w),
    ),
    "pos_weight, whole masks": Case(
        counts=NO_VOID,
        scheme="pos-weight",
        logits=ROW[..., None],
        targets=MASKS % 2,
        loss=lambda z, w: weighted_binary(z[..., 0], MASKS % 2, w),
    ),
    "pos_weight, labels": Case(
        counts=LABELS,
        scheme="pos-weight",
        logits=Z[:, :3],
        targets=HITS,
        loss=lambda z, w: weighted_binary(z, HITS, w),
    ),
    "pos_weight, binary": Case(
        counts=TWO,
        scheme="pos-weight",
        logits=Z[:, :1],
        targets=YES,  # (N,) against (N, 1)
        loss=lambda z, w: weighted_binary(z[:, 0], YES, w),
    ),
    "pos_weight of the first class": Case(
        counts=TWO,
        scheme="pos-weight",
        logits=Z[:, 0],
        targets=YES,
        loss=lambda z, w: weighted_binary(z, YES, w),
        wishes={"positive": "no"},
    ),
    "pos_weight, masks": Case(
        counts=TWO_MASKS,
        scheme="pos-weight",
        logits=ROW[..., None],
        targets=ROADS,
        loss=lambda z, w: weighted_binary(z[..., 0], ROADS, w, ignored=VOID),
    ),
    "focal": Case(
        counts=TWO,
        scheme="focal-alpha",
        logits=Z[:, :1],
        targets=YES,
        loss=lambda z, _: focal(z[:, 0], YES, 0.25),
    ),
    "focal, labels": Case(
        counts=LABELS,
        scheme="focal-alpha",
        logits=Z[:, :3],
        targets=HITS,
        loss=lambda z, _: focal(z, HITS, 0.4),
        wishes={"parameters": {"alpha": 0.4}},
    ),
    "focal, masks": Case(
        counts=TWO_MASKS,
        scheme="focal-alpha",
        logits=ROW[..., None],
        targets=ROADS,
        loss=lambda z, _: focal(z[..., 0], ROADS, 0.25, ignored=VOID),
    ),
    "offset": Case(
        counts=FOUR,
        scheme="logit-adjustment",
        logits=Z,
        targets=Y,
        loss=lambda z, offset: weighted(z + offset, Y, np.ones(4)),
    ),
    "offset, masks": Case(
        counts=THREE_MASKS,
        scheme="logit-adjustment",
        logits=PIXELS,
        targets=MASKS,
        loss=lambda z, offset: weighted(z + offset, MASKS, np.ones(3), ignored=VOID),
    ),
    "margin": Case(
        counts=FOUR,
        scheme="ldam-margins",
        logits=np.tanh(Z),
        targets=Y,
        loss=lambda z, m: ldam(z, Y, m),
    ),
    "margin, masks": Case(
        counts=THREE_MASKS,
        scheme="ldam-margins",
        logits=np.tanh(PIXELS),
        targets=MASKS,
        loss=lambda z, m: ldam(z, MASKS, m, ignored=VOID),
    ),
}
