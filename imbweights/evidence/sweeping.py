"""Running a sweep: fold after fold, on several processes when that pays."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import Task
from imbweights.core.errors import UsageError
from imbweights.evidence import candidates, goals
from imbweights.evidence.assembling import Assembly
from imbweights.evidence.comparing import Evidence
from imbweights.evidence.dataset import Dataset
from imbweights.evidence.fitting import MODEL, SCALING
from imbweights.evidence.multilabel import MANY
from imbweights.evidence.result import SweepResult, Tried
from imbweights.evidence.trial import FoldResult, Plan, chosen_on_all, is_many, run
from imbweights.evidence.validation import Fold, Validation, validation
from imbweights.evidence.wording import CARRIES_OVER, Done, verdict
from imbweights.running.engine import in_parts, is_spread, working
from imbweights.running.interrupts import noticing_interrupts
from imbweights.schemes.weighing import Wishes

Progress = Callable[[int, int], None]

FOLDS = 5
# Starting processes and loading scikit-learn in each takes some seconds, more on a busy machine.
_WORTH_SHARING = 12.0
_REPEATS, _FEW, _MANY_ROWS = 3, 1000, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOptions:
    """How a sweep is run.

    ``schemes``, ``pos_weights`` and ``wishes`` (parameters, cap, costs) as in ``candidates``;
    ``goal``: what ``--optimize`` names, ``None`` for the cost where costs are given, else F1; ``folds``, ``repeats``, ``seed`` of the validation, three
    repeats when the rarest class is small unless the user says otherwise;
    ``jobs``: processes, ``None`` for one per core when there is enough to do; ``engine``, ``address``:
    what fits instead, and where a Dask scheduler is.
    """

    goal: str | None = None
    schemes: tuple[str, ...] | None = None
    pos_weights: tuple[float, ...] | None = None
    wishes: Wishes = field(default_factory=Wishes)
    folds: int = FOLDS
    repeats: int | None = None
    seed: int = 0
    jobs: int | None = None
    engine: str | None = None
    address: str | None = None


def sweep_dataset(
    dataset: Dataset, options: SweepOptions, progress: Progress | None = None
) -> SweepResult:
    """Compare weights with thresholds on this data.

    ``progress`` is told of (folds done, of all). Ctrl-C ends the run, and what is done so far is
    returned, ``finished`` being False; before the first fold is done it ends everything. Raises
    ``UsageError`` for options that do not fit the data.
    """
    plan = _plan(dataset, options)
    repeats = _repeats(dataset) if options.repeats is None else options.repeats
    checked = validation(dataset.grouping(), options.folds, repeats, options.seed)
    if options.repeats is None and repeats > 1:
        note = (
            f"folds are drawn {repeats} times, since the rarest class has fewer than {_FEW:,} rows"
        )
        checked = replace(checked, notes=(*checked.notes, note))
    _loaded()
    begun = time.monotonic()
    choices = chosen_on_all(dataset, plan)
    # Choosing on all rows takes nearly what a fold takes, and tells whether more processes pay.
    left = (time.monotonic() - begun) * len(checked.folds)
    jobs = options.jobs or (1 if left < _WORTH_SHARING else None)
    done: list[FoldResult] = []
    finished = True
    try:
        spread = working(jobs=options.jobs, engine=options.engine, address=options.address)
        with noticing_interrupts() as interrupted, spread:
            for result in _results(dataset, plan, checked.folds, jobs):
                done.append(result)
                if progress is not None:
                    progress(len(done), len(checked.folds))
                if interrupted():
                    finished = False
                    break
    except KeyboardInterrupt:
        if not done:
            raise
        finished = False
    done.sort(key=lambda result: (result.fold.repeat, result.fold.number))
    return _result(
        Assembly(dataset, plan, choices, tuple(done), _costs(dataset, options)),
        options,
        checked,
        finished=finished,
    )


def _repeats(dataset: Dataset) -> int:
    """Five folds of a small class tell little from noise; drawing them anew is cheap then."""
    truth = dataset.truth
    if truth.codes is None or len(truth) > _MANY_ROWS:
        return 1
    return _REPEATS if np.bincount(truth.codes).min() < _FEW else 1


def _plan(dataset: Dataset, options: SweepOptions) -> Plan:
    minority = dataset.truth.minority
    several = dataset.truth.labels is not None
    k = len(dataset.classes)
    asked = candidates.Asked(
        schemes=options.schemes,
        pos_weights=options.pos_weights,
        wishes=options.wishes,
        positive=minority if k == 2 and not several else None,
    )
    every = np.arange(len(dataset.truth))
    weightings = candidates.weightings(dataset.counts, asked)
    goal = goals.find_goal(
        options.goal or (goals.DEFAULT if options.wishes.costs is None else goals.COST),
        goals.Asked(
            minority=None if several else minority,
            name=repr(dataset.classes[minority or 0]),
            classes=k,
            costs=_costs(dataset, options),
        ),
    )
    for weighting in weightings:  # what cannot be computed is refused before anything is fitted
        weighting.vector(dataset.counts_of(every))
    return Plan(
        weightings=weightings,
        competing=candidates.competing(weightings, dataset.counts_of(every)),
        goal=goal,
        seed=options.seed,
    )


def _costs(dataset: Dataset, options: SweepOptions) -> npt.NDArray[np.float64] | None:
    costs = options.wishes.costs
    if costs is None:
        return None
    if dataset.truth.labels is None:
        return costs.for_classes(dataset.classes)
    if len(costs.values) != 2:
        raise UsageError(
            "with several labels per row each is a yes/no question: --costs must be 2 × 2"
        )
    return np.array(costs.values)


def _results(
    dataset: Dataset, plan: Plan, folds: Sequence[Fold], jobs: int | None
) -> Iterator[FoldResult]:
    """The folds in any order, on so many processes, or one per core; or by the engine that was named."""
    processes = min(jobs or os.cpu_count() or 1, len(folds))
    if processes < 2 and not is_spread():
        for fold in folds:
            yield run(dataset, plan, fold)
        return
    numbers = [f"fold {number}" for number in range(1, len(folds) + 1)]
    yield from in_parts(_one_fold, numbers, dataset, plan, tuple(folds), jobs=processes)


def _one_fold(
    dataset: Dataset, plan: Plan, folds: tuple[Fold, ...], names: Sequence[str]
) -> FoldResult:
    """A fold, in whichever process: its rows are numbers, which are sent once with the data."""
    return run(dataset, plan, folds[int(names[0].removeprefix("fold ")) - 1])


def _loaded() -> None:
    """Load the libraries, so that the time of what comes first tells what the rest will take."""
    for name in ("sklearn.linear_model", "sklearn.preprocessing", "sklearn.impute", "scipy.stats"):
        import_module(name)


def _result(
    assembly: Assembly, options: SweepOptions, checked: Validation, *, finished: bool
) -> SweepResult:
    dataset, plan = assembly.dataset, assembly.plan
    found = assembly.candidates()
    several = dataset.counts.task is Task.MULTILABEL
    minority = None if several else dataset.classes[dataset.truth.minority or 0]
    evidence = Evidence(
        {c.name: c for c in found},
        assembly.test_share,
        is_cost=plan.goal.name == "cost",
        bound=plan.goal.bound,
        minority=minority,
    )
    return SweepResult(
        task=dataset.counts.task,
        classes=dataset.classes,
        counts=tuple(dataset.counts.counts.tolist()),
        minority=minority,
        goal=plan.goal.name,
        goal_title=plan.goal.title,
        tried=_tried(assembly, options.seed, checked),
        candidates=found,
        verdict=verdict(evidence, plan.goal, minority, _progress(assembly, checked)),
        curve=assembly.curve(),
        carries_over=CARRIES_OVER,
        notes=_notes(assembly, checked, finished=finished),
        finished=finished,
    )


def _progress(assembly: Assembly, checked: Validation) -> Done:
    counts = assembly.dataset.truth.table.sum(axis=0)
    rarest = len(counts) - 1 - int(counts[::-1].argmin())  # of equal ones the positive one
    return Done(
        folds=len(assembly.folds),
        of=len(checked.folds),
        rarest=int(counts[rarest]),
        rarest_name=assembly.dataset.classes[rarest],
    )


def _tried(assembly: Assembly, seed: int, checked: Validation) -> Tried:
    dataset = assembly.dataset
    groups = None if dataset.groups is None else len(np.unique(dataset.groups))
    approximated = list(dataset.approximated)
    if is_many(dataset, assembly.plan):
        approximated.append(
            "weight and thresholds are chosen on one held-out third of the training rows, not on three"
        )
    labels = dataset.truth.labels
    if labels is not None and labels.shape[1] >= MANY:
        approximated.append(
            "labels are fitted together, to within about .0001 of each decision value"
        )
    return Tried(
        name=dataset.name,
        rows=len(dataset.truth),
        rows_found=dataset.rows_found,
        columns=dataset.features.columns,
        features=assembly.folds[0].features,
        folds=checked.per_repeat,
        repeats=len(checked.folds) // checked.per_repeat,
        seed=seed,
        model=MODEL,
        unit=dataset.unit,
        groups=groups,
        grouped_by=dataset.grouped_by,
        left_out=dataset.left_out,
        leaks=dataset.leaks,
        approximated=tuple(approximated),
    )


def _notes(assembly: Assembly, checked: Validation, *, finished: bool) -> tuple[str, ...]:
    notes = [*assembly.dataset.notes, *checked.notes]
    if not all(fold.tuned for fold in assembly.folds):
        notes.append(
            "the rarest class has too few rows to choose a weight or threshold on training folds"
        )
    if assembly.dataset.truth.labels is None:
        notes.append(SCALING)
    if not finished:
        notes.append(f"interrupted: {len(assembly.folds)} of {len(checked.folds)} folds were done")
    return tuple(notes)
