"""The verdict in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from imbweights.evidence.candidates import BALANCED, PLAIN, THRESHOLD, WEIGHT_THRESHOLD
from imbweights.evidence.comparing import FEWEST_ROWS, Evidence
from imbweights.evidence.goals import Goal
from imbweights.evidence.noise import LEVEL
from imbweights.evidence.phrases import capital, listed, moved, p_text, rounded_up, short
from imbweights.evidence.result import CandidateResult, Comparison, Kind, Verdict, VerdictKind
from imbweights.evidence.verdict import RULES, Decided, decide
from imbweights.schemes import SCHEMES

_CARRIED = (
    "What carries over to another model: whether the default threshold suits this imbalance and this "
    "goal, and that a weight and a threshold trade the same precision for recall."
)
_NOT_CARRIED = (
    "What does not: the threshold and the weight themselves. Tune the threshold of your own model on "
    "held-out data; a model that fits the data better usually needs milder weights."
)
CARRIES_OVER = (_CARRIED, _NOT_CARRIED)


@dataclass(frozen=True, slots=True)
class Done:
    """How many folds were done, of how many, and the fewest rows of a class there are."""

    folds: int
    of: int
    rarest: int
    rarest_name: str

    @property
    def finished(self) -> bool:
        """Whether all were done."""
        return self.folds == self.of


@dataclass(frozen=True)
class _Speaker:
    """Says what was found. ``minority``: its name, ``None`` with several labels per row."""

    evidence: Evidence
    goal: Goal
    minority: str | None
    done: Done

    def __getitem__(self, name: str) -> CandidateResult:
        return self.evidence.candidates[name]

    @property
    def classes(self) -> int:
        return len(self[PLAIN].pooled.per_class)

    def goal_of(self, name: str) -> str:
        if self.goal.bound is not None:
            return self._bounded(name, *self.goal.bound)
        value = self.evidence.score(name, "goal")
        return f"{-value:.4g}" if self.evidence.is_cost else short(value)

    def _bounded(self, name: str, wanted: str, bound: str, limit: float) -> str:
        """What is reached where the bound is; else that it is not."""
        reached, of = (short(self.evidence.score(name, score)) for score in (wanted, bound))
        if self.evidence.reaches(name):
            return reached
        rows = self.evidence.rows_behind(name)
        few = rows is not None and rows < FEWEST_ROWS
        lacking = f"on only {rows:.0f} rows" if few else f"short of {limit:g}"
        return f"{reached} with {bound.rpartition('_')[2]} {of} {lacking}"

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
        return f"{self.evidence.folds} folds"

    @property
    def rows(self) -> str:
        """The rows on which everything rests."""
        have = self._positives
        return "these rows" if have is None else f"{have:,} rows of {self.minority!r}"

    @property
    def _positives(self) -> int | None:
        found = [c for c in self[PLAIN].pooled.per_class if c.name == self.minority]
        if not found or self.classes != 2:
            return None
        return round(found[0].support / self.evidence.repeats)

    def needed(self, found: Comparison) -> str:
        """How many rows would tell such a difference from noise, errors going as 1/√n."""
        from scipy.stats import t as student  # takes a while to load, and few sweeps need it

        limit = float(student.isf(LEVEL, max(1, self.evidence.folds - 1)))
        if found.difference <= 0 or found.error <= 0:
            return "more rows would tell"
        times = max(1.1, (limit * found.error / found.difference) ** 2)
        have = self._positives
        if have is None:
            return f"about {times:.1f} times as many rows would tell"
        return f"about {rounded_up(have * times):,} would tell, if the difference stays"

    def amount(self, difference: float) -> str:
        """A difference of the goal."""
        return f"{abs(difference):.3g}" if self.evidence.is_cost else short(abs(difference))

    def weight_title(self, name: str) -> str:
        """The weight that all rows choose, in words."""
        candidate = self[name]
        if candidate.pos_weight is not None:
            weight = f"a pos_weight of {candidate.pos_weight:.3g}"
        elif candidate.chosen in SCHEMES:
            weight = f"the scheme {candidate.chosen}"
        else:
            power = "" if candidate.gamma is None else f"^{candidate.gamma:g}"
            ratio = "negatives / positives" if self.minority is None else "max n / n"
            kind = "a pos_weight" if self.minority is None else "a class weight"
            weight = f"{kind} of ({ratio}){power}"
        if name != WEIGHT_THRESHOLD:
            return weight
        cut = candidate.thresholds or ()
        return f"{weight} with its threshold " + (f"at {cut[0]:.2g}" if len(cut) == 1 else "tuned")

    def balanced(self) -> tuple[str, ...]:
        """What the weights that everyone tries first do here."""
        found = [c for c in self.evidence.candidates.values() if BALANCED in (c.name, *c.also)]
        if not found or self.minority is None or found[0].name == PLAIN:
            return ()
        plain, balanced = self[PLAIN].pooled, found[0].pooled
        recall = moved("recall", plain["recall"], balanced["recall"], of=self.minority)
        precision = moved("precision", plain["precision"], balanced["precision"])
        f1 = moved("F1", plain["f1"], balanced["f1"])
        parts = [part for part in (recall, precision, f1) if part]
        return (f"Balanced weights move {listed(parts)}.",) if parts else ()

    def against_threshold(self) -> str:
        """Weights beside the tuned threshold."""
        baseline = f"{self.decision} without weights {self.goal_of(THRESHOLD)}"
        plain = f"(plain {self.goal_of(PLAIN)})"
        weighted = self.evidence.weighted
        if weighted is None:
            return f"{capital(baseline)} in {self.goal_word} {plain}."
        tuned = " and its threshold" if weighted == WEIGHT_THRESHOLD else ""
        numbers = (
            f"With the best weight{tuned}, chosen anew in each fold, {self.goal_word} is "
            f"{self.goal_of(weighted)}, with {baseline} {plain}"
        )
        found = self.evidence.compare(weighted, THRESHOLD)
        if self.evidence.is_better(weighted, THRESHOLD):
            return f"{numbers}: more than noise over {self.folds} (p {p_text(found.p)})."
        if self.evidence.is_better(THRESHOLD, weighted):
            return f"{numbers}: the threshold is better by more than noise over {self.folds}."
        if self.evidence.is_large(found.difference):
            return f"{numbers}: not surely more than noise over {self.folds} (p {p_text(found.p)})."
        return f"{numbers}: equal within noise over {self.folds}."

    def open_gain(self) -> Comparison | None:
        """The large gain of weights over the threshold that is not ruled out."""
        weighted = self.evidence.weighted
        if weighted is None or self.evidence.is_better(THRESHOLD, weighted):
            return None
        found = self.evidence.compare(weighted, THRESHOLD)
        return found if found.score == "goal" and self.evidence.is_large(found.upper) else None

    def calibration(self) -> tuple[str, ...]:
        """What weights cost in honest probabilities, and what they may still gain."""
        plain, weighted = self[PLAIN].pooled["log_loss"], None
        name, gain = self.evidence.weighted, self.open_gain()
        if name is not None:
            weighted = self[name].pooled["log_loss"]
        said = "The threshold keeps probabilities honest"
        if plain is not None and weighted is not None and weighted > plain:
            said += f" (log loss {short(plain, 3)}, with the weight {short(weighted, 3)})"
        elif gain is None:
            return ()
        if gain is None:
            return (f"{said}.",)
        return (
            f"{said}; with {self.rows} a weight could still be up to {self.amount(gain.upper)} better.",
        )

    def headline(self, decided: Decided) -> str:
        text = self._headline(decided)
        if self.done.finished:
            return text
        said = f"Interrupted, {self.done.folds} of {self.done.of} folds done"
        if decided.kind is VerdictKind.UNFINISHED:
            return f"{said}: too little to compare anything."
        return f"{said}. So far: {text[0].lower()}{text[1:]}"

    def _headline(self, decided: Decided) -> str:
        match decided.kind:
            case VerdictKind.UNFINISHED:
                return self._unfinished()
            case VerdictKind.INSEPARABLE:
                return (
                    "Weights will not rescue this: no candidate beats answering without looking at "
                    "the features."
                )
            case VerdictKind.NOT_PROVEN:
                return self._not_proven(decided)
            case VerdictKind.NO_DIFFERENCE:
                return self._no_difference()
            case VerdictKind.WEIGHT:
                title = self.weight_title(decided.winner or WEIGHT_THRESHOLD)
                return f"Weight: {title} beats {self.decision} of the plain model."
        return self._threshold()

    def _threshold(self) -> str:
        if self.open_gain() is None:
            return f"Do not weight: {self._move('the threshold')}."
        return f"Prefer the threshold: {self._move()}. That a weight is better is not ruled out."

    def _no_difference(self) -> str:
        if self.goal.bound is not None and not any(
            self.evidence.reaches(name) for name in (PLAIN, *self.evidence.rivals)
        ):
            _, of, limit = self.goal.bound
            return (
                f"Leave it as it is: nothing is sure to reach {of.replace('_', ' ')} {limit:g}, neither "
                "with weights nor with another threshold."
            )
        return (
            "Leave it as it is: neither weights nor another threshold change "
            f"{self.goal_word} by more than noise."
        )

    def _unfinished(self) -> str:
        if THRESHOLD in self.evidence.candidates:
            return "No verdict: too little was done to compare anything."
        return (
            f"No verdict: class {self.done.rarest_name!r} has {self.done.rarest:,} rows, too few to "
            "choose a weight or a threshold on training rows."
        )

    def _not_proven(self, decided: Decided) -> str:
        if decided.rule == "separation not proven":
            return (
                "Not proven that anything beats answering without looking at the features: "
                f"{self.rows} are too few to tell."
            )
        if decided.winner == PLAIN:
            found = self._gain()
            what = "a moved threshold" if found.first == THRESHOLD else "a weight"
            over = "the plain model"
        else:
            found = self.evidence.compare(self.evidence.weighted or THRESHOLD, THRESHOLD)
            what, over = "a weight", self.decision
        score = self.goal_word if found.score == "goal" else found.score.replace("_", " ")
        side = "below" if self.evidence.is_cost else "above"
        return (
            f"Not proven: {what} is {self.amount(found.difference)} {side} {over} in {score}, but "
            f"{self.rows} are too few to tell that from noise; {self.needed(found)}."
        )

    def _gain(self) -> Comparison:
        """The largest gain over the plain model; that of the threshold if it is about as large."""
        found = [self.evidence.compare(name, PLAIN) for name in self.evidence.rivals]
        threshold, best = found[0], max(found, key=lambda one: one.difference)
        as_large = not self.evidence.is_large(best.difference - threshold.difference)
        return threshold if as_large and self.evidence.is_large(threshold.difference) else best

    def _move(self, what: str = "that") -> str:
        thresholds = self[THRESHOLD].thresholds
        if self.goal.costs is not None:
            return "answer the class with the least expected cost Σ_t p_t·C[t, q]"
        if self.minority is None:
            return "give each label a threshold of its own"
        if self.classes == 2 and thresholds:
            return f"move {what} of the plain model to about {thresholds[0]:.2g}"
        return "multiply the probabilities of the plain model by a factor per class"

    def sentences(self, decided: Decided) -> tuple[str, ...]:
        if decided.kind is VerdictKind.UNFINISHED:
            return ()
        if decided.kind is VerdictKind.INSEPARABLE or decided.rule == "separation not proven":
            return self._without_features(decided)
        told = (*self.balanced(), self.against_threshold())
        match decided.kind:
            case VerdictKind.THRESHOLD:
                return (*told, *self.calibration())
            case VerdictKind.NOT_PROVEN:
                return (*told, *self._meanwhile(decided))
            case VerdictKind.NO_DIFFERENCE:
                return (*told, *self._hidden())
        return told

    def _meanwhile(self, decided: Decided) -> tuple[str, ...]:
        if decided.winner == THRESHOLD:
            return (f"Until then prefer the threshold: {self._move()}, which is proven.",)
        if decided.winner == PLAIN:
            return ("Until then leave it as it is.",)
        return (f"{capital(self.weight_title(decided.winner or ''))} is proven to beat plain.",)

    def _hidden(self) -> tuple[str, ...]:
        """A large gain that noise may still hide."""
        found = max(
            (self.evidence.compare(name, PLAIN) for name in self.evidence.rivals),
            key=lambda one: one.upper,
        )
        return self._possible(found)

    def _possible(self, found: Comparison) -> tuple[str, ...]:
        if found.score != "goal" or not self.evidence.is_large(found.upper):
            return ()
        return (f"With {self.rows} a gain of up to {self.amount(found.upper)} is not ruled out.",)

    def _without_features(self, decided: Decided) -> tuple[str, ...]:
        names = [n for n, c in self.evidence.candidates.items() if c.kind is not Kind.DUMMY]
        best = self.evidence.best(names)
        dummy = self.evidence.best(self.evidence.dummies)
        numbers = (
            f"The best candidate, {best}, reaches {self.goal_word} {self.goal_of(best)}; answering "
            f"“{dummy}” reaches {self.goal_of(dummy)}"
        )
        if decided.kind is VerdictKind.NOT_PROVEN:
            found = self.evidence.compare(best, dummy)
            tested = found.score == "goal" and found.difference > 0
            p = f" (p {p_text(found.p)}, the best of {len(names)})" if tested else ""
            return (f"{numbers}{p}{self._ranks()}.",)
        same = f"{numbers}, equal within noise over {self.folds}{self._ranks()}."
        advice = (
            "Weights and thresholds only trade one mistake for another. Better features, more "
            "samples or another model may separate the classes; this linear model does not."
        )
        found = self.evidence.compare(self.evidence.best_chosen, dummy)
        return (same, *self._possible(found), advice)

    def _ranks(self) -> str:
        """That the order of the rows is no better either."""
        average = [c for c in self.evidence.ranking if c.score == "average_precision"]
        if not average:
            return ""
        value = self.evidence.score(PLAIN, "average_precision")
        chance = value - average[0].difference
        return f"; average precision is {short(value)}, by chance {short(chance)}"


def verdict(evidence: Evidence, goal: Goal, minority: str | None, done: Done) -> Verdict:
    """Decide, and say it."""
    decided = decide(evidence)
    speaker = _Speaker(evidence, goal, minority, done)
    return Verdict(
        kind=decided.kind,
        headline=speaker.headline(decided),
        sentences=speaker.sentences(decided),
        rule=f"{decided.rule}: {RULES[decided.rule]}",
        winner=decided.winner,
        comparisons=tuple(evidence.comparisons()),
    )
