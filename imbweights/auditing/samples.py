"""One weight per sample: those of one class are the weight of the class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imbweights.auditing.aligning import MISSING
from imbweights.auditing.numbers import Written
from imbweights.auditing.wording import short
from imbweights.core.codes.weights import SAMPLES_DIFFER
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import Finding, finding
from imbweights.core.rows import Rows

_SAME = 1e-6


def per_class(
    numbers: Sequence[Written], rows: Rows, counts: ClassCounts
) -> tuple[tuple[Written, ...] | None, Finding | None]:
    """The weight of each class, or the finding that the samples of one class differ.

    ``rows`` has as many labels as there are numbers, in the same order.
    """
    values = np.array([n.value for n in numbers], dtype=np.float64)
    found = {}
    for code, label in enumerate(rows.labels):
        places = np.flatnonzero(rows.codes == code)
        if label is None or not places.size:
            continue
        here = values[places]
        if np.ptp(here) > _SAME * np.abs(here).max():
            return None, finding(
                SAMPLES_DIFFER,
                f"the samples of {short(label)} have weights from {here.min():g} to {here.max():g}.",
            )
        found[label] = numbers[int(places[0])]
    return tuple(found.get(c, MISSING) for c in counts.classes), None
