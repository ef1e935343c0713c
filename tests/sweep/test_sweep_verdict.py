"""What a sweep may say: rules on folds made by hand, and on data whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from imbweights import ImbweightsError, SweepResult, sweep
from imbweights.core.counts import ClassCounts
from imbweights.evidence.candidates import Asked, competing, weightings
from imbweights.evidence.comparing import Evidence, random_average_precision
from imbweights.evidence.goals import Asked as AskedGoal
from imbweights.evidence.goals import find_goal
from imbweights.evidence.result import CandidateResult, ClassScores, FoldScores, Kind, Scores
from imbweights.evidence.verdict import decide
from imbweights.evidence.wording import Done, verdict

Array = npt.NDArray[Any]
PLAIN, THRESHOLD = "plain", "plain, threshold tuned"
WEIGHT, BOTH, DUMMY = "best weight", "best weight, threshold tuned", "always the minority"
KINDS = {
    PLAIN: Kind.PLAIN,
    THRESHOLD: Kind.THRESHOLD,
    WEIGHT: Kind.BEST_WEIGHT,
    BOTH: Kind.WEIGHT_THRESHOLD,
    DUMMY: Kind.DUMMY,
}
ROWS, POSITIVES = 100, 10
DONE = Done(folds=5, of=5, rarest=50, rarest_name="yes")


def spread(middle: float, width: float, folds: int = 5) -> list[float]:
    """Goals around a mean, different enough from fold to fold."""
    return [middle + width * math.sin(2.4 * i) for i in range(folds)]


def candidate(
    name: str, goals: Sequence[float], positives: int = POSITIVES, **scores: float
) -> CandidateResult:
    """A candidate of two classes with these goals on its folds, and these scores on each."""
    classes = (
        ClassScores(name="no", precision=None, recall=0.9, f1=0.9, support=ROWS - POSITIVES),
        ClassScores(
            name="yes",
            precision=scores.get("precision", 0.5),
            recall=scores.get("recall", 0.5),
            f1=0.5,
            support=positives,
        ),
    )
    folds = tuple(
        FoldScores(
            repeat=0,
            fold=i,
            scores=Scores(values={"goal": goal, **scores}, per_class=classes, rows=ROWS),
        )
        for i, goal in enumerate(goals)
    )
    pooled = Scores(
        values={"goal": float(np.mean(goals)), "log_loss": 0.3, **scores},
        per_class=classes,
        rows=ROWS,
    )
    return CandidateResult(name=name, kind=KINDS.get(name, Kind.SCHEME), folds=folds, pooled=pooled)


def evidence(*found: CandidateResult, **how: Any) -> Evidence:
    """What the rules look at."""
    return Evidence({c.name: c for c in found}, 0.25, minority="yes", **how)


def said(found: Evidence, goal: str = "f1", done: Done = DONE) -> str:
    """The headline and the sentences."""
    asked = AskedGoal(minority=1, name="'yes'", classes=2)
    given = verdict(found, find_goal(goal, asked), "yes", done)
    return " ".join([given.headline, *given.sentences])


class TestNothingSeparates:
    """“Weights will not rescue this” needs everything to be within noise."""

    def flat(self, **scores: float) -> list[CandidateResult]:
        """Four candidates that are no better than the dummy."""
        names = (PLAIN, THRESHOLD, WEIGHT, BOTH)
        return [candidate(name, spread(0.2, 0.02), POSITIVES, **scores) for name in names]

    def test_when_nothing_is_better(self) -> None:
        """It is said, with the numbers."""
        found = evidence(*self.flat(), candidate(DUMMY, [0.2] * 5))
        assert decide(found).kind.value == "inseparable"
        text = said(found)
        assert "equal within noise over 5 folds" in text
        assert "not ruled out" not in text

    def test_few_rows_rule_little_out(self) -> None:
        """That much could still be gained is said, with how much."""
        wide = [candidate(name, spread(0.2, 0.15)) for name in (PLAIN, THRESHOLD, WEIGHT, BOTH)]
        found = evidence(*wide, candidate(DUMMY, [0.2] * 5))
        upper = found.compare(PLAIN, DUMMY).upper
        assert decide(found).kind.value == "inseparable"
        told = f"a gain of up to {upper:.2f} is not ruled out".replace("0.", ".")
        assert told in said(found)

    def test_one_scheme_that_is_surely_better_refutes_it(self) -> None:
        """Also one that the training folds did not choose."""
        better = candidate("sqrt-inverse", [0.6, 0.61, 0.59, 0.6, 0.6])
        found = evidence(*self.flat(), better, candidate(DUMMY, [0.2] * 5))
        assert decide(found).kind.value not in {"inseparable", "not proven"}

    def test_one_scheme_that_is_perhaps_better_leaves_it_open(self) -> None:
        """p below .05, but not below .05 by the number of candidates."""
        perhaps = candidate("sqrt-inverse", spread(0.24, 0.03))
        found = evidence(*self.flat(), perhaps, candidate(DUMMY, [0.2] * 5))
        p = found.compare("sqrt-inverse", DUMMY).p
        assert 0.05 / 5 < p < 0.05
        assert decide(found).kind.value == "not proven"
        assert said(found).startswith("Not proven that anything beats")

    def test_a_large_difference_that_may_be_noise_leaves_it_open(self) -> None:
        """And is not called equal."""
        found = evidence(
            candidate(PLAIN, spread(0.2, 0.02)),
            *(candidate(name, spread(0.35, 0.3)) for name in (THRESHOLD, WEIGHT, BOTH)),
            candidate(DUMMY, [0.2] * 5),
        )
        assert found.compare(WEIGHT, DUMMY).p > 0.05
        assert decide(found).kind.value == "not proven"
        assert "equal within noise" not in said(found)

    @pytest.mark.parametrize(
        ("score", "good", "bad"), [("average_precision", 0.6, 0.13), ("log_loss", 0.2, 0.4)]
    )
    def test_a_ranking_better_than_chance_refutes_it(
        self, score: str, good: float, bad: float
    ) -> None:
        """Whatever F1 says; a ranking no better than chance does not."""
        for value, kind in ((good, "no difference"), (bad, "inseparable")):
            flat = self.flat(**{score: value})
            dummy = candidate(DUMMY, [0.2] * 5, log_loss=0.33)
            assert decide(evidence(*flat, dummy)).kind.value == kind

    def test_data_with_a_clear_signal(self) -> None:
        """400 rows, 42 positives 1.5 apart: average precision is five times that of chance."""
        rng = np.random.default_rng(0)
        y = (rng.random(400) < 0.1).astype(int)
        x = rng.normal(size=(400, 1)) + 1.5 * y[:, None]
        result = sweep(x, y, schemes=["balanced", "sqrt-inverse"], repeats=1)
        assert result.verdict.kind.value != "inseparable"
        assert "not rescue" not in result.verdict.headline

    def test_chance_is_that_of_random_orders(self) -> None:
        """Mean of scikit-learn's average precision over shuffled labels."""
        rng = np.random.default_rng(0)
        y = np.arange(40) < 3
        drawn = [average_precision_score(rng.permutation(y), np.arange(40)) for _ in range(600)]
        assert random_average_precision(1, 1) == 1  # one row is in order whatever comes
        error = np.std(drawn) / np.sqrt(len(drawn))
        assert random_average_precision(3, 40) == pytest.approx(np.mean(drawn), abs=4 * error)


