"""Counting rows that each carry a list of labels: what fastText, svmlight and path lists share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from imbweights.core.counts import ClassCounts
from imbweights.core.options import LabelOptions
from imbweights.core.ordering import sorted_classes
from imbweights.sources.base import multilabel_counts


class LabelSets:
    """Rows being sorted by their distinct sets of labels.

    A label that the user calls missing is no label; what is ignored is set apart at the end.
    """

    def __init__(self, options: LabelOptions) -> None:
        """Start without rows."""
        self._options = options
        self._rows: dict[tuple[str, ...], int] = {}

    def add(self, labels: Iterable[str], rows: int = 1) -> None:
        """Add rows with these labels, in any order; a label named twice counts once."""
        stripped = (label.strip() for label in labels)
        kept = dict.fromkeys(
            label for label in stripped if label and label not in self._options.missing_values
        )
        key = tuple(kept)
        self._rows[key] = self._rows.get(key, 0) + rows

    def to_counts(self, known: Sequence[str] | None = None) -> ClassCounts:
        """Multi-label counts; ``known``: labels in their order, also those that never occur."""
        met = dict.fromkeys(label for labels in self._rows for label in labels)
        if known is not None:
            names = tuple(dict.fromkeys((*known, *met)))
        elif self._options.class_order == "appearance":
            names = tuple(met)
        else:
            names = sorted_classes(met)
        index = {name: i for i, name in enumerate(names)}
        sets: dict[tuple[int, ...], int] = {}
        for labels, rows in self._rows.items():
            key = tuple(sorted(index[label] for label in labels))
            sets[key] = sets.get(key, 0) + rows
        return multilabel_counts(names, sets, self._options, strict=False)
