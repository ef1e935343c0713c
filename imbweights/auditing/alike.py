"""Schemes that the given numbers cannot tell apart, however many digits they have."""

from __future__ import annotations

import numpy as np

from imbweights.auditing.curves import class_curves
from imbweights.auditing.explaining import Explanation
from imbweights.auditing.scales import title_of
from imbweights.core.counts import ClassCounts

_SAME = 1e-9


def alike(best: Explanation, counts: ClassCounts) -> tuple[list[str], list[str]]:
    """Schemes without a parameter that give the same numbers, and those that give the same ratios on
    another scale.

    With two classes there is one ratio, n₁/n₀, and inverse, balanced, median frequency and
    1 − frequency all have it.
    """
    same: list[str] = []
    scaled: list[str] = []
    for curve in class_curves(counts):
        if curve.parameter is not None or curve.scheme.name == best.scheme:
            continue
        if (curve.basis.void, curve.basis.smoothed) != (best.void, best.smoothed):
            continue
        ratio = curve.raw(None) / best.values
        seen = ratio[np.isfinite(ratio)]
        if seen.size < 2 or not np.allclose(seen, seen[0], rtol=_SAME, atol=0):
            continue
        (same if abs(seen[0] - 1) <= _SAME else scaled).append(title_of(curve.scheme.name))
    return same, scaled
