"""Weights in another order than the class indices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.explaining import Explanation, explanations
from imbweights.auditing.problem import Problem
from imbweights.auditing.robust import near
from imbweights.core.codes.weights import MISORDERED
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import Level, finding
from imbweights.core.ordering import sorted_classes
from imbweights.core.weights import FloatArray

# position in the given vector → index of the class whose weight stands there
Order = tuple[int, ...]

_MANY, _MOST = 6, 2000
_WRONG_PAIRS = 0.2
_WITHOUT_NAME = 2.5


def suspicions(case: Case) -> Iterator[Suspicion]:
    """The given weights, sorted, beside the counts, sorted: if a scheme explains that, the weights
    are right and their order is wrong. Which order it is follows by trying those with a name.

    Where no scheme explains them, an order with a name in which every rarer class weighs at least
    as much is taken for the one that was meant, if there are many classes.
    """
    if not case.problem.usable.all() or case.problem.equations < 2:
        return
    by_rank = _by_rank(case)
    found = explanations(case.curves, case.problem.moved(by_rank))
    if not found:
        yield from _by_name_only(case)
        return
    best = found[0]
    name = _named(case, best.values)
    evidence = best.evidence - (1.0 if name else math.log10(math.factorial(min(len(by_rank), 100))))
    # Any few numbers of few digits are near a scheme in one of their orders.
    if name or evidence >= _WITHOUT_NAME:
        yield _suspicion(case, best, name, evidence)


def _by_rank(case: Case) -> list[int]:
    """For each class the place of the number that its rank says."""
    weights = np.argsort(-case.values, kind="stable")
    rarest_first = np.argsort(case.counts.counts, kind="stable")
    source = np.empty(len(weights), dtype=np.int64)
    source[rarest_first] = weights
    return [int(i) for i in source]


def _suspicion(case: Case, best: Explanation, name: str | None, evidence: float) -> Suspicion:
    how = f"they are in {name}" if name else "their order is none that has a name"
    first = _example(case, best.values)
    return Suspicion(
        finding(
            MISORDERED,
            f"these weights fit {best.title}, but for other classes: {how}, not in that of the class "
            f"indices. {first}",
            corrected=best.values.tolist(),
            scheme=best.scheme,
            order=name,
        ),
        evidence,
        best.values,
        best.title,
    )


def _example(case: Case, expected: FloatArray) -> str:
    """One class with the weight of another."""
    off = np.abs(np.log(case.values / expected))
    i = int(off.argmax())
    owner = int(np.abs(np.log(expected / case.values[i])).argmin())
    return f"{case.name(i)} (index {i}) has the weight of {case.name(owner)}."


def _named(case: Case, expected: FloatArray) -> str | None:
    """The order with a name that puts every given number at a class that wants it."""
    for name, order in orders(case).items():
        there = expected[list(order)]
        if ((case.problem.low <= there) & (there <= case.problem.high)).all():
            return name
    return _swapped(case, expected)


def _swapped(case: Case, expected: FloatArray) -> str | None:
    wrong = (case.problem.low > expected) | (expected > case.problem.high)
    places = np.flatnonzero(wrong).tolist()
    if len(places) != 2:
        return None
    a, b = (case.name(i) for i in places)
    return f"the right order but for {a} and {b}, which are swapped"


def orders(case: Case) -> dict[str, Order]:
    """Orders that people give weights in, by name, but for the right one."""
    counts = case.counts
    names, n = counts.classes, counts.counts
    index = {name: i for i, name in enumerate(names)}
    k = len(names)
    ids = case.profile.source.ids

    def by(key: Callable[[str], object]) -> Order:
        return tuple(index[c] for c in sorted(names, key=key))  # type: ignore[arg-type]

    found: dict[str, Order] = {
        "alphabetical order of the names": by(lambda c: c),
        "alphabetical order, upper and lower case alike": by(lambda c: c.casefold()),
        "the order of the numbers, not of their text": tuple(
            index[c] for c in sorted_classes(names)
        ),
    }
    if ids:
        found["the order of the ids in the data"] = by(lambda c: ids.get(c, 0))
    found |= {
        "the order of the counts, largest first": tuple(np.argsort(-n, kind="stable").tolist()),
        "the order of the counts, smallest first": tuple(np.argsort(n, kind="stable").tolist()),
        "the reversed order": tuple(range(k))[::-1],
        "an order shifted by one (the last class first)": (k - 1, *range(k - 1)),
        "an order shifted by one (the first class last)": (*range(1, k), 0),
    }
    return {name: order for name, order in found.items() if order != tuple(range(k))}


def _by_name_only(case: Case) -> Iterator[Suspicion]:
    """For weights of no scheme: only an order that has a name and makes everything fall in line."""
    if (
        not _MANY <= len(case.numbers) <= _MOST
        or _wrong_pairs(case.problem, case.counts) < _WRONG_PAIRS
    ):
        return
    for name, order in orders(case).items():
        source = np.argsort(order).tolist()
        moved = case.problem.moved(source)
        if _wrong_pairs(moved, case.counts) > 0 and near(case.curves, moved) is None:
            continue
        corrected = case.values[source]
        yield Suspicion(
            finding(
                MISORDERED,
                f"these weights fit no scheme exactly, but in {name} they fall as the classes grow, and in "
                "that of the class indices they do not.",
                level=Level.WARNING,
                corrected=corrected.tolist(),
                order=name,
            ),
            1.0,
            corrected,
            "the given, put in order",
        )
        return


def _wrong_pairs(problem: Problem, counts: ClassCounts) -> float:
    """The share of pairs of classes of which the more frequent one weighs more."""
    n, low, high = counts.counts, problem.low, problem.high
    more = n[:, None] > n[None, :]
    wrong = more & (low[:, None] > high[None, :])
    return float(wrong.sum()) / max(1, int(more.sum()))
