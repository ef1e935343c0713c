"""What is no mistake but worth knowing: extreme ratios, the scale, void, equal weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case
from imbweights.auditing.explaining import Explanation
from imbweights.auditing.formulas import COMPLEMENT, FORMULAS
from imbweights.auditing.given import Use
from imbweights.core.codes.weights import AGAINST, CATCH, EQUAL, EXTREME, SCALE, VOID
from imbweights.core.errors import ImbweightsError
from imbweights.core.findings import Finding, finding
from imbweights.core.weights import ClassWeights, Role
from imbweights.forecasting import forecast

_EXTREME = 100.0
_OFF_SCALE = 2.0


def remarks(case: Case, claimed: Explanation | None) -> Iterator[Finding]:
    """Notes about weights in which nothing is wrong."""
    values = case.values[case.problem.usable]
    if values.size < 1:
        return
    if case.problem.all_equal and values.size > 1 and not case.positives:
        yield finding(EQUAL, f"all weights are {values[0]:g}: that is the loss without weights.")
    if claimed is not None and claimed.void:
        yield finding(
            VOID,
            f"void ({case.counts.ignored:,} ignored {case.counts.unit}) is in the denominator of these "
            "weights, though it is no class.",
        )
    if claimed is not None and claimed.scheme in FORMULAS:
        yield _catch(case, claimed)
    if not case.found and case.use is not Use.ALPHA:
        yield from _against(case)
    ratio = float(values.max() / values.min())
    if ratio > _EXTREME:
        yield finding(
            EXTREME, f"the largest weight is {ratio:,.0f} times the smallest.", ratio=ratio
        )
    yield from _scale(case)


def _catch(case: Case, claimed: Explanation) -> Finding:
    """What a formula does that ``suggest`` does not offer."""
    n = case.counts.counts
    seen = np.flatnonzero(case.problem.usable)
    rare, often = seen[int(n[seen].argmin())], seen[int(n[seen].argmax())]
    first = f"{case.name(rare)} ({n[rare]:,})"
    second = f"{case.name(often)} ({n[often]:,})"
    ratio = float(claimed.values[rare] / claimed.values[often])
    if claimed.scheme == COMPLEMENT.name:
        text = (
            f"1 − n/N stays below 1 for every rare class, however rare: {first} weighs only {ratio:.3g} "
            f"times as much as {second}, which is {n[often] / n[rare]:,.3g} times as frequent."
        )
    else:
        text = (
            f"−ln(n/N) has no floor: a class that is nearly all of the data weighs next to nothing. Here "
            f"{second} weighs {claimed.values[often]:.3g}, and {first} {ratio:.3g} times as much."
        )
    return finding(CATCH, text, scheme=claimed.scheme, ratio=ratio)


def _against(case: Case) -> Iterator[Finding]:
    """The two classes that contradict the counts most, for numbers of no known scheme."""
    low, high, n = case.problem.low, case.problem.high, case.counts.counts
    worst, pair, lightest = 1.0, None, -1
    rarer: list[int] = []
    for i in sorted(np.flatnonzero(case.problem.usable).tolist(), key=lambda i: int(n[i])):
        while rarer and n[rarer[0]] < n[i]:  # only what is really rarer counts
            j = rarer.pop(0)
            lightest = j if lightest < 0 or high[j] < high[lightest] else lightest
        rarer.append(i)
        if lightest >= 0 and low[i] / high[lightest] > worst:
            worst, pair = float(low[i] / high[lightest]), (i, lightest)
    if pair is None:
        return
    i, j = pair
    yield finding(
        AGAINST,
        f"{case.name(i)} ({n[i]:,}) weighs more than {case.name(j)} ({n[j]:,}), which is rarer. No "
        "scheme does that: another order (IMB102), a slip in one of the two (IMB103), or weights by "
        "hand or from costs.",
        indices=list(pair),
    )


def _scale(case: Case) -> Iterator[Finding]:
    """How the mean weight moves the learning rate."""
    if case.use not in {Use.CLASS_WEIGHT, Use.POS_WEIGHT}:
        return
    if case.positives and not case.multilabel:
        return
    # What a class without samples has, if it has anything, moves no mean.
    values = np.where(case.counts.counts > 0, case.values, 0.0)
    weights = ClassWeights(
        classes=case.counts.classes,
        values=values,
        counts=tuple(case.counts.counts.tolist()),
        scheme="given",
        role=Role.POS_WEIGHT if case.positives else Role.CLASS_WEIGHT,
    )
    try:
        mean = forecast(case.counts, weights).mean_weight
    except (ImbweightsError, ValueError, ZeroDivisionError):
        return
    if 1 / _OFF_SCALE <= mean <= _OFF_SCALE or mean <= 0:
        return
    how = f"{_times(mean)} times as large" if mean > 1 else f"{_times(1 / mean)} times smaller"
    yield finding(
        SCALE,
        f"the mean weight over samples is {mean:.3g}: where the scale matters, steps of SGD are {how}; "
        f"multiply the learning rate by {_times(1 / mean)} or scale the weights.",
        mean_weight=mean,
    )


def _times(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 100 else f"{factor:.2g}"