LOW = [0.40, 0.41, 0.39, 0.42, 0.40]
HIGH = [0.60, 0.61, 0.58, 0.62, 0.60]
NONE = candidate(DUMMY, [0.1] * 5)


class TestWeightsAgainstThresholds:
    """The house rule, and where it may not be claimed."""

    def test_equal_within_a_narrow_interval(self) -> None:
        """Do not weight."""
        found = evidence(
            candidate(PLAIN, LOW),
            candidate(THRESHOLD, HIGH),
            candidate(WEIGHT, [0.61, 0.60, 0.59, 0.61, 0.60]),
            candidate(BOTH, LOW),
            NONE,
        )
        assert decide(found).winner == THRESHOLD
        assert found.compare(WEIGHT, THRESHOLD).upper < 0.05
        assert said(found).startswith("Do not weight: ")

    def test_a_wide_interval_is_said(self) -> None:
        """The threshold is preferred, for its honesty; what a weight could gain is named."""
        found = evidence(
            candidate(PLAIN, LOW),
            candidate(THRESHOLD, HIGH),
            candidate(WEIGHT, spread(0.62, 0.12)),
            candidate(BOTH, LOW),
            NONE,
        )
        upper = found.compare(WEIGHT, THRESHOLD).upper
        assert upper > 0.05
        decided = decide(found)
        assert (decided.kind.value, decided.winner) == ("threshold", THRESHOLD)
        text = said(found)
        assert text.startswith("Prefer the threshold: ")
        assert "That a weight is better is not ruled out." in text
        assert (
            f"with 10 rows of 'yes' a weight could still be up to {upper:.2f} better".replace(
                "0.", "."
            )
            in text
        )

    def test_a_large_unproven_difference_is_not_equality(self) -> None:
        """Not proven, with the rows that would prove it, and what to do until then."""
        found = evidence(
            candidate(PLAIN, LOW),
            candidate(THRESHOLD, HIGH),
            candidate(WEIGHT, spread(0.76, 0.25)),
            candidate(BOTH, LOW),
            NONE,
        )
        open_ = found.compare(WEIGHT, THRESHOLD)
        assert open_.p > 0.05
        decided = decide(found)
        assert (decided.kind.value, decided.winner) == ("not proven", THRESHOLD)
        text = said(found)
        times = (stats.t.isf(0.05, 4) * open_.error / open_.difference) ** 2
        assert f"about {math.ceil(10 * times)} would tell" in text
        assert "equal within noise" not in text
        assert "Until then prefer the threshold" in text

    def test_a_large_unproven_gain_over_the_plain_model(self) -> None:
        """Nobody is told to leave it as it is for good."""
        found = evidence(
            candidate(PLAIN, spread(0.3, 0.3)),
            *(candidate(name, spread(0.5, -0.3)) for name in (THRESHOLD, WEIGHT, BOTH)),
            NONE,
        )
        decided = decide(found)
        assert (decided.kind.value, decided.winner) == ("not proven", PLAIN)
        # Weights gain as much, but where both do the threshold is spoken of, which is honest.
        assert said(found).startswith("Not proven: a moved threshold is .")
        assert "above the plain model" in said(found)

    def test_a_hidden_gain_is_said(self) -> None:
        """Nothing is shown, but much is possible."""
        found = evidence(
            candidate(PLAIN, spread(0.5, 0.1)),
            *(candidate(name, spread(0.51, -0.1)) for name in (THRESHOLD, WEIGHT, BOTH)),
            NONE,
        )
        assert decide(found).kind.value == "no difference"
        assert "is not ruled out" in said(found)

    def test_an_interrupt_leads(self) -> None:
        """Before anything else is said."""
        found = evidence(
            *(candidate(name, HIGH) for name in (THRESHOLD, WEIGHT, BOTH)),
            candidate(PLAIN, LOW),
            NONE,
        )
        done = Done(folds=5, of=300, rarest=50, rarest_name="yes")
        assert said(found, done=done).startswith(
            "Interrupted, 5 of 300 folds done. So far: do not weight"
        )


