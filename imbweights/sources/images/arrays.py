"""Masks in NumPy files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.sources.images.decoding import UndecodableError
from imbweights.sources.tables.names import usual_label_columns

_MASK_NAMES = ("mask", "masks", "seg", "segmentation", "arr_0")


def array_in(path: Path) -> npt.NDArray[Any]:
    """The array of a ``.npy`` file, or the mask of an ``.npz`` archive.

    Of several arrays the one with a usual name for masks or labels. Raises
    ``UndecodableError``, also for pickles, which are never read.
    """
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _with_dimensions(loaded)
        with loaded as archive:
            return _with_dimensions(np.asarray(archive[_mask_name(list(archive.files))]))
    except DAMAGED as error:
        if "bject" in str(error):
            raise UndecodableError(
                "holds Python objects (a pickle), which are never read"
            ) from error
        raise UndecodableError(f"is damaged or cut off ({error})") from error


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
