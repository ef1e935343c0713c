"""Whole readings that are kept between runs: those that follow from the named files and the options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imbweights.core.counts import ClassCounts
from imbweights.core.options import LabelOptions
from imbweights.running.cache import About, is_caching, kept
from imbweights.sources.base import Order, Reading

# Beyond these a reading takes longer to write down and read back than most take to count.
_MOST_CLASSES = 20_000
_MOST_SETS = 20_000
_wanted_fresh: ContextVar[bool] = ContextVar("wanted_fresh", default=False)


@contextmanager
def fresh_readings() -> Iterator[None]:
    """Within this context every file is read: somebody wants more of it than its counts."""
    token = _wanted_fresh.set(True)
    try:
        yield
    finally:
        _wanted_fresh.reset(token)


def kept_reading(
    kind: str,
    names: Sequence[str],
    paths: Sequence[Path],
    options: LabelOptions,
    read: Callable[[], Reading],
) -> Reading:
    """What ``read`` gives for these files, unless that is known from an earlier run.

    ``names``: all that the reading may name: what messages call the files, and what lies beside them.
    Who asks for rows or for what each file holds gets a fresh reading.
    """
    more_than_counts = options.keep_rows or options.keep_paths or _wanted_fresh.get()
    if more_than_counts or not is_caching():
        return read()
    fresh: list[Reading] = []

    def record() -> Any:
        fresh.append(read())
        return to_record(fresh[0])

    about = About(f"reading {kind}", [list(names), asdict(options)], ("duckdb", "numpy"))
    found = kept(about, paths, record)
    return fresh[0] if fresh else from_record(found)


def to_record(reading: Reading) -> dict[str, Any] | None:
    """A reading as JSON; ``None`` when it is not to be kept."""
    parts = reading.splits.values()
    large = any(
        len(part.classes) > _MOST_CLASSES or len(part.label_sets or ()) > _MOST_SETS
        for part in parts
    )
    if large or reading.keys or reading.rows or reading.files or reading.looked_beside:
        return None
    return {
        "splits": {split: _counts(part) for split, part in reading.splits.items()},
        "label": reading.label,
        "details": reading.details,
        "notes": reading.notes,
        "order": reading.order,
        "declared": reading.declared,
        "ids": dict(reading.ids),
        "numbered": reading.numbered,
        "first_seen": dict(reading.first_seen),
        "maybe_single": reading.maybe_single,
        "amount": reading.amount,
    }


def _counts(counts: ClassCounts) -> dict[str, Any]:
    """The counts with their label sets in the order in which they were met."""
    told = counts.to_dict()
    if counts.label_sets is not None:
        told["label_sets"] = [
            {"labels": labels, "rows": int(rows)} for labels, rows in counts.label_sets.items()
        ]
    return told


def from_record(told: Mapping[str, Any]) -> Reading:
    """Read back what ``to_record`` gave."""
    return Reading(
        splits={split: ClassCounts.from_dict(part) for split, part in told["splits"].items()},
        label=told["label"],
        details=tuple(told["details"]),
        notes=tuple(told["notes"]),
        order=None if told["order"] is None else Order(told["order"]),
        declared=tuple(told["declared"]),
        ids=told["ids"],
        numbered=told["numbered"],
        first_seen=told["first_seen"],
        maybe_single=told["maybe_single"],
        amount=None if told["amount"] is None else tuple(told["amount"]),
    )