class TestWeightsThatWin:
    """Which weight it is, in words."""

    def won(self, weight: CandidateResult, both: list[float] | None = None) -> Evidence:
        """A weight that is surely above the threshold; with one of its own on top, perhaps."""
        return evidence(
            candidate(PLAIN, LOW),
            candidate(THRESHOLD, HIGH),
            replace(weight, kind=Kind.BEST_WEIGHT),
            replace(weight, name=BOTH, **scored(both or LOW), thresholds=(0.61,)),
            NONE,
        )

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"pos_weight": 3.5}, "Weight: a pos_weight of 3.5 beats a moved threshold"),
            ({"chosen": "balanced"}, "Weight: the scheme balanced beats a moved threshold"),
            ({"gamma": 0.5}, "Weight: a class weight of (max n / n)^0.5 beats"),
            ({}, "Weight: a class weight of (max n / n) beats"),
        ],
    )
    def test_the_weight_that_all_rows_choose(self, changes: dict[str, Any], words: str) -> None:
        """By its number, its scheme, or its power; and it is more than noise."""
        found = self.won(replace(candidate(WEIGHT, [0.8, 0.81, 0.8, 0.79, 0.8]), **changes))
        assert decide(found).winner == WEIGHT
        text = said(found)
        assert text.startswith(words)
        assert "F1 of 'yes' is .80, with a moved threshold without weights .60" in text
        assert "more than noise over 5 folds (p <" in text

    def test_a_threshold_on_top(self) -> None:
        """Where it adds something."""
        weight = replace(candidate(WEIGHT, LOW), pos_weight=3.5)
        text = said(self.won(weight, [0.8, 0.81, 0.8, 0.79, 0.8]))
        assert text.startswith("Weight: a pos_weight of 3.5 with its threshold at 0.61 beats")
        assert "With the best weight and its threshold, chosen anew in each fold" in text

    def test_labels_have_weights_of_their_own(self) -> None:
        """And a threshold per label; how many rows would tell is a multiple of these."""
        found = Evidence(
            {
                c.name: c
                for c in (
                    candidate(PLAIN, LOW),
                    candidate(THRESHOLD, HIGH),
                    replace(candidate(WEIGHT, spread(0.76, 0.25)), gamma=0.5),
                    candidate(BOTH, LOW),
                    NONE,
                )
            },
            0.25,
        )
        done = Done(folds=5, of=5, rarest=50, rarest_name="yes")
        goal = find_goal("f1", AskedGoal(minority=None, name="", classes=2))
        text = " ".join(verdict(found, goal, None, done).sentences)
        headline = verdict(found, goal, None, done).headline
        open_ = found.compare(WEIGHT, THRESHOLD)
        times = (stats.t.isf(0.05, 4) * open_.error / open_.difference) ** 2
        assert f"about {times:.1f} times as many rows would tell" in headline
        assert "Until then prefer the threshold: give each label a threshold of its own" in text

    def test_a_weight_is_proven_to_beat_the_plain_model(self) -> None:
        """The threshold is not, but may be as good as the weight."""
        found = evidence(
            candidate(PLAIN, LOW),
            candidate(THRESHOLD, spread(0.55, 0.35)),
            replace(candidate(WEIGHT, [0.7, 0.71, 0.7, 0.69, 0.7]), pos_weight=3.5),
            candidate(BOTH, LOW),
            NONE,
        )
        decided = decide(found)
        assert (decided.kind.value, decided.winner) == ("not proven", WEIGHT)
        assert "A pos_weight of 3.5 is proven to beat plain." in said(found)

    def test_no_weight_at_all(self) -> None:
        """Nothing is set beside the threshold then."""
        found = evidence(candidate(PLAIN, LOW), candidate(THRESHOLD, HIGH), NONE)
        text = said(found)
        assert text.startswith("Do not weight: ")
        assert "A moved threshold without weights .60 in F1 of 'yes' (plain .40)." in text
        assert "honest" not in text

    def test_nothing_was_chosen(self) -> None:
        """Rows of the rarest class are too few to choose anything."""
        found = evidence(candidate(PLAIN, LOW), NONE)
        done = Done(folds=5, of=5, rarest=2, rarest_name="yes")
        assert said(found, done=done) == (
            "No verdict: class 'yes' has 2 rows, too few to choose a weight or a threshold on "
            "training rows."
        )
        one = evidence(*(candidate(name, [0.5]) for name in (PLAIN, THRESHOLD)), NONE)
        assert said(one) == "No verdict: too little was done to compare anything."


