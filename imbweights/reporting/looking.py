"""From a mask, a volume or a panoptic PNG to a flat picture of class indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import SourceError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.core.profile import Profile
from imbweights.evidence.data.loaded import renaming
from imbweights.evidence.data.pixels import class_codes, named_codes
from imbweights.sources.coco_panoptic import segments_of
from imbweights.sources.images.counting import How, how_to_count
from imbweights.sources.images.decoding import UndecodableError, decoded
from imbweights.sources.images.palettes import palette

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a picture is made of. ``codes`` (H, W): class indices, −1 for void.

    ``part``: which part of the file it is, such as ``slice 3 of 20``; empty: all of it.
    """

    codes: Codes
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is needed to tell classes: name in the file → index, and category id → index."""

    how: How
    named: Mapping[str, int]
    ids: Mapping[int, int]


Looking = Callable[[FileFacts, int], Look]


def looking_at(profile: Profile, options: LabelOptions) -> Looking | None:
    """How a file of this data set is looked at for the sake of one class (its index).

    ``None``: its files are no pictures of classes. What is returned raises ``SourceError`` for a file
    that has no flat picture.
    """
    find = _KINDS.get(profile.source.kind)
    if find is None:
        return None
    place = {name: i for i, name in enumerate(profile.total.classes)}
    known = _Known(
        how=how_to_count(options, palette(options.palette) if options.palette else None),
        named=place | {t: place[n] for t, n in renaming(options).items() if n in place},
        ids={number: place[n] for n, number in profile.source.ids.items() if n in place},
    )
    return lambda facts, cls: find(facts, cls, known)


def _mask(facts: FileFacts, cls: int, known: _Known) -> Look:
    del cls
    return Look(codes=class_codes(Path(facts.path), known.how, known.named, facts.name))


def _slice(facts: FileFacts, cls: int, known: _Known) -> Look:
    """The slice along the third axis that has most of the class; the first axis points to the right,
    the second upwards, as viewers show it.
    """
    from imbweights.sources.nifti import voxels

    try:
        pixels = voxels(Path(facts.path))
    except UndecodableError as error:
        raise SourceError(f"{facts.name}: {error}") from error
    if pixels.values.ndim < 2:
        raise SourceError(f"{facts.name}: has no slices")
    values = pixels.values.reshape(*pixels.values.shape[:2], -1)
    wanted = [int(text) for text, i in known.named.items() if i == cls and _is_number(text)]
    # Slice by slice: a whole volume of booleans may not fit beside the volume.
    most = [int(np.isin(values[:, :, k], wanted).sum()) for k in range(values.shape[2])]
    chosen = int(np.argmax(most))
    codes = named_codes(values[:, :, chosen], pixels, known.how, known.named)
    part = f"slice {chosen + 1:,} of {values.shape[2]:,}" if values.shape[2] > 1 else ""
    return Look(codes=np.rot90(codes), part=part)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _segments(facts: FileFacts, cls: int, known: _Known) -> Look:
    del cls
    path = Path(facts.path)
    try:
        pixels = decoded(path)
    except UndecodableError as error:  # without the PNGs there is nothing to look at
        raise SourceError(f"{facts.name}: {error}") from error
    if not pixels.is_colour:
        raise SourceError(f"{facts.name}: is no RGB image of segment ids")
    category = segments_of(path)
    colours, place = np.unique(pixels.values, return_inverse=True)
    found = [known.ids.get(category.get(int(colour), -1), -1) for colour in colours]
    return Look(codes=np.array(found, dtype=np.int64)[place].reshape(pixels.values.shape))


_KINDS: Mapping[str, Callable[[FileFacts, int, _Known], Look]] = {
    "masks": _mask,
    "nifti": _slice,
    "coco": _segments,
}
