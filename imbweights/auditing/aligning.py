"""From numbers as they were given to one number per class, in class order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from imbweights.auditing.given import Given, Key
from imbweights.auditing.numbers import Written
from imbweights.auditing.wording import short
from imbweights.core.codes.weights import KEYS
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import Finding, Level, finding
from imbweights.core.profile import Profile

MISSING = Written(float("nan"), "–")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Aligned:
    """``numbers``: one per class in class order, ``MISSING`` where there is none; ``findings``: what is
    wrong with the keys. ``numbers`` is ``None`` when a list has another length.
    """

    numbers: tuple[Written, ...] | None
    findings: tuple[Finding, ...] = ()


def aligned(given: Given, counts: ClassCounts, profile: Profile) -> Aligned:
    """Numbers by class name, by class index, or as they stand."""
    if given.keys is None:
        fits = len(given.numbers) == len(counts.classes)
        return Aligned(given.numbers if fits else None)
    named = dict(zip(given.keys, given.numbers, strict=True))
    place, problem = _places(tuple(named), counts, profile)
    found = [MISSING] * len(counts.classes)
    for key, i in place.items():
        found[i] = named[key]
    findings = ([problem] if problem else []) + _unknown(named, place, counts)
    findings += _absent(found, counts)
    return Aligned(tuple(found), tuple(findings))


def _places(
    keys: Sequence[Key], counts: ClassCounts, profile: Profile
) -> tuple[dict[Key, int], Finding | None]:
    """Key → class index, by the reading that knows most keys; and what is wrong with it."""
    index = {name: i for i, name in enumerate(counts.classes)}
    k = len(index)
    by_name = {key: index[str(key)] for key in keys if str(key) in index}
    if len(by_name) == len(keys):
        return by_name, None
    numbers = {key: int(key) for key in keys if isinstance(key, int) or key.isdecimal()}
    if len(numbers) == len(keys):
        return _by_number(numbers, index, k, profile)
    return by_name, None


def _by_number(
    numbers: Mapping[Key, int], index: Mapping[str, int], k: int, profile: Profile
) -> tuple[dict[Key, int], Finding | None]:
    found = set(numbers.values())
    ids = profile.source.ids
    name_of = {number: name for name, number in ids.items()}
    if found <= set(range(k)):
        return dict(numbers), None
    if ids and found <= set(name_of):
        by_id = {key: index[name_of[n]] for key, n in numbers.items() if name_of[n] in index}
        message = (
            "the keys are the ids in the data, which are not the class indices: what looks up a weight "
            "by class index finds another class or none"
        )
        return by_id, finding(KEYS, message, level=Level.WARNING)
    if found == set(range(1, k + 1)):
        message = (
            f"the keys go from 1 to {k}, class indices from 0 to {k - 1}: every weight is one off"
        )
        return {key: n - 1 for key, n in numbers.items()}, finding(KEYS, message)
    return {key: n for key, n in numbers.items() if 0 <= n < k}, None


def _unknown(
    named: Mapping[Key, Written], place: Mapping[Key, int], counts: ClassCounts
) -> list[Finding]:
    unknown = [str(key) for key in named if key not in place]
    if not unknown:
        return []
    close = get_close_matches(unknown[0], counts.classes, n=1, cutoff=0.6)
    hint = f" (did you mean {close[0]}?)" if close else ""
    many = len(unknown) > 1
    return [
        finding(
            KEYS,
            f"{_listed(unknown)}{hint} {'are' if many else 'is'} not among the classes: "
            f"{'those weights are' if many else 'that weight is'} never used",
            unknown=unknown[:100],
        )
    ]


def _absent(found: Sequence[Written], counts: ClassCounts) -> list[Finding]:
    pairs = zip(counts.classes, counts.counts.tolist(), found, strict=True)
    absent = [name for name, n, number in pairs if number is MISSING and n]
    if not absent:
        return []
    verb = "have" if len(absent) > 1 else "has"
    return [
        finding(
            KEYS,
            f"{_listed(absent)} {verb} samples but no weight: Keras and scikit-learn silently take 1",
            missing=absent[:100],
        )
    ]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(short(name) for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
