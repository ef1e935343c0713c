"""What the weights are: every scheme that gives these numbers, up to rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from imbweights.auditing.curves import Curve
from imbweights.auditing.fitting import Fit, at, fit
from imbweights.auditing.formulas import KNOWN
from imbweights.auditing.problem import BoolArray, Problem
from imbweights.auditing.scales import Scale, scales, title_of
from imbweights.core.weights import FloatArray

USUAL_COSTS = 0.5
ENOUGH = 1.0
_CAP_DIGITS = 1.5
_LIMIT = 2e-3
# With γ = 0 these give equal weights and say so.
_FLAT = frozenset({"power", "pos-weight"})
_ROUND_CAPS = tuple(m * 10.0**e for e in range(5) for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9))


@dataclass(frozen=True, eq=False)
class Explanation:
    """One way to get the numbers.

    ``scheme``, ``parameters``, ``normalization`` as ``suggest`` knows them (``normalization`` is
    ``None`` where it has none of that name, ``scale`` then says how they are scaled); ``fitted``:
    the parameter is none of the usual and was found from the numbers; ``cap``: the ratio to the
    smallest at which they end; ``void`` and ``smoothed`` as in ``Basis``; ``values`` (K,): the
    numbers before rounding; ``evidence``: how many digits speak for it, beyond those that any
    vector would have.
    """

    scheme: str
    parameters: dict[str, float]
    fitted: bool
    normalization: str | None
    scale: str
    scales: tuple[str, ...]
    void: bool
    smoothed: bool
    cap: float | None
    values: FloatArray
    digits: int
    evidence: float

    @property
    def title(self) -> str:
        """Short, for a column: ``inverse, sum 1``."""
        if self.is_flat:
            return "all equal"
        settings = self._settings()
        shown = [title_of(self.scheme), *settings, *([self.scale] if self.scale else [])]
        return ", ".join(shown)

    @property
    def words(self) -> str:
        """In full: ``log weights with c = 1.1, void in the denominator``."""
        if self.is_flat:
            return "all equal, as without weights"
        scheme = KNOWN[self.scheme]
        parts = [f"{title_of(self.scheme)}, {scheme.formula}", *self._settings()]
        others = [s for s in self.scales if s]
        if len(self.scales) > 1:
            named = [s or "as defined" for s in self.scales]
            parts.append(f"scale {' or '.join(named)}")
        elif others:
            parts.append(others[0])
        elif not self.scales:
            parts.append("on a scale of its own")
        if self.void:
            parts.append("void in the denominator")
        if self.smoothed:
            parts.append("every class counted once more")
        if self.cap is not None:
            parts.append(f"capped at {self.cap:g} times the smallest")
        return ", ".join(parts)

    @property
    def is_flat(self) -> bool:
        """Whether the parameter is such that all classes weigh alike."""
        return self.parameters.get("gamma") == 0

    def _settings(self) -> list[str]:
        symbols = {p.name: p.symbol for p in KNOWN[self.scheme].parameters}
        shown = self.parameters.items()
        if self.scheme == "pos-weight" and self.parameters.get("gamma") == 1:
            return []
        return [f"{symbols[name]} = {value:.10g}" for name, value in shown]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "scheme": self.scheme,
            "parameters": dict(self.parameters),
            "fitted": self.fitted,
            "normalization": self.normalization,
            "scale": self.scale or None,
            "void_in_denominator": self.void,
            "smoothed": self.smoothed,
            "cap": self.cap,
            "digits": self.digits,
            "evidence": round(self.evidence, 2),
            "words": self.words,
        }


def explanations(curves: Iterable[Curve], problem: Problem) -> list[Explanation]:
    """All that fit, the one with most evidence first. A capped one only where no other does."""
    known = tuple(curves)
    if problem.all_equal and problem.equations:
        flat = [at(c, 0.0, problem, fitted=False) for c in known if c.scheme.name in _FLAT]
        return _distinct([explanation(f, problem) for f in flat if f is not None])
    found = _plain(known, problem)
    return found or _capped(known, problem)


def _plain(curves: Sequence[Curve], problem: Problem) -> list[Explanation]:
    fits = [fit(curve, problem) for curve in curves]
    found = [explanation(f, problem) for f in fits if f is not None]
    return _distinct(sorted(found, key=lambda e: -e.evidence))


def explanation(found: Fit, problem: Problem, *, cap: float | None = None) -> Explanation:
    """A fit in words and numbers."""
    curve, named = found.curve, scales(found)
    best: Scale | None = named[0] if named else None
    factor = best.factor if best is not None else found.factor
    is_one = curve.parameter is not None and curve.scheme.parameters
    parameters = {curve.parameter: found.value} if is_one and curve.parameter else {}
    values = curve.raw(found.value) * factor
    return Explanation(
        scheme=best.scheme if best is not None else curve.scheme.name,
        parameters={k: v for k, v in parameters.items() if v is not None},
        fitted=found.fitted,
        normalization=best.normalization if best is not None else None,
        scale=best.words if best is not None else "",
        scales=tuple(scale.words for scale in named) if curve.free else ("",),
        void=curve.basis.void,
        smoothed=curve.basis.smoothed,
        cap=cap,
        values=values if cap is None else np.minimum(values, cap * float(np.nanmin(values))),
        digits=max(1, round(problem.digits + 0.3)),
        evidence=_evidence(found, problem, named=bool(named)),
    )


def _evidence(found: Fit, problem: Problem, *, named: bool) -> float:
    """Digits that had to agree and do: one for each ratio, less what the freedom of choice costs."""
    free = problem.equations - (1 if found.fitted else 0)
    known = max(0.0, free * problem.digits)
    if found.curve.parameter is not None and not found.fitted:
        known -= USUAL_COSTS
    if not found.curve.free:
        return known + problem.digits
    return known + (max(0.0, problem.digits - 1.0) if named else 0.0)


def _distinct(found: Sequence[Explanation]) -> list[Explanation]:
    """Without second names for the same numbers (γ = 1 is inverse, β next to 1 nearly so), and
    without smoothing where it is not needed.
    """
    kept: list[Explanation] = []
    for one in sorted(found, key=lambda e: e.smoothed):
        again = any(one.smoothed and other.scheme == one.scheme for other in kept)
        if not again and all(not _same(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda e: -e.evidence)


def _same(one: Explanation, other: Explanation) -> bool:
    a, b = one.values, other.values
    both = np.isfinite(a) & np.isfinite(b) & (b != 0)
    ratio = a[both] / b[both]
    # A scheme whose limit is another (β → 1 is inverse) is no second explanation next to it.
    near = _LIMIT if one.parameters and not other.parameters else 1e-9
    return bool(ratio.size and np.allclose(ratio, ratio[0], rtol=near, atol=0))


def _capped(curves: Sequence[Curve], problem: Problem) -> list[Explanation]:
    """The largest numbers end at a cap: several that are equal, or a round ratio to the smallest."""
    keep = problem.usable
    values = problem.values[keep]
    if values.size < 3 or problem.all_equal or problem.digits < _CAP_DIGITS:
        return []
    top = keep & (problem.high >= problem.low[keep].max()) & (problem.values >= values.max() * 0.9)
    ratio = float(values.max() / values.min())
    cap = next((c for c in _ROUND_CAPS if abs(ratio / c - 1) < _off(problem)), None)
    sizes = len(set(problem.counts.counts[top].tolist()))
    if cap is None and sizes < 2:
        return []
    rest = problem.only(~top)
    if rest.equations < 1 or _skips_a_rarer(problem, top):
        return []
    found = [fit(curve, rest) for curve in curves]
    kept = [f for f in found if f is not None and (not f.fitted or rest.equations > 1)]
    kept = [f for f in kept if _reaches(f, problem, top)]
    return _distinct(
        [explanation(f, rest, cap=ratio if cap is None else cap) for f in kept],
    )


def _off(problem: Problem) -> float:
    return float(4.0 * 10.0**-problem.digits)


def _skips_a_rarer(problem: Problem, top: BoolArray) -> bool:
    """Whether some class below the cap is rarer than one at it."""
    counts = problem.counts.counts
    others = counts[problem.usable & ~top]
    return bool(others.size and counts[top].max() > others.min())


def _reaches(found: Fit, problem: Problem, top: BoolArray) -> bool:
    """Whether the scheme would give the capped classes more than the cap."""
    values = found.curve.raw(found.value)[top] * found.most
    return bool((values >= problem.low[top]).all())


def claimed(found: Sequence[Explanation], problem: Problem) -> Explanation | None:
    """The one that may be claimed: by far the most evidence, and not from a single ratio."""
    if not found or problem.equations < 2 or math.isnan(problem.digits):
        return None
    best = found[0]
    if best.evidence < ENOUGH or len(best.scales) > 1:
        return None
    rivals = [e for e in found[1:] if e.evidence > best.evidence - 1.0]
    return None if rivals else best
