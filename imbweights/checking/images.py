"""The sizes of masks beside those of their images."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imbweights.core.errors import SourceError
from imbweights.core.file_facts import FileFacts
from imbweights.sources.images.decoding import PILLOW_ERRORS, sizes_unchecked
from imbweights.sources.images.pairing import closest, images_by_name, no_image_for

Size = tuple[int, int]
_ORIENTATION = 0x0112
_ON_THEIR_SIDE = frozenset((5, 6, 7, 8))
# Where the orientation stands in the header. Pillow decodes a whole PNG to look for it at the end.
_IN_HEADER = frozenset(("JPEG", "MPO", "WEBP", "TIFF"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What comparing masks with their images gave.

    ``differ``: mask → (width, height) of its image, of those that differ; ``without``: masks that
    have no image; ``masks``: how many of two dimensions there are.
    """

    differ: Mapping[str, Size]
    without: tuple[str, ...]
    masks: int


def other_sizes(files: Mapping[str, Sequence[FileFacts]], folder: str) -> Sizes:
    """The masks whose image has another size, and those that have none.

    An image goes with the mask of its name, as for the sweep. A photo that its camera turned (EXIF
    orientation) has the size in which people see and annotate it: a mask of the size in which it is
    stored lies across it, and differs. Of several images that may be meant, one that fits is enough;
    a mask without two dimensions is passed over.

    Only the headers of images are read. Raises ``SourceError`` when no mask has an image, and for an
    image that cannot be read.
    """
    images, by_name = images_by_name(folder)
    flat = [file for part in files.values() for file in part if file.size is not None]
    own = {_absolute(file.path) for file in flat}  # a mask beside its image is not its own image
    by_name = {
        name: left
        for name, paths in by_name.items()
        if (left := [path for path in paths if _absolute(images.at(path)) not in own])
    }
    pairs = [(file, closest(str(file.path), by_name)) for file in flat]
    if flat and not any(found for _, found in pairs):
        raise no_image_for(flat[0].name, folder)
    known: dict[str, Size] = {}
    differ: dict[str, Size] = {}
    for file, found in pairs:
        for path in found:
            if path not in known:
                known[path] = size_of(images.at(path))
        if found and file.size not in {known[path] for path in found}:
            differ[file.name] = known[found[0]]
    without = tuple(file.name for file, found in pairs if not found)
    return Sizes(differ=differ, without=without, masks=len(flat))


def _absolute(path: Path | str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - pathlib's takes ten times as long


def size_of(path: Path) -> Size:
    """(width, height) of an image as it is meant to be seen, from its header."""
    from PIL import Image
    from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH, TiffImageFile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata and many pixels: none is decoded
            with sizes_unchecked(), Image.open(path) as image:
                width, height = image.size
                if isinstance(image, TiffImageFile):
                    # As stored: newer releases of Pillow have turned it by now, older have not.
                    width, height = image.tag_v2[IMAGEWIDTH], image.tag_v2[IMAGELENGTH]
                in_header = image.format in _IN_HEADER or "exif" in image.info
                turned = in_header and image.getexif().get(_ORIENTATION) in _ON_THEIR_SIDE
    except PILLOW_ERRORS as error:
        raise SourceError(f"{path}: is no image that can be read ({error})") from error
    return (height, width) if turned else (width, height)
