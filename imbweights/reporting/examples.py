"""Example masks: where the rare classes are to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import Task
from imbweights.core.errors import SourceError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.core.profile import Profile
from imbweights.evidence.data.loaded import renaming
from imbweights.evidence.data.pixels import class_codes, rgb
from imbweights.sources.files import named_files
from imbweights.sources.images.counting import how_to_count
from imbweights.sources.images.pairing import matched
from imbweights.sources.images.palettes import palette

MOST_CLASSES = 4
MOST_IMAGES = 6
WIDEST = 320
_KIND = "masks"
_RARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One mask, small enough for a page.

    ``codes`` (H, W): class index of each pixel, −1 for void. ``regions``: rare class (index) →
    (H, W) where it is; what is thin stays visible, since a small pixel has the class if any of
    those that it stands for has. ``pixels``: rare class → its pixels in the whole mask, of
    ``whole``. ``photo`` (H, W, 3) bytes: the image that the mask belongs to, where it was found.
    """

    name: str
    codes: npt.NDArray[np.int64]
    regions: dict[int, npt.NDArray[np.bool_]]
    pixels: dict[int, int]
    whole: int
    photo: npt.NDArray[np.uint8] | None = None


def rare_classes(profile: Profile) -> tuple[int, ...]:
    """Indices of the classes to outline, the rarest first: at most four, none with half the pixels."""
    counts = profile.total
    shares = counts.shares
    ranked = sorted(range(len(counts.classes)), key=lambda i: int(counts.counts[i]))
    return tuple(i for i in ranked if 0 < shares[i] < _RARE)[:MOST_CLASSES]


def examples_of(profile: Profile, options: LabelOptions, images: str | None) -> tuple[Example, ...]:
    """A few masks that show the rare classes; none where the source is no set of flat masks.

    ``images``: the folder of the images. Raises ``SourceError`` when it holds none for any mask.
    """
    if profile.source.kind != _KIND or profile.total.task is not Task.SEGMENTATION:
        return ()
    rare = rare_classes(profile)
    names = profile.total.classes
    files = [facts for each in profile.files.values() for facts in each]
    chosen = _chosen(files, [names[i] for i in rare])
    photos = _photos(chosen, images)
    return tuple(_examples(chosen, photos, profile, options))


def _chosen(files: Sequence[FileFacts], rare: Sequence[str]) -> list[FileFacts]:
    """For each rare class in turn the mask that has most of it, until there are enough."""
    ranked = {
        name: sorted(
            (f for f in files if f.labels.get(name)), key=lambda f: (-f.labels[name], f.name)
        )
        for name in rare
    }
    found: dict[Path, FileFacts] = {}
    for place in range(MOST_IMAGES):
        for name in rare:
            if place < len(ranked[name]) and len(found) < MOST_IMAGES:
                found.setdefault(Path(ranked[name][place].path), ranked[name][place])
    return list(found.values())


def _photos(chosen: Sequence[FileFacts], images: str | None) -> dict[str, Path]:
    if images is None or not chosen:
        return {}
    pairs, _ = matched(named_files([Path(f.path) for f in chosen], "masks"), images)
    return dict(pairs)


def _examples(
    chosen: Sequence[FileFacts],
    photos: dict[str, Path],
    profile: Profile,
    options: LabelOptions,
) -> Iterator[Example]:
    how = how_to_count(options, palette(options.palette) if options.palette else None)
    place = {name: i for i, name in enumerate(profile.total.classes)}
    named = place | {t: place[n] for t, n in renaming(options).items() if n in place}
    rare = rare_classes(profile)
    paths = named_files([Path(f.path) for f in chosen], "masks").paths if chosen else ()
    for facts, path in zip(chosen, paths, strict=True):
        try:
            codes = class_codes(Path(facts.path), how, named, facts.name)
        except SourceError:  # an array with another shape than a flat mask has no picture
            continue
        yield _example(facts.name, codes, rare, photos.get(path))


def _example(
    name: str, codes: npt.NDArray[np.int64], rare: Sequence[int], photo: Path | None
) -> Example:
    step = max(1, -(-max(codes.shape) // WIDEST))
    regions = {i: _any_of(codes == i, step) for i in rare}
    return Example(
        name=name,
        codes=codes[np.ix_(*(_middles(n, step) for n in codes.shape))],
        regions={i: region for i, region in regions.items() if region.any()},
        pixels={i: int((codes == i).sum()) for i in rare},
        whole=int(codes.size),
        photo=None if photo is None else _small(photo, codes.shape, step),
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
