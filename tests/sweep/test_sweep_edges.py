"""Sweeps at their edges: costs, groups, many labels, interrupts, and rows that are too few."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from imbweights import ImbweightsError, SweepResult, sweep
from imbweights.evidence import multilabel, sweeping, trial
from imbweights.evidence.result import Kind

Array = npt.NDArray[Any]
QUICK: dict[str, Any] = {"schemes": "balanced", "repeats": 1}
COSTS = [[0, 1], [5, 0]]


def two(rows: int = 200, share: float = 0.2) -> tuple[Array, Array]:
    """Two classes, one of them above the other."""
    rng = np.random.default_rng(3)
    y = (np.arange(rows) < rows * share).astype(int)
    return rng.normal(size=(rows, 2)) + 1.5 * y[:, None], y


def labels(rows: int = 200, count: int = 3) -> tuple[Array, Array]:
    """Several labels per row, the features telling something about each."""
    rng = np.random.default_rng(4)
    on = (rng.random((rows, count)) < 0.3).astype(int)
    return on @ rng.normal(size=(count, 4)) + rng.normal(size=(rows, 4)), on


class TestCosts:
    """What mistakes cost, where there are more than two classes that exclude each other."""

    def test_of_labels_are_those_of_each_question(self) -> None:
        """Σ of missed and wrong answers, by hand from the scores of every label."""
        x, on = labels()
        result = sweep(x, on, schemes="pos-weight", costs=COSTS, repeats=1)
        assert (result.goal, result["plain"].kind) == ("cost", Kind.PLAIN)
        pooled = result["plain"].pooled
        costs = []
        for label in pooled.per_class:
            right = (label.recall or 0) * label.support
            answered = right / label.precision if label.precision else 0.0
            costs.append((answered - right) + 5 * (label.support - right))
        assert pooled["cost"] == pytest.approx(np.mean(costs) / len(x))
        assert pooled["goal"] == pytest.approx(-np.mean(costs) / len(x))
        never = result["no label"].pooled["cost"]
        assert never == pytest.approx(5 * on.mean())

    def test_of_labels_are_two_by_two(self) -> None:
        """Whatever else is asked."""
        x, on = labels()
        for goal in (None, "macro-f1"):
            with pytest.raises(ImbweightsError, match="--costs must be 2 × 2"):
                sweep(x, on, costs=[[0, 1, 1], [1, 0, 1], [1, 1, 0]], optimize=goal)

    def test_of_three_classes(self) -> None:
        """Of always saying the majority: what the others cost then; no candidate is dearer."""
        x, y = two(300, 0.3)
        y[:30] = 2
        costs = [[0, 1, 1], [1, 0, 1], [8, 4, 0]]
        result = sweep(x, y, costs=costs, **QUICK)
        dummy = result["always the majority"].pooled
        assert dummy["cost"] == pytest.approx((60 * 1 + 30 * 8) / 300)
        tuned = result["plain, threshold tuned"].pooled["cost"]
        assert tuned is not None
        assert tuned < (dummy["cost"] or 0)
        if result.verdict.kind.value == "threshold":
            assert "least expected cost" in result.verdict.headline


class TestGroups:
    """Rows that belong together are never on both sides."""

    def test_of_rows_with_several_labels(self) -> None:
        """Whole groups, spread over folds of about the same size."""
        x, on = labels(120)
        groups = np.arange(120) // 6
        result = sweep(x, on, schemes="pos-weight", group=groups, repeats=1, folds=4)
        assert (result.tried.groups, result.tried.folds) == (20, 4)
        rows = [fold.scores.rows for fold in result["plain"].folds]
        assert sum(rows) == 120
        assert {n % 6 for n in rows} == {0}
        assert max(rows) - min(rows) <= 6


class TestManyLabels:
    """Short cuts that a large sweep takes are said."""

    def test_labels_that_are_fitted_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Come to what fitting one by one comes to."""
        x, on = labels(120)
        few: dict[str, Any] = {"schemes": "pos-weight", "repeats": 1, "folds": 2}
        alone = sweep(x, on, **few)
        assert not alone.tried.approximated
        for place in (multilabel, sweeping):
            monkeypatch.setattr(place, "MANY", 3)
        many = sweep(x, on, **few)
        assert any("labels are fitted together" in said for said in many.tried.approximated)
        for name in ("plain", "pos-weight"):
            expected = alone[name].pooled["log_loss"]
            assert many[name].pooled["log_loss"] == pytest.approx(expected, rel=1e-3)

    def test_choices_of_large_data_are_made_on_one_third(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Scores of what is not chosen stay as they are."""
        x, y = two()
        usual = sweep(x, y, **QUICK)
        monkeypatch.setattr(trial, "_MANY", 0)
        quick = sweep(x, y, **QUICK)
        assert not usual.tried.approximated
        assert "chosen on one held-out third of the training rows" in quick.tried.approximated[0]
        assert quick["balanced"].pooled == usual["balanced"].pooled

    def test_the_grid_of_labels_has_no_single_number(self) -> None:
        """Each label has a ratio of its own, to the same power."""
        x, on = labels()
        result = sweep(x, on, repeats=1, folds=2)
        [root] = [c for c in result.candidates if c.gamma == 0.5 and c.kind is Kind.POS_WEIGHT]
        assert root.name == "pos_weight ratio^½"
        assert root.pos_weight is None
        assert root.weights is not None
        ratio = (len(on) - on.sum(axis=0)) / on.sum(axis=0)
        assert root.weights.values == pytest.approx(np.sqrt(ratio))


class TestInterrupts:
    """What is done is kept, if anything is."""

    def interrupted(self, after: int) -> SweepResult:
        """Ctrl-C when so many folds are done."""

        def told(done: int, _: int) -> None:
            if done == after:
                with suppress(KeyboardInterrupt):  # as Python does in finalisers and C callbacks
                    signal.raise_signal(signal.SIGINT)

        return sweep(*two(), jobs=1, progress=told, **QUICK)

    @pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
    def test_after_some_folds(self) -> None:
        """With the verdict so far."""
        result = self.interrupted(3)
        assert (result.finished, len(result["plain"].folds)) == (False, 3)
        assert result.verdict.headline.startswith("Interrupted, 3 of 5 folds done. So far: ")

    @pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
    def test_after_one_fold(self) -> None:
        """Scores, and no verdict: one fold tells nothing from noise."""
        result = self.interrupted(1)
        assert result.verdict.headline == (
            "Interrupted, 1 of 5 folds done: too little to compare anything."
        )
        plain = result["plain"]
        assert plain.pooled["f1"] == plain.folds[0].scores["f1"]
        assert result.verdict.comparisons == ()

    def test_before_the_first_fold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """There is nothing to keep."""

        def stop(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(sweeping, "run", stop)
        with pytest.raises(KeyboardInterrupt):
            sweep(*two(), jobs=1, **QUICK)


class TestWhatIsRefused:
    """Before anything is fitted."""

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"pos_weights": [2, -1]}, "--pos-weights must be above 0, but one is -1"),
            ({"pos_weights": [float("inf")]}, "--pos-weights must be above 0, but one is inf"),
            ({"pos_weights": []}, "--pos-weights names no value"),
            ({"optimize": "recall@precision=0"}, "the bound must be above 0 and at most 1"),
            ({"optimize": "recall@precision=1.5"}, "the bound must be above 0 and at most 1"),
            ({"optimize": "cost"}, "--optimize cost needs to know what mistakes cost"),
        ],
    )
    def test_with_two_classes(self, options: dict[str, Any], words: str) -> None:
        """With the option, and what is wrong."""
        with pytest.raises(ImbweightsError) as refused:
            sweep(*two(), **options)
        assert words in str(refused.value)

    def test_with_three(self) -> None:
        """A scheme for two."""
        x, y = two()
        y[:20] = 2
        with pytest.raises(ImbweightsError, match="these are 3 classes that exclude each other"):
            sweep(x, y, schemes="pos-weight")

    def test_a_class_whose_groups_are_one_fold(self) -> None:
        """Two groups hold the class, and both are held out at once."""
        groups = [1, 0, 1, 2, 2, 1, 1, 2, 2, 2, 0, 1, 2, 1, 0]
        y = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
        words = "all rows of class '1' fall into one fold, since their groups may not be split"
        with pytest.raises(ImbweightsError, match=words):
            sweep(two(15)[0], y, group=groups, folds=2, **QUICK)

    def test_costs_of_a_class_that_training_rows_lack(self) -> None:
        """Two rows of the only class whose mistakes cost anything cannot be split twice."""
        x, y = two(92, 0.3)
        y[-2:] = 2
        with pytest.raises(
            ImbweightsError, match="the weights of cost-matrix are all 0"
        ) as refused:
            sweep(x, y, costs=[[0, 0, 0], [0, 0, 0], [5, 5, 0]], repeats=1)
        assert "too few rows" in str(refused.value)

    def test_an_unknown_candidate(self) -> None:
        """Is no candidate."""
        result = sweep(*two(), folds=2, **(QUICK | {"schemes": ["balanced", "inverse"]}))
        assert result["inverse"] is result["balanced"]
        with pytest.raises(KeyError, match="nothing"):
            result["nothing"]
