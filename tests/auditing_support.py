"""Data sets with published or hand-made weights, for the tests of ``audit``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imbweights import Analysis, ClassCounts, Profile, Task, Unit
from imbweights.core.profile import Recognised

FOUR = {"A": 198, "B": 436, "C": 710, "D": 272}
CREDIT = {"0": 284_315, "1": 492}
CIFAR = dict(
    zip(
        [f"c{i}" for i in range(10)],
        [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50],
        strict=True,
    )
)
CAMVID_CLASSES = [
    "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian",
    "bicyclist",
]  # fmt: skip
CAMVID_PIXELS = [
    10682767, 14750079, 623349, 20076880, 2845085, 6166762, 743859, 714595, 3719877, 405385, 184967,
]  # fmt: skip
CAMVID_IMAGES = [366, 365, 366, 367, 349, 319, 351, 173, 360, 317, 201]
CAMVID_VOID = 2503995
# With void as a 12th class: worked out from the pixel counts.
CAMVID_12 = [
    .256527308, .185282667, 4.396287575, .136869322, .918473131, .387319864, 3.533074291,
    1.812685267, .724619798, 5.855012981, 8.136508447, 1.097409921,
]  # fmt: skip
# Void no class, but in the denominators.
CAMVID_11 = [
    .279298, .201729, 4.786517, .149018, 1, .421700, 3.846682, 1.973586, .788940, 6.374724, 8.858733,
]  # fmt: skip


def data(
    counts: ClassCounts,
    splits: Mapping[str, ClassCounts] | None = None,
    ids: Mapping[str, int] | None = None,
) -> Analysis:
    """Counts as if they had been read from a source."""
    source = Recognised(name="test", kind="test", ids=ids or {})
    if splits:
        return Analysis(Profile.from_splits(splits, source))
    return Analysis(Profile(total=counts, source=source))


def ordered(counts: Mapping[str, int]) -> ClassCounts:
    """One label per sample, in this class order."""
    return ClassCounts.multiclass(counts, order=list(counts))


def camvid() -> Analysis:
    """The training masks. How much void is in the images of each class is not published; here it
    is made up, more or less around the mean.
    """
    extent = np.array(CAMVID_IMAGES) * 480 * 360
    share = np.linspace(0.5, 1.5, len(CAMVID_IMAGES))
    without = extent - (np.array(CAMVID_IMAGES) * share * CAMVID_VOID / 367).astype(int)
    return data(
        ClassCounts(
            classes=tuple(CAMVID_CLASSES),
            counts=np.array(CAMVID_PIXELS),
            present=np.array(CAMVID_IMAGES),
            extent=without,
            samples=367,
            ignored=CAMVID_VOID,
            task=Task.SEGMENTATION,
            unit=Unit.PIXELS,
            extent_with_void=extent,
        )
    )


def camvid_without_void_known() -> Analysis:
    """The same where nothing is ignored: every formula divides by the eleven classes alone."""
    pixels = np.array(CAMVID_PIXELS)
    return data(
        ClassCounts(
            classes=tuple(CAMVID_CLASSES),
            counts=pixels,
            present=np.full(11, 367),
            extent=np.full(11, pixels.sum()),
            samples=367,
            task=Task.SEGMENTATION,
            unit=Unit.PIXELS,
        )
    )


def reviews() -> Analysis:
    """Three splits whose shares differ."""
    train = ordered({"bad": 100, "good": 700, "mixed": 200})
    val = ordered({"bad": 90, "good": 60, "mixed": 50})
    return data(train + val, {"train": train, "val": val})


def tags() -> Analysis:
    """Labels that may come together."""
    sets = {(): 300, (0,): 200, (1,): 60, (0, 1): 20, (2,): 15, (0, 2): 5}
    return data(ClassCounts.multilabel(["red", "green", "blue"], sets))
