"""What must hold for whatever is read: counts that agree with each other, or an error for the user."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imbweights import Analysis, analyze
from imbweights.core.counts import ClassCounts, Task, Unit


class BrokenLawError(AssertionError):
    """A result that cannot be right."""


def require(holds: object, what: str) -> None:
    """Raise ``BrokenLawError`` saying ``what`` unless it holds (``assert`` may be switched off)."""
    if not holds:
        raise BrokenLawError(what)


def consistent(counts: ClassCounts) -> None:
    """What the fields of one ``ClassCounts`` say of each other."""
    n, present, extent = (a.tolist() for a in (counts.counts, counts.present, counts.extent))
    require(len(set(counts.classes)) == len(counts.classes), "a class is named twice")
    require(all(type(name) is str for name in counts.classes), "a class name is no text")
    require(min([*n, *present, *extent, counts.samples, 0]) == 0, "something is below 0")
    require(counts.total == sum(n), "the total is not the sum")
    require(all(bool(a) == bool(b) for a, b in zip(n, present, strict=True)), "present and counted")
    require(all(p <= counts.samples for p in present), "more samples with a class than samples")
    if counts.task is Task.MULTICLASS and counts.unit is Unit.SAMPLES:
        require(n == present == extent, "a sample has one label")
        require(
            sum(n) + counts.missing + counts.ignored == counts.samples,
            "labels, missing and ignored are not all samples",
        )
    if counts.label_sets is not None:
        _sets_agree(counts)


def _sets_agree(counts: ClassCounts) -> None:
    sets = counts.label_sets or {}
    again = [0] * len(counts.classes)
    for labels, rows in sets.items():
        require(rows > 0, "a set of labels that no row has")
        require(list(labels) == sorted(set(labels)), "a set of labels is out of order")
        for index in labels:
            again[index] += rows
    require(again == counts.counts.tolist(), "the label sets give other counts")


def holds(found: Analysis, expected: Mapping[str, int] | None = None) -> None:
    """Parts add up to the whole, the JSON is strict; ``expected``: what a slow recount gave."""
    consistent(found.counts)
    splits = found.profile.splits
    for part in splits.values():
        consistent(part)
    if splits:
        together = [sum(c) for c in zip(*(p.counts.tolist() for p in splits.values()), strict=True)]
        require(together == found.counts.counts.tolist(), "the splits do not add up")
        require(
            sum(p.samples for p in splits.values()) == found.counts.samples, "samples of splits"
        )
    json.dumps(found.to_dict(), allow_nan=False)
    if expected is not None:
        mine = {c: n for c, n in found.counts.as_dict().items() if n}
        require(mine == dict(expected), f"counted {mine}, a slow count gives {dict(expected)}")


def survives_saving(found: Analysis, folder: Path) -> None:
    """What was saved is read back as it was."""
    saved = folder / "saved-analysis.json"
    saved.write_text(json.dumps(found.to_dict()), encoding="utf-8")
    again = analyze(saved, kind="analysis")
    require(again.counts == found.counts, "the saved counts are others")
    require(dict(again.profile.splits) == dict(found.profile.splits), "the saved splits are others")


def strict_json(value: Any) -> None:
    """No NaN and no infinity in what is written for others."""
    json.dumps(value, allow_nan=False)
