"""What the classes of several readings are called and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import AmbiguousSourceError, SourceError
from imbweights.core.options import LabelOptions
from imbweights.core.ordering import sorted_classes
from imbweights.sources.base import Order, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassNames:
    """``renamed``: label in the data → class name; ``ids``: class name → number in the data.

    ``order``, ``declared`` and ``first_seen`` as in ``Reading``, of all readings together.
    """

    order: Order | None = None
    declared: tuple[str, ...] = ()
    ids: Mapping[str, int] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    first_seen: Mapping[str, str] = field(default_factory=dict)

    def in_order(self, found: Sequence[str]) -> tuple[str, ...]:
        """The found and the declared classes in the order that the source decides."""
        everything = tuple(dict.fromkeys((*self.declared, *sorted_classes(found))))
        match self.order:
            case Order.TEXT:
                return tuple(sorted(everything))
            case Order.IDS:
                last = max(self.ids.values(), default=0) + 1
                return tuple(sorted(everything, key=lambda c: self.ids.get(c, last)))
            case _:
                return everything


def class_names(readings: Sequence[Reading], options: LabelOptions) -> ClassNames:
    """The names for all readings. Raises when two of them contradict each other."""
    renamed = _renamed(readings, options)
    ids: dict[str, int] = {}
    for reading in readings:
        for name, number in reading.ids.items():
            if ids.setdefault(name, number) != number:
                raise SourceError(
                    f"class {name!r} is number {ids[name]} in one file and {number} in another",
                    hint="these are not parts of one data set",
                )
    if options.class_ids is not None and options.classes is not None:
        ids = dict(zip(options.classes, options.class_ids, strict=True))
    _refuse_shared_numbers(ids)
    orders = {reading.order for reading in readings}
    first_seen = {
        renamed.get(name, name): file
        for reading in reversed(readings)
        for name, file in reading.first_seen.items()
    }
    return ClassNames(
        order=orders.pop() if len(orders) == 1 else None,
        declared=_declared(readings),
        ids=ids,
        renamed=renamed,
        first_seen=first_seen,
    )


def _refuse_shared_numbers(ids: Mapping[str, int]) -> None:
    by_number: dict[int, str] = {}
    for name, number in ids.items():
        if by_number.setdefault(number, name) != name:
            raise SourceError(
                f"number {number} is {by_number[number]!r} in one file and {name!r} in another",
                hint="these are not parts of one data set",
            )


def _declared(readings: Sequence[Reading]) -> tuple[str, ...]:
    merged = tuple(dict.fromkeys(c for reading in readings for c in reading.declared))
    if any(reading.order is not Order.DECLARED for reading in readings):
        return merged
    position = {name: i for i, name in enumerate(merged)}
    for reading in readings:
        places = [position[c] for c in reading.declared]
        if places != sorted(places):
            raise AmbiguousSourceError(
                "the files declare the same classes in different orders",
                hint="fix one with --classes a,b,c",
            )
    return merged


def _renamed(readings: Sequence[Reading], options: LabelOptions) -> dict[str, str]:
    """Names for numbers: as ``--classes`` pairs them, or by position where labels are numbers."""
    if options.classes is None:
        return {}
    ids = options.class_ids
    if ids is None:
        found = {c for r in readings for counts in r.splits.values() for c in counts.classes}
        numbers = all(c.isdecimal() for c in found)
        if not (all(r.numbered for r in readings) and numbers and not found & {*options.classes}):
            return {}
        ids = tuple(range(len(options.classes)))
    return {str(number): name for number, name in zip(ids, options.classes, strict=True)}


def single_if_all_are(
    readings: Sequence[tuple[str, Reading]],
) -> list[tuple[str, Reading]]:
    """Label sets as classes, when no row of any part has more than one label."""
    parts = [counts for _, reading in readings for counts in reading.splits.values()]
    if not all(reading.maybe_single for _, reading in readings) or any(
        len(labels) > 1 for counts in parts for labels in counts.label_sets or {}
    ):
        return list(readings)
    return [
        (given, replace(reading, splits={s: _single(c) for s, c in reading.splits.items()}))
        for given, reading in readings
    ]


def _single(counts: ClassCounts) -> ClassCounts:
    """One class per row, out of label sets; a row without a label is a missing label."""
    without = (counts.label_sets or {}).get((), 0)
    return ClassCounts.multiclass(
        counts.as_dict(),
        missing=max(0, without - counts.ignored),
        ignored=min(counts.ignored, without),
        order=counts.classes,
        unit=Unit.SAMPLES,
    )
