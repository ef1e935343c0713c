"""Counting the labels of NumPy arrays, in pieces, so that memory maps stay on disk."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.choices import ClassOrder
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import multilabel_counts, tallied

_PIECE = 1 << 22
_NARROW = 1 << 16
_FEW_ROWS = 20

Array = npt.NDArray[Any]


def count_array(array: Array, options: LabelOptions, name: str) -> ClassCounts:
    """Counts of an array of labels.

    (N,), (N, 1) or (1, N): one label per sample. (N, K) of 0 and 1: multi-label, one column per
    label, named ``0`` … ``K−1`` unless ``options.classes`` names them. Raises ``SourceError``
    for any other shape or content.
    """
    if array.dtype.names is not None:
        raise SourceError(f"{name}: is a record array; give one field of it")
    flat = array.reshape(-1) if array.ndim and array.size == max(array.shape) else array
    if flat.size == 0:
        raise SourceError(f"{name}: is empty (shape {array.shape})")
    if flat.ndim == 1:
        if options.one_hot:
            raise UsageError(f"--one-hot goes with a table of 0 and 1; {name} has one column")
        _refuse_no_text(flat, name)
        return tallied(_label_counts(flat, options).items(), options)
    if flat.ndim == 2:
        return count_indicators(flat, column_names(flat.shape[1], options), options, name)
    raise SourceError(f"{name}: has shape {array.shape}; labels are one-dimensional")


def _refuse_no_text(flat: Array, name: str) -> None:
    """NumPy keeps text as numbers and looks at none of them; Python fails on what is no character."""
    if flat.dtype.kind != "U" or not flat.dtype.itemsize:
        return
    points = np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder)
    for start in range(0, len(flat), _PIECE):
        piece = np.ascontiguousarray(flat[start : start + _PIECE])
        if (piece.view(points) > sys.maxunicode).any():
            raise SourceError(f"{name}: is damaged: holds numbers that are no characters as text")


def column_names(width: int, options: LabelOptions) -> tuple[str, ...]:
    """The names of the columns of an indicator array: as declared, or their positions."""
    if options.classes is not None and len(options.classes) == width:
        return options.classes
    return tuple(map(str, range(width)))


def count_indicators(
    array: Array, names: tuple[str, ...], options: LabelOptions, name: str
) -> ClassCounts:
    """Multi-label counts of an (N, K) array of 0 and 1. Raises when it holds anything else."""
    if array.dtype.kind not in "biuf":
        raise SourceError(
            f"{name}: has shape {array.shape} and holds {array.dtype}; labels are one-dimensional, "
            "several labels per row a table of 0 and 1"
        )
    sets: Counter[tuple[int, ...]] = Counter()
    step = max(1, _PIECE // array.shape[1])
    for start in range(0, len(array), step):
        piece = array[start : start + step]
        ones = piece == 1
        if not (ones | (piece == 0)).all():
            other = piece[~(ones | (piece == 0))].flat[0]
            raise SourceError(
                f"{name}: has shape {array.shape} and holds {other}; a two-dimensional array is read "
                "as labels only when all of it is 0 and 1"
            )
        packed = np.packbits(ones, axis=1)
        patterns, rows = np.unique(packed, axis=0, return_counts=True)
        bits = np.unpackbits(patterns, axis=1, count=array.shape[1]).astype(bool)
        for mask, n in zip(bits, rows.tolist(), strict=True):
            sets[tuple(np.flatnonzero(mask).tolist())] += n
    return multilabel_counts(names, sets, options)


def _label_counts(flat: Array, options: LabelOptions) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    ordered = options.class_order is ClassOrder.APPEARANCE
    for start in range(0, len(flat), _PIECE):
        piece = np.asarray(flat[start : start + _PIECE])
        for label, n in _piece_counts(piece, ordered=ordered):
            counts[label] += n
    return counts


def _piece_counts(piece: Array, *, ordered: bool) -> list[tuple[Any, int]]:
    if piece.dtype.kind == "O":
        return list(Counter(piece.tolist()).items())
    if piece.dtype.kind in "iu" and not ordered:
        low, high = int(piece.min()), int(piece.max())
        if high - low < _NARROW:  # counting beats sorting when labels are small integers
            # The difference may not fit the labels' own type (int8: 127 − −128).
            bins = np.bincount((piece.astype(np.int64) - low) if low >= -(2**62) else piece - low)
            return [(low + i, n) for i, n in enumerate(bins.tolist()) if n]
    values, first, counts = np.unique(piece, return_index=True, return_counts=True)
    order = np.argsort(first, kind="stable") if ordered else np.arange(len(values))
    return list(zip(values[order].tolist(), counts[order].tolist(), strict=True))


def refuse_measurements(counts: ClassCounts, name: str, how_to_insist: str) -> None:
    """Refuse an array in which nearly every value is its own class."""
    if counts.total >= _FEW_ROWS and len(counts.classes) > counts.total / 2:
        raise SourceError(
            f"{name}: has {len(counts.classes):,} distinct values in {counts.total:,} entries; "
            "that is an id or a measurement, not a class",
            hint=how_to_insist,
        )
