"""What a sweep found: every candidate with its scores, and the verdict over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from imbweights.core.counts import Task
from imbweights.core.weights import ClassWeights

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "imbweights.sweep/1"


class Kind(StrEnum):
    """What a candidate is.

    ``plain``: no weights, threshold .5 (or the most probable class); ``threshold``: the plain
    model with a tuned decision; ``scheme``: class weights of a scheme; ``pos_weight``: one value
    of the grid; ``best weight``: the value of the grid that the training folds chose;
    ``weight+threshold``: that with a tuned decision; ``dummy``: an answer that knows no features.
    """

    PLAIN = "plain"
    THRESHOLD = "threshold"
    SCHEME = "scheme"
    POS_WEIGHT = "pos_weight"
    BEST_WEIGHT = "best weight"
    WEIGHT_THRESHOLD = "weight+threshold"
    DUMMY = "dummy"


class VerdictKind(StrEnum):
    """What to do.

    ``threshold``: do not weight, move the decision; ``weight``: weight; ``no difference``: leave
    everything as it is; ``inseparable``: nothing beats answering without looking at the features;
    ``not proven``: a large difference may still be noise; ``unfinished``: too little was done, or
    there are too few rows, to compare anything.
    """

    THRESHOLD = "threshold"
    WEIGHT = "weight"
    NO_DIFFERENCE = "no difference"
    INSEPARABLE = "inseparable"
    NOT_PROVEN = "not proven"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScores:
    """Scores of one class or label; ``None`` where a score is undefined (0/0).

    ``support``: held-out samples that carry it.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "name": self.name,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "support": self.support,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores on held-out samples.

    ``values``: name → number (``METRICS`` in ``evidence.metrics`` explains each), ``None`` where
    undefined: ``precision``, ``recall``, ``f1`` of the minority class (single-label data only),
    ``macro_*``, ``micro_*`` (several labels), ``balanced_accuracy``, ``average_precision``,
    ``log_loss``, ``brier``, ``calibration_error``, ``cost`` (with a cost matrix), ``goal``.
    ``per_class``: in class order.
    """

    values: Mapping[str, float | None]
    per_class: tuple[ClassScores, ...] = ()
    rows: int = 0

    def __getitem__(self, name: str) -> float | None:
        """One score by name; ``None`` where it is undefined or does not apply."""
        return self.values.get(name)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "rows": self.rows,
            **self.values,
            "classes": [scores.to_dict() for scores in self.per_class],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldScores:
    """One candidate on one held-out fold.

    ``repeat`` and ``fold`` count from 0. ``weights``: class (label) → the weight that the training
    folds gave, scaled to mean 1 over their samples for classes, as ``pos_weight`` for labels;
    ``thresholds``: the decision that they gave, as in ``CandidateResult``. ``pseudo``: what the fold
    adds to the pooled scores that are tested, J·θ − (J − 1)·θ without it, which are paired over folds.
    """

    repeat: int
    fold: int
    scores: Scores
    weights: Mapping[str, float] | None = None
    thresholds: tuple[float, ...] | None = None
    pseudo: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "repeat": self.repeat,
            "fold": self.fold,
            "weights": None if self.weights is None else dict(self.weights),
            "thresholds": None if self.thresholds is None else list(self.thresholds),
            "pseudo": dict(self.pseudo),
            **self.scores.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateResult:
    """One candidate over all folds.

    ``name``: for people and for looking it up. ``also``: other candidates whose weights are the
    same up to scale, hence the same model. ``weights``: what to train with, computed on all rows
    (``None``: no weights). ``pos_weight``: of binary data, how much more a positive sample weighs
    than a negative one, ``gamma`` the exponent in ratio^γ where it comes from the grid.
    ``thresholds``: the decision: one per label (one for binary data); for K > 2 classes K factors,
    answer the class with the largest factor × probability. ``None``: .5, or the most probable class.
    ``chosen``: of a best weight, the name of the candidate that it is. What is chosen is chosen anew
    on the training rows of each fold, and the scores are those of choosing so; ``weights``,
    ``chosen`` and ``thresholds`` are what all rows choose in the same way, weight and threshold
    together. ``folds``: scores per fold; ``pooled``: of all held-out predictions together, so that a
    row counts once per repeat; ``spread``: standard error of each pooled score (jackknife over
    folds, corrected for overlapping training folds: Nadeau and Bengio 2003), ``None`` with one fold.
    """

    name: str
    kind: Kind
    folds: tuple[FoldScores, ...]
    pooled: Scores
    spread: Mapping[str, float | None] = field(default_factory=dict)
    weights: ClassWeights | None = None
    pos_weight: float | None = None
    gamma: float | None = None
    thresholds: tuple[float, ...] | None = None
    also: tuple[str, ...] = ()
    chosen: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, with every fold's numbers."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "also": list(self.also),
            "weights": None if self.weights is None else self.weights.to_dict(),
            "pos_weight": self.pos_weight,
            "gamma": self.gamma,
            "chosen": self.chosen,
            "thresholds": None if self.thresholds is None else list(self.thresholds),
            "pooled": self.pooled.to_dict(),
            "spread": dict(self.spread),
            "folds": [fold.to_dict() for fold in self.folds],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two candidates on the same folds, by the score that decides.

    ``score``: what is compared, the goal unless it has a bound; ``difference``: of the first minus
    the second, over all held-out rows; ``error``: its corrected standard error; ``p``: chance that the
    first would be that much better, or more, if there were no difference (one-sided; above ½ where the
    second is better); ``upper``: the largest difference that a one-sided test at 5 % leaves possible.
    """

    first: str
    second: str
    difference: float
    error: float
    p: float
    upper: float
    score: str = "goal"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "first": self.first,
            "second": self.second,
            "difference": self.difference,
            "error": self.error,
            "p": self.p,
            "upper": self.upper,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do, in plain words.

    ``headline``: the answer; ``sentences``: the reasons; ``rule``: the stated rule that decided;
    ``winner``: name of the candidate to use; ``comparisons``: what the rule looked at.
    """

    kind: VerdictKind
    headline: str
    sentences: tuple[str, ...]
    rule: str
    winner: str | None = None
    comparisons: tuple[Comparison, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "kind": self.kind.value,
            "headline": self.headline,
            "sentences": list(self.sentences),
            "rule": self.rule,
            "winner": self.winner,
            "comparisons": [c.to_dict() for c in self.comparisons],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One point of a precision–recall curve: answering yes from ``threshold`` on."""

    threshold: float
    precision: float
    recall: float

    def to_dict(self) -> dict[str, float]:
        """JSON-ready form."""
        return {"threshold": self.threshold, "precision": self.precision, "recall": self.recall}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was swept over and how.

    ``rows``: used, of ``rows_found`` with a label; ``columns``: features as the data has them;
    ``features``: numbers per row that the model saw (one-hot columns counted); ``groups``: how
    many, if folds were split by group, called ``grouped_by``; ``unit``: what a row is (``rows``,
    ``pixels``). ``left_out``: column → why. ``leaks``: sentences on columns that give the label
    away. ``model``: what was fitted. ``approximated``: sentences on what was not computed exactly.
    """

    name: str
    rows: int
    rows_found: int
    columns: int
    features: int
    folds: int
    repeats: int
    seed: int
    model: str
    unit: str = "rows"
    groups: int | None = None
    grouped_by: str | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()
    approximated: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "name": self.name,
            "rows": self.rows,
            "rows_found": self.rows_found,
            "unit": self.unit,
            "columns": self.columns,
            "features": self.features,
            "groups": self.groups,
            "grouped_by": self.grouped_by,
            "folds": self.folds,
            "repeats": self.repeats,
            "seed": self.seed,
            "model": self.model,
            "left_out": dict(self.left_out),
            "leaks": list(self.leaks),
            "approximated": list(self.approximated),
        }


@dataclass(frozen=True, kw_only=True)
class SweepResult:
    """What weighting did on this data.

    ``classes`` (K names) and ``counts`` (K) in class order; ``minority``: the class that
    ``precision``, ``recall`` and ``f1`` speak of (``None`` with several labels per row).
    ``goal``: the score that decides, in the words of ``--optimize``; ``goal_title``: in words.
    ``candidates``: in the order in which they are best shown. ``curve``: precision and recall of
    the plain model at every decision (minority class; empty with several labels).
    ``carries_over``: sentences on what holds for other models and what does not. ``notes``: what
    the user should know. ``finished``: False when the run was interrupted.
    """

    task: Task
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    minority: str | None
    goal: str
    goal_title: str
    tried: Tried
    candidates: tuple[CandidateResult, ...]
    verdict: Verdict
    curve: tuple[CurvePoint, ...] = ()
    carries_over: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    finished: bool = True

    def __getitem__(self, name: str) -> CandidateResult:
        """The candidate of that name, also by a name of the same weights. Raises ``KeyError``."""
        for candidate in self.candidates:
            if name == candidate.name or name in candidate.also:
                return candidate
        raise KeyError(name)

    @property
    def winner(self) -> CandidateResult | None:
        """The candidate that the verdict names."""
        return None if self.verdict.winner is None else self[self.verdict.winner]

    @property
    def weights(self) -> ClassWeights | None:
        """What to train with, as ``suggest`` would give it; ``None``: do not weight."""
        return None if self.winner is None else self.winner.weights

    def of_kind(self, kind: Kind) -> tuple[CandidateResult, ...]:
        """The candidates of one kind, in order."""
        return tuple(c for c in self.candidates if c.kind is kind)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.sweep/1``."""
        weights = self.weights
        return {
            "schema": SCHEMA,
            "task": self.task.value,
            "classes": [
                {"index": i, "name": name, "count": count}
                for i, (name, count) in enumerate(zip(self.classes, self.counts, strict=True))
            ],
            "minority": self.minority,
            "goal": self.goal,
            "finished": self.finished,
            "data": self.tried.to_dict(),
            "verdict": self.verdict.to_dict(),
            "weights": None if weights is None else weights.to_dict(),
            "candidates": [candidate.to_dict() for candidate in self.candidates],
            "curve": [point.to_dict() for point in self.curve],
            "carries_over": list(self.carries_over),
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import sweep_html

        return sweep_html(self)

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame, one row per candidate: ``kind``, ``pos_weight``, ``threshold`` (where
        there is one), the pooled scores, and ``goal_error``, the spread of the goal.
        """
        import pandas as pd

        rows = [
            {
                "candidate": c.name,
                "kind": c.kind.value,
                "pos_weight": c.pos_weight,
                "threshold": c.thresholds[0]
                if c.thresholds is not None and len(c.thresholds) == 1
                else None,
                **c.pooled.values,
                "goal_error": c.spread.get("goal"),
            }
            for c in self.candidates
        ]
        return pd.DataFrame(rows).set_index("candidate")
