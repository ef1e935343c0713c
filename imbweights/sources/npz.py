"""NumPy ``.npz`` archives."""

from __future__ import annotations

import zipfile

import numpy as np
from numpy.lib import format as npy_format

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.core.errors import ImbweightsError
from imbweights.core.options import LabelOptions
from imbweights.sources.arrays.choosing import choose_array, read_array, refuse_split
from imbweights.sources.arrays.shapes import may_be_labels
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.npy import unreadable


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """A zip archive that is called ``.npz`` or begins with a ``.npy`` member."""
    del options
    named = file.suffix == ".npz" or b".npy" in file.start
    return file.start.startswith(b"PK\x03\x04") and named and may_be_labels(file)


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one array of the archive; only that array is loaded."""
    refuse_split(options, file)
    try:
        chosen = choose_array(_shapes(file), file, options)
        with np.load(file.path, allow_pickle=False) as archive:
            array = archive[chosen]
    except ImbweightsError:
        raise
    except DAMAGED as error:
        raise unreadable(file, error) from error
    return read_array(array, chosen, file, options, "npz")


def _shapes(file: InputFile) -> dict[str, tuple[int, ...]]:
    """The shape of every array, from the headers alone."""
    shapes = {}
    with zipfile.ZipFile(file.path) as archive:
        for member in archive.namelist():
            if not member.endswith(".npy"):
                continue
            with archive.open(member) as stream:
                version = npy_format.read_magic(stream)
                read_header = (
                    npy_format.read_array_header_1_0
                    if version == (1, 0)
                    else npy_format.read_array_header_2_0
                )
                shapes[member.removesuffix(".npy")] = read_header(stream)[0]
    return shapes


SOURCE = Source(recognises=recognises, read=read, alone=())
