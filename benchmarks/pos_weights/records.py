"""A trial as plain numbers, which can be kept in a file and drawn from it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from pos_weights.choosing import DECISIONS, Answers, macro_f1, micro_f1
from pos_weights.trial import GAMMAS, Trial

# Labels by their positives among the training rows: fewer than 5, 5 to 9, …
BINS = (1, 5, 10, 30, 100, 1_000_000)
BIN_NAMES = ("1–4", "5–9", "10–29", "30–99", "100 or more")
Record = dict[str, Any]


def record(trial: Trial) -> Record:
    """Scores of every weight and decision; keys are text, as JSON wants them."""
    return {
        "rows": int(trial.rows),
        "ratio": round(trial.ratio, 3),
        "positives": float(np.median(trial.positives)),
        "best": trial.best,
        "scores": {
            f"{gamma:g}": {
                decision: [
                    round(macro_f1(found, trial.support), 5),
                    round(micro_f1(found, trial.support), 5),
                    round(found.empty, 5),
                ]
                for decision, found in trial.answers[gamma].items()
            }
            for gamma in GAMMAS
        },
        "by_positives": {
            f"{gamma:g}": {
                decision: _binned(trial.answers[gamma][decision], trial) for decision in DECISIONS
            }
            for gamma in GAMMAS
        },
        "calibration": {f"{g:g}": asdict(c) for g, c in trial.calibration.items()},
        "undone": {f"{g:g}": asdict(c) for g, c in trial.undone.items()},
        "base": asdict(trial.base),
        "precision": {f"{g:g}": round(p, 5) for g, p in trial.precision.items()},
    }


def _binned(found: Answers, trial: Trial) -> list[list[float]]:
    """Per bin of positives: sum of F1 and number of labels that occur."""
    both = found.answered + trial.support
    f1 = 2 * found.right / np.maximum(both, 1)
    place = np.digitize(trial.positives, BINS) - 1
    return [
        [round(float(f1[mine].sum()), 5), int(mine.sum())]
        for mine in (
            (place == b) & (trial.support > 0) & (trial.positives > 0) for b in range(len(BINS) - 1)
        )
    ]


def scores(records: list[Record], gamma: float, decision: str, which: int) -> npt.NDArray[Any]:
    """Macro F1 (0), micro F1 (1) or share of empty rows (2), one number per trial."""
    return np.array([r["scores"][f"{gamma:g}"][decision][which] for r in records])
