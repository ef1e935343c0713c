"""Repeat factor sampling, as for LVIS."""

from __future__ import annotations

import numpy as np

from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import EVERY_TASK, Parameter, Parameters, Scheme

THRESHOLD = Parameter(
    name="threshold",
    symbol="t",
    default=0.001,
    meaning="classes in a smaller share of the images than t are repeated",
    above=0,
    below=1,
)


def repeat_factor(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """r_c = max(1, √(t / f_c)): f_c the share of *images* (rows) that contain class c.

    An image is repeated by the largest factor of its classes (a fraction of a repetition is drawn
    at random).

    Source: Gupta et al. 2019, "LVIS", arXiv:1908.03195, appendix B.1; Detectron2
    ``RepeatFactorTrainingSampler``.

    >>> counts = ClassCounts.multilabel(["a", "b"], {(0,): 9999, (0, 1): 1})
    >>> repeat_factor(counts, {"threshold": 0.0004}).round(6).tolist()
    [1.0, 2.0]
    """
    share = _shares(counts)
    return np.maximum(1.0, np.sqrt(parameters["threshold"] / share))


def _shares(counts: ClassCounts) -> FloatArray:
    """(K,) f: of the rows that have a label, or of all images, the share with the class."""
    without = counts.missing + counts.ignored if counts.task is Task.MULTICLASS else 0
    shares: FloatArray = counts.present.astype(np.float64) / (counts.samples - without)
    return shares


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """How to use it, and a threshold that repeats nothing."""
    images = "rows" if counts.unit is Unit.SAMPLES else "images"
    notes = [
        "these are no weights: an image is drawn as often as the largest factor of its classes says"
        if images == "images"
        else "these are no weights: a row is drawn as often as the largest factor of its labels says"
    ]
    if values.max() == 1.0:
        rarest = float(_shares(counts).min())
        notes.append(
            f"every class is in more than t = {parameters['threshold']:g} of the {images} (the rarest in "
            f"{rarest:.3g}), so nothing is repeated; a larger --threshold would"
        )
    return tuple(notes)


SCHEME = Scheme(
    name="repeat-factor",
    title="Repeat factor",
    formula="max(1, √(t / f)), f = share of images with the class",
    reference="Gupta et al. 2019, arXiv:1908.03195",
    compute=repeat_factor,
    parameters=(THRESHOLD,),
    tasks=EVERY_TASK,
    role=Role.REPEAT_FACTOR,
    needs_counts=True,
    caveats=caveats,
)
