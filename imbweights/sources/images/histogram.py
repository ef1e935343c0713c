"""How often each value occurs in an array: exact, and fast where neighbours are alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# What one piece needs on the side stays small enough that the allocator keeps it for the next: with
# pieces of 4 MB, giving memory back and getting it anew took twice as long as counting.
_PIECE = 1 << 20
# With more changes than this share of the pixels, runs are no longer shorter than the pixels.
_BUSY = 0.25


def histogram(values: Array) -> dict[int, int]:
    """Value → number of pixels, ascending.

    Masks are flat: neighbours mostly have the same value. So the runs are found first, which
    NumPy does many pixels at a time, and only the runs are sorted into values.

    >>> histogram(np.array([[0, 0, 7], [7, 7, 0]], dtype=np.uint8))
    {0: 3, 7: 3}
    """
    flat = np.ascontiguousarray(values).reshape(-1)
    found: dict[int, int] = {}
    for start in range(0, flat.size, _PIECE):
        for value, n in _piece(flat[start : start + _PIECE]):
            found[value] = found.get(value, 0) + n
    return dict(sorted(found.items()))


def is_busy(values: Array) -> bool:
    """Whether more than half of all neighbouring pixels differ along every axis, as in photos and
    measurements.
    """
    axes = [axis for axis in range(values.ndim) if values.shape[axis] > 1]
    return bool(axes) and all(_changes(np.moveaxis(values, axis, 0)) > 0.5 for axis in axes)


def _changes(values: Array) -> float:
    """The share of neighbours along the first axis that differ."""
    return float(np.mean(values[1:] != values[:-1]))


def _piece(flat: Array) -> list[tuple[int, int]]:
    ends = _true_places(flat[1:] != flat[:-1])
    if ends.size > _BUSY * flat.size:
        values, counts = np.unique(flat, return_counts=True) if _is_wide(flat) else _binned(flat)
        return list(zip(values.tolist(), counts.tolist(), strict=True))
    ends = np.append(ends, flat.size - 1)
    lengths = np.diff(ends, prepend=-1)
    if not _is_wide(flat):
        values, counts = _binned(flat[ends], lengths)
    else:
        values, which = np.unique(flat[ends], return_inverse=True)
        counts = np.bincount(which, weights=lengths)
    return [(v, int(n)) for v, n in zip(values.tolist(), counts.tolist(), strict=True)]


def _true_places(flags: Array) -> Array:
    """Where flags are set. In a mask hardly any are, so eight are looked at as one number;
    ``flatnonzero`` alone takes twice as long.
    """
    whole = flags.size - flags.size % 8
    eights = flags[:whole].view(np.uint64)
    groups = np.flatnonzero(eights != 0)
    inside = np.flatnonzero(eights[groups].view(np.bool_))
    places = groups[inside >> 3] * 8 + (inside & 7)
    return np.concatenate([places, whole + np.flatnonzero(flags[whole:])])


def _is_wide(flat: Array) -> bool:
    """Whether values may be too large, or negative, to be bins."""
    return flat.dtype.itemsize > 2 or flat.dtype.kind != "u"


def _binned(flat: Array, weights: Array | None = None) -> tuple[Array, Array]:
    # The sums of run lengths are floats, exact far beyond the size of a piece.
    bins = np.bincount(flat, weights=weights)
    values = np.flatnonzero(bins)
    return values, bins[values]
