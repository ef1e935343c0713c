"""Counting by image: occurrences, images that contain each class, and the extent of those."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from imbweights.core.choices import Counted
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.file_facts import FileFacts
from imbweights.core.ordering import sorted_classes

_UNITS = {Unit.PIXELS: Task.SEGMENTATION, Unit.VOXELS: Task.SEGMENTATION}


@dataclass
class ImageTally:
    """What many images hold, added up; two tallies of different images can be merged.

    ``counts``, ``present``, ``extent``, ``with_void``: per class, as in ``ClassCounts``.
    ``label_sets``: the sets of classes per image, if they are wanted.
    """

    ignore: frozenset[str] = frozenset()
    keeps_sets: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    extent: dict[str, int] = field(default_factory=dict)
    with_void: dict[str, int] = field(default_factory=dict)
    label_sets: dict[frozenset[str], int] = field(default_factory=dict)
    samples: int = 0
    missing: int = 0
    ignored: int = 0

    def add(self, image: Mapping[str, int], *, missing: int = 0) -> None:
        """Add one image: class → how often it occurs there."""
        ignored = sum(n for name, n in image.items() if name in self.ignore)
        kept = {name: n for name, n in image.items() if n and name not in self.ignore}
        whole = sum(kept.values())
        for name, n in kept.items():
            self.counts[name] = self.counts.get(name, 0) + n
            self.present[name] = self.present.get(name, 0) + 1
            self.extent[name] = self.extent.get(name, 0) + whole
            self.with_void[name] = self.with_void.get(name, 0) + whole + ignored
        if self.keeps_sets:
            labels = frozenset(kept)
            self.label_sets[labels] = self.label_sets.get(labels, 0) + 1
        self.samples += 1
        self.missing += missing
        self.ignored += ignored

    def merge(self, other: ImageTally) -> None:
        """Add what another tally counted in other images."""
        for mine, theirs in (
            (self.counts, other.counts),
            (self.present, other.present),
            (self.extent, other.extent),
            (self.with_void, other.with_void),
        ):
            for name, n in theirs.items():
                mine[name] = mine.get(name, 0) + n
        for labels, n in other.label_sets.items():
            self.label_sets[labels] = self.label_sets.get(labels, 0) + n
        self.samples += other.samples
        self.missing += other.missing
        self.ignored += other.ignored

    def to_counts(self, unit: Unit) -> ClassCounts:
        """Counts in ``unit``, classes in default order; ``images`` gives multi-label counts."""
        classes = sorted_classes(self.counts)
        if unit is Unit.IMAGES:
            index = {name: i for i, name in enumerate(classes)}
            sets = {tuple(sorted(index[c] for c in s)): n for s, n in self.label_sets.items()}
            return ClassCounts.multilabel(
                classes, sets, missing=self.missing, ignored=self.ignored, unit=unit
            )
        segmented = unit in _UNITS
        return ClassCounts(
            classes=classes,
            counts=_array(self.counts, classes),
            present=_array(self.present, classes),
            extent=_array(self.extent, classes),
            samples=self.samples,
            missing=self.missing,
            ignored=self.ignored,
            task=_UNITS.get(unit, Task.DETECTION),
            unit=unit,
            extent_with_void=_array(self.with_void, classes) if segmented else None,
        )


def file_facts(
    name: str,
    path: Path,
    image: Mapping[str, int],
    *,
    ignore: frozenset[str] = frozenset(),
    ignored: int = 0,
    size: tuple[int, int] | None = None,
) -> FileFacts:
    """What one image holds, sorted into counted and ignored as ``ImageTally.add`` does.

    ``ignored``: what was set apart already.

    >>> held = {"cat": 2, "void": 3, "dog": 0}
    >>> facts = file_facts("a.png", Path("a.png"), held, ignore=frozenset({"void"}))
    >>> facts.labels, facts.ignored
    ({'cat': 2}, 3)
    """
    # Of 100,000 masks that hold the same classes, each class name is one string.
    kept = {sys.intern(label): n for label, n in image.items() if n and label not in ignore}
    apart = sum(n for label, n in image.items() if label in ignore)
    return FileFacts(name=name, path=path, labels=kept, ignored=ignored + apart, size=size)


def unit_of(count: Counted | None) -> Unit:
    """The unit of a detection set: objects, unless images are asked for."""
    return Unit.IMAGES if count is Counted.IMAGES else Unit.OBJECTS


def _array(
    values: Mapping[str, int], classes: tuple[str, ...]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([values[c] for c in classes], dtype=np.int64)
