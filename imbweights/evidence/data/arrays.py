"""Features and labels from arrays: ``.npz`` and ``.mat`` archives, ``.npy`` embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.core.urls import refuse_remote
from imbweights.evidence.data.columns import Column
from imbweights.evidence.data.labels import Label
from imbweights.sources.arrays.counting import column_names
from imbweights.sources.arrays.matlab import MatError, variables
from imbweights.sources.arrays.opening import ArrayFileError, all_members, is_archive, mapped
from imbweights.sources.base import InputFile, given_label

Array = npt.NDArray[Any]

_USUAL = (
    "x",
    "features",
    "feature",
    "data",
    "embeddings",
    "inputs",
    "x_train",
    "train_x",
    "images",
)
_WIDEST = 100_000


def archive(file: InputFile, kind: str) -> dict[str, Array]:
    """The arrays of an ``.npz`` or ``.mat`` file by name. Pickles are never read."""
    try:
        if kind == "mat":
            return _arrays_in_mat(file)
        return dict(all_members(file.path, file.limits))  # without pickles, which are left alone
    except (*DAMAGED, MatError, ArrayFileError) as error:
        raise SourceError(f"{file.path}: is damaged or cut off ({error})") from error


def _arrays_in_mat(file: InputFile) -> dict[str, Array]:
    named: dict[str, Array] = {}
    for name, variable in variables(file.path, file.limits.bytes).items():
        with suppress(MatError):  # a struct beside the arrays, which is left alone
            named[name] = variable.read()
    return named


def array_labels(array: Array, options: LabelOptions) -> list[Label]:
    """The label of every row, or the names of the columns that are 1."""
    if array.ndim and array.size == max(array.shape):
        return [given_label(label, options) for label in _plain(array.reshape(-1))]
    names = column_names(array.shape[1], options)
    return [tuple(names[i] for i in np.flatnonzero(row == 1).tolist()) for row in array]


def _plain(flat: Array) -> list[Any]:
    """Values out of MATLAB's cells and padded text."""
    if flat.dtype.kind == "U":
        return [str(text).rstrip() for text in flat.tolist()]
    if flat.dtype.kind != "O":
        values: list[Any] = flat.tolist()
        return values
    cells = [np.asarray(cell).ravel() for cell in flat]
    return [cell[0] if cell.size else None for cell in cells]


def features_of(
    arrays: Mapping[str, Array], label: str, rows: int, wanted: Sequence[str]
) -> tuple[str, Array]:
    """The array of features beside the labels: the one that is named, or a usual name, or the
    only one with as many rows. Raises ``UsageError`` when that does not decide.
    """
    fitting = {
        name: array
        for name, array in arrays.items()
        if name != label and array.ndim >= 2 and len(array) == rows and array.dtype.kind in "biuf"
    }
    if wanted:
        if len(wanted) > 1 or wanted[0] not in arrays:
            raise UsageError(
                f"--features {','.join(wanted)}: name one array",
                hint=f"arrays: {', '.join(arrays)}",
            )
        name = wanted[0]
        if name not in fitting:
            raise UsageError(
                f"--features {name}: has shape {arrays[name].shape}; expected {rows:,} rows of numbers"
            )
        return name, fitting[name]
    usual = [name for name in fitting if name.lower() in _USUAL]
    if len(usual) == 1 or len(fitting) == 1:
        name = usual[0] if usual else next(iter(fitting))
        return name, fitting[name]
    shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
    raise UsageError(
        f"which array holds the features of the {rows:,} rows of {label!r}? ({shapes})",
        hint="name it with --features NAME"
        if fitting
        else "an array X with one row per label is "
        "needed, in the same file or with --embeddings X.npy",
    )


def embeddings(path: str, rows: int) -> Array:
    """A ``.npy`` file of (N, D) numbers, one row per row of the labels, through a memory map."""
    try:
        if is_archive(Path(path)):
            raise SourceError(f"{path}: is an archive; --embeddings takes one .npy array")
        array = mapped(Path(path))
    except FileNotFoundError:
        refuse_remote("--embeddings", path)
        raise SourceError(f"{path}: no such file") from None
    except (ArrayFileError, OSError) as error:
        raise SourceError(f"{path}: is no .npy file of numbers ({error})") from error
    if array.ndim < 2 or array.dtype.kind not in "biuf":
        raise SourceError(
            f"{path}: has shape {array.shape} of {array.dtype}; expected rows of numbers"
        )
    if len(array) != rows:
        raise UsageError(
            f"{path} has {len(array):,} rows, the labels have {rows:,}",
            hint="there must be one row of features per row of labels, in the same order; rows "
            "without a label count too",
        )
    return array


def as_columns(array: Array, rows: npt.NDArray[np.int64], prefix: str = "column") -> list[Column]:
    """The features of some rows as columns of numbers; further dimensions are laid flat."""
    flat = np.asarray(array[rows]).reshape(len(rows), -1)
    if flat.shape[1] > _WIDEST:
        raise UsageError(
            f"{flat.shape[1]:,} features per row are more than {_WIDEST:,}",
            hint="sweep over embeddings (--embeddings X.npy) instead of raw values",
        )
    numbers = flat.astype(np.float64)
    return [Column(name=f"{prefix} {i + 1}", values=numbers[:, i]) for i in range(flat.shape[1])]
