"""Where the images lie that label files and lists speak of; only names are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from os import scandir
from pathlib import Path

from imbweights.core.existing import is_file
from imbweights.sources.files import IMAGE_SUFFIXES, suffix_of

# Folder of labels → folders of their images, as YOLO, VOC, KITTI and others name them.
_IMAGES = ("images", "imgs", "img", "image")
_SWAPPED = {
    "labels": _IMAGES,
    "label": _IMAGES,
    "annotations": ("JPEGImages", *_IMAGES),
    "annotation": ("JPEGImages", *_IMAGES),
    "xml": ("JPEGImages", *_IMAGES),
    "xmls": ("JPEGImages", *_IMAGES),
    "json": _IMAGES,
    "label_2": ("image_2",),
    "label_02": ("image_02",),
}
_LOOKED_AT = 20


class ImagesBeside:
    """Label file → its image: of the same name, in the same folder or in that of the images.

    Each folder is listed once.
    """

    def __init__(self) -> None:
        """Start without having looked anywhere."""
        self._images: dict[Path, dict[str, Path]] = {}

    def of(self, label: Path) -> Path | None:
        """The image of a label file, if there is one."""
        folder = label.parent
        known = self._images.get(folder)
        if known is None:
            known = self._images[folder] = {}
            for place in _places(folder):
                for stem, path in _images_in(place):
                    known.setdefault(stem, path)
        return known.get(label.stem)


def expected_image(label: Path) -> Path:
    """Where the image of a label file would lie, without a suffix: a name to tell images apart.

    >>> expected_image(Path("set/labels/train/1.txt")).as_posix()
    'set/images/train/1'
    """
    *_, folder = (label.parent, *_swapped(label.parent))[:2]
    return folder / label.stem


def folder_of_images(listing: Path, names: Iterable[str], split: str) -> Path:
    """The folder that the image names in a file such as COCO's JSON are relative to.

    Beside the file, in a folder called like the split, or in ``images``; that of the file itself
    when the first names are in none of these.
    """
    first = list(islice(names, _LOOKED_AT))
    here = listing.parent
    inner = ("", split, f"images/{split}", "images", "JPEGImages", "data")
    for base in (here, here.parent):
        for folder in dict.fromkeys(base / name for name in inner):
            if any(is_file(folder / name) for name in first):
                return folder
    return here


def _places(folder: Path) -> Iterator[Path]:
    yield folder
    yield from _swapped(folder)


def _swapped(folder: Path) -> Iterator[Path]:
    """The folder with the innermost name that speaks of labels changed to one of images."""
    parts = folder.parts
    for i in reversed(range(len(parts))):
        others = _SWAPPED.get(parts[i].lower())
        if others is not None:
            yield from (Path(*parts[:i], other, *parts[i + 1 :]) for other in others)
            return


def _images_in(folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        with scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError:
        return
    for name in names:
        if suffix_of(name) in IMAGE_SUFFIXES:
            yield name.rpartition(".")[0], folder / name
