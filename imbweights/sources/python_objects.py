"""Labels that are already in memory: lists, arrays, Series, frames, tensors, mappings of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from imbweights.core.choices import ClassOrder
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
    text as missing; a categorical Series keeps the order of its categories. Raises
    ``SourceError`` for what holds no labels.
    """
    if isinstance(y, Mapping):
        counts = _from_mapping(y, options)
        return Reading(splits={"": counts}, details=("counts",), keys=_keys(y))
    if hasattr(y, "columns") and hasattr(y, "to_numpy"):
        return Reading(splits={"": _from_frame(y, options)}, details=("frame",))
    _refuse_value_counts(y)
    if hasattr(y, "__array__") or _is_rectangular(y):
        array = np.asarray(y)
        if array.dtype.kind != "O":
            counts = count_array(array, options, "y")
            keys = _array_keys(counts, array.dtype.kind) if array.ndim == 1 else {}
            return Reading(splits={"": counts}, details=("array",), keys=keys)
        values = array.ravel().tolist()
    elif isinstance(y, bytes) or not isinstance(y, Iterable):
        raise SourceError(
            f"expected labels, found {type(y).__name__}",
            hint="give a path, a list or array of labels, or a mapping class → count",
        )
    else:
        values = list(y)
    if not values:
        raise SourceError("there are no labels: y is empty")
    counts = tallied(Counter(map(label_text, values)).items(), options)
    return Reading(splits={"": _by_category(y, counts, options)}, keys=_keys(values))


def _keys(labels: Iterable[Any]) -> dict[str, Any]:
    """Name → label, for labels that are numbers or booleans; these are the keys that ``y`` has."""
    return {
        text: label
        for label in labels
        if not isinstance(label, str) and (text := label_text(label)) is not None
    }


def _array_keys(counts: ClassCounts, kind: str) -> dict[str, Any]:
    if kind in "iuf":
        number = float if kind == "f" else int
        return {name: number(name) for name in counts.classes}
    return {name: name == "True" for name in counts.classes} if kind == "b" else {}


def _refuse_value_counts(y: Any) -> None:
    """``Series.value_counts()`` is a Series too, but of counts."""
    index: Any = getattr(y, "index", None)
    is_series = hasattr(index, "is_unique") and type(index).__name__ != "RangeIndex"
    if is_series and getattr(y, "name", None) == "count" and index.is_unique:
        raise SourceError(
            "this Series is called 'count' and has an index, as value_counts() makes it",
            hint="for counts give series.to_dict(), for labels series.tolist()",
        )


def has_categories(y: Any) -> bool:
    """Whether the labels come with an order of their own."""
    return _categories(y) is not None


def _categories(y: Any) -> Any:
    if not hasattr(y, "__array__"):
        return None
    return getattr(getattr(y, "cat", None), "categories", getattr(y, "categories", None))


def _by_category(y: Any, counts: ClassCounts, options: LabelOptions) -> ClassCounts:
    """In the order of the categories, which is that of the codes; categories without samples stay."""
    categories = _categories(y)
    if categories is None or options.class_order is not ClassOrder.SORTED:
        return counts
    names = [text for c in categories if (text := label_text(c)) is not None]
    left_out = {*options.ignore_labels, *options.missing_values}
    return counts.reordered([name for name in names if name not in left_out])


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
