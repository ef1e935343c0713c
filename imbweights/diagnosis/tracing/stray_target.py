"""Targets that are no class."""

from __future__ import annotations

import math

import numpy as np

from imbweights.core.codes.losses import STRAY_TARGET
from imbweights.core.findings import Finding
from imbweights.diagnosis.pairing import STRAY
from imbweights.diagnosis.seen import Trace
from imbweights.diagnosis.tracing.base import Case

_HINTS = {
    255: "255 is the usual void of masks: --ignore-label 255.",
    -100: "−100 is what PyTorch ignores: --ignore-label -100.",
    -1: "If −1 marks what has no label: --ignore-label -1.",
}


def find(case: Case) -> Finding | None:
    """With the values that were met, and what they probably mean."""
    stray = case.seen(Trace.STRAY)
    if not stray.rows:
        return None
    values = _values(case)
    named = ", ".join(f"{v:g}" for v in values)
    k = case.pair.width
    legal = f"0 … {k - 1}" if case.classes else "0 or 1"
    hint = _hint(case, values)
    return case.report(
        STRAY_TARGET,
        f"targets such as {named} are no class, which would be {legal}: {case.where(stray)}. "
        f"{hint}The losses leave these rows out.",
        stray,
        values=[v for v in values if math.isfinite(v)],
    )


def _hint(case: Case, values: list[float]) -> str:
    if not case.classes and values == [255] and not case.tally.counts[1::2].any():
        return "If 255 means yes: --classes 0=no,255=yes; if it is void: --ignore-label 255. "
    for value in values:
        if value in _HINTS:
            return f"{_HINTS[int(value)]} "
    if case.classes and values == [case.pair.width] and not case.tally.counts[0]:
        return f"They seem to count from 1: --classes 1-{case.pair.width} says so. "
    return ""


def _values(case: Case) -> list[float]:
    """What stands in the data, in the first such rows."""
    found: list[float] = []
    stray = case.seen(Trace.STRAY)
    for start, key in (block for block in case.pair.blocks() if block[0] <= stray.first[-1]):
        inside = [r - start for r in stray.first if r >= start]
        marks = case.pair.indices(key) if case.classes else case.pair.hits(key)
        raw = case.pair.truth.grid.block(key, case.pair.truth_axis).reshape(marks.shape)
        here = [r for r in inside if r < len(marks)]
        for row in here:
            cells = np.atleast_1d(raw[row])[np.atleast_1d(marks[row] == STRAY)]
            found += [float(v) for v in cells]
    return sorted(set(found))[:3]
