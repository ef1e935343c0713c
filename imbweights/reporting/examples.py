"""Example masks: where the rare classes are to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import Task
from imbweights.core.errors import SourceError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.core.profile import Profile
from imbweights.evidence.data.pixels import rgb
from imbweights.reporting.looking import Look, looking_at
from imbweights.sources.files import named_files
from imbweights.sources.images.pairing import matched

MOST_CLASSES = 4
MOST_IMAGES = 6
WIDEST = 320
_VOLUMES = "nifti"
_RARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One mask, or one slice of a volume, small enough for a page.

    ``codes`` (H, W): class index of each pixel, −1 for void. ``regions``: rare class (index) →
    (H, W) where it is; what is thin stays visible, since a small pixel has the class if any of
    those that it stands for has. ``pixels``: rare class → its pixels in the whole picture, of
    ``whole``. ``photo`` (H, W, 3) bytes: the image that the mask belongs to, where it was found.
    ``part``: which part of the file it is; empty: all of it.
    """

    name: str
    codes: npt.NDArray[np.int64]
    regions: dict[int, npt.NDArray[np.bool_]]
    pixels: dict[int, int]
    whole: int
    photo: npt.NDArray[np.uint8] | None = None
    part: str = ""


def rare_classes(profile: Profile) -> tuple[int, ...]:
    """Indices of the classes to outline, the rarest first: at most four, none with half the pixels."""
    counts = profile.total
    shares = counts.shares
    ranked = sorted(range(len(counts.classes)), key=lambda i: int(counts.counts[i]))
    return tuple(i for i in ranked if 0 < shares[i] < _RARE)[:MOST_CLASSES]


def examples_of(profile: Profile, options: LabelOptions, images: str | None) -> tuple[Example, ...]:
    """A few masks, slices of volumes or panoptic PNGs that show the rare classes.

    None where the source has no such files. ``images``: the folder of the images. Raises
    ``SourceError`` when it holds none for any mask.
    """
    looking = looking_at(profile, options)
    if looking is None or profile.total.task is not Task.SEGMENTATION:
        return ()
    rare = rare_classes(profile)
    chosen = _chosen(profile, rare)
    photos = _photos([facts for facts, _ in chosen], images)
    found: dict[tuple[str, str], Example] = {}
    for facts, cls in chosen:
        if len(found) == MOST_IMAGES:
            break
        if profile.source.kind != _VOLUMES and (str(facts.path), "") in found:
            continue
        try:
            look = looking(facts, cls)
        except SourceError:  # an array with another shape than a flat mask has no picture
            continue
        photo = photos.get(str(Path(facts.path)))
        found.setdefault((str(facts.path), look.part), _example(facts.name, look, rare, photo))
    return tuple(found.values())


def _chosen(profile: Profile, rare: Sequence[int]) -> list[tuple[FileFacts, int]]:
    """For each rare class in turn the mask that has most of it, then the next."""
    files = [facts for each in profile.files.values() for facts in each]
    names = profile.total.classes
    ranked = {
        i: sorted(
            (f for f in files if f.labels.get(names[i])),
            key=lambda f: (-f.labels[names[i]], f.name),
        )
        for i in rare
    }
    return [
        (ranked[i][place], i)
        for place in range(MOST_IMAGES)
        for i in rare
        if place < len(ranked[i])
    ]


def _photos(chosen: Sequence[FileFacts], images: str | None) -> dict[str, Path]:
    if images is None or not chosen:
        return {}
    pairs, _ = matched(named_files([Path(f.path) for f in chosen], "masks"), images)
    return dict(pairs)


def _example(name: str, look: Look, rare: Sequence[int], photo: Path | None) -> Example:
    codes = look.codes
    step = max(1, -(-max(codes.shape) // WIDEST))
    regions = {i: _any_of(codes == i, step) for i in rare}
    return Example(
        name=name,
        codes=codes[np.ix_(*(_middles(n, step) for n in codes.shape))],
        regions={i: region for i, region in regions.items() if region.any()},
        pixels={i: int((codes == i).sum()) for i in rare},
        whole=int(codes.size),
        photo=None if photo is None else _small(photo, codes.shape, step),
        part=look.part,
    )


def _middles(length: int, step: int) -> npt.NDArray[np.int64]:
    """The middle of each block of ``step``; the last block may be short.

    >>> _middles(5, 2).tolist()
    [1, 3, 4]
    """
    found: npt.NDArray[np.int64] = np.minimum(np.arange(0, length, step) + step // 2, length - 1)
    return found


def _any_of(region: npt.NDArray[np.bool_], step: int) -> npt.NDArray[np.bool_]:
    """Blocks of ``step`` × ``step`` pixels: whether any of them is set.

    >>> _any_of(np.eye(4, dtype=bool), 2).tolist()
    [[True, False], [False, True]]
    """
    height, width = (-(-n // step) for n in region.shape)
    padded = np.zeros((height * step, width * step), dtype=np.bool_)
    padded[: region.shape[0], : region.shape[1]] = region
    blocks = padded.reshape(height, step, width, step)
    found: npt.NDArray[np.bool_] = np.logical_or.reduce(blocks, axis=(1, 3))
    return found


def _small(path: Path, shape: tuple[int, ...], step: int) -> npt.NDArray[np.uint8] | None:
    """The image, thinned as its mask was; ``None`` where it has another size than the mask."""
    colours = rgb(path)
    if colours.shape[:2] != shape:
        return None
    height, width = (-(-n // step) for n in shape)
    padded = np.pad(
        colours,
        ((0, height * step - shape[0]), (0, width * step - shape[1]), (0, 0)),
        mode="edge",
    )
    mean = padded.reshape(height, step, width, step, 3).mean(axis=(1, 3))
    small: npt.NDArray[np.uint8] = np.round(mean * 255).astype(np.uint8)
    return small
