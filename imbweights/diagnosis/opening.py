"""What the user named, as numbers of some shape: an array in memory, ``.npy``, ``.npz``, a table."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.existing import exists, is_folder
from imbweights.core.limits import Limits
from imbweights.core.urls import refuse_remote
from imbweights.diagnosis.blocks import Array, Grid
from imbweights.diagnosis.number_tables import PARQUET, read_numbers
from imbweights.sources.arrays.opening import ArrayFileError, claims, mapped, member

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat", *PARQUET)
_USUAL_PREDICTIONS = (
    "predictions",
    "y_pred",
    "logits",
    "probs",
    "probabilities",
    "scores",
    "y_score",
)
_USUAL_TARGETS = ("targets", "target", "y_true", "labels", "label", "y")
_PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".joblib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Numbers with what they are called. ``names``: of the columns, where there are some."""

    grid: Grid
    name: str
    names: tuple[str, ...] | None = None
    left_out: tuple[str, ...] = ()


def is_path(value: Any) -> bool:
    """Whether a caller named a file rather than handing over numbers."""
    return isinstance(value, str | os.PathLike)


def existing(path: Path) -> Path:
    """The file, if it is there and may be read as data. Raises ``SourceError`` otherwise."""
    if not exists(path):
        refuse_remote("numbers at", str(path))
        raise SourceError(f"{path}: no such file")
    if is_folder(path):
        raise SourceError(
            f"{path}: is a folder",
            hint="stack the arrays into one .npy file: np.save(path, stacked)",
        )
    if not path.is_file():
        raise SourceError(f"{path}: is a device, pipe or socket, not a file")
    if path.suffix.lower() in _PICKLES:
        raise SourceError(
            f"{path}: is a pickle, which is never read: it could run code",
            hint="save the numbers anew: np.save('predictions.npy', y.detach().cpu().numpy())",
        )
    return path


def open_numbers(
    source: Any, columns: str | None, *, what: str, option: str, without: str | None = None
) -> Numbers:
    """Predictions, or targets that are numbers.

    ``source``: a path or an array (anything with ``__array__``, a list). ``columns``: of a table, or
    the array of an archive; ``without``: columns that are something else. Raises ``SourceError`` for what holds no numbers.
    """
    if not is_path(source):
        return Numbers(grid=Grid.of(_in_memory(source, what)), name=what)
    path = existing(Path(source))
    match path.suffix.lower():
        case ".npy":
            return Numbers(grid=_npy(path), name=path.name)
        case ".npz":
            array, key = _npz(path, columns, what, option)
            return Numbers(grid=Grid.of(_checked(array, f"{path}, array {key!r}")), name=path.name)
        case suffix if suffix in _TABLES:
            table = read_numbers(path, columns, option=option, without=without)
            return Numbers(
                grid=Grid.of(table.values),
                name=path.name,
                names=table.names,
                left_out=table.left_out,
            )
        case suffix:
            raise SourceError(
                f"{path}: {what} are read from .npy, .npz, .csv, .tsv and .parquet, not {suffix or 'this'}",
                hint="np.save('predictions.npy', y)",
            )


def _in_memory(source: Any, what: str) -> Array:
    if hasattr(source, "detach"):  # a tensor that remembers its gradient gives no array
        source = source.detach().cpu()
    try:
        array = np.asarray(source)
    except (TypeError, ValueError, RuntimeError) as error:
        raise SourceError(f"{what}: are no array of numbers ({error})") from error
    return _checked(array, what)


def _checked(array: Array, what: str) -> Array:
    if array.dtype.kind not in "biuf":
        raise SourceError(f"{what}: holds {array.dtype}, not numbers")
    if array.size == 0:
        raise SourceError(f"{what}: is empty (shape {array.shape})")
    return array


def _npy(path: Path) -> Grid:
    load = partial(mapped, path)
    try:
        array = _checked(load(), str(path))
    except ArrayFileError as error:
        raise _refused(path, error) from error
    return Grid(shape=array.shape, dtype=array.dtype, load=load)


def _npz(path: Path, key: str | None, what: str, option: str) -> tuple[Array, str]:
    try:
        chosen = _chosen(path, list(claims(path)), key, what, option)
        return member(path, chosen, Limits()), chosen
    except ArrayFileError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: ArrayFileError) -> SourceError:
    hint = "np.save(path, np.asarray(values, dtype=float))" if error.pickle else None
    return SourceError(f"{path}: {error}{': they could run code' * error.pickle}", hint=hint)


def _chosen(path: Path, names: list[str], key: str | None, what: str, option: str) -> str:
    """The array that is named, the only one, or the one with a usual name."""
    if key is not None and key not in names:
        raise UsageError(f"{path}: no array {key!r}", hint=f"arrays: {', '.join(names)}")
    if key is not None:
        return key
    usual = _USUAL_TARGETS if what == "targets" else _USUAL_PREDICTIONS
    found = names if len(names) == 1 else [n for n in usual if n in names]
    if len(found) != 1:
        raise AmbiguousSourceError(
            f"{path}: which of the {len(names)} arrays holds the {what}?",
            hint=f"name it with {option}: {', '.join(names)}",
        )
    return found[0]
