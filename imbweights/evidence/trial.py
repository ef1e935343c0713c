"""One fold: everything is fitted and chosen on its training rows, then scored on the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.evidence.candidates import (
    BEST_WEIGHT,
    THRESHOLD,
    WEIGHT_THRESHOLD,
    Weighting,
)
from imbweights.evidence.dataset import Dataset
from imbweights.evidence.deciding import PLAIN as AS_IT_IS
from imbweights.evidence.deciding import Decision, answers, tuned, value
from imbweights.evidence.fitting import alone, predicted
from imbweights.evidence.goals import Goal
from imbweights.evidence.metrics import Sums, Truth, measured
from imbweights.evidence.validation import Fold, inner_split

FloatArray = npt.NDArray[np.float64]

MAJORITY, MINORITY, RANDOM = "always the majority", "always the minority", "random by share"
NO_LABEL, EVERY_LABEL = "no label", "every label"
INNER_FOLDS = 3
# Beyond so many probabilities, choices are made on one held-out third instead of three.
_MANY = 60_000_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What every fold does.

    ``weightings``: the first is the plain one; ``competing``: places of those among which the training
    folds choose. ``seed``: of inner folds and random answers.
    """

    weightings: tuple[Weighting, ...]
    competing: tuple[int, ...]
    goal: Goal
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One candidate on one fold. ``vector``: the weights."""

    sums: Sums
    vector: FloatArray | None = None
    thresholds: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldResult:
    """All candidates on one fold; ``minority``: probability of the minority class under the plain
    model, and whether it is true, for the curve.
    """

    fold: Fold
    entries: Mapping[str, Entry]
    features: int
    minority: tuple[FloatArray, npt.NDArray[np.bool_]] | None = None
    tuned: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A weighting and a decision that go together, as some rows chose them."""

    place: int
    decision: Decision


def run(dataset: Dataset, plan: Plan, fold: Fold) -> FoldResult:
    """Fit, choose and score. What is chosen is chosen by cross-validation of training rows."""
    # Many labels are fitted by a solver of its own, which knows best.
    with nullcontext() if dataset.truth.codes is None else alone():
        return _run(dataset, plan, fold)


def _run(dataset: Dataset, plan: Plan, fold: Fold) -> FoldResult:
    truth = dataset.truth[fold.test]
    train, test = dataset.features.encoded(fold.train, fold.test)
    vectors = _vectors(dataset, plan.weightings, fold.train)
    choices = _choices(dataset, plan, fold, train)
    wanted: dict[int, list[tuple[str, Decision]]] = {
        i: [(w.name, AS_IT_IS)] for i, w in enumerate(plan.weightings)
    }
    for name, choice in choices.items():
        wanted[choice.place].append((name, choice.decision))
    entries: dict[str, Entry] = {}
    minority = None
    found = predicted(train, dataset.truth[fold.train], vectors, test)
    for place, p in enumerate(found):
        for name, decision in wanted[place]:
            entries[name] = Entry(
                sums=measured(truth, p, answers(p, decision, truth)),
                vector=vectors[place] if place or name not in choices else None,
                thresholds=decision.thresholds,
            )
        if place == 0 and truth.minority is not None:
            minority = (p[:, truth.minority], truth.single == truth.minority)
    entries |= _dummies(dataset, fold, truth, plan.seed)
    return FoldResult(
        fold=fold,
        entries=entries,
        features=int(train.shape[1]),
        minority=minority,
        tuned=bool(choices),
    )


def _vectors(
    dataset: Dataset, weightings: tuple[Weighting, ...], rows: npt.NDArray[np.int64]
) -> FloatArray:
    counts = dataset.counts_of(rows)
    return np.stack([weighting.vector(counts) for weighting in weightings])


def is_many(dataset: Dataset, plan: Plan) -> bool:
    """Whether choices are made on one held-out third of the training rows only."""
    return len(dataset.truth) * len(dataset.classes) * len(plan.competing) > _MANY


