"""Weights computed on all data, or on another split, where training data is meant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion, curves_for
from imbweights.auditing.explaining import explanations
from imbweights.auditing.rebuilding import rebuilt
from imbweights.core.codes.weights import SPLIT
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import finding
from imbweights.core.weights import FloatArray


def suspicions(case: Case) -> Iterator[Suspicion]:
    """Where other counts of the same source explain the numbers and those of the split do not."""
    for name, counts in others(case).items():
        curves = curves_for(counts, positives=case.positives)
        found = explanations(curves, case.problem.on(counts))
        if not found or found[0].cap is not None:
            continue
        best = found[0]
        corrected = rebuilt(best, case.counts)
        yield Suspicion(
            finding(
                SPLIT,
                f"these weights fit {best.title} computed on {name}, not on the training split"
                f"{_by_how_much(case, corrected)}.",
                corrected=corrected.tolist(),
                scheme=best.scheme,
                computed_on=name,
            ),
            best.evidence - 0.5,
            corrected,
            f"{best.title}, of the training split",
        )
        return


def others(case: Case) -> dict[str, ClassCounts]:
    """The counts of the source that are not those of the training split."""
    found = {"all splits together": case.profile.total} if case.profile.splits else {}
    found |= {f"split {name!r}": counts for name, counts in case.profile.splits.items()}
    mine = case.counts.counts
    return {
        name: counts
        for name, counts in found.items()
        if not np.array_equal(counts.counts, mine) and counts.total
    }


def _by_how_much(case: Case, corrected: FloatArray) -> str:
    keep = case.problem.usable & (corrected > 0)
    off = np.abs(np.log(case.values[keep] / corrected[keep]))
    return f" (off by up to {100 * (float(np.exp(off.max())) - 1):.2g} %)" if off.size else ""
