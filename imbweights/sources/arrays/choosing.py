"""Which of several arrays in one file holds the labels."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import numpy.typing as npt

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.core.rows import Rows
from imbweights.sources.arrays.counting import count_array, refuse_measurements
from imbweights.sources.base import InputFile, Reading, given_label
from imbweights.sources.tables.names import usual_label_columns

Shapes = Mapping[str, tuple[int, ...]]


def choose_array(shapes: Shapes, file: InputFile, options: LabelOptions) -> str:
    """The array named by ``--label``, the only one, or the one with a usual label name."""
    names = list(shapes)
    if not names:
        raise SourceError(f"{file.name}: holds no arrays")
    if options.label is not None:
        if options.label in shapes:
            return options.label
        close = get_close_matches(options.label, names, n=1)
        raise UsageError(
            f"{file.name}: no array {options.label!r}",
            hint=f"did you mean {close[0]!r}?" if close else f"arrays: {', '.join(names)}",
        )
    usual = usual_label_columns(names)
    if len(names) == 1 or len(usual) == 1:
        return names[usual[0] if usual else 0]
    listed = "\n".join(f"  --label {name}  shape {shape}" for name, shape in shapes.items())
    raise AmbiguousSourceError(
        f"{file.name}: which of the {len(names)} arrays holds the labels?",
        hint=f"name it:\n{listed}",
    )


def read_array(
    array: npt.NDArray[Any], name: str | None, file: InputFile, options: LabelOptions, kind: str
) -> Reading:
    """Count the chosen array and describe it."""
    where = file.name if name is None else f"{file.name}, array {name!r}"
    try:
        counts = count_array(array, options, where)
    except SourceError as error:
        raise _named(error, where) from error
    # A .npy file has no names: naming it on the command line is all the insistence there is.
    if options.label is None and name is not None:
        refuse_measurements(counts, where, f"if these are its labels all the same: --label {name}")
    shape = "×".join(f"{n:,}" for n in array.shape)
    rows = {"": _rows(array, options)} if options.keep_rows and _is_single(counts) else {}
    return Reading(
        splits={"": counts}, label=name, details=(kind, f"{shape} of {array.dtype}"), rows=rows
    )


def _named(error: SourceError, where: str) -> SourceError:
    """The same error with the name of the file, which what looks at single labels does not know."""
    known = error.message.startswith(where)
    return error if known else SourceError(f"{where}: {error.message}", hint=error.hint)


def _is_single(counts: ClassCounts) -> bool:
    return counts.task is Task.MULTICLASS


def _rows(array: npt.NDArray[Any], options: LabelOptions) -> Rows:
    """The label of each row of a one-dimensional array."""
    return Rows.of(given_label(label, options) for label in array.reshape(-1).tolist())


def refuse_split(options: LabelOptions, file: InputFile) -> None:
    """Arrays have no columns that could name a split or hold counts."""
    if options.split or options.count_column:
        raise UsageError(
            f"{file.name}: --split and --count-column name columns of a table; this is an array",
            hint="name splits as train=a.npy val=b.npy",
        )
