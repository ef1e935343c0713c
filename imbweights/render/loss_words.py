"""What a diagnosis of a loss says, in plain sentences that are the same in every medium."""

from __future__ import annotations

import math

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.core.weights import ClassWeights, Role
from imbweights.diagnosis.conventions import Reported
from imbweights.diagnosis.outcome import CostlyRow, Diagnosis
from imbweights.frameworks import code_for, find_framework
from imbweights.frameworks.base import Subject
from imbweights.render.escaping import quoted
from imbweights.render.numbers import UNDEFINED, count_text, share_text

_LAYER = "matlab-layer"
_GAIN = 0.005
_KINDS = {"classes": "one class per row", "labels": "labels", "binary": "yes or no"}


def headline(found: Diagnosis) -> str:
    """Whether the loss is a number, and if not, why; in one sentence."""
    errors = [f for f in found.findings if f.level is Level.ERROR]
    broken = [r for r in found.considered if not r.finite]
    cause = f": {errors[0].title}{_in_rows(found, errors[0])}" if errors else ""
    if broken and len(broken) == len(found.considered):
        return f"The loss is {_state(broken)}{cause}."
    if broken:
        return f"{_where(broken)} the loss is {_state(broken)}{cause}."
    if errors:
        return f"The loss is undefined{cause}."
    first = found.considered[0]
    value = first.plain if first.weighted is None else first.weighted
    kind = "" if first.weighted is None else "weighted "
    start = f"The {kind}loss is finite, {loss_text(value)} in {_possessor(first)}"
    warnings = [f for f in found.findings if f.level is Level.WARNING]
    if warnings:
        return f"{start}, but: {warnings[0].title}."
    return f"{start}; {_against_shares(found, first)}."


def _state(broken: list[Reported]) -> str:
    # What a framework gives decides; the formula written by hand only where it is alone.
    named = [r for r in broken if r.framework != "hand"] or broken
    values = [r.plain if r.weighted is None else r.weighted for r in named]
    return "NaN" if any(math.isnan(v) for v in values) else "infinite"


def _where(broken: list[Reported]) -> str:
    names = [_possessor(r) for r in broken]
    if names == ["by hand"]:
        return "Written by hand,"
    named = [n for n in names if n != "by hand"]
    return f"In {', '.join(named[:-1])}{' and ' if len(named) > 1 else ''}{named[-1]}"


def _possessor(loss: Reported) -> str:
    return {"torch": "PyTorch", "keras": "Keras", "matlab": "MATLAB", "hand": "by hand"}[
        loss.framework
    ]


def _in_rows(found: Diagnosis, error: Finding) -> str:
    rows = error.details.get("rows")
    if rows is None:
        return ""
    return f" in {count_text(rows)} of {count_text(found.read.rows)} {row_word(found)}"


def row_word(found: Diagnosis) -> str:
    """What a row is called, in the plural."""
    dims = len(found.read.shape) - (found.read.class_axis is not None)
    return "rows" if dims < 2 else "pixels" if dims < 4 else "voxels"


def _against_shares(found: Diagnosis, first: Reported) -> str:
    base = found.baseline
    own, other = first.plain, base.loss
    if first.weighted is not None and base.weighted is not None:
        own, other = first.weighted, base.weighted
    if own < 0.95 * other:
        return f"knowing only the class shares: {loss_text(other)}"
    better = "no better" if own < 1.05 * other else "worse"
    return f"{better} than knowing only the class shares ({loss_text(other)})"


def source_line(found: Diagnosis) -> str:
    """What was read, and as what."""
    read = found.read
    shape = " × ".join(count_text(n) for n in read.shape)
    axis = (
        f", classes on axis {read.class_axis}"
        if read.class_axis is not None and len(read.shape) > 2
        else ""
    )
    ignored = f", {count_text(read.ignored)} ignored" if read.ignored else ""
    what = _KINDS[read.kind]
    return (
        f"{visible(read.predictions)} ({shape} {read.dtype}, {read.recognised}{axis}), "
        f"{visible(read.targets)} ({what}{ignored})"
    )


def weights_line(found: Diagnosis) -> str | None:
    """Which weights were used."""
    return None if found.weights is None else f"Weights: {visible(found.weights)}."


def notes(found: Diagnosis) -> list[str]:
    """What the reader should know about the reading."""
    return list(found.read.notes)


def loss_text(value: float | None) -> str:
    """A loss as people read it.

    >>> loss_text(0.51234), loss_text(float("nan")), loss_text(float("inf")), loss_text(12345.678)
    ('0.5123', 'NaN', 'Inf', '12345.7')
    """
    if value is None:
        return UNDEFINED
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf"
    if value and abs(value) < 1e-3:
        return f"{value:.3g}"
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:.1f}"


def loss_headings(found: Diagnosis) -> list[str]:
    """What stands above the losses."""
    return (
        ["loss in", "unweighted"]
        if found.weights is None
        else [
            "loss in",
            "unweighted",
            "weighted",
            "mean over",
        ]
    )


