"""Numbers that cannot be weights whatever the scheme: negative, NaN, infinite, zero."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from imbweights.auditing.aligning import MISSING
from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import ENOUGH, Explanation, explanations
from imbweights.auditing.mistakes.role import no_weight
from imbweights.auditing.numbers import LARGEST, SMALLEST, Written, digits_of
from imbweights.auditing.problem import BoolArray, plausible
from imbweights.core.codes.weights import EMPTY, NEGATIVE, NOT_FINITE, ZERO
from imbweights.core.findings import Code, Level, Where, finding
from imbweights.core.weights import FloatArray

_SHOWN = 5
_FEW_DIGITS = 1.3


def suspicions(case: Case) -> Iterator[Suspicion]:
    """Each kind once, with the classes it happens to and what the others say they should have."""
    offsets = _offsets(case)
    if offsets is not None:
        yield offsets
        return
    n, values = case.counts.counts, case.values
    known = np.array([number is not MISSING for number in case.numbers])
    corrected, title = _corrected(case)
    unfloored = _unfloored(case)
    infinite = known & ~(np.abs(values) <= LARGEST)  # NaN is neither
    if infinite.any():
        yield _not_finite(case, infinite, corrected, title)
    negative = (values < 0) & ~infinite
    if negative.any():
        yield _negative(case, negative, corrected, title, unfloored=unfloored)
    zero = (values >= 0) & (values < SMALLEST) & (n > 0)
    if case.positives:  # a label that is on in every row has no negatives: 0 is its pos_weight
        zero &= n < case.counts.samples
    if zero.any():
        yield _zero(case, zero, corrected, title, unfloored=unfloored)
    empty = (n == 0) & plausible(values)
    if empty.any():
        yield _empty(case, empty)


def _corrected(case: Case) -> tuple[FloatArray | None, str]:
    """What the usable numbers say of the others."""
    best = case.best
    return (None, "") if best is None else (np.nan_to_num(best.values), best.title)


def _offsets(case: Case) -> Suspicion | None:
    """ln p, or the bias ln(n/N): nearly all are negative."""
    n = case.counts.counts.astype(np.float64)
    if case.positives or (n == 0).any() or not (case.values < 0).all():
        return None
    if not _tell_something(case):
        return None
    logs = -np.log(n / n.sum())
    factors_low = (-case.problem.high / logs).max()
    factors_high = (-case.problem.low / logs).min()
    if factors_low > factors_high or len(set(n.tolist())) < 2:
        return None
    return no_weight(case, "logit-adjustment", 99.0)


def _tell_something(case: Case) -> bool:
    """Whether the numbers have digits, and differ by more than rounding."""
    halves = (case.problem.high - case.problem.low) / 2
    values = case.values[np.isfinite(case.values)]
    spread = values.size > 1 and np.ptp(values) > 2 * float(np.nanmax(halves))
    return bool(spread) and digits_of(case.values, halves) >= _FEW_DIGITS


def _unfloored(case: Case) -> bool:
    """Whether the numbers are a·(b − ln n), some of which are not above 0: the log ratio without its
    floor.
    """
    n = case.counts.counts.astype(np.float64)
    keep = (np.abs(case.values) <= LARGEST) & (n > 0)
    if len(set(n[keep].tolist())) < 3 or not _tell_something(case):
        return False
    x, y = np.log(n[keep]), case.values[keep]
    slope, at_zero = np.polyfit(x, y, 1)
    half = (case.problem.high - case.problem.low)[keep] / 2
    return bool(slope < 0 and (np.abs(y - at_zero - slope * x) <= 1.5 * half + 1e-6).all())


def _finding(
    case: Case,
    code: Code,
    bad: BoolArray,
    message: str,
    corrected: FloatArray | None,
    title: str,
) -> Suspicion:
    names = [case.counts.classes[i] for i in np.flatnonzero(bad).tolist()]
    return Suspicion(
        finding(
            code,
            message,
            where=Where(cls=names[0]),
            corrected=None if corrected is None else corrected.tolist(),
            classes=names[:100],
        ),
        99.0,
        corrected,
        title,
    )


def _who(case: Case, bad: BoolArray) -> str:
    places = np.flatnonzero(bad).tolist()
    shown = ", ".join(
        f"{case.name(i)} (index {i}, {case.numbers[i].shown})" for i in places[:_SHOWN]
    )
    return shown + (f" and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else "")


def _should(corrected: FloatArray | None, title: str, places: Sequence[int]) -> str:
    if corrected is None:
        return ""
    return f" By the others ({title}) it would be {corrected[places[0]]:.4g}."


def _not_finite(
    case: Case,
    bad: BoolArray,
    corrected: FloatArray | None,
    title: str,
) -> Suspicion:
    places = np.flatnonzero(bad).tolist()
    without = all(case.counts.counts[i] == 0 for i in places)
    why = " Such a class has no samples, and 1/0 is infinite." if without else ""
    word = "is" if len(places) == 1 else "are"
    text = f"{_who(case, bad)} {word} no finite number.{why}"
    if not without:
        text += _should(corrected, title, places)
    return _finding(case, NOT_FINITE, bad, text, corrected, title)


def _negative(
    case: Case,
    bad: BoolArray,
    corrected: FloatArray | None,
    title: str,
    *,
    unfloored: bool,
) -> Suspicion:
    places = np.flatnonzero(bad).tolist()
    word = "is" if len(places) == 1 else "are"
    text = f"{_who(case, bad)} {word} negative."
    if unfloored:
        corrected, title = np.maximum(case.values, 1.0), "log ratio with its floor of 1"
        return _finding(case, NEGATIVE, bad, f"{text} {_FLOOR}", corrected, title)
    if corrected is not None:
        half = case.problem.high - case.problem.low
        sign = all(abs(-case.values[i] - corrected[i]) <= half[i] for i in places)
        text += " Only the sign is wrong." if sign else _should(corrected, title, places)
    elif (best := _turned(case)) is not None:
        corrected, title = np.nan_to_num(best.values), best.title
        text += " Only the sign is wrong."
    return _finding(case, NEGATIVE, bad, text, corrected, title)


def _turned(case: Case) -> Explanation | None:
    """What explains the numbers without their signs."""
    return case.with_numbers([Written(abs(n.value), n.text.lstrip("-")) for n in case.numbers]).best


_FLOOR = (
    "These are ln(μ N/n) without the floor: the formula is max(1, ln(μ N/n)), or the largest classes "
    "drop out of the loss."
)


def _zero(
    case: Case,
    bad: BoolArray,
    corrected: FloatArray | None,
    title: str,
    *,
    unfloored: bool,
) -> Suspicion:
    places = np.flatnonzero(bad).tolist()
    counts, unit = case.counts.counts[places].tolist(), case.counts.unit
    if len(places) == 1:
        text = (
            f"{_who(case, bad)} has weight 0 but {counts[0]:,} {unit}: nothing is learned about it."
        )
    else:
        shown = ", ".join(f"{n:,}" for n in counts[:_SHOWN]) + (" …" if counts[_SHOWN:] else "")
        text = (
            f"{_who(case, bad)} have weight 0 but {unit} ({shown}): nothing is learned about them."
        )
    if unfloored:
        corrected, title = np.maximum(case.values, 1.0), "log ratio with its floor of 1"
        return _finding(case, ZERO, bad, f"{text} {_FLOOR}", corrected, title)
    rounded = corrected is not None and all(corrected[i] <= case.problem.high[i] for i in places)
    text += " It was rounded away." if rounded else _should(corrected, title, places)
    return _finding(case, ZERO, bad, text, corrected, title)


def _smooth(case: Case) -> bool:
    """Whether one sample more of every class explains all weights, those of empty classes as well."""
    everything = replace(case.problem, usable=plausible(case.values))
    curves = [curve for curve in case.curves if curve.basis.smoothed]
    found = explanations(curves, everything)
    return any(e.evidence >= ENOUGH for e in found)


def _empty(case: Case, bad: BoolArray) -> Suspicion:
    usable = case.problem.usable
    others = case.problem.high[usable]
    # Of one sample, as smoothing counts, the weight would be at most so many times the largest.
    most = float(case.counts.counts[usable].min() + 1) if others.size else 1.0
    above = case.problem.low[bad].max() > most * others.max() if others.size else False
    huge = bool(above and not _smooth(case))
    why = " It is far larger than any other, as if 0 samples were nearly 0." if huge else ""
    one = int(bad.sum()) == 1
    text = f"{_who(case, bad)} {'has' if one else 'have'} no samples but a weight.{why}"
    found = finding(EMPTY, text, level=Level.WARNING if huge else None)
    corrected = np.where(bad, 0.0, case.values) if huge else None
    if corrected is not None and not math.isfinite(float(corrected.sum())):
        corrected = None
    return Suspicion(found, 99.0, corrected, "0 where there are no samples")
