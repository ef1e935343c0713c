"""Which scores of a sweep are shown, in which order, and how a score is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from imbweights.core.counts import Task
from imbweights.core.escaping import visible
from imbweights.evidence.result import CandidateResult, SweepResult
from imbweights.render.escaping import quoted
from imbweights.render.numbers import UNDEFINED

SPREAD = "±"


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A column of scores. ``key``: its name in ``Scores.values``, or ``±`` for the spread of the
    goal, which is that of the score ``of``; ``heading`` for a screen, where a line feed saves room;
    ``title`` in full.
    """

    key: str
    heading: str
    title: str
    of: str = "goal"

    def text(self, candidate: CandidateResult) -> str:
        """The number of one candidate."""
        if self.key == SPREAD:
            return spread_text(candidate.spread.get(self.of))
        return score_cell(candidate.pooled[self.key])


PRECISION = ScoreColumn("precision", "precision", "precision")
RECALL = ScoreColumn("recall", "recall", "recall")
F1 = ScoreColumn("f1", "F1", "F1")
MACRO_PRECISION = ScoreColumn("macro_precision", "macro\nprecision", "macro precision")
MACRO_RECALL = ScoreColumn("macro_recall", "macro\nrecall", "macro recall")
MACRO_F1 = ScoreColumn("macro_f1", "macro\nF1", "macro F1")
MICRO_PRECISION = ScoreColumn("micro_precision", "micro\nprecision", "micro precision")
MICRO_RECALL = ScoreColumn("micro_recall", "micro\nrecall", "micro recall")
MICRO_F1 = ScoreColumn("micro_f1", "micro\nF1", "micro F1")
LOG_LOSS = ScoreColumn("log_loss", "log loss", "log loss")
CALIBRATION = ScoreColumn("calibration_error", "ECE", "expected calibration error")
AVERAGE_PRECISION = ScoreColumn("average_precision", "AP", "average precision")
BRIER = ScoreColumn("brier", "Brier", "Brier score")
BALANCED = ScoreColumn("balanced_accuracy", "balanced\naccuracy", "balanced accuracy")
COST = ScoreColumn("cost", "cost", "cost")

_BINARY = (PRECISION, RECALL, F1, LOG_LOSS, CALIBRATION, AVERAGE_PRECISION, BRIER, MACRO_F1)
_CLASSES = (MACRO_PRECISION, MACRO_RECALL, MACRO_F1, F1, LOG_LOSS, CALIBRATION, PRECISION, RECALL)
_LABELS = (MACRO_PRECISION, MACRO_RECALL, MACRO_F1, MICRO_F1, LOG_LOSS, CALIBRATION)
_REST = (MICRO_PRECISION, MICRO_RECALL, BALANCED, AVERAGE_PRECISION, BRIER, MACRO_F1)
_REST_AS_WELL = (MACRO_PRECISION, MACRO_RECALL, COST)
_OF_MINORITY = {"precision", "recall", "f1"}
_SHORT_NAME = 10
_OF_GOAL = {
    "minority-f1": F1,
    "macro-f1": MACRO_F1,
    "balanced-accuracy": BALANCED,
    "cost": COST,
}


def is_binary(result: SweepResult) -> bool:
    """Whether there are two classes, one of which is looked for."""
    return result.task is not Task.MULTILABEL and len(result.classes) == 2


def score_columns(result: SweepResult) -> list[ScoreColumn]:
    """The columns that have a number, the most telling first; the goal is always among the first."""
    if result.task is Task.MULTILABEL:
        usual: Sequence[ScoreColumn] = _LABELS
    else:
        usual = _BINARY if is_binary(result) else _CLASSES
    columns = [*usual, *_REST, *_REST_AS_WELL]
    goal = goal_column(result)
    place = columns.index(goal) if goal in columns else len(columns)
    if place > 3:  # precision, recall and F1 keep their places
        columns.insert(3, goal)
        place = 3
    columns.insert(place + 1, ScoreColumn(SPREAD, "±", "± (standard error)", goal.key))
    first = set(usual[:3])
    told = (column for column in dict.fromkeys(columns) if _is_told(column, result, first))
    return [_of_class(column, result) for column in told]


def goal_column(result: SweepResult) -> ScoreColumn:
    """The column that holds the score that decides; where it has a bound, the score that is wanted."""
    known = _OF_GOAL.get(result.goal)
    wanted, with_bound, _ = result.goal.partition("@")
    if with_bound:
        macro = result.task is Task.MULTILABEL
        known = {
            "recall": MACRO_RECALL if macro else RECALL,
            "precision": MACRO_PRECISION if macro else PRECISION,
        }.get(wanted)
    return ScoreColumn("goal", "goal", result.goal_title) if known is None else known


def _is_told(column: ScoreColumn, result: SweepResult, always: set[ScoreColumn]) -> bool:
    """Whether anybody has a number there; the scores that everyone looks for are told undefined."""
    if column.key == SPREAD:
        return any(c.spread.get(column.of) is not None for c in result.candidates)
    if column in always:
        return True
    return any(c.pooled[column.key] is not None for c in result.candidates)


def _of_class(column: ScoreColumn, result: SweepResult) -> ScoreColumn:
    """Among macro scores, those of one class say of which."""
    if is_binary(result) or result.minority is None or column.key not in _OF_MINORITY:
        return column
    name = quoted(result.minority, _SHORT_NAME)
    return ScoreColumn(
        column.key, f"{column.title} of\n{name}", f"{column.title} of {visible(result.minority)}"
    )


def score_cell(score: float | None) -> str:
    """A score as tables of scores have it: three decimals, no leading zero.

    >>> score_cell(0.7838), score_cell(1.0), score_cell(None), score_cell(12.345), score_cell(1834.2)
    ('.784', '1.000', '–', '12.35', '1,834')
    """
    if score is None or not math.isfinite(score):
        return UNDEFINED
    if abs(score) >= 100:
        return f"{score:,.0f}"
    decimals = 2 if abs(score) >= 10 else 3
    text = f"{score:.{decimals}f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def spread_text(spread: float | None) -> str:
    """A standard error.

    >>> spread_text(0.0214), spread_text(None)
    ('.021', '–')
    """
    return score_cell(spread)
