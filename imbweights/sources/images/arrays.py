"""Masks in NumPy files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt

from imbweights.core.limits import Limits
from imbweights.sources.arrays.opening import ArrayFileError, claims, is_archive, mapped, member
from imbweights.sources.images.decoding import UndecodableError
from imbweights.sources.tables.names import usual_label_columns

_MASK_NAMES = ("mask", "masks", "seg", "segmentation", "arr_0")


def array_in(path: Path, limits: Limits) -> npt.NDArray[Any]:
    """The array of a ``.npy`` file, or the mask of an ``.npz`` archive.

    Of several arrays the one with a usual name for masks or labels. Raises
    ``UndecodableError``, also for pickles, which are never read.
    """
    try:
        if not is_archive(path):
            array = mapped(path)
            _check_size(array.shape, limits)
            return _with_dimensions(array)
        found = claims(path)
        name = _mask_name(list(found))
        _check_size(found[name].shape, limits)
        return _with_dimensions(member(path, name, limits))
    except (ArrayFileError, OSError) as error:
        raise UndecodableError(str(error)) from error


def _check_size(shape: tuple[int, ...], limits: Limits) -> None:
    too_large = limits.too_many_pixels(shape)
    if too_large is not None:
        raise UndecodableError(too_large)


def _with_dimensions(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if sum(n != 1 for n in array.shape) < 2 and array.ndim < 2:
        raise UndecodableError(f"has shape {array.shape}: one dimension is labels, not a mask")
    return array


def _mask_name(names: list[str]) -> str:
    usual = [name for name in names if name.lower() in _MASK_NAMES]
    usual += [names[i] for i in usual_label_columns(names)]
    if len(names) == 1 or len(usual) == 1:
        return (usual or names)[0]
    raise UndecodableError(
        f"holds several arrays ({', '.join(names[:6])}), and none or more than one is called mask"
    )
