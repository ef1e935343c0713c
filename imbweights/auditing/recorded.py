"""Our own weights: they say what they are, and on which counts they were computed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion
from imbweights.auditing.given import USE_OF_ROLE, Use
from imbweights.auditing.mistakes.role import balanced, no_weight, positives
from imbweights.auditing.wording import short
from imbweights.core.choices import EmptyPolicy
from imbweights.core.codes.weights import (
    KEYS,
    MISORDERED,
    OUT_OF_LINE,
    POS_AS_WEIGHT,
    SPLIT,
    STALE,
    WEIGHT_AS_POS,
)
from imbweights.core.cost_matrix import CostMatrix
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import ImbweightsError
from imbweights.core.findings import Level, finding
from imbweights.core.weights import ClassWeights, FloatArray, Role
from imbweights.schemes import SCHEMES, find_scheme
from imbweights.schemes.base import POSITIVE, VOID
from imbweights.schemes.weighing import Wishes, is_binary, weigh

_SAME = 1e-6
_LITTLE = 0.01


def again(own: ClassWeights, counts: ClassCounts) -> ClassWeights | None:
    """The weights as they would be computed now, ``None`` where that cannot be."""
    scheme = SCHEMES.get(own.scheme)
    if scheme is None:
        return None
    single = scheme.one_if_binary and is_binary(counts) and len(own.classes) == 1
    wishes = Wishes(
        parameters={k: v for k, v in own.parameters.items() if k not in {VOID, POSITIVE}},
        costs=None if own.costs is None else CostMatrix(own.costs, _cost_classes(own)),
        normalize=own.normalization,
        cap=own.cap,
        empty=EmptyPolicy(own.empty) if own.empty else EmptyPolicy.ZERO,
        positive=own.classes[0] if single and own.classes[0] in counts.classes else None,
        void_in_denominator=VOID in own.parameters,
    )
    if own.role not in {Role.CLASS_WEIGHT, Role.POS_WEIGHT} and not own.empty:
        wishes = _strict(wishes)
    try:
        return weigh(find_scheme(own.scheme), counts, wishes)
    except ImbweightsError:
        return None


def _strict(wishes: Wishes) -> Wishes:
    from dataclasses import replace

    return replace(wishes, empty=EmptyPolicy.ERROR)


def _cost_classes(own: ClassWeights) -> tuple[str, ...] | None:
    return own.classes if own.costs is not None and len(own.costs) == len(own.classes) else None


def suspicions(case: Case, own: ClassWeights) -> Iterator[Suspicion]:
    """Order, counts and values against those of the data now."""
    now = again(own, case.counts)
    expected = None if now is None else _full(now, case.counts)
    yield from _role(case, own)
    yield from _order(case, own, expected)
    if _same_counts(own, case.counts):
        yield from _edited(case, own, now, expected)
    else:
        yield from _counts(case, own, expected)


def _full(weights: ClassWeights, counts: ClassCounts) -> FloatArray:
    """(K,) in class order; NaN where a ``pos_weight`` has no entry."""
    found = dict(zip(weights.classes, weights.values.tolist(), strict=True))
    return np.array([found.get(c, np.nan) for c in counts.classes], dtype=np.float64)


def _role(case: Case, own: ClassWeights) -> Iterator[Suspicion]:
    """Used as something else than they were made for."""
    made_for = USE_OF_ROLE.get(own.role)
    if not case.stated or made_for is case.use:
        return
    if made_for is None:
        yield no_weight(case, own.scheme, 99.0)
    elif made_for is Use.POS_WEIGHT:
        corrected = balanced(case)
        message = f"these were made as pos_weight ({own.scheme}) and are used as {case.use.words}."
        found = finding(POS_AS_WEIGHT, message, corrected=corrected.tolist())
        yield Suspicion(found, 99.0, corrected, "balanced")
    elif case.use is Use.POS_WEIGHT:
        corrected = positives(case)
        message = f"these were made as {made_for.words} ({own.scheme}) and are used as pos_weight."
        found = finding(WEIGHT_AS_POS, message, corrected=corrected.tolist())
        yield Suspicion(found, 99.0, corrected, "pos_weight")


def _order(case: Case, own: ClassWeights, expected: FloatArray | None) -> Iterator[Suspicion]:
    """Whether each class still has the index that was written down."""
    known = set(case.counts.classes)
    gone = [c for c in own.classes if c not in known]
    if gone:
        message = f"{', '.join(map(short, gone[:5]))} {'are' if len(gone) > 1 else 'is'} no longer among the classes"
        yield Suspicion(finding(KEYS, message, unknown=gone[:100]))
    moved = [
        (c, i, case.counts.classes.index(c))
        for c, i in zip(own.classes, own.indices, strict=True)
        if c in known and case.counts.classes.index(c) != i
    ]
    if moved:
        name, then, now = moved[0]
        # A class that has no weight at all has no corrected one.
        right = expected if expected is not None else case.values
        corrected = right if np.isfinite(right).all() else None
        more = f" and {len(moved) - 1:,} more" if len(moved) > 1 else ""
        yield Suspicion(
            finding(
                MISORDERED,
                f"the class order has changed since these weights were made: {short(name)} had index {then}, now "
                f"{now}{more}.",
                corrected=_listed(corrected),
            ),
            99.0,
            corrected,
            own.scheme,
        )


def _same_counts(own: ClassWeights, counts: ClassCounts) -> bool:
    now = counts.as_dict()
    kept = own.role in {Role.POS_WEIGHT, Role.INITIAL_BIAS} and len(own.classes) == 1
    names_match = kept or set(own.classes) == set(now)
    return names_match and all(
        now.get(c) == n for c, n in zip(own.classes, own.counts, strict=True)
    )


def _counts(case: Case, own: ClassWeights, expected: FloatArray | None) -> Iterator[Suspicion]:
    """Other counts than those of the training split: of which split, or by how much they moved."""
    profile = case.profile
    splits = {"all splits together": profile.total} if profile.splits else {}
    splits |= {f"split {name!r}": counts for name, counts in profile.splits.items()}
    for name, counts in splits.items():
        if _same_counts(own, counts):
            yield Suspicion(
                finding(
                    SPLIT,
                    f"these weights were computed on {name}, not on the training split.",
                    corrected=_listed(expected),
                    computed_on=name,
                ),
                99.0,
                expected,
                own.scheme,
            )
            return
    yield _stale(case, own, expected)


def _percent(share: float) -> str:
    """Two digits, or all before the point.

    >>> _percent(0.0123), _percent(5.0)
    ('1.2', '500')
    """
    return f"{100 * share:.2g}" if share < 1 else f"{100 * share:,.0f}"


def _stale(case: Case, own: ClassWeights, expected: FloatArray | None) -> Suspicion:
    now = case.counts.as_dict()
    changes = [(c, n, now.get(c, 0)) for c, n in zip(own.classes, own.counts, strict=True)]
    moved = [change for change in changes if change[1] != change[2]]
    new = [c for c in now if c not in set(own.classes)] if len(own.classes) > 1 else []
    words = [f"{short(c)} from {then:,} to {here:,}" for c, then, here in moved[:3]]
    words += [f"{short(c)} is new ({now[c]:,})" for c in new[:3]]
    off = _off(case.values, expected)
    by = f"; the weights move by up to {_percent(off)} %" if np.isfinite(off) else ""
    more = len(moved) + len(new) - len(words)
    rest = f" and {more:,} more" if more > 0 else ""
    return Suspicion(
        finding(
            STALE,
            f"the counts have changed since these weights were made: {', '.join(words)}{rest}{by}.",
            level=Level.NOTE if off < _LITTLE and not new else None,
            corrected=_listed(expected),
            moved_by_up_to=off if np.isfinite(off) else None,
        ),
        99.0,
        expected,
        own.scheme,
    )


def _edited(
    case: Case, own: ClassWeights, now: ClassWeights | None, expected: FloatArray | None
) -> Iterator[Suspicion]:
    """The counts are the same, so the numbers must be."""
    if now is None or expected is None:
        return
    seen = np.isfinite(expected) & np.isfinite(case.values)
    far = np.abs(case.values - expected) > _SAME * np.maximum(np.abs(expected), 1e-12)
    for i in np.flatnonzero(seen & far).tolist()[:3]:
        yield Suspicion(
            finding(
                OUT_OF_LINE,
                f"{case.name(i)} (index {i}) has {case.numbers[i].shown}, where {own.scheme} as "
                f"recorded gives {expected[i]:.6g}: the file was changed by hand.",
                corrected=_listed(expected),
                index=i,
                given=float(case.values[i]),
                expected=float(expected[i]),
            ),
            99.0,
            expected,
            own.scheme,
        )


def _off(values: FloatArray, expected: FloatArray | None) -> float:
    if expected is None:
        return float("nan")
    seen = np.isfinite(values) & np.isfinite(expected) & (np.abs(values) > 0)
    if not seen.any():
        return float("nan")
    return float(np.max(np.abs(expected[seen] / values[seen] - 1)))


def _listed(values: FloatArray | None) -> list[float | None] | None:
    if values is None:
        return None
    return [float(v) if np.isfinite(v) else None for v in values.tolist()]
