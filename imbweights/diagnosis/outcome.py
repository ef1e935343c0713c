"""``Diagnosis``: what a loss is made of, and what is wrong with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from imbweights.core.findings import Finding, Level
from imbweights.diagnosis.conventions import Match, Reported
from imbweights.diagnosis.scores import Baseline, ClassScore, Overall

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "imbweights.loss/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostlyRow:
    """A row that costs much. ``place``: (sample,) or (sample, y, x) …; ``true`` and ``predicted``:
    names; ``label``: of labels, which one; ``p``: probability of what is true; ``loss``: weighted.
    """

    place: tuple[int, ...]
    true: str
    predicted: str
    label: str | None
    p: float
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read, and as what. ``rows``: samples, pixels or voxels; ``counted`` of them (for
    labels: of their labels) have a target that counts, ``ignored`` have none.
    """

    predictions: str
    targets: str
    shape: tuple[int, ...]
    dtype: str
    kind: str
    scale: str
    recognised: str
    class_axis: int | None
    rows: int
    counted: int
    ignored: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The result of ``diagnose``; immutable.

    ``losses``: as each framework reports them; ``considered``: those that count for this user;
    ``classes``: per class or label; ``confusion``: (K, K) counts, rows true, columns predicted, or
    ``None`` for labels and for very many classes; ``largest``: the rows that cost most; ``weights``:
    what the weights are called, ``None`` without any; ``framework``: the name of ``--for``; ``matches``, ``nearest``: for a reported loss.
    """

    read: Read
    losses: tuple[Reported, ...]
    considered: tuple[Reported, ...]
    classes: tuple[ClassScore, ...]
    overall: Overall
    baseline: Baseline
    confusion: npt.NDArray[np.int64] | None
    largest: tuple[CostlyRow, ...]
    findings: tuple[Finding, ...]
    weights: str | None = None
    framework: str | None = None
    wanted: str | None = None
    matches: tuple[Match, ...] = ()
    nearest: Match | None = None

    @property
    def finite(self) -> bool:
        """Whether every loss that counts is a finite number and every target a class."""
        return all(f.level is not Level.ERROR for f in self.findings) and all(
            r.finite for r in self.considered
        )

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import diagnosis_html

        return diagnosis_html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.loss/1``."""
        return {
            "schema": SCHEMA,
            "finite": self.finite,
            "source": self._source(),
            "weights": self.weights,
            "losses": [_loss(r, r in self.considered) for r in self.losses],
            "reported": self._reported(),
            "findings": [f.to_dict() for f in self.findings],
            "classes": [_class(i, c) for i, c in enumerate(self.classes)],
            "overall": {
                "accuracy": number(self.overall.accuracy),
                "weighted_accuracy": number(self.overall.weighted_accuracy),
                "balanced_accuracy": number(self.overall.balanced_accuracy),
                "macro_f1": number(self.overall.macro_f1),
            },
            "baseline": {
                "answer": self.baseline.answer,
                "share": number(self.baseline.share),
                "same": number(self.baseline.same),
                "loss": number(self.baseline.loss),
                "weighted": number(self.baseline.weighted),
            },
            "confusion": None if self.confusion is None else self.confusion.tolist(),
            "largest": [
                {
                    "place": list(r.place),
                    "label": r.label,
                    "true": r.true,
                    "predicted": r.predicted,
                    "p": number(r.p),
                    **value_of("loss", r.loss),
                }
                for r in self.largest
            ],
        }

    def _source(self) -> dict[str, Any]:
        read = self.read
        return {
            "predictions": read.predictions,
            "targets": read.targets,
            "shape": list(read.shape),
            "dtype": read.dtype,
            "kind": read.kind,
            "scale": read.scale,
            "recognised": read.recognised,
            "class_axis": read.class_axis,
            "rows": read.rows,
            "counted": read.counted,
            "ignored": read.ignored,
            "notes": list(read.notes),
        }

    def _reported(self) -> dict[str, Any] | None:
        if self.wanted is None:
            return None
        return {
            "value": float(self.wanted),
            "matches": [{"how": m.how, "value": m.value} for m in self.matches],
            "nearest": None
            if self.nearest is None
            else {"how": self.nearest.how, "value": self.nearest.value},
        }

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame, one row per class or label."""
        import pandas as pd

        rows = [_class(i, c) for i, c in enumerate(self.classes)]
        return pd.DataFrame(rows).set_index("index")


def number(value: float | None) -> float | None:
    """A number for JSON: what is not finite is null.

    >>> number(0.5), number(math.nan)
    (0.5, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)


def value_of(name: str, value: float | None) -> dict[str, Any]:
    """A loss for JSON: null with the reason beside it where it is not finite.

    >>> value_of("loss", math.inf)
    {'loss': None, 'loss_is': 'inf'}
    """
    if value is None:
        return {name: None, f"{name}_is": "none"}
    kind = "finite" if math.isfinite(value) else "nan" if math.isnan(value) else "inf"
    return {name: number(value), f"{name}_is": kind}


def _loss(loss: Reported, counts: bool) -> dict[str, Any]:
    return {
        "name": loss.name,
        "framework": loss.framework,
        "counts": counts,
        "divides_by": loss.over,
        **value_of("unweighted", loss.plain),
        **value_of("weighted", loss.weighted),
    }


def _class(index: int, c: ClassScore) -> dict[str, Any]:
    return {
        "index": index,
        "name": c.name,
        "count": c.count,
        "weight": number(c.weight),
        "predicted": c.predicted,
        "precision": number(c.precision),
        "recall": number(c.recall),
        "f1": number(c.f1),
        **value_of("loss", c.loss),
        "loss_share": number(c.loss_share),
        "gradient": number(c.gradient),
        "gradient_share": number(c.gradient_share),
        "threshold": None if c.threshold is None else number(c.threshold.value),
        "threshold_f1": None if c.threshold is None else number(c.threshold.f1),
    }
