"""Scores, decisions, folds and noise of a sweep, against libraries and hand calculation."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, f1_score, recall_score

from imbweights.core.cost_matrix import CostMatrix
from imbweights.core.errors import UsageError
from imbweights.evidence.assembling import curve
from imbweights.evidence.deciding import PLAIN, Decision, answers, tuned, value
from imbweights.evidence.goals import Asked, Goal, find_goal
from imbweights.evidence.metrics import Truth, average_precision, measured, pooled, scores
from imbweights.evidence.noise import compared, corrected_error
from imbweights.evidence.validation import (
    Grouping,
    inner_split,
    iterative_stratification,
    validation,
)

Array = npt.NDArray[Any]


def binary(codes: Array, minority: int = 1) -> Truth:
    """A result that many tests look at."""
    return Truth(classes=("no", "yes"), minority=minority, codes=codes.astype(np.int64))


def goal(name: str, classes: int = 2, costs: Array | None = None) -> Goal:
    """A goal for classes that exclude each other."""
    return find_goal(name, Asked(minority=classes - 1, name="'yes'", classes=classes, costs=costs))


def two_columns(p: Array) -> Array:
    """Probabilities of both classes."""
    return np.stack([1 - p, p], axis=1)


def noisy(rows: int = 200, share: float = 0.2, seed: int = 0) -> tuple[Array, Array]:
    """Codes, and probabilities that tell something, with ties."""
    rng = np.random.default_rng(seed)
    codes = (rng.random(rows) < share).astype(int)
    return codes, np.round(np.clip(0.3 * codes + 0.6 * rng.random(rows), 0, 1), 2)


class TestScores:
    """Metrics."""

    def test_average_precision_is_that_of_scikit_learn_with_ties(self) -> None:
        """Average precision is that of scikit learn with ties."""
        codes, p = noisy()
        table = np.stack([codes == 0, codes == 1], axis=1)
        assert average_precision(table, two_columns(p), 1) == pytest.approx(
            average_precision_score(codes, p)
        )

    def test_average_precision_leaves_out_labels_that_do_not_occur(self) -> None:
        """Average precision leaves out labels that do not occur."""
        codes, p = noisy()
        table = np.stack([codes == 1, np.zeros(len(codes), dtype=bool)], axis=1)
        both = np.stack([p, p], axis=1)
        assert average_precision(table, both, None) == pytest.approx(
            average_precision_score(codes, p)
        )

    def test_there_is_no_average_precision_of_nothing(self) -> None:
        """Nor a curve, where no row is positive."""
        none = np.zeros((4, 2), dtype=bool)
        p = two_columns(np.array([0.1, 0.2, 0.3, 0.4]))
        assert average_precision(none, p, None) is None
        assert average_precision(none, p, 1) is None
        assert curve(p[:, 1], none[:, 1]) == ()

    def test_calibration_error_by_hand(self) -> None:
        """Calibration error by hand."""
        # Bin .0–.1: mean .05, share 0; bin .7–.8: mean .75, share ½; so (2·.05 + 2·.25) / 4.
        p = np.array([0.05, 0.05, 0.75, 0.75])
        truth = binary(np.array([0, 0, 0, 1]))
        found = measured(truth, two_columns(p), p > 0.5)
        assert scores(found, goal("f1"))["calibration_error"] == pytest.approx(0.15)

    def test_what_was_never_answered_has_no_precision(self) -> None:
        """What was never answered has no precision."""
        truth = binary(np.array([0, 0, 1]))
        p = two_columns(np.array([0.1, 0.1, 0.2]))
        found = scores(measured(truth, p, np.zeros(3, dtype=int)), goal("f1"))
        assert (found["precision"], found["recall"], found["f1"]) == (None, 0.0, 0.0)

    def test_folds_add_up_to_the_scores_of_all_rows(self) -> None:
        """Folds add up to the scores of all rows."""
        codes, p = noisy()
        truth, found = binary(codes), two_columns(p)
        halves = [np.arange(100), np.arange(100, 200)]
        parts = [measured(truth[h], found[h], found[h].argmax(axis=1)) for h in halves]
        whole = measured(truth, found, found.argmax(axis=1))
        together, at_once = (scores(s, goal("f1")).values for s in (pooled(parts), whole))
        for name in ("precision", "recall", "f1", "log_loss", "brier", "calibration_error"):
            assert together[name] == pytest.approx(at_once[name])

    def test_macro_and_micro_scores_of_labels(self) -> None:
        """Macro and micro scores of labels."""
        rng = np.random.default_rng(2)
        labels = rng.random((60, 3)) < 0.3
        given = rng.random((60, 3)) < 0.3
        truth = Truth(classes=("a", "b", "c"), minority=None, labels=labels)
        asked = find_goal("f1", Asked(minority=None, name="", classes=3))
        found = scores(measured(truth, given.astype(float), given), asked)
        for average in ("macro", "micro"):
            assert found[f"{average}_f1"] == pytest.approx(f1_score(labels, given, average=average))
            assert found[f"{average}_recall"] == pytest.approx(
                recall_score(labels, given, average=average)
            )

    def test_cost_is_the_mean_of_the_matrix(self) -> None:
        """Cost is the mean of the matrix."""
        costs = np.array([[0.0, 1.0], [10.0, 0.0]])
        truth = binary(np.array([0, 0, 1, 1]))
        p = two_columns(np.array([0.1, 0.9, 0.9, 0.1]))
        found = scores(measured(truth, p, p.argmax(axis=1)), goal("cost", costs=costs), costs)
        assert found["cost"] == pytest.approx(11 / 4)
        assert found["goal"] == pytest.approx(-11 / 4)


class TestDecisions:
    """Tuned thresholds and factors."""

    @pytest.mark.parametrize(
        "name",
        ["f1", "macro-f1", "balanced-accuracy", "recall@precision=.5", "precision@recall=.7"],
    )
    def test_no_threshold_is_better_than_the_tuned_one(self, name: str) -> None:
        """No threshold is better than the tuned one."""
        codes, p = noisy()
        truth, found = binary(codes), two_columns(p)
        _, reached = tuned(found, truth, goal(name))
        every = np.unique(np.concatenate([[-0.1], p, (np.unique(p)[1:] + np.unique(p)[:-1]) / 2]))
        best = max(value(found, Decision((t,)), truth, goal(name)) for t in every.tolist())
        assert reached == pytest.approx(best)

    def test_the_tuned_threshold_reaches_what_it_promises(self) -> None:
        """The tuned threshold reaches what it promises."""
        codes, p = noisy(seed=5)
        decision, reached = tuned(two_columns(p), binary(codes), goal("f1"))
        assert decision.thresholds is not None
        assert f1_score(codes, p > decision.thresholds[0]) == pytest.approx(reached)

    def test_the_minority_may_be_the_first_class(self) -> None:
        """The minority may be the first class."""
        codes, p = noisy()
        mirrored = two_columns(p)[:, ::-1]
        decision, reached = tuned(mirrored, binary(1 - codes, minority=0), _first_goal())
        same, expected = tuned(two_columns(p), binary(codes), goal("f1"))
        assert (decision.thresholds, reached) == (same.thresholds, expected)

    def test_factors_of_three_classes_are_as_good_as_a_grid_of_them(self) -> None:
        """Factors of three classes are as good as a grid of them."""
        rng = np.random.default_rng(1)
        codes = rng.choice(3, size=300, p=[0.8, 0.15, 0.05])
        raw = rng.dirichlet([4, 2, 1], size=300) + 0.25 * np.eye(3)[codes]
        p = raw / raw.sum(axis=1, keepdims=True)
        truth = Truth(classes=("a", "b", "c"), minority=2, codes=codes)
        decision, reached = tuned(p, truth, goal("macro-f1", 3))
        steps = 2.0 ** np.arange(-3, 3.5, 0.5)
        best = max(
            f1_score(codes, (p * np.array([1, b, c])).argmax(axis=1), average="macro")
            for b, c in itertools.product(steps, steps)
        )
        assert reached >= best - 0.01
        assert decision.thresholds is not None
        given = answers(p, decision, truth)
        assert f1_score(codes, given, average="macro") == pytest.approx(reached)

    def test_costs_of_three_classes_are_answered_by_least_expected_cost(self) -> None:
        """Costs of three classes are answered by least expected cost."""
        costs = np.array([[0.0, 1, 4], [2, 0, 1], [9, 3, 0]])
        p = np.array([[0.8, 0.1, 0.1], [0.2, 0.2, 0.6], [0.4, 0.5, 0.1]])
        truth = Truth(classes=("a", "b", "c"), minority=2, codes=np.array([0, 2, 1]))
        decision, _ = tuned(p, truth, goal("cost", 3, costs))
        expected = [min(range(3), key=lambda q: float(row @ costs[:, q])) for row in p]
        assert answers(p, decision, truth).tolist() == expected

    def test_labels_have_thresholds_of_their_own(self) -> None:
        """Labels have thresholds of their own."""
        labels = np.array([[1, 0], [1, 0], [0, 0], [0, 1], [0, 0]], dtype=bool)
        p = np.array([[0.4, 0.1], [0.3, 0.2], [0.1, 0.1], [0.2, 0.9], [0.1, 0.6]])
        truth = Truth(classes=("a", "b"), minority=None, labels=labels)
        asked = find_goal("f1", Asked(minority=None, name="", classes=2))
        decision, reached = tuned(p, truth, asked)
        assert decision.thresholds == pytest.approx((0.25, 0.75))
        assert reached == 1.0
        assert value(p, PLAIN, truth, asked) < 1

    def test_a_label_that_no_row_has_keeps_its_threshold(self) -> None:
        """One half; the others are judged without it."""
        labels = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], dtype=bool)
        p = np.array([[0.4, 0.1], [0.3, 0.2], [0.1, 0.1], [0.2, 0.9]])
        truth = Truth(classes=("a", "b"), minority=None, labels=labels)
        asked = find_goal("f1", Asked(minority=None, name="", classes=2))
        decision, reached = tuned(p, truth, asked)
        assert decision.thresholds == pytest.approx((0.25, 0.5))
        assert reached == 1.0

    def test_equal_probabilities_leave_nothing_to_move(self) -> None:
        """Of three classes: the decision stays what it was."""
        codes = np.array([0, 0, 0, 1, 1, 2])
        truth = Truth(classes=("a", "b", "c"), minority=2, codes=codes)
        p = np.tile([0.5, 0.3, 0.2], (6, 1))
        decision, reached = tuned(p, truth, goal("macro-f1", 3))
        assert decision.thresholds == pytest.approx((1, 1, 1))
        assert reached == pytest.approx(f1_score(codes, np.zeros(6), average="macro"))

    def test_a_bound_that_cannot_be_reached_leaves_the_nearest(self) -> None:
        """A bound that cannot be reached leaves the nearest."""
        truth = binary(np.array([1, 0, 1, 0]))
        p = two_columns(np.array([0.8, 0.8, 0.3, 0.3]))
        _, reached = tuned(p, truth, goal("recall@precision=.9"))
        assert reached == pytest.approx(0.5 - 1)


def _first_goal() -> Goal:
    return find_goal("f1", Asked(minority=0, name="'no'", classes=2))


class TestGoals:
    """What may be asked for."""

    def test_an_unknown_goal_lists_those_there_are(self) -> None:
        """An unknown goal lists those there are."""
        with pytest.raises(UsageError, match="balanced-accuracy"):
            goal("accuracy")

    def test_cost_needs_costs(self) -> None:
        """Cost needs costs."""
        with pytest.raises(UsageError, match="--costs"):
            goal("cost")

    def test_one_class_does_not_count_where_a_row_has_several(self) -> None:
        """One class does not count where a row has several."""
        with pytest.raises(UsageError, match="several labels"):
            find_goal("minority-f1", Asked(minority=None, name="", classes=3))

    def test_cost_of_two_classes_counts_both_mistakes(self) -> None:
        """Cost of two classes counts both mistakes."""
        matrix = CostMatrix(((0.0, 1.0), (5.0, 0.0))).for_classes(("no", "yes"))
        truth = binary(np.array([0, 1, 1, 0, 0]))
        p = two_columns(np.array([0.6, 0.4, 0.8, 0.2, 0.1]))
        assert value(p, PLAIN, truth, goal("cost", costs=matrix)) == pytest.approx(-6 / 5)


class TestFolds:
    """Which rows are held out."""

    def test_folds_keep_the_share_of_every_class(self) -> None:
        """Folds keep the share of every class."""
        codes = np.repeat([0, 1], [90, 10])
        found = validation(Grouping(classes=("a", "b"), codes=codes), 5, 2, 0)
        assert len(found.folds) == 10
        assert {int(codes[f.test].sum()) for f in found.folds} == {2}
        for repeat in (0, 1):
            held_out = [f.test for f in found.folds if f.repeat == repeat]
            assert sorted(np.concatenate(held_out).tolist()) == list(range(100))

    def test_fewer_folds_are_said(self) -> None:
        """Fewer folds are said."""
        codes = np.repeat([0, 1], [50, 3])
        found = validation(Grouping(classes=("a", "b"), codes=codes), 5, 1, 0)
        assert found.per_repeat == 3
        assert found.notes == ("3 folds instead of 5, since class 'b' has only 3 rows",)

    def test_groups_are_never_split(self) -> None:
        """Groups are never split."""
        rng = np.random.default_rng(0)
        groups = rng.integers(0, 30, 300)
        codes = (rng.random(300) < 0.3).astype(np.int64)
        found = validation(Grouping(classes=("a", "b"), codes=codes, groups=groups), 4, 1, 0)
        for fold in found.folds:
            assert not set(groups[fold.train].tolist()) & set(groups[fold.test].tolist())

    def test_a_class_in_one_group_cannot_be_tested(self) -> None:
        """A class in one group cannot be tested."""
        groups = np.array([0, 0, 1, 2, 3, 4])
        codes = np.array([1, 1, 0, 0, 0, 0])
        with pytest.raises(UsageError, match="only 1 of the groups"):
            validation(Grouping(classes=("a", "b"), codes=codes, groups=groups), 3, 1, 0)

    def test_inner_folds_need_two_classes_that_can_be_split(self) -> None:
        """The rarest of three may be missing on one side, the next may not."""
        for counts, folds in (([9, 3, 1], 3), ([9, 2, 1], 0), ([9, 9, 1], 3)):
            codes = np.repeat([0, 1, 2], counts)
            found = inner_split(Grouping(classes=("a", "b", "c"), codes=codes), 3, 0)
            assert len(found) == folds
            held_out = [row for fold in found for row in fold.test.tolist()]
            assert sorted(held_out) == (list(range(len(codes))) if folds else [])

    def test_iterative_stratification_spreads_rare_labels(self) -> None:
        """Iterative stratification spreads rare labels."""
        rng = np.random.default_rng(0)
        shares = np.array([0.5, 0.1, 0.05, 0.02])
        labels = rng.random((500, 4)) < shares
        place = iterative_stratification(labels, 5, 0)
        sizes = np.bincount(place)
        assert sizes.max() - sizes.min() <= 5
        for label in range(4):
            per_fold = np.bincount(place[labels[:, label]], minlength=5)
            assert per_fold.max() - per_fold.min() <= 1 + (label == 0) * 4


class TestNoise:
    """The corrected test."""

    def test_one_way_of_doing_the_corrected_test_by_hand(self) -> None:
        """One way of doing the corrected test by hand."""
        first, second = [0.62, 0.58, 0.65, 0.60, 0.61], [0.55, 0.57, 0.58, 0.54, 0.56]
        d = np.subtract(first, second)
        t = d.mean() / np.sqrt((1 / 5 + 1 / 4) * d.var(ddof=1))
        found = compared(("a", "b"), first, second, 0.25)
        assert found.p == pytest.approx(stats.t.sf(t, 4))
        assert found.error == pytest.approx(np.sqrt(0.45 * d.var(ddof=1)))

    def test_the_correction_makes_noise_larger(self) -> None:
        """The correction makes noise larger."""
        values = [0.1, 0.2, 0.3]
        assert (corrected_error(values, 0.5) or 0) > stats.sem(values)

    def test_equal_candidates_do_not_differ(self) -> None:
        """Equal candidates do not differ."""
        assert compared(("a", "b"), [0.5, 0.6], [0.5, 0.6], 0.25).p == 1.0

    def test_one_fold_proves_nothing(self) -> None:
        """One fold proves nothing."""
        assert compared(("a", "b"), [0.9], [0.1], 0.25).p == 1.0
        assert corrected_error([0.9], 0.25) is None
