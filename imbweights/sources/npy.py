"""NumPy ``.npy`` files, through a memory map."""

from __future__ import annotations

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.arrays.choosing import read_array, refuse_split
from imbweights.sources.arrays.opening import ArrayFileError, mapped
from imbweights.sources.arrays.shapes import may_be_labels
from imbweights.sources.base import InputFile, Reading, Source

_MAGIC = b"\x93NUMPY"


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By the magic bytes, and a shape that labels have."""
    del options
    return file.start.startswith(_MAGIC) and may_be_labels(file)


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one array. Arrays of Python objects are pickles and are refused."""
    refuse_split(options, file)
    if not file.start.startswith(_MAGIC):
        raise SourceError(f"{file.name}: is no .npy file")
    try:
        array = mapped(file.path)
    except ArrayFileError as error:
        raise unreadable(file, error) from error
    return read_array(array, None, file, options, "npy")


def unreadable(file: InputFile, error: ArrayFileError) -> SourceError:
    """The complaint with the name of the file."""
    if error.pickle:
        return SourceError(
            f"{file.name}: holds Python objects (a pickle), which are never read: they could run code",
            hint="save it anew as text or numbers: np.save(path, labels.astype(str))",
        )
    return SourceError(f"{file.name}: {error}")


SOURCE = Source(recognises=recognises, read=read, alone=())
