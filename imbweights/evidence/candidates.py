"""What is compared: no weights, schemes, a grid of weights; each as a function of training counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import EmptyPolicy
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import UsageError
from imbweights.core.weights import ClassWeights, Role
from imbweights.evidence.fitting import normalised, weights_key
from imbweights.evidence.result import Kind
from imbweights.schemes import SCHEMES, find_scheme
from imbweights.schemes.base import Scheme
from imbweights.schemes.weighing import Wishes, applicable, is_binary, weigh

FloatArray = npt.NDArray[np.float64]

GAMMAS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
PLAIN = "plain"
BALANCED = "balanced"
THRESHOLD = "plain, threshold tuned"
BEST_WEIGHT = "best weight"
WEIGHT_THRESHOLD = "best weight, threshold tuned"
_SIGNS = {0.25: "¼", 0.5: "½", 0.75: "¾", 1.0: "1", 1.25: "1¼"}
_WEIGHTS = frozenset((Role.CLASS_WEIGHT, Role.POS_WEIGHT))


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """One way to weight: a scheme with its wishes, or a given ``pos_weight``, or nothing.

    ``positive``: index of the positive class of binary data. ``gamma``: exponent of the grid.
    """

    name: str
    kind: Kind
    scheme: Scheme | None = None
    wishes: Wishes = field(default_factory=Wishes)
    value: float | None = None
    gamma: float | None = None
    positive: int | None = None

    def weights(self, counts: ClassCounts) -> ClassWeights | None:
        """What to train with, by these counts; ``None``: no weights."""
        if self.scheme is None and self.value is None:
            return None
        if self.scheme is not None:
            return weigh(self.scheme, counts, self.wishes)
        chosen = range(len(counts.classes)) if self.positive is None else [self.positive]
        return ClassWeights(
            classes=tuple(counts.classes[i] for i in chosen),
            values=np.full(len(chosen), self.value, dtype=np.float64),
            counts=tuple(int(counts.counts[i]) for i in chosen),
            scheme="pos-weight",
            role=Role.POS_WEIGHT,
            indices=tuple(chosen),
        )

    def vector(self, counts: ClassCounts) -> FloatArray:
        """(K,) class weights with mean 1 over the samples, or (L,) values of ``pos_weight``."""
        weights = self.weights(counts)
        values = np.ones(len(counts.classes))
        if weights is not None:
            values[list(weights.indices)] = weights.values
        if counts.task is Task.MULTILABEL:
            return values
        if not values @ counts.counts > 0:
            raise UsageError(
                f"on some training rows the weights of {self.name} are all 0",
                hint="the classes that it weights have too few rows; add data, or name other --schemes",
            )
        return normalised(values, counts.counts)

    def pos_weight(self, counts: ClassCounts) -> float | None:
        """How much more a positive sample weighs than a negative one, for two classes."""
        if self.positive is None:
            return None
        vector = self.vector(counts)
        negative = float(vector[1 - self.positive])
        return float(vector[self.positive]) / negative if negative else None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the user wants compared.

    ``schemes``: names, ``None``: all that apply. ``pos_weights``: the grid, ``None``: ratio^γ.
    ``wishes``: parameters, costs and cap. ``positive``: index of the positive class of binary data.
    """

    schemes: tuple[str, ...] | None = None
    pos_weights: tuple[float, ...] | None = None
    wishes: Wishes = field(default_factory=Wishes)
    positive: int | None = None


def weightings(counts: ClassCounts, asked: Asked) -> tuple[Weighting, ...]:
    """No weights, the schemes, and the grid; the first is always the plain one.

    Schemes that the user names are all that is compared, unless values of ``pos_weight`` are named
    too.
    """
    with_grid = asked.schemes is None or asked.pos_weights is not None
    return (
        Weighting(name=PLAIN, kind=Kind.PLAIN, positive=asked.positive),
        *_of_schemes(counts, asked),
        *(grid(counts, asked) if with_grid else ()),
    )


def competing(found: Sequence[Weighting], counts: ClassCounts) -> tuple[int, ...]:
    """Places of the weightings from which training folds choose the best, the mildest first.

    All that weight at all: of those with the same weights on these counts the one that people know
    best. The plain one does not take part: weights are to show what they can do.
    """
    plain = weights_key(found[0].vector(counts))
    seen: dict[bytes, int] = {}
    for place, weighting in enumerate(found):
        key = weights_key(weighting.vector(counts))
        seen[key] = place if weighting.name == BALANCED else seen.get(key, place)
    strength = {place: _strength(found[place].vector(counts)) for place in seen.values()}
    ranked = sorted(strength, key=lambda place: (strength[place], place))
    return tuple(place for place in ranked if place != seen[plain])


