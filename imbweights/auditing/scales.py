"""How a vector is scaled: which normalisation, or whose definition, gives just this factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imbweights.auditing.fitting import Fit
from imbweights.auditing.formulas import KNOWN
from imbweights.core.weights import FloatArray

_SAME = 1e-9
INVERSE = "inverse"


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale with a name. ``scheme`` and ``normalization`` are what ``suggest`` calls it, where it
    can make it; ``words`` continue the name of the scheme.
    """

    factor: float
    scheme: str
    normalization: str | None
    words: str


def scales(fit: Fit) -> list[Scale]:
    """All named scales that fit, each factor once; none when the scale is like no other."""
    found: list[Scale] = []
    for scale in _known(fit):
        if not fit.least * (1 - _SAME) <= scale.factor <= fit.most * (1 + _SAME):
            continue
        if all(abs(scale.factor / other.factor - 1) > _SAME for other in found):
            found.append(scale)
    return found


def _known(fit: Fit) -> list[Scale]:
    curve = fit.curve
    values = curve.raw(fit.value)
    seen = values[np.isfinite(values)]
    n = curve.basis.counts.counts.astype(np.float64)
    name = curve.scheme.name
    own = seen.size / float(seen.sum()) if curve.scheme.scaled == "sumk" else 1.0
    return [
        *(_of_inverse(n) if name == INVERSE else []),
        Scale(own, name, "none", ""),
        *_of_others(name, n, fit.value),
        Scale(1.0 / float(seen.sum()), name, "sum1", "sum 1"),
        Scale(seen.size / float(seen.sum()), name, "sumk", "sum K"),
        Scale(float(n.sum()) / float(n @ seen), name, "samples", "mean 1 over samples"),
        Scale(1.0 / float(seen.max()), name, "max1", "largest 1"),
        Scale(1.0 / float(seen.min()), name, "min1", "smallest 1"),
    ]


def _of_inverse(n: FloatArray) -> list[Scale]:
    """N/n under its other names."""
    total, k = float(n.sum()), n.size
    found = [Scale(1.0, INVERSE, "none", "")]
    if k > 1:
        found += [
            Scale(1.0 / k, "balanced", "none", ""),
            Scale(float(np.median(n)) / total, "median-frequency", "none", ""),
            Scale(0.5 / k, INVERSE, None, "half the mean count over n"),
        ]
    found += [
        Scale(1.0 / total, INVERSE, None, "1/n itself"),
        Scale(1.0 / (k * total), INVERSE, None, "(1/K)/n"),
    ]
    return found


def _of_others(name: str, n: FloatArray, value: float | None) -> list[Scale]:
    """Formulas that others write without the scale that ours have."""
    largest = float(n.max())
    if name == "power" and value is not None:
        return [Scale(largest**-value, name, None, "n^−γ itself")]
    if name == "generalised-dice":
        return [Scale(largest**-2.0, name, None, "1/n² itself")]
    if name == "sqrt-inverse":
        return [
            Scale(largest**-0.5, name, None, "1/√n itself"),
            Scale(float(np.sqrt(n.sum() / largest)), name, None, "√(N/n)"),
        ]
    if name == "effective" and value:
        raw = (value - 1) / np.expm1(n * np.log1p(value - 1))
        scaled = n.size / float(raw.sum())
        return [Scale(1.0 / scaled, name, None, "not scaled")]
    return []


def title_of(scheme: str) -> str:
    """The name of a scheme inside a sentence."""
    title = KNOWN[scheme].title
    return title if scheme in {"pos-weight", "scale-pos-weight"} else title[0].lower() + title[1:]