def chosen_on_all(dataset: Dataset, plan: Plan) -> dict[str, Choice]:
    """What all rows choose, just as the training rows of each fold do: what to use in the end."""
    rows = np.arange(len(dataset.truth))
    with nullcontext() if dataset.truth.codes is None else alone():
        train, _ = dataset.features.encoded(rows, rows[:1])
        return _choices(dataset, plan, Fold(0, -1, rows, rows[:0]), train)


def _choices(dataset: Dataset, plan: Plan, fold: Fold, train: Any) -> dict[str, Choice]:
    """Threshold of the plain model, weight, and weight with threshold; none if rows are too few."""
    grouping = dataset.grouping(fold.train)
    seed = plan.seed + 7919 * (fold.number + 1) + fold.repeat
    inner = inner_split(grouping, INNER_FOLDS, seed)
    if not inner:
        return {}
    if is_many(dataset, plan):
        inner = inner[:1]
    found = _held_out(dataset, plan, fold, train, inner)
    rows = np.concatenate([part.test for part in inner])
    truth = dataset.truth[fold.train[rows]]
    plain_values, decisions, tuned_values = [], [], []
    for p in found:
        plain_values.append(value(p, AS_IT_IS, truth, plan.goal))
        decision, reached = tuned(p, truth, plan.goal)
        decisions.append(decision)
        tuned_values.append(reached)
    found_choices = {THRESHOLD: Choice(place=0, decision=decisions[0])}
    if plan.competing:
        # The first are no weights at all, which do not take part; of equal ones the mildest wins.
        weight = 1 + int(np.argmax(plain_values[1:]))
        both = 1 + int(np.argmax(tuned_values[1:]))
        found_choices[BEST_WEIGHT] = Choice(place=plan.competing[weight - 1], decision=AS_IT_IS)
        found_choices[WEIGHT_THRESHOLD] = Choice(
            place=plan.competing[both - 1], decision=decisions[both]
        )
    return found_choices


def _held_out(
    dataset: Dataset, plan: Plan, fold: Fold, train: Any, inner: tuple[Fold, ...]
) -> Iterator[FloatArray]:
    """For no weight and each that competes, probabilities of the inner held-out rows, part after part."""
    weightings = tuple(plan.weightings[place] for place in (0, *plan.competing))
    parts: list[list[FloatArray]] = [[] for _ in weightings]
    for part in inner:
        rows = fold.train[part.train]
        vectors = _vectors(dataset, weightings, rows)
        ps = predicted(train[part.train], dataset.truth[rows], vectors, train[part.test])
        for kept, p in zip(parts, ps, strict=True):
            kept.append(p.astype(np.float32) if dataset.truth.labels is not None else p)
    while parts:
        yield np.concatenate(parts.pop(0))


def _dummies(dataset: Dataset, fold: Fold, truth: Truth, seed: int) -> dict[str, Entry]:
    """Answers that know only the shares of the training rows."""
    table = dataset.truth[fold.train].table
    shares = table.mean(axis=0)
    p = np.tile(shares, (len(truth), 1))
    rng = np.random.default_rng([seed, fold.repeat, fold.number])
    if truth.labels is not None:
        given: dict[str, npt.NDArray[np.generic]] = {
            NO_LABEL: np.zeros(p.shape, dtype=bool),
            EVERY_LABEL: np.ones(p.shape, dtype=bool),
            RANDOM: rng.random(p.shape) < p,
        }
    else:
        rarest = truth.minority or 0
        given = {
            MAJORITY: np.full(len(p), int(shares.argmax())),
            MINORITY: np.full(len(p), rarest),
            RANDOM: rng.choice(len(shares), size=len(p), p=shares / shares.sum()),
        }
    return {name: Entry(sums=measured(truth, p, found)) for name, found in given.items()}


DUMMIES = (MAJORITY, MINORITY, RANDOM, NO_LABEL, EVERY_LABEL)
CHOSEN = (THRESHOLD, BEST_WEIGHT, WEIGHT_THRESHOLD)