def _strength(vector: FloatArray) -> float:
    """How far weights are from equal: the widest ratio of two that are above 0."""
    some = vector[vector > 0]
    return float(np.log(some.max() / some.min())) if len(some) else 0.0


def grid(counts: ClassCounts, asked: Asked) -> tuple[Weighting, ...]:
    """Ever stronger weights.

    Two classes or several labels: ``pos_weight`` = (negatives / positives)^γ, or the given
    values. More classes: (max n / n)^γ.
    """
    single = counts.task is not Task.MULTILABEL
    if single and not is_binary(counts):
        if asked.pos_weights is not None:
            raise UsageError(
                "--pos-weights is for two classes or several labels per row; these are "
                f"{len(counts.classes)} classes that exclude each other",
            )
        return tuple(_power(gamma) for gamma in GAMMAS if gamma)
    if asked.pos_weights is not None:
        return tuple(_given(value, asked.positive) for value in _checked(asked.pos_weights))
    return tuple(_tempered(gamma, counts, asked) for gamma in GAMMAS if gamma)


def _checked(values: Sequence[float]) -> list[float]:
    for value in values:
        if not (np.isfinite(value) and value > 0):
            raise UsageError(f"--pos-weights must be above 0, but one is {value:g}")
    if not values:
        raise UsageError("--pos-weights names no value")
    return sorted(set(values))


def _given(value: float, positive: int | None) -> Weighting:
    name = f"pos_weight {value:.4g}"
    return Weighting(name=name, kind=Kind.POS_WEIGHT, value=value, positive=positive)


def _power(gamma: float) -> Weighting:
    return Weighting(
        name=f"(max n / n)^{_sign(gamma)}",
        kind=Kind.SCHEME,
        scheme=SCHEMES["power"],
        wishes=Wishes(parameters={"gamma": gamma}, empty=EmptyPolicy.MAX),
        gamma=gamma,
    )


def _tempered(gamma: float, counts: ClassCounts, asked: Asked) -> Weighting:
    positive = asked.positive
    weighting = Weighting(
        name=f"pos_weight ratio^{_sign(gamma)}",
        kind=Kind.POS_WEIGHT,
        scheme=SCHEMES["pos-weight"],
        wishes=Wishes(
            parameters={"gamma": gamma},
            cap=asked.wishes.cap,
            empty=EmptyPolicy.MAX,
            positive=None if positive is None else counts.classes[positive],
        ),
        gamma=gamma,
        positive=positive,
    )
    value = weighting.pos_weight(counts)
    if value is None:
        return weighting
    return replace(weighting, name=f"pos_weight {value:.3g} (ratio^{_sign(gamma)})")


def _sign(gamma: float) -> str:
    return _SIGNS.get(gamma, str(Fraction(gamma)))


def _of_schemes(counts: ClassCounts, asked: Asked) -> tuple[Weighting, ...]:
    if asked.schemes is not None and not asked.schemes and asked.pos_weights is None:
        raise UsageError(
            "--schemes names no scheme",
            hint="leave it away for all that fit, or name some: --schemes balanced,log",
        )
    if asked.schemes is not None:
        return tuple(_named(name, counts, asked) for name in dict.fromkeys(asked.schemes))
    fitting = [
        scheme
        for scheme in SCHEMES.values()
        if scheme.role in _WEIGHTS
        and scheme.numbers_of is None
        and (scheme.with_costs is None or asked.wishes.costs is not None)
        and applicable(scheme, counts) is None
    ]
    return tuple(_by_scheme(scheme, counts, asked) for scheme in fitting)


def _named(name: str, counts: ClassCounts, asked: Asked) -> Weighting:
    scheme = find_scheme(name)
    if scheme.role not in _WEIGHTS:
        raise UsageError(
            f"{scheme.name} gives a {scheme.role}, not weights that a logistic regression can use",
            hint="sweep compares "
            + ", ".join(s.name for s in SCHEMES.values() if s.role in _WEIGHTS),
        )
    reason = applicable(scheme, counts)
    if reason is not None:
        raise UsageError(reason)
    return _by_scheme(scheme, counts, asked)


def _by_scheme(scheme: Scheme, counts: ClassCounts, asked: Asked) -> Weighting:
    known = {p.name for p in scheme.parameters}
    pos_weight = scheme.role is Role.POS_WEIGHT
    positive = asked.positive if pos_weight else None
    return Weighting(
        name=scheme.name,
        kind=Kind.SCHEME,
        scheme=scheme,
        wishes=Wishes(
            parameters={k: v for k, v in asked.wishes.parameters.items() if k in known},
            costs=asked.wishes.costs if scheme.with_costs is not None else None,
            cap=asked.wishes.cap,
            empty=EmptyPolicy.MAX,
            positive=None if positive is None else counts.classes[positive],
        ),
        positive=asked.positive,
    )
