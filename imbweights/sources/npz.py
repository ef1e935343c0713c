"""NumPy ``.npz`` archives."""

from __future__ import annotations

from imbweights.core.options import LabelOptions
from imbweights.sources.arrays.choosing import choose_array, read_array, refuse_split
from imbweights.sources.arrays.opening import ArrayFileError, claims, member
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
        shapes = {name: claim.shape for name, claim in claims(file.path).items()}
        chosen = choose_array(shapes, file, options)
        array = member(file.path, chosen, file.limits)
    except ArrayFileError as error:
        raise unreadable(file, error) from error
    return read_array(array, chosen, file, options, "npz")


SOURCE = Source(recognises=recognises, read=read, alone=())