def loss_rows(found: Diagnosis) -> list[list[str]]:
    """The losses, those that are alike together; what is written by hand only where it differs."""
    rows: dict[tuple[str, ...], list[Reported]] = {}
    for r in found.losses:
        if r.framework == "hand" and r.finite and math.isfinite(r.plain):
            continue
        texts: tuple[str, ...] = (loss_text(r.plain),)
        if found.weights is not None:
            texts += (loss_text(r.weighted), _over(found, r))
        rows.setdefault(texts, []).append(r)
    return [[_together(alike), *texts] for texts, alike in rows.items()]


def _together(alike: list[Reported]) -> str:
    if len(alike) == 1:
        return alike[0].name
    return ", ".join(r.name if r.name == "MATLAB lossFcn" else _possessor(r) for r in alike)


def _over(found: Diagnosis, loss: Reported) -> str:
    if loss.over == "weights":
        return "weights"
    return "labels" if found.read.kind == "labels" else row_word(found)


def finding_text(finding: Finding) -> str:
    """Code, level, what was found."""
    return f"{finding.code} {finding.level}: {finding.message}"


def short_finding(finding: Finding) -> str:
    """Code, level and title."""
    return f"{finding.code} {finding.level}, {finding.title}"


def reported_text(found: Diagnosis) -> str | None:
    """Which way to compute the loss gives the number that the user sees."""
    if found.wanted is None:
        return None
    wanted = visible(found.wanted)
    if found.matches:
        ways = "; or ".join(m.how for m in found.matches[:3])
        return f"{wanted} is: {ways}."
    if found.nearest is None:
        return f"{wanted}: no loss here is finite."
    return (
        f"{wanted} is none of the losses here; nearest is {loss_text(found.nearest.value)}: "
        f"{found.nearest.how}. Averages of an epoch, dropout and regularisation differ."
    )


def class_headings(found: Diagnosis) -> list[str]:
    """What stands above the classes, after their names."""
    # With weights the shares say more than the mean loss, and a line has 80 columns.
    own = ["loss"] if found.weights is None else []
    weight = [] if found.weights is None else ["weight"]
    return ["count", *weight, "prec.", "recall", "F1", *own, "of loss", "of grad."]


def class_row(found: Diagnosis, i: int) -> list[str]:
    """One class or label, after its name."""
    c = found.classes[i]
    weight = [] if found.weights is None else [f"{c.weight:.4g}"]
    own = [loss_text(c.loss) if c.count else UNDEFINED] if found.weights is None else []
    return [
        count_text(c.count),
        *weight,
        *(score(v) for v in (c.precision, c.recall, c.f1)),
        *own,
        share_text(c.loss_share),
        share_text(c.gradient_share),
    ]


def score(value: float) -> str:
    """A score between 0 and 1.

    >>> score(0.41), score(float("nan"))
    ('.410', '–')
    """
    return UNDEFINED if math.isnan(value) else f"{value:.3f}".removeprefix("0")


def thresholds_text(found: Diagnosis) -> str | None:
    """Where to answer yes for a better F1, for the classes that gain most."""
    gains = [
        (c.threshold.f1 - (0.0 if math.isnan(c.f1) else c.f1), c)
        for c in found.classes
        if c.threshold is not None
    ]
    gains = sorted((g for g in gains if g[0] > _GAIN), key=lambda g: -g[0])
    if not gains:
        return None
    parts = [
        f"{quoted(c.name, 20)} from {c.threshold.value:.3g} ({score(c.f1)} → {score(c.threshold.f1)})"
        for _, c in gains[:2]
        if c.threshold is not None
    ]
    more = f", {len(gains) - 2} more" if len(gains) > 2 else ""
    return f"Thresholds fitted to this data raise F1: {', '.join(parts)}{more}."


def overall_text(found: Diagnosis) -> str:
    """Accuracies, and that of the answer that learns nothing."""
    o, base = found.overall, found.baseline
    weighted = f", weighted {share_text(o.weighted_accuracy)}" if found.weights is not None else ""
    always = "always no" if found.read.kind == "labels" else f"always {quoted(base.answer, 24)}"
    return (
        f"Accuracy {share_text(o.accuracy)}{weighted}, balanced {share_text(o.balanced_accuracy)}, macro F1 "
        f"{score(o.macro_f1)}; {always}: {share_text(base.share)}."
    )


def place_text(row: CostlyRow) -> str:
    """A row by its number, a pixel by image and place."""
    head, *rest = row.place
    return str(head) if not rest else f"{head}:{','.join(map(str, rest))}"


def safe_layer(found: Diagnosis) -> str | None:
    """The MATLAB layer that stays finite, for those who asked for it; with their weights."""
    if found.framework != _LAYER or found.read.kind != "classes":
        return None
    names, values = (
        tuple(c.name for c in found.classes),
        np.array([c.weight for c in found.classes]),
    )
    if not np.isfinite(values).all():
        return None
    counts = ClassCounts.multiclass({c.name: c.count for c in found.classes}, order=names)
    weights = ClassWeights(
        classes=names,
        values=values,
        counts=tuple(c.count for c in found.classes),
        scheme="given",
        role=Role.CLASS_WEIGHT,
    )
    return code_for(find_framework(_LAYER), Subject(weights=weights, counts=counts))
