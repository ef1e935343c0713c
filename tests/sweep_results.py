"""Results of sweeps made by hand, for tests of what a user sees of them.

The held-out scores follow from two bells one ``apart`` away, so that weights, thresholds and the
curve agree with each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from imbweights.core.counts import Task
from imbweights.core.weights import ClassWeights, Role
from imbweights.evidence.result import (
    CandidateResult,
    ClassScores,
    Comparison,
    CurvePoint,
    FoldScores,
    Kind,
    Scores,
    SweepResult,
    Tried,
    Verdict,
    VerdictKind,
)

HOSTILE = ("=cmd|'/C calc'!A0", "a\x1b[31mb\n", "$x_1$ <b>&\u202edrow", "x" * 90)
THRESHOLD_IS_HONEST = (
    "A mild weight and a tuned threshold are equal within noise over 5 folds; the threshold keeps "
    "probabilities honest."
)
BALANCED_HALVES_F1 = (
    "Balanced weights lift recall of 1 from .40 to .85, but precision falls from .78 to .17 and F1 "
    "halves."
)
_APART = 2.2
_SIGNS = {0.25: "¼", 0.5: "½", 0.75: "¾", 1.0: "1", 1.25: "1¼"}


def _above(z: float) -> float:
    """The share of a standard bell above z."""
    return math.erfc(z / math.sqrt(2)) / 2


def precision_recall(share: float, cut: float) -> tuple[float, float]:
    """Precision and recall of the rare class when everything above ``cut`` is answered."""
    recall, alarms = _above(cut - _APART), _above(cut)
    found = share * recall
    return found / (found + (1 - share) * alarms), recall


def _cut(share: float, weight: float, threshold: float) -> float:
    """Where the weighted probability is the threshold."""
    odds = threshold / (1 - threshold) * (1 - share) / share / weight
    return math.log(odds) / _APART + _APART / 2


def scores(share: float, weight: float = 1.0, threshold: float = 0.5) -> Scores:
    """Scores of two classes, of which the second has that share."""
    precision, recall = precision_recall(share, _cut(share, weight, threshold))
    f1 = 2 * precision * recall / (precision + recall)
    values = {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "macro_precision": (precision + 0.99) / 2,
        "macro_recall": (recall + 0.98) / 2,
        "macro_f1": (f1 + 0.98) / 2,
        "balanced_accuracy": (recall + 0.98) / 2,
        "average_precision": 0.61,
        "log_loss": 0.057 * weight**0.45,
        "brier": 0.011 * weight**0.5,
        "calibration_error": 0.002 * weight**0.9,
        "goal": f1,
    }
    per_class = (
        ClassScores(name="0", precision=0.99, recall=0.98, f1=0.985, support=10_923),
        ClassScores(name="1", precision=precision, recall=recall, f1=f1, support=260),
    )
    return Scores(values=values, per_class=per_class, rows=11_183)


def candidate(
    name: str, kind: Kind, pooled: Scores, spread: float | None = 0.02, **more: object
) -> CandidateResult:
    """A candidate that scored the same on each of five folds."""
    folds = tuple(FoldScores(repeat=0, fold=i, scores=pooled) for i in range(5))
    spreads = dict.fromkeys(pooled.values, spread)
    return CandidateResult(
        name=name,
        kind=kind,
        folds=folds,
        pooled=pooled,
        spread=spreads,
        **more,  # type: ignore[arg-type]
    )


def pos_weight_of(value: float, gamma: float | None) -> ClassWeights:
    """The single weight of two classes."""
    return ClassWeights(
        classes=("1",),
        values=np.array([value]),
        counts=(260,),
        scheme="pos-weight",
        role=Role.POS_WEIGHT,
        parameters={} if gamma is None else {"gamma": gamma},
        indices=(1,),
    )


def class_weights(
    classes: Sequence[str], counts: Sequence[int], scheme: str = "balanced"
) -> ClassWeights:
    """N / (K·n)."""
    n = np.array(counts, dtype=np.float64)
    return ClassWeights(
        classes=tuple(classes),
        values=n.sum() / (len(n) * n),
        counts=tuple(counts),
        scheme=scheme,
        role=Role.CLASS_WEIGHT,
    )


def tried(**changes: object) -> Tried:
    """What the mammography data would say."""
    usual = Tried(
        name="23_mammography.npz",
        rows=11_183,
        rows_found=11_183,
        columns=6,
        features=6,
        folds=5,
        repeats=1,
        seed=0,
        model="logistic regression",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


CARRIES_OVER = (
    "The threshold is that of this model: choose it anew, on held-out data, for another one.",
    "What weights do to calibration holds for every model that minimises a log loss.",
)


def binary() -> SweepResult:
    """Two classes, 42 to 1; the threshold wins."""
    share, ratio = 260 / 11_183, 10_923 / 260
    grid = []
    for gamma, sign in _SIGNS.items():
        weight = ratio**gamma
        grid.append(
            candidate(
                f"pos_weight {weight:.3g} (ratio^{sign})",
                Kind.POS_WEIGHT,
                scores(share, weight),
                weights=pos_weight_of(weight, gamma),
                pos_weight=weight,
                gamma=gamma,
            )
        )
    mild = ratio**0.25
    schemes = [
        candidate(
            name,
            Kind.SCHEME,
            scores(share, weight),
            weights=class_weights(("0", "1"), (10_923, 260), name),
            pos_weight=weight,
            also=also,
        )
        for name, weight, also in (
            ("balanced", ratio, ("inverse", "median-frequency", "pos-weight")),
            ("sqrt-inverse", ratio**0.5, ()),
            ("power", ratio**0.75, ()),
            ("log", 3.7, ()),
            ("effective", 11.2, ()),
        )
    ]
    never = Scores(
        values={"precision": None, "recall": 0.0, "f1": 0.0, "goal": 0.0, "log_loss": 0.11},
        rows=11_183,
    )
    return SweepResult(
        task=Task.MULTICLASS,
        classes=("0", "1"),
        counts=(10_923, 260),
        minority="1",
        goal="minority-f1",
        goal_title="F1 of 1",
        tried=tried(),
        candidates=(
            candidate("plain", Kind.PLAIN, scores(share)),
            candidate(
                "plain, threshold tuned", Kind.THRESHOLD, scores(share, 1, 0.26), thresholds=(0.26,)
            ),
            candidate(
                "best weight",
                Kind.BEST_WEIGHT,
                scores(share, mild),
                weights=pos_weight_of(mild, 0.25),
                pos_weight=mild,
                gamma=0.25,
            ),
            candidate(
                "best weight, threshold tuned",
                Kind.WEIGHT_THRESHOLD,
                scores(share, ratio**0.5, 0.61),
                weights=pos_weight_of(ratio**0.5, 0.5),
                pos_weight=ratio**0.5,
                gamma=0.5,
                thresholds=(0.61,),
            ),
            *grid,
            *schemes,
            candidate("always the majority", Kind.DUMMY, never, None),
            candidate("random by share", Kind.DUMMY, scores(share, 3.0, 0.6), 0.01),
        ),
        verdict=Verdict(
            kind=VerdictKind.THRESHOLD,
            headline="Do not weight: move the threshold of the plain model to about 0.26.",
            sentences=(
                THRESHOLD_IS_HONEST,
                BALANCED_HALVES_F1,
            ),
            rule="the threshold is better than nothing, and no weight is better than it",
            winner="plain, threshold tuned",
            comparisons=(
                Comparison(
                    first="plain, threshold tuned",
                    second="plain",
                    difference=0.07,
                    error=0.02,
                    p=0.01,
                    upper=0.11,
                ),
            ),
        ),
        curve=tuple(
            CurvePoint(threshold=1 - i / 100, precision=p, recall=r)
            for i, (p, r) in enumerate(
                precision_recall(share, cut) for cut in np.linspace(5, -2, 99).tolist()
            )
        ),
        carries_over=CARRIES_OVER,
    )


def weight_wins() -> SweepResult:
    """As ``binary``, but a weight of the grid is the answer."""
    found = binary()
    verdict = replace(
        found.verdict,
        kind=VerdictKind.WEIGHT,
        headline="Weight: pos_weight 2.55.",
        winner="best weight",
    )
    return replace(found, verdict=verdict)


def _macro(share: float, weight: float, names: Sequence[str], step: float) -> Scores:
    base = scores(share, weight)
    per_class = tuple(
        ClassScores(
            name=name,
            precision=None if i % 7 == 6 else 0.8 - step * i,
            recall=0.9 - step * i,
            f1=0.85 - step * i,
            support=900 // (i + 1) + 1,
        )
        for i, name in enumerate(names)
    )
    values = {**base.values, "goal": base.values["macro_f1"]}
    return replace(base, values=values, per_class=per_class)


def multiclass(classes: Sequence[str] = ("A", "B", "C", "D")) -> SweepResult:
    """Four classes; nothing is better than anything."""
    counts = (198, 436, 710, 272)
    names = tuple(classes)
    step = 0.06
    powers = [
        candidate(
            f"(max n / n)^{sign}",
            Kind.SCHEME,
            _macro(0.12, 1 + gamma, names, step),
            weights=class_weights(names, counts, "power"),
            gamma=gamma,
        )
        for gamma, sign in _SIGNS.items()
    ]
    return SweepResult(
        task=Task.MULTICLASS,
        classes=names,
        counts=counts,
        minority=names[0],
        goal="macro-f1",
        goal_title="macro F1",
        tried=tried(name="four_classes.csv", rows=1616, rows_found=1616, columns=9, features=23),
        candidates=(
            candidate("plain", Kind.PLAIN, _macro(0.12, 1, names, step)),
            candidate(
                "plain, threshold tuned",
                Kind.THRESHOLD,
                _macro(0.12, 1.3, names, step),
                thresholds=(1.8, 1.1, 0.7, 1.0),
            ),
            candidate(
                "best weight",
                Kind.BEST_WEIGHT,
                _macro(0.12, 1.5, names, step),
                weights=class_weights(names, counts),
            ),
            *powers,
            candidate(
                "balanced",
                Kind.SCHEME,
                _macro(0.12, 2, names, step),
                weights=class_weights(names, counts),
                also=("inverse",),
            ),
            candidate("always the majority", Kind.DUMMY, _macro(0.12, 0.1, names, step), None),
        ),
        verdict=Verdict(
            kind=VerdictKind.NO_DIFFERENCE,
            headline="No difference: leave weights and decision as they are.",
            sentences=("Nothing differs from the plain model by more than the noise of 5 folds.",),
            rule="every difference is within noise",
            winner="plain",
        ),
        curve=binary().curve,
        carries_over=CARRIES_OVER,
    )


def multilabel(k: int = 1000) -> SweepResult:
    """Many labels, two per row; the thresholds win."""
    names = tuple(f"label_{i:04}" for i in range(k))
    counts = tuple(4000 // (i + 1) + 20 for i in range(k))

    def of(weight: float) -> Scores:
        base = _macro(0.02, weight, names, 0.8 / k)
        p, r = precision_recall(0.02, _cut(0.02, weight, 0.5))
        micro: Mapping[str, float] = {
            "micro_precision": p,
            "micro_recall": r,
            "micro_f1": 2 * p * r / (p + r),
        }
        values = {
            key: value
            for key, value in base.values.items()
            if key not in {"precision", "recall", "f1"}
        }
        return replace(base, values={**values, **micro})

    weights = [
        candidate(
            f"pos_weight ratio^{sign}",
            Kind.POS_WEIGHT,
            of(40**gamma),
            weights=ClassWeights(
                classes=names,
                values=np.array([(20_000 / n) ** gamma for n in counts]),
                counts=counts,
                scheme="pos-weight",
                role=Role.POS_WEIGHT,
                parameters={"gamma": gamma},
            ),
            gamma=gamma,
        )
        for gamma, sign in _SIGNS.items()
    ]
    return SweepResult(
        task=Task.MULTILABEL,
        classes=names,
        counts=counts,
        minority=None,
        goal="macro-f1",
        goal_title="macro F1",
        tried=tried(
            name="tags.npz",
            rows=20_000,
            rows_found=81_000,
            columns=128,
            features=128,
            model="logistic regression per label",
            approximated=("Per label all positives and 2,000 of the negatives were fitted.",),
        ),
        candidates=(
            candidate("plain", Kind.PLAIN, of(1)),
            candidate(
                "plain, threshold tuned",
                Kind.THRESHOLD,
                of(6),
                thresholds=tuple(0.02 + 0.0001 * i for i in range(k)),
            ),
            candidate(
                "best weight", Kind.BEST_WEIGHT, of(5.9), weights=weights[1].weights, gamma=0.5
            ),
            *weights,
            candidate("no label", Kind.DUMMY, of(0.01), None),
        ),
        verdict=Verdict(
            kind=VerdictKind.THRESHOLD,
            headline="Do not weight: give each label a threshold of its own.",
            sentences=("Tuned thresholds reach a macro F1 of .58, the best weight .57.",),
            rule="the thresholds are better than nothing, and no weight is better than they",
            winner="plain, threshold tuned",
        ),
        carries_over=CARRIES_OVER,
        notes=("20,000 of 81,000 rows were used (--max-rows).",),
    )


def interrupted() -> SweepResult:
    """Stopped before anything was done, and stopped after two folds."""
    found = binary()
    verdict = Verdict(
        kind=VerdictKind.UNFINISHED,
        headline="Interrupted before two folds were done: nothing can be compared.",
        sentences=(),
        rule="at least two folds are needed",
    )
    return replace(found, candidates=(), verdict=verdict, curve=(), finished=False)


def inseparable() -> SweepResult:
    """Features that tell nothing."""
    found = binary()
    verdict = Verdict(
        kind=VerdictKind.INSEPARABLE,
        headline="Weights will not rescue this: the features do not tell 1 from 0.",
        sentences=("No candidate beats answering at random by more than noise.",),
        rule="no candidate is better than the best dummy",
        winner=None,
    )
    flat = Scores(values={"precision": None, "recall": 0.0, "f1": None, "goal": 0.0}, rows=100)
    return replace(
        found,
        candidates=tuple(replace(c, pooled=flat, spread={}) for c in found.candidates),
        verdict=verdict,
    )


def hostile() -> SweepResult:
    """Names that try to take over the screen, the spreadsheet and the page."""
    found = multiclass(HOSTILE)
    leaks = tuple(f"column {name} predicts the label perfectly." for name in HOSTILE[:2])
    verdict = replace(
        found.verdict,
        kind=VerdictKind.WEIGHT,
        headline=f"Weight: {HOSTILE[1]} and {HOSTILE[3]} gain.",
        sentences=tuple(f"Recall of {name} rises." for name in HOSTILE),
        winner="balanced",
    )
    left = dict.fromkeys(HOSTILE, f"unique per row {HOSTILE[1]}")
    changed = replace(found.tried, name=HOSTILE[2], leaks=leaks, left_out=left)
    return replace(found, verdict=verdict, tried=changed, notes=HOSTILE)