def scored(goals: Sequence[float]) -> dict[str, Any]:
    """Folds and the whole of a candidate with these goals."""
    found = candidate(BOTH, goals)
    return {"folds": found.folds, "pooled": found.pooled, "kind": found.kind}


def noisy(fold: FoldScores, i: int) -> FoldScores:
    """The same fold with a precision far from that of its neighbours."""
    values = {**fold.scores.values, "precision": 0.7 + 0.3 * (-1) ** i}
    return replace(fold, scores=replace(fold.scores, values=values))


def test_costs_of_three_classes_are_answered_by_the_least() -> None:
    """There is no threshold to move."""
    plain, tuned, dummy = ([-value - i / 100 for i in range(5)] for value in (0.4, 0.2, 0.9))
    found = evidence(
        candidate(PLAIN, plain), candidate(THRESHOLD, tuned), candidate(DUMMY, dummy), is_cost=True
    )
    costs = np.ones((3, 3)) - np.eye(3)
    goal = find_goal("cost", AskedGoal(minority=1, name="'yes'", classes=3, costs=costs))
    given = verdict(found, goal, "yes", DONE)
    assert given.headline == (
        "Do not weight: answer the class with the least expected cost Σ_t p_t·C[t, q]."
    )
    assert "0.22 in cost per sample (plain 0.42)" in given.sentences[0]


