"""Too many or too few weights, with the likely reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from imbweights.auditing.aligning import MISSING
from imbweights.auditing.case import Case, Suspicion, curves_for, explain
from imbweights.auditing.explaining import ENOUGH, Explanation
from imbweights.auditing.mistakes.role import balanced, positives
from imbweights.auditing.numbers import Written
from imbweights.auditing.rebuilding import rebuilt
from imbweights.auditing.wording import short
from imbweights.core.codes.weights import WRONG_LENGTH
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import finding
from imbweights.core.weights import FloatArray

# Of more classes only the first and the last are tried as the one that is left out.
_TRIED = 60


@dataclass(frozen=True, eq=False)
class Reason:
    """Why the length is wrong; ``numbers``: those given, at the classes they seem to be for."""

    words: str
    numbers: tuple[Written, ...] | None = None
    best: Explanation | None = None


def suspicion(case: Case) -> tuple[Suspicion, tuple[Written, ...] | None]:
    """The finding, and the numbers at the classes they seem to be for. ``case.numbers`` are those
    given, in their order.
    """
    given, k = len(case.numbers), len(case.counts.classes)
    reason = max(_reasons(case), key=_strength)
    best = reason.best
    if best is not None:
        corrected, title = _continued(rebuilt(best, case.counts), reason, best), best.title
    elif case.positives:
        corrected, title = positives(case), "pos_weight"
    else:
        corrected, title = balanced(case), "balanced"
    what = "label" if case.multilabel else "class"
    found = finding(
        WRONG_LENGTH,
        f"there {'is 1 number' if given == 1 else f'are {given:,} numbers'} for {k:,} {what}"
        f"{'es' if what == 'class' else 's'}: {reason.words}.",
        corrected=corrected.tolist(),
        given=given,
        wanted=k,
        scheme=None if best is None else best.scheme,
    )
    return Suspicion(found, 99.0, corrected, title), reason.numbers


def _continued(values: FloatArray, reason: Reason, best: Explanation) -> FloatArray:
    """A scale of its own is kept, so that the given numbers stay as they are where they can."""
    if best.scale or best.normalization is not None or reason.numbers is None:
        return values
    given = np.array([number.value for number in reason.numbers], dtype=np.float64)
    both = np.isfinite(given) & (given > 0) & (values > 0)
    return values * float(np.exp(np.median(np.log(given[both] / values[both]))))


def _strength(reason: Reason) -> float:
    return -1.0 if reason.best is None else reason.best.evidence


def _reasons(case: Case) -> Iterator[Reason]:
    given, k = len(case.numbers), len(case.counts.classes)
    yield Reason(_plain_reason(case))
    if given > k:
        yield from _too_many(case, given - k)
    elif given > 1:
        yield from _too_few(case, k - given)


def _plain_reason(case: Case) -> str:
    given, counts = len(case.numbers), case.counts
    ids = case.profile.source.ids
    if given in {counts.samples, case.profile.total.samples}:
        return "as many as there are samples, so these are sample weights (--used-as sample-weight)"
    if ids and given == max(ids.values()) + 1:
        return (
            "one for every id up to the largest in the data, where the class indices leave no gaps "
            "(--classes keeps them)"
        )
    if case.positives and not case.multilabel and len(counts.classes) == 2:
        return "pos_weight takes one number, for the positive class"
    if given > len(counts.classes):
        ignored = ", ".join(case.profile.source.ignored)
        return f"perhaps {ignored or 'void or background'} is counted as a class in one and not in the other"
    empty = len(counts.empty_classes)
    if empty and given == len(counts.classes) - empty:
        return f"the {empty:,} class{'es' * (empty > 1)} without samples have no place in them"
    return "perhaps a class, such as background, is counted in one and not in the other"


def _too_many(case: Case, extra: int) -> Iterator[Reason]:
    """Some entries, at the start, at the end or one anywhere, belong to no class."""
    given = len(case.numbers)
    spans = [range(extra), range(given - extra, given)]
    if extra == 1 and given <= _TRIED:
        spans += [range(i, i + 1) for i in range(1, given - 1)]
    for span in spans:
        left = [number for i, number in enumerate(case.numbers) if i not in span]
        found = explain(case.curves, case.counts, left)
        if found and found[0].evidence >= ENOUGH and not found[0].is_flat:
            yield Reason(_extra_words(case, span), tuple(left), found[0])


def _extra_words(case: Case, span: range) -> str:
    where = "first" if span.start == 0 else "last" if span.stop == len(case.numbers) else "middle"
    ignored = ", ".join(case.profile.source.ignored)
    who = f"{ignored}, which is ignored here," if ignored else "void or background"
    if len(span) == 1:
        place = f"index {span.start}" if where == "middle" else f"the {where}"
        return f"{place} ({case.numbers[span.start].shown}) belongs to none of them, most likely to {who}"
    return f"the {where} {len(span)} belong to none of them, most likely to void or background"


def _too_few(case: Case, lacking: int) -> Iterator[Reason]:
    """Some classes, those without samples, at the start, at the end or one anywhere, have none."""
    counts, k = case.counts, len(case.counts.classes)
    without = np.flatnonzero(counts.counts == 0).tolist()
    places: list[Sequence[int]] = [range(lacking), range(k - lacking, k)]
    if lacking == 1 and k <= _TRIED:
        places += [[i] for i in range(1, k - 1)]
    if len(without) == lacking:
        places = [without, *places]
    for place in places:
        rest = _without(counts, place)
        if not rest.total:
            continue
        numbers = iter(case.numbers)
        spread = tuple(MISSING if i in place else next(numbers) for i in range(k))
        # The class was counted and its weight left out, or it was not counted either.
        for found in (
            explain(case.curves, counts, spread),
            explain(curves_for(rest, positives=case.positives), rest, case.numbers),
        ):
            if found and found[0].evidence >= ENOUGH and not found[0].is_flat:
                yield Reason(_lacking_words(counts, place), spread, found[0])


def _lacking_words(counts: ClassCounts, place: Sequence[int]) -> str:
    names = ", ".join(short(counts.classes[i]) for i in list(place)[:3])
    more = f" and {len(place) - 3} more" if len(place) > 3 else ""
    empty = all(counts.counts[i] == 0 for i in place)
    why = " (no samples, but an index)" if empty else ", as if it were background"
    return f"{names}{more} {'have' if len(place) > 1 else 'has'} none{why}"


def _without(counts: ClassCounts, places: Sequence[int]) -> ClassCounts:
    """The counts without some classes."""
    keep = np.array([i not in set(places) for i in range(len(counts.classes))])
    lost = int(counts.counts[~keep].sum())
    return replace(
        counts,
        classes=tuple(c for c, k in zip(counts.classes, keep.tolist(), strict=True) if k),
        counts=counts.counts[keep],
        present=counts.present[keep],
        extent=counts.extent[keep],
        extent_with_void=None,
        label_sets=None,
        ignored=counts.ignored + lost,
    )
