"""The same predictions, as each framework would report their loss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.diagnosis.formulas import Formula
from imbweights.diagnosis.pairing import Kind
from imbweights.diagnosis.scale import Scale
from imbweights.diagnosis.tally import Tally

FloatArray = npt.NDArray[np.float64]

WEIGHTS, SAMPLES, ELEMENTS = "weights", "samples", "elements"
BY_HAND = "by hand, T.*log(Y)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A loss as one framework reports it.

    ``name``: the function; ``framework``: torch, keras, matlab or hand; ``over``: what the weighted
    mean divides by; ``plain`` and ``weighted`` (``None`` without weights) may be NaN or infinite.
    """

    name: str
    framework: str
    over: str
    plain: float
    weighted: float | None

    @property
    def finite(self) -> bool:
        """Whether training could go on from it."""
        value = self.plain if self.weighted is None else self.weighted
        return math.isfinite(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A way to compute the loss that gives the number which the user sees."""

    how: str
    value: float


def mean(tally: Tally, formula: Formula, weights: FloatArray | None, over: str = SAMPLES) -> float:
    """Σ w ℓ / Σ w, or / N; ``samples`` of labels divides by rows' labels, as ``elements`` does.

    Only groups that occur count, but where every weight is multiplied by a target of 0 somewhere: in
    the formula written by hand, and by every pos_weight.
    """
    sums = tally.losses.get(formula)
    total = int(tally.counts.sum())
    if sums is None or not total:
        return math.nan
    there = tally.counts > 0
    w = np.ones(len(sums)) if weights is None else weights
    with np.errstate(all="ignore"):
        loss = float((w[there] * sums[there]).sum())
        everywhere = formula is Formula.TEXTBOOK or tally.kind is Kind.LABELS
        if everywhere and not np.isfinite(w).all():
            loss = math.nan
        by = float((w[there] * tally.counts[there]).sum()) if over == WEIGHTS else float(total)
        return float(np.float64(loss) / np.float64(by))


def reported(
    tally: Tally, scale: Scale, weights: FloatArray | None, *, first: int = 1
) -> tuple[Reported, ...]:
    """What PyTorch, Keras, MATLAB and the formula written by hand give. ``first``: samples (images)
    alone.
    """
    classes = tally.kind is Kind.CLASSES
    rows = _of_classes(scale) if classes else _of_labels(scale, several=tally.width > 1)
    found = []
    for name, framework, formula, over in rows:
        found.append(
            Reported(
                name=name,
                framework=framework,
                over=over,
                plain=mean(tally, formula, None),
                weighted=None if weights is None else mean(tally, formula, weights, over),
            )
        )
    if not classes and tally.width > 1 and weights is None:
        found.insert(-1, _summed(tally, first))
    return tuple(found)


def _summed(tally: Tally, first: int) -> Reported:
    """MATLAB's crossentropy adds the labels of a sample up."""
    total = int(tally.counts.sum())
    return Reported(
        name="MATLAB crossentropy",
        framework="matlab",
        over=SAMPLES,
        plain=mean(tally, Formula.SAFE, None) * total / max(1, first),
        weighted=None,
    )


_Row = tuple[str, str, Formula, str]


def _of_classes(scale: Scale) -> tuple[_Row, ...]:
    logits = scale is Scale.LOGITS
    return (
        (
            "PyTorch CrossEntropyLoss" if logits else "PyTorch NLLLoss of log p",
            "torch",
            Formula.EXACT,
            WEIGHTS,
        ),
        (
            "Keras, from_logits=True" if logits else "Keras, of probabilities",
            "keras",
            Formula.KERAS,
            SAMPLES,
        ),
        ("MATLAB, safe layer", "matlab", Formula.SAFE, SAMPLES),
        (BY_HAND, "hand", Formula.TEXTBOOK, SAMPLES),
    )


def _of_labels(scale: Scale, *, several: bool) -> tuple[_Row, ...]:
    logits = scale is Scale.LOGITS
    return (
        (
            "PyTorch BCEWithLogitsLoss" if logits else "PyTorch BCELoss",
            "torch",
            Formula.TORCH,
            ELEMENTS,
        ),
        (
            "Keras, from_logits=True" if logits else "Keras, of probabilities",
            "keras",
            Formula.KERAS,
            ELEMENTS,
        ),
        ("MATLAB lossFcn" if several else "MATLAB, safe", "matlab", Formula.SAFE, ELEMENTS),
        ("by hand, T.*log(Y) + …", "hand", Formula.TEXTBOOK, ELEMENTS),
    )


def matches(
    tally: Tally, weights: FloatArray | None, wanted: str, *, rows: int, first: int
) -> tuple[tuple[Match, ...], Match | None]:
    """The ways that give the reported number, to its last digit, and the nearest where none does.

    ``rows``: samples, pixels or voxels; ``first``: samples (images) alone.
    """
    value = float(wanted)
    digits = wanted.lower().split("e", maxsplit=1)[0].partition(".")[2]
    exponent = int(wanted.lower().partition("e")[2] or 0)
    tolerance = 0.51 * 10.0 ** (exponent - len(digits))
    ways = [m for m in _ways(tally, weights, rows, first) if math.isfinite(m.value)]
    good: dict[str, Match] = {}
    for way in ways:
        if abs(way.value - value) <= tolerance:
            good.setdefault(way.how, way)
    nearest = min(ways, key=lambda m: abs(m.value - value), default=None)
    return tuple(good.values()), None if good else nearest


_SAID = {
    Formula.EXACT: "",
    Formula.TORCH: " (logs at least −100, as BCELoss)",
    Formula.KERAS: " (clipped at 1e-7, as Keras)",
    Formula.SAFE: " (bounded at 2.2e-16, as the safe MATLAB layer)",
    Formula.TWICE: " with a second softmax or sigmoid",
}


def _ways(tally: Tally, weights: FloatArray | None, rows: int, first: int) -> Iterator[Match]:
    total = int(tally.counts.sum())
    seen: set[float] = set()
    for formula, said in _SAID.items():
        if formula not in tally.losses:
            continue
        for weighing, w in (("unweighted", None), ("weighted", weights)):
            if weighing == "weighted" and w is None:
                continue
            over_samples = mean(tally, formula, w)
            for how, value in _divided(tally, formula, w, over_samples, (total, rows, first)):
                key = round(value, 12)
                if math.isfinite(value) and key not in seen:
                    seen.add(key)
                    yield Match(how=f"{weighing}{said}, {how}", value=value)


def _divided(
    tally: Tally,
    formula: Formula,
    w: FloatArray | None,
    over_samples: float,
    sizes: Sequence[int],
) -> Iterator[tuple[str, float]]:
    """The same sum, divided by everything that a framework divides by."""
    total, rows, first = sizes
    labels = tally.kind is Kind.LABELS
    yield (
        ("mean over all labels" if labels and tally.width > 1 else "mean over samples"),
        over_samples,
    )
    if w is not None:
        yield "mean over weights", mean(tally, formula, w, WEIGHTS)
        yield "divided by the sum over classes of the weights", over_samples / float(w.sum())
    if labels and tally.width > 1:
        yield "sum over labels, mean over samples (MATLAB crossentropy)", over_samples * tally.width
    if first != rows:
        yield "mean over images (MATLAB crossentropy)", over_samples * total / first
    if not labels:
        yield "mean over samples and classes", over_samples / tally.width
        yield "logarithm to base 2", over_samples / math.log(2)
    yield "sum", over_samples * total
