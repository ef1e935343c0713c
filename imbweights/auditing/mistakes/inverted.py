"""Weights that grow with the class size instead of falling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import ENOUGH, Explanation, explanations
from imbweights.auditing.scaling import normalization, scaled_like
from imbweights.core.codes.weights import INVERTED
from imbweights.core.findings import Level, finding

_EXACT = ("inverse", "balanced", "median-frequency")
_FEW_DIGITS = 1.5
_ENOUGH = 1.5


def suspicions(case: Case) -> Iterator[Suspicion]:
    """Where 1/w is explained by a scheme, w is that scheme upside down.

    With two classes the order may be wrong as well; then both are said.
    """
    if case.problem.all_equal or not _rising(case):
        return
    known = [curve for curve in case.curves if curve.suggested]
    found = explanations(known, case.problem.inverted())
    if case.problem.equations == 1:  # one ratio is a little of everything
        enough = case.problem.digits >= _FEW_DIGITS
        found = [e for e in found if enough and not e.parameters]
    found = [e for e in found if e.evidence >= _ENOUGH]
    yield _suspicion(case, found[0]) if found else _rising_only(case)


def _suspicion(case: Case, best: Explanation) -> Suspicion:
    name, n = _largest(case)
    corrected, words = scaled_like(case, best)
    one = case.problem.equations == 1
    swapped = "; or the two are swapped" if one and not case.positives else ""
    if case.positives:
        what = "these are positives over negatives, not negatives over positives"
        consequence = "They push every rare label further down."
    elif best.scheme in _EXACT:
        to = "" if normalization(case) == "sum1" else "proportional to "
        what = f"these weights are {to}the class frequencies, not their inverse{swapped}"
        consequence = f"They punish mistakes on {name}, the largest class ({n:,}), most."
    else:
        what = f"these weights are {best.title} upside down: they grow with the class{swapped}"
        consequence = f"They punish mistakes on {name}, the largest class ({n:,}), most."
    return Suspicion(
        finding(
            INVERTED,
            f"{what}. {consequence}",
            corrected=corrected.tolist(),
            scheme=best.scheme,
        ),
        best.evidence,
        corrected,
        words,
    )


def _rising_only(case: Case) -> Suspicion:
    """No scheme upside down, but the rarer a class the less it weighs."""
    name, _ = _largest(case)
    return Suspicion(
        finding(
            INVERTED,
            f"these weights grow with the class: {name}, the largest, weighs most. They are no known "
            "scheme upside down, so it may be on purpose; most often it is the frequency where its "
            "inverse is meant, or another class order (IMB102).",
            level=Level.WARNING,
            remedy="Check the class order, and compare with imbweights suggest.",
        ),
        ENOUGH,
    )


def _rising(case: Case) -> bool:
    """Whether no rarer class weighs more than a more frequent one."""
    keep = case.problem.usable
    n = case.counts.counts[keep]
    if len(set(n.tolist())) < 2:
        return False
    order = np.argsort(n, kind="stable")
    low, high, sizes = case.problem.low[keep][order], case.problem.high[keep][order], n[order]
    reached = -np.inf
    before = -np.inf
    for i, size in enumerate(sizes.tolist()):
        if i and size > sizes[i - 1]:
            before = reached
        if high[i] < before:
            return False
        reached = max(reached, float(low[i]))
    return True


def _largest(case: Case) -> tuple[str, int]:
    i = int(case.counts.counts.argmax())
    return case.name(i), int(case.counts.counts[i])
