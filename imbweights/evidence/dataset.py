"""What is swept over: features, labels and groups of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.evidence.metrics import Truth
from imbweights.evidence.validation import Grouping

IntArray = npt.NDArray[np.int64]


class Features(Protocol):
    """Features of N rows, not yet fit for a model.

    ``columns``: how many the data has. ``encoded`` imputes, scales and encodes by what the
    training rows say and returns two matrices, dense or sparse, of training and of test rows.
    """

    @property
    def columns(self) -> int:
        """How many features the data has."""
        ...

    def encoded(self, train: IntArray, test: IntArray) -> tuple[Any, Any]:
        """Matrices of the training and of the test rows."""
        ...

    def picked(self, rows: IntArray) -> Features:
        """The features of some rows."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """Rows that are ready to be split into folds.

    ``truth``: the labels. ``counts``: of all rows of the source, also of those that were not
    sampled: what weights are computed on in the end. ``groups``: (N,) whole numbers or ``None``.
    ``rows_found``: labelled rows before sampling. ``left_out``: column → why. ``keys``: class
    name → label, as in ``Analysis``.
    """

    name: str
    truth: Truth
    features: Features
    counts: ClassCounts
    rows_found: int
    groups: IntArray | None = None
    grouped_by: str | None = None
    unit: str = "rows"
    left_out: Mapping[str, str] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()
    approximated: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names, in class order."""
        return self.truth.classes

    def grouping(self, rows: IntArray | None = None) -> Grouping:
        """What folds of all rows, or of some, must respect."""
        truth = self.truth if rows is None else self.truth[rows]
        groups = self.groups if rows is None or self.groups is None else self.groups[rows]
        return Grouping(classes=self.classes, codes=truth.codes, labels=truth.labels, groups=groups)

    def counts_of(self, rows: IntArray) -> ClassCounts:
        """The counts of some rows, in the form that schemes take."""
        truth = self.truth[rows]
        n = truth.table.sum(axis=0).astype(np.int64)
        if truth.labels is not None:
            return ClassCounts(
                classes=self.classes,
                counts=n,
                present=n,
                extent=n,
                samples=len(rows),
                task=Task.MULTILABEL,
            )
        if self.counts.task is Task.SEGMENTATION and self.groups is not None:
            return self._pixel_counts(truth.single, self.groups[rows])
        return ClassCounts(classes=self.classes, counts=n, present=n, extent=n, samples=len(rows))

    def _pixel_counts(self, codes: IntArray, images: IntArray) -> ClassCounts:
        """Counts of sampled pixels: images that hold the class, and the pixels of just those."""
        names, place = np.unique(images, return_inverse=True)
        table = np.zeros((len(names), len(self.classes)), dtype=np.int64)
        np.add.at(table, (place, codes), 1)
        return ClassCounts(
            classes=self.classes,
            counts=table.sum(axis=0),
            present=(table > 0).sum(axis=0),
            extent=((table > 0) * table.sum(axis=1, keepdims=True)).sum(axis=0),
            samples=len(names),
            task=Task.SEGMENTATION,
            unit=Unit.PIXELS,
        )

    def with_notes(self, *notes: str) -> Dataset:
        """The same rows with more to say."""
        return replace(self, notes=(*self.notes, *notes))
