"""Data sets from features and labels in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.core.labels import label_texts
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Recognised
from imbweights.evidence.data.arrays import as_columns
from imbweights.evidence.data.columns import Column, described
from imbweights.evidence.data.labels import Label, Labelled, labelled
from imbweights.evidence.data.loaded import Loaded, column_leaks, finished, group_codes, sampled
from imbweights.evidence.data.matrix import Matrix
from imbweights.evidence.data.wishes import DataOptions, chosen_columns
from imbweights.evidence.dataset import Dataset
from imbweights.profiling import profile_from
from imbweights.sources.arrays.counting import column_names
from imbweights.sources.base import given_label
from imbweights.sources.python_objects import has_categories, read_object

IntArray = npt.NDArray[np.int64]


def dataset_of(
    features: Any, y: Any, options: LabelOptions, wishes: DataOptions, groups: Any = None
) -> Dataset:
    """``features``: a pandas frame, an (N, D) array or a sparse matrix; ``y``: (N,) labels, or
    (N, L) of 0 and 1; ``groups``: (N,) or ``None``. Raises ``UsageError`` when they do not fit.
    """
    features = _with_rows(features)
    reading = read_object(y, options)
    kind = "categories" if has_categories(y) else "python"
    profile = profile_from([("", reading)], Recognised(name="y", kind=kind), options)
    loaded = Loaded(
        spec=SourceSpec(options=options),
        wishes=wishes,
        profile=profile,
        counts=profile.total,
        split=None,
        why=None,
    )
    labels = _labels(y, options)
    if len(labels) != features.shape[0]:
        raise UsageError(
            f"there are {features.shape[0]:,} rows of features and {len(labels):,} labels"
        )
    found = sampled(labelled(labels, profile.total, {}, wishes), wishes)
    codes = None
    if groups is not None:
        flat = np.asarray(groups, dtype=object).reshape(-1)
        if len(flat) != len(labels):
            raise UsageError(f"there are {len(labels):,} labels and {len(flat):,} groups")
        codes = group_codes(flat[found.rows])
    dataset = _described(loaded, features, found, codes)
    return replace(dataset, keys=reading.keys)


def _with_rows(features: Any) -> Any:
    """What has rows: a list of lists becomes an array, everything else is left as it is."""
    if getattr(features, "shape", ()):
        return features
    try:
        array = np.asarray(features)
    except ValueError as error:
        raise UsageError("features have rows of different lengths") from error
    if not array.ndim:
        raise UsageError(
            f"features are {type(features).__name__}; expected rows of numbers, or a frame"
        )
    return array


def _labels(y: Any, options: LabelOptions) -> Sequence[Label]:
    array = np.asarray(y)
    if array.ndim == 2 and array.shape[1] > 1:
        names = column_names(array.shape[1], options)
        if hasattr(y, "columns"):
            names = tuple(str(text) for text in label_texts(list(y.columns)))
        return [tuple(names[i] for i in np.flatnonzero(row == 1).tolist()) for row in array]
    values = y.iloc[:, 0] if hasattr(y, "iloc") and getattr(y, "ndim", 1) == 2 else y
    return [given_label(text, options) for text in label_texts(values)]


def _described(loaded: Loaded, features: Any, found: Labelled, groups: IntArray | None) -> Dataset:
    from scipy import sparse

    by = None if groups is None else "group"
    if sparse.issparse(features):
        rows_first: Any = sparse.csr_array
        block = rows_first(features)[found.rows].astype(np.float64)
        matrix = Matrix(columns=block.shape[1], sparse=block)
        return finished(loaded, found, matrix, groups=groups, grouped_by=by)
    if hasattr(features, "columns"):
        columns, named = _frame_columns(features, found, loaded.wishes)
        if named is not None and groups is None:
            groups, by = group_codes(named), loaded.wishes.group
    else:
        array = np.asarray(features)
        if array.ndim < 2 or array.dtype.kind not in "biuf":
            raise UsageError(
                f"features have shape {array.shape} of {array.dtype}; expected rows of numbers, or a frame"
            )
        columns = as_columns(array, found.rows)
    facts = described(columns)
    return finished(
        loaded,
        found,
        facts.matrix,
        groups=groups,
        grouped_by=by,
        left_out=facts.left_out,
        leaks=column_leaks(facts.discrete, found, groups),
        approximated=facts.approximated,
        notes=facts.notes,
    )


def _frame_columns(
    frame: Any, found: Labelled, wishes: DataOptions
) -> tuple[list[Column], npt.NDArray[Any] | None]:
    names = [str(name) for name in frame.columns]
    choice = chosen_columns(names, [], [], wishes)
    rows = frame.iloc[found.rows]
    columns = [
        Column(
            name=names[i],
            values=_values(rows.iloc[:, i]),
            named=i in choice.named,
            is_text=i in choice.text,
        )
        for i in (*choice.plain, *choice.text)
    ]
    groups = None if choice.group is None else rows.iloc[:, choice.group].to_numpy(dtype=object)
    return columns, groups


def _values(column: Any) -> npt.NDArray[Any]:
    """Numbers as floats; everything else as text, ``None`` where missing."""
    kind = getattr(column.dtype, "kind", "O")
    if kind in "iuf":
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    missing = column.isna().to_numpy()
    texts = [
        None if gone else str(value) for value, gone in zip(column, missing.tolist(), strict=True)
    ]
    return np.array(texts, dtype=object)
