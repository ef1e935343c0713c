"""The verdict in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from imbweights.evidence.candidates import BEST_WEIGHT, PLAIN, THRESHOLD, WEIGHT_THRESHOLD
from imbweights.evidence.goals import Goal
from imbweights.evidence.result import CandidateResult, Verdict, VerdictKind
from imbweights.evidence.verdict import RULES, Decided, Evidence, decide

_BALANCED = "balanced"
_LITTLE = 0.02
_LARGE = 0.05
_CARRIED = (
    "What carries over to another model: whether the default threshold suits this imbalance and this "
    "goal, and that a weight and a threshold trade the same precision for recall."
)
_NOT_CARRIED = (
    "What does not: the threshold and the weight themselves. Tune the threshold of your own model on "
    "held-out data; a model that fits the data better usually needs milder weights."
)
CARRIES_OVER = (_CARRIED, _NOT_CARRIED)


@dataclass(frozen=True)
class _Speaker:
    """Says what was found. ``minority``: its name, ``None`` with several labels per row."""

    evidence: Evidence
    goal: Goal
    minority: str | None
    classes: int

    def __getitem__(self, name: str) -> CandidateResult:
        return self.evidence.candidates[name]

    def goal_of(self, name: str) -> str:
        if self.goal.bound is not None:
            return self._bounded(name, *self.goal.bound)
        value = self[name].pooled["goal"]
        if value is None:
            return "–"
        return f"{-value:.4g}" if self.evidence.is_cost else _short(value)

    def _bounded(self, name: str, wanted: str, bound: str, limit: float) -> str:
        """What is reached where the bound is; else that it is not."""
        reached, of = self[name].pooled[wanted] or 0.0, self[name].pooled[bound] or 0.0
        if self.evidence.misses(name):
            return f"{_short(reached)} with {bound.rpartition('_')[2]} {_short(of)} (short of {limit:g})"
        return _short(reached)

    @property
    def goal_word(self) -> str:
        """The goal inside a sentence."""
        return self.goal.title.split(" (")[0]

    @property
    def decision(self) -> str:
        """What tuning the threshold is called for this data."""
        if self.minority is None:
            return "a threshold per label"
        return "a moved threshold" if self.classes == 2 else "a tuned decision"

    @property
    def folds(self) -> str:
        return f"{len(self[PLAIN].folds)} folds"

    def weight_title(self, name: str) -> str:
        """The weight that was chosen, in words."""
        candidate = self[name]
        weights = candidate.weights
        tuned = " with its threshold tuned" if name == WEIGHT_THRESHOLD else ""
        if weights is None:
            return f"no weight{tuned}"
        if candidate.pos_weight is not None:
            return f"a pos_weight of {candidate.pos_weight:.3g}{tuned}"
        power = "" if candidate.gamma is None else f"^{candidate.gamma:g}"
        if self.minority is None:
            return f"a pos_weight of (negatives / positives){power} per label{tuned}"
        return f"a class weight of (max n / n){power}{tuned}"

    def balanced(self) -> tuple[str, ...]:
        """What the weights that everyone tries first do here."""
        found = [c for c in self.evidence.candidates.values() if _BALANCED in (c.name, *c.also)]
        if not found or self.minority is None or found[0].name == PLAIN:
            return ()
        plain, balanced = self[PLAIN].pooled, found[0].pooled
        recall = _moved("recall", plain["recall"], balanced["recall"], of=self.minority)
        precision = _moved("precision", plain["precision"], balanced["precision"])
        f1 = _moved("F1", plain["f1"], balanced["f1"])
        parts = [part for part in (recall, precision, f1) if part]
        return (f"Balanced weights move {_listed(parts)}.",) if parts else ()

    def against_threshold(self) -> str:
        """Weights beside the tuned threshold."""
        weighted = self.evidence.weighted
        found = self.evidence.compare(weighted, THRESHOLD)
        numbers = (
            f"{_capital(self.weight_title(weighted))} reaches {self.goal_word} "
            f"{self.goal_of(weighted)}, {self.decision} without weights {self.goal_of(THRESHOLD)} "
            f"(plain {self.goal_of(PLAIN)})"
        )
        if self.evidence.is_better(weighted, THRESHOLD):
            return f"{numbers}: more than noise over {self.folds} (p {_p(found.p)})."
        if self.evidence.is_better(THRESHOLD, weighted):
            return f"{numbers}: the threshold is better by more than noise over {self.folds}."
        return f"{numbers}: equal within noise over {self.folds}."

    def calibration(self) -> tuple[str, ...]:
        """What weights cost in honest probabilities."""
        plain, weighted = self[PLAIN].pooled["log_loss"], None
        name = self.evidence.weighted
        if self[name].weights is not None:
            weighted = self[name].pooled["log_loss"]
        if plain is None or weighted is None or weighted <= plain:
            return ()
        numbers = f"log loss {_short(plain, 3)} against {_short(weighted, 3)} with the weight"
        return (f"The threshold keeps probabilities honest: {numbers}.",)

    def headline(self, decided: Decided) -> str:
        match decided.kind:
            case VerdictKind.UNFINISHED:
                return "No verdict: too little was done to compare anything."
            case VerdictKind.INSEPARABLE:
                return (
                    "Weights will not rescue this: no candidate beats answering without looking at "
                    "the features."
                )
            case VerdictKind.NO_DIFFERENCE:
                return self._no_difference()
            case VerdictKind.WEIGHT:
                name = decided.winner or BEST_WEIGHT
                return (
                    f"Weight: {self.weight_title(name)} beats {self.decision} of the plain model."
                )
        return f"Do not weight: {self._move()}."

    def _no_difference(self) -> str:
        gain = self.evidence.mean(self.evidence.best_chosen) - self.evidence.mean(PLAIN)
        if gain > _LARGE and not self.evidence.is_cost:
            return (
                f"Not proven: a gain of {_short(gain)} in {self.goal_word} may still be noise; too few "
                "rows to tell."
            )
        return (
            "Leave it as it is: neither weights nor another threshold change "
            f"{self.goal_word} by more than noise."
        )

    def _move(self) -> str:
        thresholds = self[THRESHOLD].thresholds
        if self.goal.costs is not None:
            return "answer the class with the least expected cost Σ_t p_t·C[t, q]"
        if self.minority is None:
            return "give each label a threshold of its own"
        if self.classes == 2 and thresholds:
            return f"move the threshold of the plain model to about {thresholds[0]:.2g}"
        return "multiply the probabilities of the plain model by a factor per class"

    def sentences(self, decided: Decided) -> tuple[str, ...]:
        if decided.kind is VerdictKind.UNFINISHED:
            return ()
        if decided.kind is VerdictKind.INSEPARABLE:
            return self._inseparable()
        told = (*self.balanced(), self.against_threshold())
        if decided.kind is VerdictKind.THRESHOLD:
            return (*told, *self.calibration())
        return told

    def _inseparable(self) -> tuple[str, ...]:
        best = self.evidence.best_chosen
        dummy = self.evidence.best(self.evidence.dummies)
        sentence = (
            f"The best candidate reaches {self.goal_word} {self.goal_of(best)}; answering "
            f"“{dummy}” reaches {self.goal_of(dummy)}, equal within noise over {self.folds}."
        )
        advice = (
            "Weights and thresholds only trade one mistake for another. Better features, more "
            "samples or another model may separate the classes; this linear model does not."
        )
        return (sentence, advice)


def verdict(evidence: Evidence, goal: Goal, minority: str | None, classes: int) -> Verdict:
    """Decide, and say it."""
    decided = decide(evidence)
    speaker = _Speaker(evidence, goal, minority, classes)
    return Verdict(
        kind=decided.kind,
        headline=speaker.headline(decided),
        sentences=speaker.sentences(decided),
        rule=f"{decided.rule}: {RULES[decided.rule]}",
        winner=decided.winner,
        comparisons=evidence.comparisons,
    )


def _short(value: float, digits: int = 2) -> str:
    """A score as it is spoken of: .40, not 0.40.

    >>> _short(0.404), _short(1.0), _short(-0.05)
    ('.40', '1.00', '-.05')
    """
    return f"{value:.{digits}f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.{digits}f}"


def _moved(what: str, before: float | None, after: float | None, *, of: str = "") -> str:
    """``recall of 'x' from .40 to .85``; nothing when it hardly moves."""
    name = f"{what} of {of!r}" if of else what
    old, new = before or 0.0, after or 0.0
    return f"{name} from {_short(old)} to {_short(new)}" if abs(new - old) >= _LITTLE else ""


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else f"= {_short(value, 3)}"
