"""The sweep's fold scores against plain scikit-learn pipelines written here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
)
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from imbweights import SweepResult, sweep

MAMMOGRAPHY = Path(__file__).parents[1] / "data" / "real" / "npz" / "23_mammography.npz"
EXACT = 1e-6

Array = npt.NDArray[Any]


def blobs(classes: int, rows: int = 900) -> tuple[Array, Array]:
    """Overlapping normal classes, each about half as frequent as the one before."""
    rng = np.random.default_rng(3)
    shares = 0.5 ** np.arange(classes)
    y = rng.choice(classes, size=rows, p=shares / shares.sum())
    centres = rng.normal(size=(classes, 4))
    return centres[y] + rng.normal(size=(rows, 4)), y


def scaled(weights: dict[int, float], y: Array) -> dict[int, float]:
    """Weights with mean 1 over the samples."""
    mean = np.mean([weights[label] for label in y.tolist()])
    return {label: float(weight / mean) for label, weight in weights.items()}


def class_weight(candidate: str, y: Array) -> dict[int, float] | None:
    """The weights of a candidate from the training labels, by the published formulas."""
    n = np.bincount(y)
    k = len(n)
    match candidate:
        case "plain":
            return None
        case "balanced":
            return {c: len(y) / (k * n[c]) for c in range(k)}
        case "sqrt-inverse":
            return scaled({c: float(np.sqrt(n.max() / n[c])) for c in range(k)}, y)
        case "effective":
            return scaled({c: (1 - 0.99) / (1 - 0.99 ** float(n[c])) for c in range(k)}, y)
        case "pos_weight 5":
            return scaled({0: 1.0, 1: 5.0}, y)
    raise AssertionError(candidate)


def probabilities(x: Array, y: Array, train: Array, test: Array, candidate: str) -> Array:
    """Held-out probabilities of the pipeline."""
    model = make_pipeline(
        StandardScaler(),
        LogisticRegression(max_iter=1000, class_weight=class_weight(candidate, y[train])),
    )
    found: Array = model.fit(x[train], y[train]).predict_proba(x[test])
    return found


def folds_of(result: SweepResult, candidate: str) -> list[dict[str, float | None]]:
    """The scores of each fold."""
    return [dict(fold.scores.values) for fold in result[candidate].folds]


@pytest.mark.parametrize(
    "candidate", ["plain", "balanced", "sqrt-inverse", "effective", "pos_weight 5"]
)
def test_fold_scores_of_two_classes_are_those_of_a_pipeline(candidate: str) -> None:
    """Fold scores of two classes are those of a pipeline."""
    x, y = blobs(2)
    result = sweep(
        x,
        y,
        schemes=["balanced", "sqrt-inverse", "effective"],
        pos_weights=[2, 5],
        beta=0.99,
        seed=4,
        repeats=1,
    )
    splits = StratifiedKFold(5, shuffle=True, random_state=4).split(x, y)
    for (train, test), found in zip(splits, folds_of(result, candidate), strict=True):
        p = probabilities(x, y, train, test, candidate)
        answers, truth = p.argmax(axis=1), y[test]
        expected = {
            "precision": precision_score(truth, answers),
            "recall": recall_score(truth, answers),
            "f1": f1_score(truth, answers),
            "macro_precision": precision_score(truth, answers, average="macro"),
            "macro_recall": recall_score(truth, answers, average="macro"),
            "macro_f1": f1_score(truth, answers, average="macro"),
            "balanced_accuracy": balanced_accuracy_score(truth, answers),
            "average_precision": average_precision_score(truth, p[:, 1]),
            "log_loss": log_loss(truth, p),
            "brier": brier_score_loss(truth, p[:, 1]),
            "goal": f1_score(truth, answers),
        }
        assert {name: found[name] for name in expected} == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("candidate", ["plain", "balanced", "sqrt-inverse", "effective"])
def test_fold_scores_of_four_classes_are_those_of_a_pipeline(candidate: str) -> None:
    """Fold scores of four classes are those of a pipeline."""
    x, y = blobs(4)
    names = np.array(["a", "b", "c", "d"])
    result = sweep(
        x, names[y], schemes=["balanced", "sqrt-inverse", "effective"], beta=0.99, repeats=1
    )
    splits = StratifiedKFold(5, shuffle=True, random_state=0).split(x, y)
    for (train, test), found in zip(splits, result[candidate].folds, strict=True):
        p = probabilities(x, y, train, test, candidate)
        answers, truth = p.argmax(axis=1), y[test]
        expected = {
            "f1": f1_score(truth, answers, average=None)[3],
            "macro_f1": f1_score(truth, answers, average="macro"),
            "macro_precision": precision_score(truth, answers, average="macro", zero_division=0),
            "balanced_accuracy": balanced_accuracy_score(truth, answers),
            "average_precision": average_precision_score(np.eye(4)[truth], p, average="macro"),
            "log_loss": log_loss(truth, p),
            "brier": float(np.mean(((p - np.eye(4)[truth]) ** 2).sum(axis=1))),
            "goal": f1_score(truth, answers, average="macro"),
        }
        assert {name: found.scores[name] for name in expected} == pytest.approx(expected, abs=EXACT)
        per_class = [scores.recall for scores in found.scores.per_class]
        assert per_class == pytest.approx(recall_score(truth, answers, average=None), abs=EXACT)


def test_a_tuned_threshold_is_scored_on_rows_that_did_not_choose_it() -> None:
    """A tuned threshold is scored on rows that did not choose it."""
    x, y = blobs(2)
    result = sweep(x, y, schemes="balanced", repeats=1)
    splits = StratifiedKFold(5, shuffle=True, random_state=0).split(x, y)
    tuned = result["plain, threshold tuned"]
    for (train, test), fold in zip(splits, tuned.folds, strict=True):
        assert fold.thresholds is not None
        p = probabilities(x, y, train, test, "plain")
        assert fold.scores["f1"] == pytest.approx(
            f1_score(y[test], p[:, 1] > fold.thresholds[0]), abs=EXACT
        )


@pytest.fixture(scope="module")
def mammography() -> SweepResult:
    """The sweep of the issue's example."""
    return sweep(MAMMOGRAPHY, repeats=1)


def test_mammography_has_its_known_scores(mammography: SweepResult) -> None:
    """Mammography has its known scores."""
    known = {"plain": (0.784, 0.404, 0.533), "balanced": (0.166, 0.850, 0.278)}
    for name, expected in known.items():
        pooled = mammography[name].pooled
        found = (pooled["precision"], pooled["recall"], pooled["f1"])
        assert found == pytest.approx(expected, abs=0.01)


def test_mammography_asks_for_a_threshold(mammography: SweepResult) -> None:
    """Mammography asks for a threshold."""
    assert mammography.verdict.kind.value == "threshold"
    assert mammography.weights is None
    tuned = mammography["plain, threshold tuned"]
    assert tuned.thresholds is not None
    assert 0.15 < tuned.thresholds[0] < 0.35
    mild = mammography["pos_weight 2.55 (ratio^¼)"]
    assert (mild.pooled["f1"] or 0) == pytest.approx(0.611, abs=0.01)
    assert (tuned.pooled["f1"] or 0) == pytest.approx(0.60, abs=0.02)
