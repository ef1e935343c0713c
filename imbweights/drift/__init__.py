"""How far two class distributions are apart: one measure per file.

To add a measure, write a file with a ``MEASURE`` and add it to ``DRIFTS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from imbweights.drift import cramers_v, jensen_shannon, linf, psi
from imbweights.drift.base import DriftMeasure

DRIFTS: dict[str, DriftMeasure] = {
    measure.name: measure
    for measure in (linf.MEASURE, jensen_shannon.MEASURE, psi.MEASURE, cramers_v.MEASURE)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far two samples of one data set are apart.

    ``values``: measure → value; ``chi2`` with its degrees of ``freedom``, and ``p``: the chance of a χ²
    this large when nothing has changed; ``counts``: class → its counts then and now;
    ``cls``: the class whose share moved most, from ``before`` to ``now``.
    """

    values: Mapping[str, float]
    chi2: float
    freedom: int
    p: float
    counts: Mapping[str, tuple[int, int]]
    cls: str
    before: float
    now: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "measures": dict(self.values),
            "chi2": self.chi2,
            "degrees_of_freedom": self.freedom,
            "p": self.p,
            "class": self.cls,
            "share_before": self.before,
            "share_now": self.now,
            "counts": {
                name: {"before": before, "now": now} for name, (before, now) in self.counts.items()
            },
        }


def drift_between(before: Mapping[str, int], now: Mapping[str, int]) -> Drift | None:
    """The drift from one set of counts to another, class by class; ``None`` where one has none.

    >>> drift_between({"a": 50, "b": 50}, {"a": 60, "b": 40}).values["linf"]
    0.1
    """
    names = list(dict.fromkeys([*before, *now]))
    p = np.array([before.get(name, 0) for name in names], dtype=np.float64)
    q = np.array([now.get(name, 0) for name in names], dtype=np.float64)
    if not p.sum() or not q.sum():
        return None
    moved = q / q.sum() - p / p.sum()
    chi2, freedom = cramers_v.chi_squared(p, q)
    most = int(np.abs(moved).argmax())
    return Drift(
        values={name: measure.compute(p, q) for name, measure in DRIFTS.items()},
        chi2=chi2,
        freedom=freedom,
        p=cramers_v.significance(p, q),
        counts={name: (before.get(name, 0), now.get(name, 0)) for name in names},
        cls=names[most],
        before=float(p[most] / p.sum()),
        now=float(q[most] / q.sum()),
    )
