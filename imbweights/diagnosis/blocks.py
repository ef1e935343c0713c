"""Arrays that are read in blocks, so that they may be larger than memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Key = tuple[int | slice, ...]

# Numbers in a block: few enough that all that is computed from them stays in the cache.
BLOCK = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Numbers of some shape. ``load`` gives the array, or a new memory map of it at each call.

    A map that is kept holds every page that was ever read; a new one for each block lets them go.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    load: Callable[[], Array]

    @classmethod
    def of(cls, array: Array) -> Grid:
        """An array in memory."""
        return cls(shape=array.shape, dtype=array.dtype, load=lambda: array)

    def block(self, key: Key, axis: int | None) -> Array:
        """A copy of one block, with ``axis`` laid last, (M, K), or of (M,) where there is none."""
        array = self.load()
        if axis is None:
            return np.array(array[key]).reshape(-1)
        return np.array(np.moveaxis(array, axis, -1)[key]).reshape(-1, self.shape[axis])

    def dims(self, axis: int | None) -> tuple[int, ...]:
        """The shape without one axis."""
        if axis is None:
            return self.shape
        return tuple(n for i, n in enumerate(self.shape) if i != axis % len(self.shape))


def blocks(dims: tuple[int, ...], most: int) -> Iterator[tuple[int, Key]]:
    """Where each block begins, counted in rows, and the key that selects it.

    dims: the shape without the class axis; most: rows in a block. Blocks follow in row order.

    >>> list(blocks((3,), 2))
    [(0, (slice(0, 2, None),)), (2, (slice(2, 4, None),))]
    >>> [start for start, _ in blocks((2, 4, 5), 10)]
    [0, 10, 20, 30]
    """
    if not dims:
        yield 0, ()
        return
    inner = math.prod(dims[1:])
    if inner > most and len(dims) > 1:
        for i in range(dims[0]):
            for start, key in blocks(dims[1:], most):
                yield i * inner + start, (i, *key)
        return
    step = max(1, most // max(inner, 1))
    for first in range(0, dims[0], step):
        yield first * inner, (slice(first, first + step),)


def some_blocks(dims: tuple[int, ...], most: int, number: int) -> list[Key]:
    """At most about ``number`` blocks, spread evenly over the whole."""
    keys = [key for _, key in blocks(dims, most)]
    return keys[:: max(1, -(-len(keys) // number))]
