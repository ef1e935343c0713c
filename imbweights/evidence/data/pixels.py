"""Pixels sampled from masks, with what their images show around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import SourceError, UsageError
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions
from imbweights.sources.files import FileSet
from imbweights.sources.images.counting import How, how_to_count
from imbweights.sources.images.decoding import (
    PILLOW_ERRORS,
    Pixels,
    UndecodableError,
    decoded,
    packed,
    refuse_large,
    sizes_unchecked,
)
from imbweights.sources.images.pairing import matched
from imbweights.sources.images.palettes import palette

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NAMES = (
    *("red", "green", "blue"),
    *("mean of red", "mean of green", "mean of blue"),
    *("spread of red", "spread of green", "spread of blue"),
    *("gradient", "from left", "from top"),
)
_USUAL = Limits()
_AROUND = 5
_FEWEST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelRows:
    """``codes``: (N,) class indices; ``features``: (N, 12); ``images``: (N,) number of the image.

    ``found``: pixels of a class in the images that were used; ``unmatched``: masks without image.
    """

    codes: IntArray
    features: FloatArray
    images: IntArray
    used: int
    unmatched: tuple[str, ...]


def sampled_pixels(
    masks: FileSet,
    images: str,
    classes: Mapping[str, int],
    options: LabelOptions,
    limit: tuple[int, int],
) -> PixelRows:
    """Pixels of every mask, at random, so that each class keeps its share.

    ``classes``: name in the mask → index; what is none of them is void. ``limit``: how many pixels
    in all, and the seed. Raises ``SourceError`` for masks and images that do not fit.
    """
    size, seed = limit
    pairs, unmatched = matched(masks, images)
    rng = np.random.default_rng(seed)
    if len(pairs) * _FEWEST > size:
        few = np.sort(rng.permutation(len(pairs))[: max(2, size // _FEWEST)])
        pairs = [pairs[i] for i in few.tolist()]
    how = how_to_count(options, palette(options.palette) if options.palette else None)
    each = max(_FEWEST, size // len(pairs))
    codes, features, numbers = [], [], []
    for number, (mask, image) in enumerate(pairs):
        found = class_codes(masks.at(mask), how, classes, masks.shown(mask), masks.limits)
        places = np.flatnonzero(found.reshape(-1) >= 0)
        places = np.sort(rng.permutation(places)[:each])
        if not len(places):
            continue
        codes.append(found.reshape(-1)[places])
        features.append(_features(image, found.shape, masks.limits)[places])
        numbers.append(np.full(len(places), number))
    if not codes:
        raise SourceError(f"{masks.name}: the masks that have images hold no pixel of a class")
    return PixelRows(
        codes=np.concatenate(codes),
        features=np.concatenate(features),
        images=np.concatenate(numbers),
        used=len(pairs),
        unmatched=tuple(unmatched),
    )


def class_codes(
    path: Path, how: How, classes: Mapping[str, int], shown: str, limits: Limits = _USUAL
) -> IntArray:
    """(H, W) class indices of a mask, −1 for void.

    ``classes``: name in the mask → index; ``shown``: what messages call the file. Raises
    ``SourceError`` for what is no flat mask.
    """
    try:
        pixels = decoded(path, limits)
    except UndecodableError as error:
        raise SourceError(f"{shown}: {error}") from error
    if pixels.values.ndim != 2:
        raise SourceError(
            f"{shown}: has shape {pixels.values.shape}; pixels are taken from flat masks"
        )
    return named_codes(pixels.values, pixels, how, classes)


def named_codes(
    values: npt.NDArray[Any], pixels: Pixels, how: How, classes: Mapping[str, int]
) -> IntArray:
    """Class indices of ``values``, which are some of those of ``pixels``; −1 for void."""
    known, place = np.unique(values, return_inverse=True)
    codes = np.array([classes.get(_name(int(v), pixels, how), -1) for v in known.tolist()])
    result: IntArray = codes[place].reshape(values.shape)
    return result


def _name(value: int, pixels: Pixels, how: How) -> str:
    """What counting calls this value."""
    if how.palette is not None and pixels.colours is not None:
        value = int(packed(pixels.colours[[value]])[0])
    if pixels.is_colour or (how.palette is not None and pixels.colours is not None):
        known = how.palette.names.get(value) if how.palette else None
        return known or f"#{value:06x}"
    if how.divisor is not None and str(value) not in how.ignore and value >= 0:
        return str(value // how.divisor)
    return str(value)


def _features(path: Path, shape: tuple[int, ...], limits: Limits) -> FloatArray:
    """(H·W, 12): colour, mean and spread of the 5 × 5 pixels around, gradient, position."""
    from scipy.ndimage import uniform_filter

    photo = rgb(path, limits)
    if photo.shape[:2] != shape:
        raise UsageError(
            f"{path}: has {photo.shape[1]} × {photo.shape[0]} pixels, its mask {shape[1]} × {shape[0]}",
            hint="images must have the size of their masks",
        )
    around = (_AROUND, _AROUND, 1)
    mean = uniform_filter(photo, around)
    spread = np.sqrt(np.maximum(uniform_filter(photo**2, around) - mean**2, 0))
    height, width = shape
    grey = photo.mean(axis=2)
    steep = np.hypot(*np.gradient(grey)) if min(height, width) > 1 else np.zeros(shape)
    left, top = np.meshgrid(np.arange(width) / width, np.arange(height) / height)
    parts = [photo, mean, spread, np.stack([steep, left, top], axis=2)]
    result: FloatArray = np.concatenate(parts, axis=2).reshape(height * width, len(NAMES))
    return result


def rgb(path: Path, limits: Limits = _USUAL) -> FloatArray:
    """(H, W, 3) colours between 0 and 1. Raises ``SourceError`` for what is no image, or too large."""
    from PIL import Image

    try:
        with sizes_unchecked(), Image.open(path) as image:
            refuse_large(image.size, limits)
            result: FloatArray = np.asarray(image.convert("RGB"), dtype=np.float64) / 255
            return result
    except UndecodableError as error:
        raise SourceError(f"{path}: {error}") from error
    except PILLOW_ERRORS as error:
        raise SourceError(f"{path}: is no image that can be read ({error})") from error
