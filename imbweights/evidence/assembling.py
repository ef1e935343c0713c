"""From folds to results: candidates with their scores, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import Task
from imbweights.core.weights import ClassWeights
from imbweights.evidence.candidates import BALANCED, PLAIN, Weighting
from imbweights.evidence.dataset import Dataset
from imbweights.evidence.deciding import cuts
from imbweights.evidence.fitting import weights_key
from imbweights.evidence.metrics import Sums, scores
from imbweights.evidence.noise import corrected_error
from imbweights.evidence.pooling import Pooled, over_folds
from imbweights.evidence.result import CandidateResult, CurvePoint, FoldScores, Kind, Scores
from imbweights.evidence.trial import CHOSEN, DUMMIES, Choice, Entry, FoldResult, Plan

FloatArray = npt.NDArray[np.float64]

_KINDS = {
    CHOSEN[0]: Kind.THRESHOLD,
    CHOSEN[1]: Kind.BEST_WEIGHT,
    CHOSEN[2]: Kind.WEIGHT_THRESHOLD,
} | dict.fromkeys(DUMMIES, Kind.DUMMY)
_CURVE_POINTS = 400


@dataclass(frozen=True)
class Assembly:
    """All that is needed to make results of folds. ``choices``: what all rows choose."""

    dataset: Dataset
    plan: Plan
    choices: Mapping[str, Choice]
    folds: Sequence[FoldResult]
    costs: FloatArray | None

    @property
    def test_share(self) -> float:
        """Rows tested on / rows trained on, mean over folds."""
        return float(np.mean([len(f.fold.test) / len(f.fold.train) for f in self.folds]))

    def candidates(self) -> tuple[CandidateResult, ...]:
        """Every candidate that all folds have, those with the same weights as one."""
        shared = set.intersection(*(set(fold.entries) for fold in self.folds))
        results = [self._weighted(group) for group in self._groups() if group[0].name in shared]
        plain, rest = results[0], results[1:]
        rest.sort(key=lambda c: (c.pos_weight is None, c.pos_weight or 0.0))
        chosen = [self._named(name) for name in CHOSEN if name in shared & {*self.choices}]
        dummies = [self._named(name) for name in DUMMIES if name in shared]
        return (plain, *chosen[:1], *rest, *chosen[1:], *dummies)

    def _groups(self) -> list[list[Weighting]]:
        """Weightings whose weights are equal on every fold, in order of the first of each."""
        groups: dict[tuple[bytes, ...], list[Weighting]] = {}
        for weighting in self.plan.weightings:
            vectors = [fold.entries[weighting.name].vector for fold in self.folds]
            key = tuple(weights_key(v) if v is not None else b"" for v in vectors)
            groups.setdefault(key, []).append(weighting)
        # Of several names for the same weights, the one that people know best comes first.
        known = (PLAIN, BALANCED)
        return [
            sorted(group, key=lambda w: known.index(w.name) if w.name in known else len(known))
            for group in groups.values()
        ]

    def _weighted(self, group: list[Weighting]) -> CandidateResult:
        first = group[0]
        return self._result(
            first.name,
            first.kind,
            weighting=first,
            also=tuple(other.name for other in group[1:]),
            gamma=next((w.gamma for w in group if w.gamma is not None), None),
        )

    def _named(self, name: str) -> CandidateResult:
        """A dummy, or what is chosen: the scores of choosing anew in every fold, and what all rows
        choose.
        """
        choice = self.choices.get(name)
        weighting = self.plan.weightings[choice.place] if choice and choice.place else None
        return self._result(
            name,
            _KINDS[name],
            weighting=weighting,
            gamma=None if weighting is None else weighting.gamma,
            choice=choice,
        )

    def _result(
        self,
        name: str,
        kind: Kind,
        *,
        weighting: Weighting | None = None,
        also: tuple[str, ...] = (),
        gamma: float | None = None,
        choice: Choice | None = None,
    ) -> CandidateResult:
        entries = [fold.entries[name] for fold in self.folds]
        together = over_folds([entry.sums for entry in entries], self._scores)
        folds = tuple(
            self._fold_scores(fold, entry, pseudo)
            for fold, entry, pseudo in zip(self.folds, entries, self._pseudo(together), strict=True)
        )
        return CandidateResult(
            name=name,
            kind=kind,
            also=also,
            folds=folds,
            pooled=together.whole,
            spread=_spread(together, self.test_share),
            weights=None if weighting is None else self._weights(weighting),
            pos_weight=None if weighting is None else weighting.pos_weight(self.dataset.counts),
            gamma=gamma,
            thresholds=None if choice is None else choice.decision.thresholds,
            chosen=weighting.name if choice is not None and weighting is not None else None,
        )

    def _scores(self, sums: Sums) -> Scores:
        return scores(sums, self.plan.goal, self.costs)

    def _pseudo(self, together: Pooled) -> list[dict[str, float]]:
        """What each fold adds to the scores that are tested."""
        bound = self.plan.goal.bound
        names = ("goal",) if bound is None else ("goal", *bound[:2])
        found = {name: together.pseudo(name) for name in names}
        known = {name: values for name, values in found.items() if values is not None}
        return [{name: values[j] for name, values in known.items()} for j in range(len(self.folds))]

    def _fold_scores(self, fold: FoldResult, entry: Entry, pseudo: dict[str, float]) -> FoldScores:
        named = None
        if entry.vector is not None:
            named = dict(zip(self.dataset.classes, entry.vector.tolist(), strict=True))
        return FoldScores(
            repeat=fold.fold.repeat,
            fold=fold.fold.number,
            scores=self._scores(entry.sums),
            weights=named,
            thresholds=entry.thresholds,
            pseudo=pseudo,
        )

    def _weights(self, weighting: Weighting) -> ClassWeights | None:
        """What to train with, by the counts of all rows."""
        weights = weighting.weights(self.dataset.counts)
        return None if weights is None else weights.with_keys(self.dataset.keys)

    def curve(self) -> tuple[CurvePoint, ...]:
        """Precision and recall of the plain model for the minority class at every cut."""
        parts = [fold.minority for fold in self.folds if fold.minority is not None]
        if not parts or self.dataset.counts.task is Task.MULTILABEL:
            return ()
        return curve(np.concatenate([p for p, _ in parts]), np.concatenate([t for _, t in parts]))


def curve(p: FloatArray, true: npt.NDArray[np.bool_]) -> tuple[CurvePoint, ...]:
    """At most some hundred points of a precision–recall curve, from high thresholds to low.

    >>> points = curve(np.array([0.9, 0.4, 0.2]), np.array([True, False, True]))
    >>> [(q.precision, q.recall) for q in points][0]
    (1.0, 0.5)
    """
    found = cuts(p, true)
    positives = float(true.sum())
    if not positives:
        return ()
    answered = found.answered > 0
    thresholds, right, total = (
        a[answered] for a in (found.thresholds, found.right, found.answered)
    )
    step = np.unique(np.linspace(0, len(total) - 1, _CURVE_POINTS).astype(int))
    # Evenly by place would leave the first few answers, where the curve moves most, to chance.
    near = np.unique(np.geomspace(1, len(total), _CURVE_POINTS).astype(int) - 1)
    return tuple(
        CurvePoint(
            threshold=float(thresholds[i]),
            precision=float(right[i] / total[i]),
            recall=float(right[i] / positives),
        )
        for i in np.union1d(step[::2], near[::2]).tolist()
    )


def _spread(together: Pooled, test_share: float) -> dict[str, float | None]:
    """The corrected standard error of every pooled score that all folds have."""
    spread: dict[str, float | None] = {}
    for name in together.whole.values:
        values = together.pseudo(name)
        spread[name] = None if values is None else corrected_error(values, test_share)
    return spread
