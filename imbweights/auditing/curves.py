"""Schemes as curves: the vectors that each can give when its parameter is turned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from imbweights.auditing.formulas import FORMULAS, KNOWN
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes import SCHEMES
from imbweights.schemes.base import VOID, Scheme

_POINTS = 161


@dataclass(frozen=True)
class Knob:
    """How a parameter is turned: ``points`` are evenly spaced, ``value`` makes the parameter of one,
    ``point`` is its inverse; ``usual``: what papers and libraries use, tried first.
    """

    points: FloatArray
    value: Callable[[float], float]
    point: Callable[[float], float]
    usual: tuple[float, ...]


def _log_knob(first: float, last: float, offset: float, usual: tuple[float, ...]) -> Knob:
    return Knob(
        np.linspace(first, last, _POINTS),
        lambda x: offset + 10.0**x,
        lambda v: float(np.log10(v - offset)),
        usual,
    )


# What is not set by a parameter of these names has no curve, only a point.
KNOBS = {
    "gamma": Knob(
        np.linspace(0.0, 8.0, _POINTS), float, float, (1.0, 0.5, 0.75, 0.25, 2.0, 1.5, 0.1)
    ),
    "c": _log_knob(-6.0, 2.0, 1.0, (1.02, 1.1, 1.2, 1.01, 1.05, 1.15, 1.3, 1.5, 2.0)),
    "mu": _log_knob(-4.0, 4.0, 0.0, (0.15, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0)),
    "beta": Knob(
        np.linspace(0.0, 11.0, _POINTS),
        lambda x: 1.0 - 10.0**-x,
        lambda v: float(-np.log10(1.0 - v)),
        (0.9999, 0.999, 0.99, 0.9, 0.99999, 0.999999, 0.9999999),
    ),
}


@dataclass(frozen=True)
class Basis:
    """What a formula sees: ``counts`` without empty classes, which stand at ``places`` among all K.
    ``void``: ignored pixels are kept in the denominators; ``smoothed``: every class, also those
    without samples, was counted once more.
    """

    counts: ClassCounts
    places: tuple[int, ...]
    size: int
    void: bool = False
    smoothed: bool = False

    @classmethod
    def of(cls, counts: ClassCounts, *, void: bool = False, smoothed: bool = False) -> Basis:
        """The classes that have counts."""
        places = tuple(np.flatnonzero(counts.counts > 0).tolist())
        return cls(counts.only_present(), places, len(counts.classes), void, smoothed)

    @property
    def parameters(self) -> dict[str, float]:
        """What a formula needs to know beside its parameter."""
        return {VOID: float(self.counts.ignored)} if self.void else {}


@dataclass(frozen=True)
class Curve:
    """A scheme on a basis. ``free``: the scale says nothing, only the ratios do."""

    scheme: Scheme
    basis: Basis
    free: bool = True

    @property
    def suggested(self) -> bool:
        """Whether ``suggest`` offers the scheme. Mistakes are looked for only in those."""
        return self.scheme.name not in FORMULAS

    @property
    def knob(self) -> Knob | None:
        """The knob of its one parameter, if it has one."""
        names = [p.name for p in self.scheme.parameters if p.name in KNOBS]
        return KNOBS[names[0]] if names else None

    @property
    def parameter(self) -> str | None:
        """The name of that parameter."""
        return next((p.name for p in self.scheme.parameters if p.name in KNOBS), None)

    def raw(self, value: float | None) -> FloatArray:
        """(K,) the formula's own vector; NaN for classes that it does not see."""
        parameters = {p.name: p.default for p in self.scheme.parameters} | self.basis.parameters
        if value is not None and self.parameter is not None:
            parameters[self.parameter] = value
        with np.errstate(all="ignore"):
            found = self.scheme.compute(self.basis.counts, parameters)
        values = np.full(self.basis.size, np.nan)
        values[list(self.basis.places)] = found
        return values

    def logs(self, value: float | None) -> FloatArray:
        """(K,) ln of that vector; −∞ for 0."""
        with np.errstate(all="ignore"):
            return np.log(self.raw(value))

    @cached_property
    def table(self) -> FloatArray:
        """(G, K) the logs at every point of the knob."""
        knob = self.knob
        if knob is None:
            return self.logs(None)[None, :]
        return np.stack([self.logs(knob.value(x)) for x in knob.points.tolist()])

    @cached_property
    def reach(self) -> FloatArray:
        """(G,) by how much, in ln, the ratio of two entries can change on the way to the next points."""
        with np.errstate(all="ignore"):
            steps = np.abs(np.diff(self.table[:, list(self.basis.places)], axis=0))
        widest = np.nan_to_num(steps, nan=np.inf).max(axis=1)
        around = np.concatenate([[0.0], widest, [0.0]])
        reach: FloatArray = 2.0 * np.maximum(around[:-1], around[1:])
        return reach

    @cached_property
    def usual(self) -> tuple[float | None, ...]:
        """Parameters to try before any is fitted."""
        knob = self.knob
        if knob is None:
            return (None,)
        known = next(p for p in self.scheme.parameters if p.name == self.parameter)
        auto = () if known.auto is None else (known.auto(self.basis.counts)[known.name],)
        return tuple(value for value in (*knob.usual, *auto) if known.accepts(value))

    @cached_property
    def usual_table(self) -> FloatArray:
        """(U, K) the logs at the usual parameters."""
        return np.stack([self.logs(value) for value in self.usual])


def class_curves(counts: ClassCounts) -> tuple[Curve, ...]:
    """Every scheme of class weights on every basis that makes sense for it."""
    counts = _exclusive(counts)
    schemes = [s for s in KNOWN.values() if _is_curve(s, Role.CLASS_WEIGHT)]
    plain = Basis.of(counts)
    curves = [Curve(s, plain) for s in schemes]
    if counts.extent_with_void is not None and counts.ignored:
        void = Basis.of(replace(counts, extent=counts.extent_with_void), void=True)
        curves += [Curve(s, void) for s in schemes if s.divides]
    if counts.empty_classes:
        smooth = Basis.of(_once_more(counts), smoothed=True)
        curves += [Curve(s, smooth) for s in schemes]
    return tuple(curves)


def positive_curves(counts: ClassCounts) -> tuple[Curve, ...]:
    """Negatives over positives, per label; their scale says something."""
    plain = Curve(SCHEMES["pos-weight"], Basis.of(counts), free=False)
    if not counts.empty_classes:
        return (plain,)
    return plain, Curve(plain.scheme, Basis.of(_once_more(counts), smoothed=True), free=False)


def _is_curve(scheme: Scheme, role: Role) -> bool:
    return scheme.role is role and scheme.with_costs is None and scheme.numbers_of is None


def _exclusive(counts: ClassCounts) -> ClassCounts:
    """Class weights see several labels as if they excluded each other."""
    if counts.task is not Task.MULTILABEL:
        return counts
    return ClassCounts.multiclass(counts.as_dict(), order=counts.classes, unit=counts.unit)


def _once_more(counts: ClassCounts) -> ClassCounts:
    """As if every class had one sample more (what ``--empty smooth`` counts)."""
    images = counts.task in {Task.SEGMENTATION, Task.DETECTION}
    lacking = (counts.present == 0) & images
    extent = np.where(lacking, counts.total, counts.extent)
    more = len(counts.classes)
    return replace(
        counts,
        counts=counts.counts + 1,
        present=counts.present + 1,
        extent=extent + more,
        samples=counts.samples + more,
        label_sets=None,
    )
