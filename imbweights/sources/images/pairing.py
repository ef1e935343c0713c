"""Which image a mask belongs to: the one of the same name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from imbweights.core.errors import SourceError
from imbweights.core.urls import refuse_remote
from imbweights.sources.files import IMAGE_SUFFIXES, FileSet, folder_files

_ENDING = re.compile(
    r"(?i)[_-](mask|masks|gt|seg|label|labels|labelids|labeltrainids|l|gtfine|leftimg8bit|image|img|rgb)$"
)


def images_by_name(folder: str) -> tuple[FileSet, dict[str, list[str]]]:
    """The files of ``--images folder``, and the images of each name (see ``name_of``).

    Raises ``SourceError`` for what is no folder.
    """
    root = Path(folder)
    if not root.is_dir():
        refuse_remote("--images", folder)
        raise SourceError(f"--images {folder}: is no folder")
    images = folder_files(root, folder)
    by_name: dict[str, list[str]] = {}
    for path in images.having(*IMAGE_SUFFIXES):
        by_name.setdefault(name_of(path), []).append(path)
    return images, by_name


def matched(masks: FileSet, folder: str) -> tuple[list[tuple[str, Path]], list[str]]:
    """Masks with their images, and masks without: ``a.png`` or ``a_mask.png`` goes with ``a.jpg``.

    Raises ``SourceError`` when no mask has an image.
    """
    images, by_name = images_by_name(folder)
    pairs, unmatched = [], []
    for mask in masks.paths:
        found = closest(mask, by_name)
        if found:
            pairs.append((mask, images.at(found[0])))
        else:
            unmatched.append(mask)
    if not pairs:
        raise no_image_for(masks.shown(masks.paths[0]), folder)
    return pairs, unmatched


def no_image_for(mask: str, folder: str) -> SourceError:
    """What to raise when a folder holds the image of not one mask."""
    return SourceError(
        f"--images {folder}: holds no image for {mask}",
        hint="an image has the name of its mask: a.jpg for a.png or a_mask.png",
    )


def name_of(path: str) -> str:
    """The name without suffix and without what only tells what sort of file it is.

    >>> name_of("gtFine/bonn_01_gtFine_labelIds.png"), name_of("bonn_01_leftImg8bit.png")
    ('bonn_01', 'bonn_01')
    """
    stem = PurePath(path).stem
    while (shorter := _ENDING.sub("", stem)) != stem and shorter:
        stem = shorter
    return stem


def closest(mask: str, by_name: Mapping[str, Sequence[str]]) -> list[str]:
    """The images of a mask's name; of several, those whose folders are most like its own.

    >>> closest("masks/val/1.png", {"1": ["train/1.jpg", "val/1.jpg"]})
    ['val/1.jpg']
    """
    found = by_name.get(name_of(mask), ())
    if len(found) < 2:
        return list(found)
    parts = set(PurePath(mask).parts[:-1])
    alike = [len(parts & set(PurePath(path).parts[:-1])) for path in found]
    return [path for path, n in zip(found, alike, strict=True) if n == max(alike)]
