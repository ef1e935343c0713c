"""Labels that are already in memory: lists, arrays, Series, frames, tensors, mappings of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.errors import CountsError, SourceError
from imbweights.core.labels import label_text
from imbweights.core.options import LabelOptions
from imbweights.sources.arrays.counting import count_array, count_indicators
from imbweights.sources.base import Reading, Tally, tallied


def read_object(y: Any, options: LabelOptions) -> Reading:
    """Count labels given as a Python object.

    A mapping is class → count. A frame or a 2-D array of 0 and 1 is multi-label (a frame's
    columns name the labels). Anything else is one label per sample, with ``None``, NaN and blank
    text as missing. Raises ``SourceError`` for what holds no labels.
    """
    if isinstance(y, Mapping):
        return Reading(splits={"": _from_mapping(y, options)}, details=("counts",))
    if hasattr(y, "columns") and hasattr(y, "to_numpy"):
        return Reading(splits={"": _from_frame(y, options)}, details=("frame",))
    if hasattr(y, "__array__") or _is_rectangular(y):
        array = np.asarray(y)
        if array.dtype.kind != "O":
            return Reading(splits={"": count_array(array, options, "y")}, details=("array",))
        y = array.ravel().tolist()
    if isinstance(y, bytes) or not isinstance(y, Iterable):
        raise SourceError(
            f"expected labels, found {type(y).__name__}",
            hint="give a path, a list or array of labels, or a mapping class → count",
        )
    labels = [label_text(value) for value in y]
    if not labels:
        raise SourceError("there are no labels: y is empty")
    return Reading(splits={"": tallied(Counter(labels).items(), options)}, details=("labels",))


def _from_mapping(counts: Mapping[Any, Any], options: LabelOptions) -> ClassCounts:
    tally = Tally(options)
    for label, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 0:
            raise CountsError(f"the count of class {label!r} must be a whole number, not {count!r}")
        if label_text(label) in tally.counts:
            raise CountsError(f"two classes are spelled {label_text(label)!r}")
        tally.add(label, int(count))
    return tally.to_counts()


def _from_frame(frame: Any, options: LabelOptions) -> ClassCounts:
    if len(frame.columns) == 1:
        return tallied(Counter(map(label_text, frame.iloc[:, 0])).items(), options)
    values = frame.to_numpy()
    if values.dtype.kind == "O":
        raise SourceError(
            "a frame with several columns is read as 0/1 labels, but some columns are text",
            hint="give the label column: analyze(frame['label'])",
        )
    names = tuple(str(label_text(c)) for c in frame.columns)
    return count_indicators(values, names, options, "y")


def _is_rectangular(y: Any) -> bool:
    """A list of equally long lists, as a 2-D array would be."""
    if not isinstance(y, list | tuple) or not y or not isinstance(y[0], list | tuple):
        return False
    return all(isinstance(row, list | tuple) and len(row) == len(y[0]) for row in y)
