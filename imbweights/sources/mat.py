"""MATLAB ``.mat`` files, up to version 7."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.arrays.choosing import choose_array, read_array, refuse_split
from imbweights.sources.arrays.matlab import MatError, variables
from imbweights.sources.base import InputFile, Reading, Source

_HDF5 = "saved with -v7.3 (HDF5)"
_HINT = "save a vector or a cell array of char: y = cellstr(labels); save(file, 'y', '-v7')"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the text that MATLAB 5 and 7 files begin with, or by name."""
    del options
    return file.opening.startswith(b"MATLAB ") or (
        file.suffix == ".mat" and file.compression is None
    )


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one variable: a numeric vector, a char matrix, or a cell array of text."""
    refuse_split(options, file)
    if not recognises(file, options):
        raise SourceError(f"{file.name}: is no .mat file")
    if file.head.startswith(b"MATLAB 7.3"):
        raise SourceError(
            f"{file.name}: is a MATLAB file {_HDF5}, which is not read",
            hint="save it with: save(file, 'y', '-v7')",
        )
    try:
        found = variables(file.path, file.limits.bytes)
        chosen = choose_array({name: each.shape for name, each in found.items()}, file, options)
        array = found[chosen].read()
    except MatError as error:
        raise SourceError(f"{file.name}: {error}", hint=_HINT) from error
    return read_array(_as_labels(array, chosen, file), chosen, file, options, "mat")


def _as_labels(array: npt.NDArray[Any], name: str, file: InputFile) -> npt.NDArray[Any]:
    """Text out of MATLAB's cells and padded char matrices."""
    if array.dtype.kind == "U":
        return np.char.rstrip(array)
    if array.dtype.kind != "O":
        return array
    cells = [np.asarray(cell).ravel() for cell in array.ravel()]
    if any(cell.size > 1 or cell.dtype.kind not in "Ubiuf" for cell in cells):
        raise SourceError(
            f"{file.name}: variable {name!r} is a cell array or struct with more than a label a cell",
            hint=_HINT,
        )
    return np.array([cell.item(0) if cell.size else None for cell in cells], dtype=object)


SOURCE = Source(recognises=recognises, read=read, alone=())