class TestBounds:
    """Goals such as recall at a precision."""

    def bounded(self, *found: CandidateResult) -> Evidence:
        """The best recall where precision is .9."""
        dummy = candidate(DUMMY, [-0.9] * 5, precision=0.1, recall=1.0)
        return evidence(*found, dummy, bound=("recall", "precision", 0.9))

    def test_a_handful_of_answers_reaches_nothing(self) -> None:
        """All of 4 answers right are no proof of precision .9."""
        few = candidate(THRESHOLD, [0.08] * 5, precision=1.0, recall=0.4)
        found = self.bounded(candidate(PLAIN, [-0.3] * 5, precision=0.7, recall=0.5), few)
        assert found.rows_behind(THRESHOLD) == pytest.approx(4)
        assert not found.reaches(THRESHOLD)
        assert not found.is_better(THRESHOLD, PLAIN)
        assert decide(found).kind.value != "threshold"
        text = said(found, "recall@precision=.9")
        assert ".40 with precision 1.00 on only 4 rows" in text

    def test_reaching_the_bound_is_tested_against_noise(self) -> None:
        """By the score that has the bound, over folds; both of them by what is wanted."""
        tuned = candidate(THRESHOLD, [0.3] * 5, 200, precision=0.9, recall=0.3)
        short = candidate(PLAIN, [-0.3] * 5, 200, precision=0.7, recall=0.6)
        found = self.bounded(short, tuned)
        assert found.reaches(THRESHOLD)
        assert not found.reaches(PLAIN)
        compared = found.compare(THRESHOLD, PLAIN)
        assert compared.score == "precision"
        assert compared.difference == pytest.approx(0.2)
        assert found.is_better(THRESHOLD, PLAIN)
        near = replace(short, folds=tuple(noisy(fold, i) for i, fold in enumerate(short.folds)))
        assert not self.bounded(near, tuned).is_better(THRESHOLD, PLAIN)
        both = self.bounded(candidate(PLAIN, [0.2] * 5, 200, precision=0.95, recall=0.2), tuned)
        compared = both.compare(THRESHOLD, PLAIN)
        assert compared.score == "recall"
        assert compared.difference == pytest.approx(0.1)

    def test_the_same_difference_in_every_fold(self) -> None:
        """Tells nothing of how many rows would do where a few rows are the reason."""
        few = candidate(THRESHOLD, [0.08] * 5, precision=1.0, recall=0.4, average_precision=0.6)
        plain = candidate(PLAIN, [-0.3] * 5, precision=0.7, recall=0.4, average_precision=0.6)
        text = said(self.bounded(plain, few), "recall@precision=.9")
        assert text.startswith(
            "Not proven: a moved threshold is .30 above the plain model in precision"
        )
        assert "10 rows of 'yes' are too few to tell that from noise; more rows would tell." in text

    def test_rows_behind_a_bound(self) -> None:
        """Of recall those that are so, of precision those that are answered so: none, if none is."""
        plain = candidate(PLAIN, [0.2] * 5, 200, precision=0.5, recall=0.9)
        none = candidate(THRESHOLD, [0.0] * 5, 200, precision=0.0, recall=0.0)
        dummy = candidate(DUMMY, [-0.9] * 5)
        recalled = evidence(plain, none, dummy, bound=("precision", "recall", 0.9))
        assert recalled.rows_behind(PLAIN) == 200
        assert recalled.reaches(PLAIN)
        means = replace(recalled, minority=None, bound=("macro_precision", "macro_recall", 0.9))
        assert means.rows_behind(PLAIN) is None
        answered = self.bounded(plain, none)
        assert answered.rows_behind(PLAIN) == pytest.approx(0.9 * 200 / 0.5)
        assert answered.rows_behind(THRESHOLD) == 0
        assert not answered.reaches(THRESHOLD)

    def test_the_goal_of_a_missed_bound_is_readable(self) -> None:
        """How far it came, less 1: never −4.5."""
        rng = np.random.default_rng(0)
        y = (rng.random(400) < 0.15).astype(int)
        x = rng.normal(size=(400, 2)) + y[:, None]
        result = sweep(x, y, schemes="balanced", repeats=1, optimize="recall@precision=.9")
        for found in result.candidates:
            goals = [fold.scores["goal"] or 0.0 for fold in found.folds]
            assert all(-1 <= goal <= 1 for goal in goals)


