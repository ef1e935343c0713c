"""Running the printed programs as they are, and the data they are printed for."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np

import imbweights
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.weights import ClassWeights
from imbweights.frameworks import code_for, find_framework
from imbweights.frameworks.base import Subject
from imbweights.schemes import find_scheme
from imbweights.schemes.weighing import Wishes, weigh

FOUR = ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})
TWO = ClassCounts.multiclass({"no": 300, "yes": 100})
LABELS = ClassCounts.multilabel(["red", "green", "blue"], {(): 60, (0,): 20, (0, 1): 15, (2,): 5})
VOID = 255


def masks(pixels: dict[str, int], void: int = 50) -> ClassCounts:
    """Counts of pixels, some of which are ignored."""
    values = np.array(list(pixels.values()))
    return ClassCounts(
        classes=tuple(pixels),
        counts=values,
        present=np.full(len(pixels), 4),
        extent=np.full(len(pixels), values.sum()),
        samples=4,
        ignored=void,
        task=Task.SEGMENTATION,
        unit=Unit.PIXELS,
        extent_with_void=np.full(len(pixels), values.sum() + void),
    )


THREE_MASKS = masks({"sky": 600, "car": 300, "pole": 100})
TWO_MASKS = masks({"ground": 900, "road": 100})
NO_VOID = replace(TWO_MASKS, ignored=0, extent_with_void=None)


def weights_of(counts: ClassCounts, scheme: str, **wishes: Any) -> ClassWeights:
    """Weights under a scheme; ``parameters``, ``positive`` and so on as in ``Wishes``."""
    return weigh(find_scheme(scheme), counts, Wishes(**wishes))


def program_of(framework: str, counts: ClassCounts, weights: ClassWeights) -> str:
    """The code, without header; masks have ignored pixels of value 255."""
    ignored = VOID if counts.extent_with_void is not None else None
    subject = Subject(weights=weights, counts=counts, ignore_index=ignored)
    return code_for(find_framework(framework), subject)


def executed(program: str) -> dict[str, Any]:
    """What a program defines."""
    names: dict[str, Any] = {"__name__": "pasted"}
    exec(compile(program, "<pasted>", "exec"), names)  # noqa: S102 - that is what it is for
    return names


def run(framework: str, counts: ClassCounts, scheme: str, **wishes: Any) -> dict[str, Any]:
    """What the program for these counts defines."""
    return executed(program_of(framework, counts, weights_of(counts, scheme, **wishes)))


def run_scaled(framework: str, counts: ClassCounts, scheme: str, factor: float) -> dict[str, Any]:
    """What the program defines when all weights are multiplied."""
    weights = weights_of(counts, scheme)
    return executed(program_of(framework, counts, replace(weights, values=weights.values * factor)))


def scale_matters(framework: str, counts: ClassCounts, scheme: str) -> bool:
    """What the framework says about the scale of such weights."""
    subject = Subject(weights=weights_of(counts, scheme), counts=counts)
    return find_framework(framework).scale_matters(subject)


def assert_runs_alone(framework: str, y: Any, scheme: str, **options: Any) -> None:
    """``imbweights suggest … --for … | python -`` says nothing, warns of nothing, does not fail."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-"],
        input=imbweights.code(y, framework, scheme, **options),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | quiet,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
