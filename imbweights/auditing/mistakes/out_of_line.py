"""One entry that does not follow what all others follow."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import Explanation, explanation
from imbweights.auditing.fitting import fit, slack
from imbweights.auditing.mistakes.slips import slip_words
from imbweights.auditing.problem import Problem
from imbweights.auditing.robust import near
from imbweights.core.codes.weights import NEAR, OUT_OF_LINE
from imbweights.core.findings import Level, Where, finding
from imbweights.core.weights import FloatArray

_MOST_SUSPECTS = 4
_MOST_ANSWERS = 3
_CLOSE = 0.25
_EXACT_DIGITS = 2.3
_LEAST, _SURE = 2.0, 3.0


def suspicions(case: Case) -> Iterator[Suspicion]:
    """The entries without which a scheme explains all others; else those far off the scheme that
    most entries are near to; else, if all are near one, that they are of other counts.
    """
    exact = list(_exact(case, case.problem))
    if not exact:  # the slip may have more digits than all others
        exact = list(_exact(case, Problem.of(case.counts, case.numbers, careless=True)))
    if exact:
        yield from exact
    else:
        yield from _near(case)


def _exact(case: Case, problem: Problem) -> Iterator[Suspicion]:
    """Leave one out."""
    best: dict[int, Explanation] = {}
    for curve in case.curves:
        table = curve.table
        for i in _suspects(table, problem, free=curve.free):
            keep = np.arange(len(case.numbers)) != i
            rest = problem.only(keep)
            if rest.equations < 1 or rest.all_equal:
                continue  # [1, 1, 2, 1] is a choice, not a slip
            found = fit(curve, rest)
            if found is None or (found.fitted and rest.equations < 2):
                continue
            one = explanation(found, rest)
            if i not in best or one.evidence > best[i].evidence:
                best[i] = one
    known = [(i, one) for i, one in best.items() if np.isfinite(one.values[i])]
    for i, one in sorted(known, key=lambda pair: -pair[1].evidence)[:_MOST_ANSWERS]:
        # The scale of the rest is not what was asked about.
        evidence = one.evidence - math.log10(len(case.numbers))
        if evidence >= _LEAST:
            yield _slip(case, i, one, evidence)


def _suspects(table: FloatArray, problem: Problem, *, free: bool) -> list[int]:
    """Entries without which the gap would be smallest, over all points of the curve.

    Only the two that decide it can: the one that asks for the largest factor, and the smallest.
    """
    keep = np.flatnonzero(problem.usable)
    gaps: dict[int, float] = {}
    with np.errstate(all="ignore"):
        low = np.log(np.where(problem.low > 0, problem.low, 0.0)) - table
        high = np.log(problem.high) - table
    low = np.where(np.isnan(low), -np.inf, low)[:, keep]
    high = np.where(np.isnan(high), np.inf, high)[:, keep]
    candidates = {*low.argmax(axis=1).tolist(), *high.argmin(axis=1).tolist()}
    for place in candidates:
        i = int(keep[place])
        mask = np.arange(len(problem.usable)) != i
        gaps[i] = float(slack(table, problem.only(mask), free=free).max())
    return sorted(gaps, key=lambda i: -gaps[i])[:_MOST_SUSPECTS]


def _slip(case: Case, i: int, one: Explanation, evidence: float) -> Suspicion:
    name, given, wanted = case.name(i), case.numbers[i], float(one.values[i])
    corrected = one.values.copy()
    expected, slip = slip_words(given, wanted, case.numbers)
    sure = evidence >= _SURE
    doubt = "" if sure else " So few digits agree that it may be chance, or weights set by hand."
    return Suspicion(
        finding(
            OUT_OF_LINE,
            f"{name} (index {i}) has {given.shown}, where {one.title}, which all others follow, gives "
            f"{expected}{slip}.{doubt}",
            level=None if sure else Level.WARNING,
            corrected=corrected.tolist(),
            scheme=one.scheme,
            index=i,
            where=Where(cls=case.counts.classes[i]),
            given=given.value,
            expected=wanted,
        ),
        evidence,
        corrected,
        one.title,
    )


def _near(case: Case) -> Iterator[Suspicion]:
    found = near(case.curves, case.problem)
    if found is None:
        return
    off = found.off
    far = np.flatnonzero(case.problem.usable & (np.abs(off) > max(_CLOSE, 4 * found.spread)))
    corrected = found.explanation.values
    if far.size:
        for i in far.tolist():
            yield _far(case, i, found.explanation, found.spread)
        return
    worst = float(np.nanmax(np.abs(off)))
    shown = 100 * (math.exp(worst) - 1)
    exact = case.problem.digits >= _EXACT_DIGITS
    yield Suspicion(
        finding(
            NEAR,
            f"these weights are near {found.explanation.title}, but each is a little off, by up to "
            f"{shown:.2g} %. So they were computed on other counts: an older state of the data, another "
            "split, void counted in one and not in the other, or rounded by hand.",
            level=None if exact else Level.NOTE,
            corrected=corrected.tolist(),
            scheme=found.explanation.scheme,
            off_by_up_to=math.exp(worst) - 1,
        ),
        1.0,
        corrected,
        found.explanation.title,
    )


def _far(case: Case, i: int, one: Explanation, spread: float) -> Suspicion:
    name, given, wanted = case.name(i), case.numbers[i], float(one.values[i])
    times = given.value / wanted
    shown = f"{times:.2g} times" if times >= 1 else f"1/{1 / times:.2g} of"
    expected, slip = slip_words(given, wanted, case.numbers)
    return Suspicion(
        finding(
            OUT_OF_LINE,
            f"{name} (index {i}) has {given.shown}, which is {shown} what {one.title} gives ({expected}); "
            f"most others are within {100 * max(spread, 0.001):.2g} % of it{slip}.",
            level=Level.WARNING,
            corrected=[float(v) for v in _with(case.values, i, wanted)],
            scheme=one.scheme,
            index=i,
            where=Where(cls=case.counts.classes[i]),
            given=given.value,
            expected=wanted,
        ),
        1.5,
        one.values,
        f"near {one.title}",
    )


def _with(values: FloatArray, i: int, value: float) -> FloatArray:
    changed = values.copy()
    changed[i] = value
    return changed