def shifted(rows: int = 600, share: float = 0.15, apart: float = 1.3) -> tuple[Array, Array]:
    """Two normal classes of equal spread."""
    rng = np.random.default_rng(5)
    y = (rng.random(rows) < share).astype(int)
    return rng.normal(size=(rows, 2)) + apart * y[:, None], y


@pytest.fixture(scope="module")
def found() -> SweepResult:
    """All schemes and the grid."""
    return sweep(*shifted())


class TestWhatIsChosen:
    """Weight and threshold belong together, all weights compete."""

    def test_few_rows_are_split_three_times_unless_told_otherwise(self, found: SweepResult) -> None:
        """And many are not."""
        assert (found.tried.folds, found.tried.repeats) == (5, 3)
        assert sweep(*shifted(), schemes="log", repeats=1).tried.repeats == 1
        assert sweep(*shifted(2600, 0.45), schemes="log", folds=2).tried.repeats == 1

    def test_what_is_reported_is_chosen_once_on_all_rows(self, found: SweepResult) -> None:
        """The best pair by three inner folds, found here with scikit-learn alone."""
        x, y = shifted()
        grid = {
            c.pos_weight: np.zeros(len(y))
            for c in found.candidates
            if c.pos_weight and c.kind in {Kind.SCHEME, Kind.POS_WEIGHT}
        }
        inner = StratifiedKFold(3, shuffle=True, random_state=found.tried.seed)
        scaled = StandardScaler().fit_transform(x)
        both = found[BOTH]
        assert both.weights is not None
        assert both.thresholds is not None
        assert both.chosen is not None
        assert found[both.chosen].pos_weight == both.pos_weight
        # The split is not ours to know, so: near the best that any pair reaches on such a split.
        for train, test in inner.split(x, y):
            share = y[train].mean()
            for weight, p in grid.items():
                mean = 1 - share + share * weight
                model = LogisticRegression(class_weight={0: 1 / mean, 1: weight / mean})
                p[test] = model.fit(scaled[train], y[train]).predict_proba(scaled[test])[:, 1]
        cuts = np.linspace(0.02, 0.98, 97)
        best = max(f1_score(y, p > cut) for p in grid.values() for cut in cuts)
        reached = f1_score(y, grid[both.pos_weight or 0] > both.thresholds[0])
        assert reached == pytest.approx(best, abs=0.03)

    def test_the_score_is_said_to_be_that_of_choosing(self, found: SweepResult) -> None:
        """Not of the pair."""
        assert "chosen anew in each fold" in " ".join(found.verdict.sentences)

    def test_all_weights_compete_the_mildest_first(self) -> None:
        """Not the plain one, nor the same weights twice."""
        counts = ClassCounts.multiclass({"no": 900, "yes": 100})
        every = weightings(counts, Asked(positive=1))
        names = [every[place].name for place in competing(every, counts)]
        assert {"balanced", "sqrt-inverse", "log", "effective", "generalised-dice"} <= {*names}
        assert not {"plain", "log-ratio", "inverse", "pos-weight"} & {*names}
        ratios = [every[p].pos_weight(counts) or 0.0 for p in competing(every, counts)]
        assert ratios == sorted(ratios)
        assert len(set(ratios)) == len(ratios)

    def test_named_schemes_are_all_there_is(self) -> None:
        """The grid comes with ``pos_weights`` only."""
        x, y = shifted(300)
        alone = sweep(x, y, schemes="log", repeats=1)
        assert alone[WEIGHT].chosen == "log"
        assert not alone.of_kind(Kind.POS_WEIGHT)
        beside = sweep(x, y, schemes="log", pos_weights=[2], repeats=1)
        assert [c.name for c in beside.of_kind(Kind.POS_WEIGHT)] == ["pos_weight 2"]
        with pytest.raises(ImbweightsError, match="names no scheme"):
            sweep(x, y, schemes=[])

    def test_schemes_that_change_nothing_leave_the_threshold_alone(self) -> None:
        """Of two classes log-ratio may weigh both alike: there is no best weight then."""
        x, y = shifted(300, 0.4)
        result = sweep(x, y, schemes="log-ratio", repeats=1)
        assert not result.of_kind(Kind.BEST_WEIGHT)
        assert result.verdict.kind.value in {"threshold", "no difference", "not proven"}

    def test_costs_decide_where_they_are_given(self) -> None:
        """Unless another goal is named."""
        x, y = shifted(300)
        costs = [[0, 1], [5, 0]]
        assert sweep(x, y, schemes="balanced", costs=costs, repeats=1).goal == "cost"
        named = sweep(x, y, schemes="balanced", costs=costs, repeats=1, optimize="f1")
        assert named.goal == "minority-f1"


