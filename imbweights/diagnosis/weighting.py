"""The weights of the loss: given, or of a scheme with the counts of the targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import UsageError
from imbweights.core.weights import Role
from imbweights.diagnosis.given_weights import given_weights
from imbweights.diagnosis.pairing import Kind, Pair
from imbweights.diagnosis.request import Request
from imbweights.schemes.base import Scheme
from imbweights.schemes.weighing import weigh

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """``values``: one per class, or one per label; ``names``: of those; ``said``: for people.

    ``pos_weight``: they multiply positives only.
    """

    values: FloatArray
    names: tuple[str, ...]
    said: str
    pos_weight: bool


def weights_for(request: Request, pair: Pair, both: tuple[str, ...]) -> Weights | None:
    """The weights that were asked for; ``both``: the classes that may have one.

    Raises ``UsageError`` for what does not fit the predictions.
    """
    if request.scheme is not None:
        return _from_scheme(request, request.scheme, pair, both)
    if request.weights is None:
        return None
    values = given_weights(request.weights, both)
    said = "as given"
    if pair.kind is Kind.CLASSES or (pair.width == 1 and len(values) == 2):
        _check_length(values, len(both), both)
        return Weights(values=values, names=both, said=said, pos_weight=False)
    names = both if pair.width > 1 else both[1:]
    if len(values) == 1 and pair.width > 1:
        values = np.repeat(values, pair.width)
    _check_length(values, pair.width, names)
    return Weights(values=values, names=names, said=f"pos_weight {said}", pos_weight=True)


def _check_length(values: FloatArray, wanted: int, names: Sequence[str]) -> None:
    if len(values) != wanted:
        raise UsageError(
            f"there are {len(values)} weights for {wanted} classes: {', '.join(names[:8])}"
            + (" …" if len(names) > 8 else ""),
            hint="one per class, in class order",
        )


def _from_scheme(request: Request, scheme: Scheme, pair: Pair, both: tuple[str, ...]) -> Weights:
    if scheme.role not in {Role.CLASS_WEIGHT, Role.POS_WEIGHT}:
        raise UsageError(f"--scheme {scheme.name} gives a {scheme.role}, no weights of a loss")
    if scheme.name == "median-frequency":
        raise UsageError(
            "--scheme median-frequency needs the classes of each image",
            hint="imbweights suggest MASKS --scheme median-frequency -o weights.json; then --weights weights.json",
        )
    if pair.kind is Kind.CLASSES and scheme.role is Role.POS_WEIGHT:
        raise UsageError(
            f"--scheme {scheme.name} is for a sigmoid; these predictions have {pair.width} classes that "
            "exclude each other",
            hint="--scheme balanced",
        )
    if pair.width > 1 and pair.kind is Kind.LABELS and scheme.role is not Role.POS_WEIGHT:
        raise UsageError(
            f"--scheme {scheme.name} weighs classes that exclude each other; these are labels",
            hint="--scheme pos-weight",
        )
    counts = _counts(pair, both)
    found = weigh(scheme, counts, request.wishes)
    return Weights(
        values=np.array(found.values),
        names=found.classes,
        said=scheme.name,
        pos_weight=scheme.role is Role.POS_WEIGHT,
    )


def _counts(pair: Pair, names: tuple[str, ...]) -> ClassCounts:
    """The counts of the targets: a pass over them alone."""
    if pair.kind is Kind.CLASSES:
        n = sum(
            (
                np.bincount(t[t >= 0], minlength=pair.width)
                for _, k in pair.blocks()
                for t in [pair.indices(k)]
            ),
            start=np.zeros(pair.width, dtype=np.int64),
        )
        return ClassCounts.multiclass(dict(zip(names, n.tolist(), strict=True)), order=names)
    yes, known = np.zeros(pair.width, dtype=np.int64), np.zeros(pair.width, dtype=np.int64)
    for _, key in pair.blocks():
        hits = pair.hits(key)
        yes += (hits == 1).sum(axis=0)
        known += (hits >= 0).sum(axis=0)
    if pair.width == 1:
        both = {names[0]: int(known[0] - yes[0]), names[1]: int(yes[0])}
        return ClassCounts.multiclass(both, order=names)
    return ClassCounts(
        classes=names,
        counts=yes,
        present=yes,
        extent=yes,
        samples=int(known.max()),
        task=Task.MULTILABEL,
        unit=Unit.SAMPLES,
    )


def of_groups(weights: Weights | None, pair: Pair) -> FloatArray:
    """(G,) weights of the groups of the tally."""
    groups = pair.width if pair.kind is Kind.CLASSES else 2 * pair.width
    if weights is None:
        return np.ones(groups)
    if not weights.pos_weight:
        return weights.values.copy()
    spread = np.ones((pair.width, 2))
    spread[:, 1] = weights.values
    return spread.reshape(-1)
