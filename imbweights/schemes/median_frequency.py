"""Median frequency balancing."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameters, Scheme, floats, void_left_out


def median_frequency(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = median(f) / f with f = n / extent, over all classes with samples.

    n: pixels (objects) of the class; extent: pixels (objects) of just those images that contain
    the class. With one label per sample that quotient is 1 for every class, so f = n / N there,
    which makes the weights proportional to the inverse frequency. For an even number of classes
    the median is the mean of the middle two.

    Source: Eigen and Fergus 2015, arXiv:1411.4734, section 6.3.2; MATLAB semantic segmentation.

    >>> median_frequency(ClassCounts.multiclass({"a": 1, "b": 2, "c": 4}), {}).tolist()
    [2.0, 1.0, 0.5]
    """
    del parameters
    n = floats(counts)
    whole = float(n.sum()) if counts.task is Task.MULTICLASS else counts.extent
    frequency: FloatArray = n / whole
    return float(np.median(frequency)) / frequency


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """One label per sample, and an even number of classes."""
    del values
    notes = [*void_left_out(counts, parameters)]
    if counts.task is Task.MULTICLASS:
        notes.append(
            "with one label per sample this is inverse frequency on another scale; "
            "median frequency is made for pixels, whose images are of different size"
        )
    if len(counts.classes) % 2 == 0 and len(counts.classes) > 2:
        notes.append(
            f"{len(counts.classes)} classes is an even number: the median is the mean of the middle two, "
            "so no class has weight 1"
        )
    return tuple(notes)


SCHEME = Scheme(
    name="median-frequency",
    title="Median frequency",
    formula="median(f) / f, f = n / extent",
    reference="Eigen and Fergus 2015, arXiv:1411.4734",
    compute=median_frequency,
    divides=True,
    caveats=caveats,
)