class TestNumbersAgree:
    """What is said, shown and tested is one number."""

    def test_differences_are_those_of_the_table(self, found: SweepResult) -> None:
        """Over all held-out rows."""
        compared = [c for c in found.verdict.comparisons if c.second in {PLAIN, THRESHOLD}]
        assert compared
        for one in compared:
            values = [found[name].pooled["goal"] or 0.0 for name in (one.first, one.second)]
            assert one.difference == pytest.approx(values[0] - values[1])

    def test_the_error_is_that_of_the_pooled_score(self, found: SweepResult) -> None:
        """The jackknife over folds by hand, from the counts of each fold."""
        folds = found[PLAIN].folds
        right, answered, support = [], [], []
        for fold in folds:
            own = fold.scores.per_class[1]
            right.append(round((own.recall or 0) * own.support))
            answered.append(round(right[-1] / own.precision) if own.precision else 0)
            support.append(own.support)
        r, a, s = np.array(right), np.array(answered), np.array(support)
        whole = 2 * r.sum() / (a.sum() + s.sum())
        without = 2 * (r.sum() - r) / (a.sum() - a + s.sum() - s)
        pseudo = len(r) * whole - (len(r) - 1) * without
        assert found[PLAIN].pooled["goal"] == pytest.approx(whole)
        assert [fold.pseudo["goal"] for fold in folds] == pytest.approx(pseudo.tolist())
        error = math.sqrt((1 / len(r) + 1 / 4) * pseudo.var(ddof=1))
        assert found[PLAIN].spread["goal"] == pytest.approx(error, rel=0.01)


def test_too_few_rows_are_named() -> None:
    """Rather than less time asked for."""
    x, y = np.arange(8.0)[:, None], np.array([0] * 6 + [1] * 2)
    result = sweep(x, y, schemes="balanced")
    assert result.verdict.headline.startswith("No verdict: class '1' has 2 rows, too few")
