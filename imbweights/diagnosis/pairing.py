"""Which axis of the predictions are the classes, and what the targets say about each row."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.diagnosis.blocks import BLOCK, Array, Grid, Key, blocks, some_blocks
from imbweights.diagnosis.truth import MISSING, Truth

IntArray = npt.NDArray[np.int64]
IGNORED, STRAY = -1, -2
"""What stands for a target that does not count, and for one that is no class."""

_LOOKS = 16


class Kind(StrEnum):
    """What a row is asked: which one class (softmax), or each label yes or no (sigmoid)."""

    CLASSES = "classes"
    LABELS = "labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Predictions and targets that belong together.

    ``dims``: what there is a row for: (N,), (N, H, W) …; ``width``: K classes or L labels;
    ``axis``: that of the classes in the predictions, ``truth_axis`` that of one-hot rows or labels
    in the targets (``None``: there is none).
    """

    kind: Kind
    predictions: Grid
    truth: Truth
    axis: int | None
    truth_axis: int | None
    width: int

    @property
    def dims(self) -> tuple[int, ...]:
        """The shape without the class axis."""
        return self.predictions.dims(self.axis)

    @property
    def rows(self) -> int:
        """How many samples, pixels or voxels there are."""
        return math.prod(self.dims)

    def blocks(self) -> list[tuple[int, Key]]:
        """The blocks, in row order."""
        return list(blocks(self.dims, max(1, BLOCK // self.width)))

    def scores(self, key: Key) -> Array:
        """(M, K) predictions of a block, as they are stored."""
        return self.predictions.block(key, self.axis).reshape(-1, self.width)

    def indices(self, key: Key) -> IntArray:
        """(M,) class indices of a block: ``IGNORED`` and ``STRAY`` where there is no class."""
        block = self.truth.grid.block(key, self.truth_axis)
        if self.truth_axis is None:
            return class_indices(block, self.truth, self.width)
        return _from_one_hot(block)

    def hits(self, key: Key) -> IntArray:
        """(M, L) of 0 and 1 of a block, ``IGNORED`` and ``STRAY`` where it is neither."""
        block = self.truth.grid.block(key, self.truth_axis)
        return class_indices(block.reshape(-1, self.width), self.truth, 2)

    def place(self, row: int) -> tuple[int, ...]:
        """Where a row lies: (sample,), or (sample, y, x) for pixels."""
        return tuple(int(i) for i in np.unravel_index(row, self.dims)) if self.dims else (0,)


def class_indices(values: Array, truth: Truth, classes: int) -> IntArray:
    """Numbers of the data as class indices, of the same shape."""
    if values.dtype.kind == "f":
        whole = np.isfinite(values) & (values == np.round(values))
        numbers = np.where(whole, values, 0).astype(np.int64)
        out = np.isnan(values)  # no label, as an empty cell is
    else:
        numbers, whole = values.astype(np.int64), np.ones(values.shape, dtype=bool)
        out = numbers == MISSING
    for value in truth.ignored:
        out |= whole & (numbers == value)
    if truth.ids is not None:
        numbers, known = _by_id(numbers, truth.ids)
        whole = whole & known
    good = whole & (numbers >= 0) & (numbers < classes)
    found: IntArray = np.where(out, IGNORED, np.where(good, numbers, STRAY))
    return found


def _by_id(numbers: IntArray, ids: tuple[int, ...]) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    order = np.argsort(ids)
    sorted_ids = np.asarray(ids)[order]
    at = np.searchsorted(sorted_ids, numbers).clip(max=len(ids) - 1)
    return order[at].astype(np.int64), sorted_ids[at] == numbers


def _from_one_hot(block: Array) -> IntArray:
    """The place of the 1 in each row; a row of zeros is ignored."""
    ones = block == 1
    if not (ones | (block == 0)).all() or (ones.sum(axis=1) > 1).any():
        raise SourceError(
            "the targets begin as one-hot rows, but not all of them are",
            hint="--multilabel if a row may have several labels; soft targets are not read: use "
            "imbweights.losses.weighted_cross_entropy",
        )
    return np.where(ones.any(axis=1), ones.argmax(axis=1), IGNORED).astype(np.int64)


def pair_up(
    predictions: Grid,
    truth: Truth,
    *,
    class_axis: str | None,
    multilabel: bool,
    classes: int | None,
) -> Pair:
    """Find the class axis. ``classes``: how many there are, if it is known.

    Raises ``AmbiguousSourceError`` where two axes would do, ``SourceError`` where none does.
    """
    p, t = predictions.shape, truth.grid.shape
    if p == t:
        return _same_shape(predictions, truth, class_axis, multilabel=multilabel, classes=classes)
    axes = _axes(p, t, class_axis)
    if axes:
        return _with_indices(predictions, truth, axes, multilabel=multilabel)
    flat = _squeezed(predictions), replace(truth, grid=_squeezed(truth.grid))
    if (flat[0].shape, flat[1].grid.shape) != (p, t):
        return pair_up(*flat, class_axis=class_axis, multilabel=multilabel, classes=classes)
    raise SourceError(
        f"predictions have shape {_shape(p)}, targets {_shape(t)}: they do not belong together",
        hint="expected (N, K), (N, K, H, W) or (N, H, W, K) with targets (N,) or (N, H, W) of class "
        "indices,\nor targets of the same shape of 0 and 1",
    )


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{n:,}" for n in shape) or "()"


def _squeezed(grid: Grid) -> Grid:
    if 1 not in grid.shape or math.prod(grid.shape) == 1:
        shape: tuple[int, ...] = (1,) if math.prod(grid.shape) == 1 else grid.shape
    else:
        shape = tuple(n for n in grid.shape if n != 1)
    return Grid(shape=shape, dtype=grid.dtype, load=lambda: grid.load().reshape(shape))


def _axes(p: tuple[int, ...], t: tuple[int, ...], wanted: str | None) -> list[int]:
    """Axes without which the predictions have the shape of the targets."""
    if len(p) != len(t) + 1:
        return []
    candidates = dict.fromkeys((1 if len(p) > 1 else 0, len(p) - 1, 0))
    if wanted is not None:
        candidates = {(1 if len(p) > 1 else 0) if wanted == "first" else len(p) - 1: None}
    fitting = [a for a in candidates if tuple(n for i, n in enumerate(p) if i != a) == t]
    # K × N, as MATLAB lays it out, is meant only where N × K is not.
    return fitting[:1] if len(p) == 2 else [a for a in fitting if a] or fitting


def _with_indices(predictions: Grid, truth: Truth, axes: list[int], *, multilabel: bool) -> Pair:
    if len(axes) > 1:
        raise _two_axes(predictions.shape)
    width = predictions.shape[axes[0]]
    if width > 1 and multilabel:
        raise UsageError(
            f"--multilabel: the targets have shape {_shape(truth.grid.shape)}, one class per row"
        )
    return Pair(
        kind=Kind.LABELS if width == 1 else Kind.CLASSES,
        predictions=predictions,
        truth=truth,
        axis=axes[0],
        truth_axis=None,
        width=width,
    )


def _two_axes(shape: tuple[int, ...]) -> AmbiguousSourceError:
    return AmbiguousSourceError(
        f"predictions have shape {_shape(shape)}: which axis are the classes?",
        hint=f"say it:\n  --class-axis first  axis 1, {shape[1]} classes, as PyTorch has it\n"
        f"  --class-axis last   axis {len(shape) - 1}, {shape[-1]} classes, as Keras has it",
    )


def _same_shape(
    predictions: Grid,
    truth: Truth,
    class_axis: str | None,
    *,
    multilabel: bool,
    classes: int | None,
) -> Pair:
    shape = predictions.shape
    axes = [] if len(shape) < 2 else list(dict.fromkeys((1, len(shape) - 1)))
    if class_axis is not None and axes:
        axes = [axes[0] if class_axis == "first" else axes[-1]]
    singles = [a for a in axes if shape[a] == 1]
    _refuse_soft(truth.grid)
    if not axes and class_axis is not None:
        raise UsageError(
            f"--class-axis {class_axis} means nothing here: predictions of shape {_shape(shape)} have no "
            "class axis"
        )
    if not axes or singles:
        axis = singles[0] if singles else None
        return _labels(predictions, truth, axis)
    hot = [] if multilabel else [a for a in axes if _one_hot_along(truth.grid, a)]
    if len(hot) > 1:
        raise _two_axes(shape)
    if hot:
        return Pair(
            kind=Kind.CLASSES,
            predictions=predictions,
            truth=truth,
            axis=hot[0],
            truth_axis=hot[0],
            width=shape[hot[0]],
        )
    if len(shape) == 3 and class_axis is None and not multilabel:
        return _labels(predictions, truth, None)
    fitting = [a for a in axes if classes is None or shape[a] == classes]
    if len(fitting) > 1:
        raise _two_axes(shape)
    return _labels(predictions, truth, (fitting or axes)[0])


def _refuse_soft(grid: Grid) -> None:
    """Targets between 0 and 1 are shares of classes, as label smoothing or mixing makes them."""
    if grid.dtype.kind != "f":
        return
    for key in some_blocks(grid.shape, BLOCK, _LOOKS):
        block = grid.block(key, None)
        between = (block > 0) & (block < 1)
        if between.any():
            raise SourceError(
                f"the targets are soft: some lie between 0 and 1, such as {block[between][0]:.3g} (label "
                "smoothing, mixup, a teacher's answers)",
                hint="give the classes themselves, as indices or as 0 and 1; the loss of soft targets is\n"
                "imbweights.losses.weighted_cross_entropy in Python",
            )


def _labels(predictions: Grid, truth: Truth, axis: int | None) -> Pair:
    return Pair(
        kind=Kind.LABELS,
        predictions=predictions,
        truth=truth,
        axis=axis,
        truth_axis=axis,
        width=1 if axis is None else predictions.shape[axis],
    )


def _one_hot_along(grid: Grid, axis: int) -> bool:
    """Whether a look at some of it finds just one 1 in every row, or none in a few."""
    some = False
    for key in some_blocks(grid.dims(axis), max(1, BLOCK // grid.shape[axis]), _LOOKS):
        block = grid.block(key, axis)
        ones = block == 1
        sums = ones.sum(axis=1)
        if not (ones | (block == 0)).all() or (sums > 1).any():
            return False
        # Rows without a 1 are usual among several labels, and rare among classes.
        if (sums == 0).mean() > 0.5:
            return False
        some = some or bool((sums == 0).any())
    return not some or len(grid.shape) > 2
