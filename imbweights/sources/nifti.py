"""NIfTI label volumes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from imbweights.core.choices import Counted
from imbweights.core.counts import Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.files import FileSet, by_split, is_mask_place
from imbweights.sources.images.counting import Masks, count_masks, how_to_count
from imbweights.sources.images.decoding import (
    Pixels,
    UndecodableError,
    refuse_large,
    whole_numbers,
)
from imbweights.sources.wording import bad_files_note, counted

# deflate makes at most this many bytes of one.
_MOST_DEFLATED = 1032
# What nibabel raises for headers that lie; its HeaderDataError is an Exception and nothing more.
_ERRORS = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, OverflowError, MemoryError),
    *(ArithmeticError, zlib.error, struct.error),
)
_USUAL = Limits()
_SUFFIXES = (".nii", ".nii.gz")
_MISSING = SourceError(
    "NIfTI volumes need nibabel", hint="install it with: pip install 'imbweights[volumes]'"
)


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """By name, since the header is often compressed, and by the mark in it."""
    del options
    if not file.name.lower().endswith(_SUFFIXES):
        return False
    return file.head[344:348] in {b"n+1\0", b"ni1\0"} or file.head[4:7] in {b"n+2", b"ni2"}


def claims(files: FileSet, options: LabelOptions) -> bool:
    """A folder with volumes and without other images."""
    del options
    return bool(files.having(*_SUFFIXES)) and not files.having(".png", ".tif", ".tiff", ".npy")


def read_set(files: FileSet, options: LabelOptions) -> Reading:
    """Count voxels per value. Volumes of fractions and of more than three dimensions are refused."""
    if options.count not in {None, Counted.PIXELS}:
        raise UsageError(f"--count {options.count}: volumes are counted in voxels")
    if options.palette or options.pixel_divisor:
        raise UsageError("--palette and --pixel-divisor are for images, not for volumes")
    try:
        import nibabel  # noqa: F401 - asked for once, before any process is started
    except ImportError:
        raise _MISSING from None
    volumes = files.only(_labels_of(files)) if files.is_folder else files
    how = how_to_count(options, None)
    found = {
        split: count_masks(volumes.only(paths), how, decode=voxels)
        for split, paths in (
            by_split(volumes.paths) if files.is_folder else {"": list(volumes.paths)}
        ).items()
    }
    whole = Masks.together(found.values())
    return Reading(
        splits={split: part.tally.to_counts(Unit.VOXELS) for split, part in found.items()},
        amount=(len(volumes.paths), "NIfTI volume"),
        notes=(*_left_out(files, volumes), *bad_files_note(whole.bad)),
        numbered=True,
        first_seen={name: files.shown(path) for name, path in whole.first_seen.items()},
        files={split: _upright(part) for split, part in found.items() if how.keeps_files},
    )


def _upright(masks: Masks) -> tuple[FileFacts, ...]:
    """The first axis of a flat volume is its width, not its height as in images."""
    return tuple(
        file if file.size is None else replace(file, size=(file.size[1], file.size[0]))
        for file in masks.files_by_name
    )


def _left_out(files: FileSet, volumes: FileSet) -> tuple[str, ...]:
    """The volumes that lie elsewhere than the labels."""
    others = len(files.having(*_SUFFIXES)) - len(volumes.paths) if files.is_folder else 0
    return (
        (f"left out {counted(others, 'volume', 'volumes')} outside the folders of labels",)
        if others
        else ()
    )


def _labels_of(files: FileSet) -> list[str]:
    """The volumes in folders that are called as labels are (``labelsTr``), if some are."""
    found = files.having(*_SUFFIXES)
    return [path for path in found if is_mask_place(path)] or found


def voxels(path: Path, limits: Limits = _USUAL) -> Pixels:
    """The values of one volume. Raises ``UndecodableError``.

    Whole numbers that are stored as floats, or scaled to whole numbers, are accepted.
    """
    import nibabel

    try:
        image: Any = nibabel.load(path)
        shape = tuple(int(n) for n in image.shape)
        refuse_large(shape, limits)
        _refuse_lie(path, shape, image.get_data_dtype().itemsize)
        array = np.asanyarray(image.dataobj) if max(shape[3:], default=1) == 1 else None
    except UndecodableError:
        raise
    except (
        *_ERRORS,
        nibabel.filebasedimages.ImageFileError,
        nibabel.spatialimages.HeaderDataError,
    ) as error:
        raise UndecodableError(f"is no NIfTI file that can be read ({error})") from error
    if array is None:
        raise UndecodableError(
            f"has shape {'×'.join(map(str, shape))}: four dimensions are a probability map or a "
            "series, not one class per voxel"
        )
    return whole_numbers(np.asarray(array), is_volume=True)


def _refuse_lie(path: Path, shape: tuple[int, ...], size: int) -> None:
    """Memory is taken for what the header claims, so first see whether the file can hold that."""
    held = path.stat().st_size * (_MOST_DEFLATED if path.suffix.lower() == ".gz" else 1)
    if min(shape, default=0) < 1 or prod(shape) * size > held:
        raise UndecodableError(
            f"is damaged or cut off (its header claims the shape {'×'.join(map(str, shape)) or '()'})"
        )


SOURCE = Source(recognises=recognises, claims=claims, read_set=read_set)
