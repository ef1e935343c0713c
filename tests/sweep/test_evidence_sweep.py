"""The sweep as a whole: candidates, verdict, interruption, forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import imbweights
from imbweights import ImbweightsError, Role, SweepResult, sweep
from imbweights.core.counts import ClassCounts
from imbweights.evidence.candidates import Asked, grid, weightings
from imbweights.evidence.comparing import Evidence
from imbweights.evidence.metrics import METRICS
from imbweights.evidence.result import CandidateResult, FoldScores, Kind, Scores
from imbweights.evidence.verdict import decide
from imbweights.schemes.weighing import Wishes

Array = npt.NDArray[Any]

PLAIN, THRESHOLD = "plain", "plain, threshold tuned"
WEIGHT, BOTH, DUMMY = "best weight", "best weight, threshold tuned", "always the minority"


def shifted(rows: int = 2000, share: float = 0.1, seed: int = 0) -> tuple[Array, Array]:
    """Two normal classes of equal spread: calibrated, with a rare class."""
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < share).astype(int)
    return rng.normal(size=(rows, 2)) + 1.3 * y[:, None], y


@pytest.fixture(scope="module")
def binary() -> SweepResult:
    """A result that many tests look at."""
    return sweep(*shifted(), repeats=2)


class TestCandidates:
    """What is compared."""

    def test_schemes_with_the_same_weights_are_one_candidate(self, binary: SweepResult) -> None:
        """Schemes with the same weights are one candidate."""
        assert set(binary["balanced"].also) >= {"inverse", "pos-weight"}
        assert binary["inverse"] is binary["balanced"]

    def test_weights_are_those_of_suggest(self, binary: SweepResult) -> None:
        """Weights are those of suggest."""
        _, y = shifted()
        expected = imbweights.suggest(y, "balanced")
        assert binary["balanced"].weights == expected
        found = binary["balanced"].weights
        assert found is not None
        assert list(found.as_dict()) == [0, 1]

    def test_the_grid_is_the_ratio_to_some_power(self, binary: SweepResult) -> None:
        """The grid is the ratio to some power."""
        _, y = shifted()
        ratio = (y == 0).sum() / (y == 1).sum()
        grid = {
            c.gamma: c.pos_weight
            for c in binary.candidates
            if c.gamma and c.kind is not Kind.BEST_WEIGHT
        }
        assert grid == pytest.approx({g: ratio**g for g in (0.25, 0.5, 0.75, 1.0, 1.25)})

    def test_given_weights_are_the_grid(self) -> None:
        """Given weights are the grid."""
        result = sweep(*shifted(600), schemes="balanced", pos_weights=[4, 2], repeats=1)
        names = [c.name for c in result.of_kind(Kind.POS_WEIGHT)]
        assert names == ["pos_weight 2", "pos_weight 4"]
        assert result["best weight"].pos_weight in {2.0, 4.0}
        weights = result["pos_weight 4"].weights
        assert weights is not None
        assert (weights.role, weights.values.tolist()) == (Role.POS_WEIGHT, [4.0])

    def test_weights_are_computed_on_training_rows(self, binary: SweepResult) -> None:
        """Weights are computed on training rows."""
        _, y = shifted()
        from sklearn.model_selection import StratifiedKFold

        splits = StratifiedKFold(5, shuffle=True, random_state=0).split(y, y)
        for (train, _), fold in zip(splits, binary["balanced"].folds, strict=False):
            n = np.bincount(y[train])
            assert fold.weights == pytest.approx({"0": n.sum() / 2 / n[0], "1": n.sum() / 2 / n[1]})

    def test_scheme_parameters_and_unknown_names(self) -> None:
        """Scheme parameters and unknown names."""
        x, y = shifted(400)
        result = sweep(x, y, schemes=["power"], gamma=2, pos_weights=[2])
        n = np.bincount(y)
        assert result["power"].pos_weight == pytest.approx((n[0] / n[1]) ** 2)
        with pytest.raises(ImbweightsError, match="did you mean balanced"):
            sweep(x, y, schemes="balansed")
        with pytest.raises(ImbweightsError, match="logit offset"):
            sweep(x, y, schemes="logit-adjustment")

    def test_more_classes_have_no_pos_weight(self) -> None:
        """More classes have no pos weight."""
        counts = ClassCounts.multiclass({"a": 50, "b": 20, "c": 5})
        with pytest.raises(ImbweightsError, match="3 classes that exclude each other"):
            weightings(counts, Asked(pos_weights=(2.0,)))
        names = [w.name for w in grid(counts, Asked())]
        assert names[:2] == ["(max n / n)^¼", "(max n / n)^½"]

    def test_a_cap_holds(self) -> None:
        """A cap holds."""
        counts = ClassCounts.multiclass({"no": 1000, "yes": 10})
        asked = Asked(schemes=("balanced",), wishes=Wishes(cap=5), positive=1)
        largest = [w.pos_weight(counts) or 0 for w in weightings(counts, asked)]
        assert max(largest) == pytest.approx(5)

    def test_the_positive_class_may_be_the_more_frequent(self) -> None:
        """The positive class may be the more frequent."""
        x, y = shifted(400)
        result = sweep(x, y, positive=0, schemes="balanced", pos_weights=[2])
        assert result.minority == "0"
        assert (result["balanced"].pos_weight or 9) < 1


class TestResult:
    """What comes out."""

    def test_the_form_for_json_is_complete_and_finite(self, binary: SweepResult) -> None:
        """The form for json is complete and finite."""
        data = json.loads(json.dumps(binary.to_dict(), allow_nan=False))
        assert data["schema"] == "imbweights.sweep/1"
        assert [len(c["folds"]) for c in data["candidates"]] == [10] * len(binary.candidates)
        assert data["verdict"]["winner"] == THRESHOLD
        assert data["data"]["rows"] == 2000

    def test_every_score_is_documented(self, binary: SweepResult, several: SweepResult) -> None:
        """In the registry, and in the description of the JSON form."""
        given = {*binary[PLAIN].pooled.values, *several[PLAIN].pooled.values}
        assert given | {"cost"} == set(METRICS)
        text = (Path(__file__).parents[2] / "docs" / "schemas.md").read_text(encoding="utf-8")
        assert all(f"| `{name}` | {meaning} |" in text for name, meaning in METRICS.items())

    def test_the_frame_has_a_row_per_candidate(self, binary: SweepResult) -> None:
        """The frame has a row per candidate."""
        frame = binary.to_frame()
        assert frame.index.tolist() == [c.name for c in binary.candidates]
        assert frame.loc[PLAIN, "f1"] == binary[PLAIN].pooled["f1"]

    def test_the_curve_passes_through_the_plain_model(self, binary: SweepResult) -> None:
        """The curve passes through the plain model."""
        near = min(binary.curve, key=lambda point: abs(point.threshold - 0.5))
        pooled = binary[PLAIN].pooled
        assert near.recall == pytest.approx(pooled["recall"], abs=0.03)
        assert near.precision == pytest.approx(pooled["precision"], abs=0.03)
        assert len(binary.curve) <= 402

    def test_more_processes_give_the_same_numbers(self) -> None:
        """More processes give the same numbers."""
        x, y = shifted(400)
        alone, shared = (
            sweep(x, y, schemes="balanced", pos_weights=[2], jobs=jobs, repeats=1)
            for jobs in (1, 2)
        )
        assert alone.to_dict() == shared.to_dict()

    def test_progress_is_told_and_an_interrupt_keeps_what_is_done(self) -> None:
        """Progress is told and an interrupt keeps what is done."""
        told: list[tuple[int, int]] = []

        def interrupt(done: int, total: int) -> None:
            told.append((done, total))
            if done == 3:
                raise KeyboardInterrupt

        result = sweep(
            *shifted(400), schemes="balanced", pos_weights=[2], repeats=1, progress=interrupt
        )
        assert told == [(1, 5), (2, 5), (3, 5)]
        assert (result.finished, len(result[PLAIN].folds)) == (False, 3)
        assert any("interrupted: 3 of 5 folds" in note for note in result.notes)

    def test_repeats_give_more_folds(self) -> None:
        """Repeats give more folds."""
        result = sweep(*shifted(400), schemes="balanced", pos_weights=[2], repeats=2, folds=3)
        assert [(f.repeat, f.fold) for f in result[PLAIN].folds] == [
            (r, f) for r in (0, 1) for f in (0, 1, 2)
        ]


@pytest.fixture(scope="module")
def several() -> SweepResult:
    """Three labels, the last two rare."""
    rng = np.random.default_rng(0)
    labels = (rng.random((500, 3)) < [0.4, 0.15, 0.1]).astype(int)
    x = labels @ rng.normal(size=(3, 4)) + rng.normal(size=(500, 4))
    return sweep(x, labels, pos_weights=[3])


class TestSeveralLabels:
    """Several labels per row."""

    def test_scores_are_per_label_macro_and_micro(self, several: SweepResult) -> None:
        """Scores are per label macro and micro."""
        pooled = several[PLAIN].pooled
        assert pooled["precision"] is None
        assert [s.name for s in pooled.per_class] == ["0", "1", "2"]
        f1 = [s.f1 or 0 for s in pooled.per_class]
        assert pooled["macro_f1"] == pytest.approx(np.mean(f1))

    def test_every_label_has_a_threshold(self, several: SweepResult) -> None:
        """Every label has a threshold."""
        thresholds = several[THRESHOLD].thresholds
        assert thresholds is not None
        assert len(thresholds) == 3
        assert (several[THRESHOLD].pooled["macro_f1"] or 0) > (
            several[PLAIN].pooled["macro_f1"] or 0
        )

    def test_dummies_are_no_label_and_every_label(self, several: SweepResult) -> None:
        """Dummies are no label and every label."""
        every = several["every label"].pooled
        assert every["macro_recall"] == 1.0
        assert several["no label"].pooled["macro_recall"] == 0.0


def candidate(name: str, goals: list[float], kind: Kind = Kind.PLAIN) -> CandidateResult:
    """A candidate with these goals on its folds."""
    folds = tuple(
        FoldScores(repeat=0, fold=i, scores=Scores(values={"goal": goal}))
        for i, goal in enumerate(goals)
    )
    return CandidateResult(name=name, kind=kind, folds=folds, pooled=Scores(values={}))


def evidence(**goals: list[float]) -> Evidence:
    """What the rules look at, from the goals of each candidate."""
    names = {"plain": PLAIN, "threshold": THRESHOLD, "weight": WEIGHT, "both": BOTH}
    found = [candidate(names[key], values) for key, values in goals.items() if key in names]
    found.append(candidate(DUMMY, goals["dummy"], Kind.DUMMY))
    return Evidence({c.name: c for c in found}, 0.25)


LOW = [0.40, 0.41, 0.39, 0.42, 0.40]
HIGH = [0.60, 0.61, 0.58, 0.62, 0.60]
ALIKE = [0.61, 0.60, 0.60, 0.61, 0.60]
HIGHER = [0.70, 0.72, 0.69, 0.71, 0.70]
NONE = [0.10] * 5


class TestVerdict:
    """What is said."""

    @pytest.mark.parametrize(
        ("goals", "kind", "winner"),
        [
            (
                {"plain": LOW, "threshold": HIGH, "weight": ALIKE, "both": HIGH},
                "threshold",
                THRESHOLD,
            ),
            ({"plain": LOW, "threshold": HIGH, "weight": HIGHER, "both": HIGHER}, "weight", WEIGHT),
            ({"plain": LOW, "threshold": HIGH, "weight": ALIKE, "both": HIGHER}, "weight", BOTH),
            (
                {"plain": HIGH, "threshold": ALIKE, "weight": LOW, "both": HIGH},
                "no difference",
                PLAIN,
            ),
            ({"plain": NONE, "threshold": NONE, "weight": NONE, "both": NONE}, "inseparable", None),
        ],
    )
    def test_rules(self, goals: dict[str, list[float]], kind: str, winner: str | None) -> None:
        """Rules."""
        decided = decide(evidence(**goals, dummy=NONE))
        assert (decided.kind.value, decided.winner) == (kind, winner)

    def test_tiny_differences_are_no_reason_however_sure(self) -> None:
        """Tiny differences are no reason however sure."""
        tiny = [goal + 0.004 for goal in LOW]
        found = evidence(plain=LOW, threshold=tiny, weight=tiny, both=tiny, dummy=NONE)
        assert found.compare(THRESHOLD, PLAIN).p < 0.001
        assert decide(found).kind.value == "no difference"

    def test_noise_is_told_from_a_threshold(self) -> None:
        """Noise is told from a threshold."""
        x, y = np.random.default_rng(1).normal(size=(600, 3)), np.array([0, 0, 0, 0, 1] * 120)
        result = sweep(x, y, schemes="balanced")
        assert result.verdict.kind.value == "inseparable"
        assert "not rescue" in result.verdict.headline

    def test_the_words_name_the_numbers(self, binary: SweepResult) -> None:
        """The words name the numbers."""
        assert binary.verdict.headline.startswith("Do not weight: move the threshold")
        told = " ".join(binary.verdict.sentences)
        recall = binary[PLAIN].pooled["recall"] or 0
        assert f"recall of '1' from {recall:.2f}".replace("0.", ".") in told
        assert "equal within noise over 10 folds" in told
        assert "honest" in told

    def test_a_bound_that_is_missed_decides(self) -> None:
        """A bound that is missed decides."""
        x, y = shifted(3000)
        result = sweep(x, y, schemes="balanced", optimize="recall@precision=.8")
        tuned = result[THRESHOLD].pooled["precision"] or 0
        assert tuned == pytest.approx(0.8, abs=0.1)
        assert result.goal_title == "recall of '1' at precision ≥ 0.8"

    def test_costs_decide(self) -> None:
        """Costs decide."""
        result = sweep(
            *shifted(), optimize="cost", costs=[[0, 1], [10, 0]], schemes=["cost-matrix"]
        )
        thresholds = result[THRESHOLD].thresholds
        assert thresholds is not None
        assert thresholds[0] == pytest.approx(1 / 11, abs=0.07)
        assert (result[THRESHOLD].pooled["cost"] or 9) < (result[PLAIN].pooled["cost"] or 0)
        assert result.verdict.kind.value == "threshold"
