"""What a sweep says, in plain sentences that are the same in every medium."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from imbweights.core.counts import Task
from imbweights.core.escaping import visible
from imbweights.core.weights import ClassWeights, Role
from imbweights.evidence.fitting import SCALING
from imbweights.evidence.result import CandidateResult, Kind, SweepResult, VerdictKind
from imbweights.render.escaping import quoted
from imbweights.render.numbers import count_text, share_text
from imbweights.render.sweep_columns import CALIBRATION, SPREAD, ScoreColumn, is_binary
from imbweights.schemes import SCHEMES

_QUARTERS = {0.25: "¼", 0.5: "½", 0.75: "¾", 1.0: ""}
_LONGEST_WORD = 39  # of wide characters it fills a line
_MOST_NAMES = 3
_ENOUGH, _MORE_REPEATS = 20, 5
_FEWER_FOLDS, _FEWER_ROWS = 3, 5000
_CARRIED = "The finding carries over to similar models, its numbers do not (see --all)."
_MOST_FACTORS = 6


def tidy(text: str) -> str:
    r"""A sentence that may hold names from the data: visible, without endless words.

    >>> print(tidy("a\x1b[1mb " + "x" * 60))
    a\x1b[1mb xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    """
    return re.sub(
        rf"\S{{{_LONGEST_WORD + 1},}}", lambda m: f"{m[0][: _LONGEST_WORD - 1]}…", visible(text)
    )


def _sentence(text: str) -> str:
    """A note as a sentence.

    >>> _sentence("3 cells are empty"), _sentence("column 'a' is odd. Drop it?")
    ('3 cells are empty.', "Column 'a' is odd. Drop it?")
    """
    shown = tidy(text)
    end = "" if shown.endswith((".", "?", "!", "…")) else "."
    return f"{shown[:1].upper()}{shown[1:]}{end}"


def headline(result: SweepResult) -> str:
    """The answer."""
    return tidy(result.verdict.headline)


def reasons(result: SweepResult) -> list[str]:
    """Why, sentence by sentence."""
    return [tidy(sentence) for sentence in result.verdict.sentences]


def candidate_name(candidate: CandidateResult) -> str:
    """What a candidate is called in a table: its name, with the number that it comes down to."""
    name = tidy(candidate.name)
    if candidate.kind is Kind.WEIGHT_THRESHOLD:  # the longest name makes room for its number
        name = name.replace(", threshold tuned", ", tuned")
    detail = _detail(candidate)
    return name if detail is None or detail in name else f"{name} ({detail})"


def _detail(candidate: CandidateResult) -> str | None:
    """The threshold of the plain model, the chosen weight, the exponent of the grid."""
    match candidate.kind:
        case Kind.THRESHOLD if len(candidate.thresholds or ()) == 1:
            return threshold_text((candidate.thresholds or (0.5,))[0]).removeprefix("0")
        case Kind.BEST_WEIGHT | Kind.WEIGHT_THRESHOLD | Kind.SCHEME if candidate.pos_weight:
            return weight_text(candidate.pos_weight)
        case Kind.BEST_WEIGHT | Kind.WEIGHT_THRESHOLD if candidate.gamma is not None:
            return f"γ {candidate.gamma:g}"
        case Kind.POS_WEIGHT if candidate.gamma is not None and "ratio" not in candidate.name:
            return _power(candidate.gamma)
    return None


def is_grid(candidate: CandidateResult) -> bool:
    """Whether it is one of a row of ever stronger weights."""
    return candidate.kind is Kind.POS_WEIGHT or (
        candidate.kind is Kind.SCHEME and candidate.gamma is not None
    )


def _power(gamma: float) -> str:
    """The exponent of the ratio.

    >>> _power(0.25), _power(1.0), _power(1.5)
    ('ratio^¼', 'ratio', 'ratio^1.5')
    """
    sign = _QUARTERS.get(gamma, f"{gamma:g}")
    return f"ratio^{sign}" if sign else "ratio"


def weight_text(weight: float) -> str:
    """How much more a positive counts.

    >>> weight_text(2.5460), weight_text(42.01), weight_text(1764.9)
    ('2.55', '42', '1,765')
    """
    return f"{weight:.3g}" if weight < 1000 else f"{weight:,.0f}"


def threshold_text(threshold: float) -> str:
    """A probability from which the answer is yes.

    >>> threshold_text(0.2614), threshold_text(0.00313), threshold_text(0.9962)
    ('0.26', '0.0031', '0.996')
    """
    digits = 3 if threshold > 0.99 else 2
    return f"{threshold:.{digits}g}"


def data_line(result: SweepResult) -> str:
    """How much was swept over, and how."""
    tried = result.tried
    what = [f"{count_text(tried.rows)} {tried.unit}"]
    if tried.rows_found > tried.rows:
        what[0] += f" of {count_text(tried.rows_found)}"
    what.append(_features(result))
    what.append(_balance(result))
    how = [tidy(tried.model), f"{_folds(result)}, seed {tried.seed}"]
    if not result.finished:
        plain = result.of_kind(Kind.PLAIN)
        done = len(plain[0].folds) if plain else 0
        how[1] = (
            f"{count_text(done)} of {count_text(tried.folds * tried.repeats)} folds, seed {tried.seed}"
        )
    return " · ".join([", ".join(what), *how])


def _features(result: SweepResult) -> str:
    tried = result.tried
    text = f"{count_text(tried.columns)} {_plural('feature', tried.columns)}"
    if tried.features != tried.columns:
        text += f" ({count_text(tried.features)} numbers)"
    return text


def _balance(result: SweepResult) -> str:
    """How many classes or labels, and how rare the rarest is."""
    total = sum(result.counts)
    k = len(result.classes)
    if result.task is Task.MULTILABEL:
        rows = result.tried.rows_found
        per_row = total / rows if rows else 0
        return f"{count_text(k)} labels, {per_row:.2g} per {result.tried.unit.removesuffix('s')}"
    if result.minority is None or not total:
        return f"{count_text(k)} classes"
    n = result.counts[result.classes.index(result.minority)]
    share = f"class {quoted(result.minority, 24)} is {share_text(n / total)}"
    return share if k == 2 else f"{count_text(k)} classes, {share}"


def _folds(result: SweepResult) -> str:
    tried = result.tried
    text = f"{tried.folds} folds"
    if tried.repeats > 1:
        text += f" × {tried.repeats}"
    if tried.grouped_by is not None:
        groups = "" if tried.groups is None else f"{count_text(tried.groups)} "
        text += f" by {groups}{quoted(tried.grouped_by, 24)}"
    return text


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def caption(result: SweepResult, columns: Iterable[ScoreColumn]) -> list[str]:
    """What the headings of the table mean."""
    keys = {column.key for column in columns}
    parts = []
    if is_binary(result) and result.minority is not None:
        parts.append(f"of class {quoted(result.minority, 20)}")
    if "goal" in keys or "@" in result.goal:
        parts.append(f"goal: {tidy(result.goal_title)}")
    if SPREAD in keys:
        parts.append(f"{SPREAD} standard error")
    if CALIBRATION.key in keys:
        parts.append("ECE calibration error")
    return parts


def same_models(result: SweepResult) -> str | None:
    """Which schemes are one model under several names."""
    groups = [
        " = ".join(tidy(name) for name in (candidate.name, *candidate.also))
        for candidate in result.candidates
        if candidate.also
    ]
    return f"Equal up to scale, so one model: {'; '.join(groups)}." if groups else None


def left_out(result: SweepResult, *, everything: bool) -> str | None:
    """Which columns were not used, and why: in full, or what each is."""
    reasons = {
        quoted(name, 24): tidy(why if everything else why.partition(":")[0])
        for name, why in result.tried.left_out.items()
    }
    found = [f"{name} ({why})" for name, why in reasons.items()]
    if not found:
        return None
    if everything:
        return f"Left out: {', '.join(found)}."
    shown = found[:_MOST_NAMES]
    more = len(found) - len(shown)
    rest = f" and {count_text(more)} more" if more else ""
    return f"Left out: {', '.join(shown)}{rest}; --all says why."


def warnings(result: SweepResult) -> list[str]:
    """What may make every number above worthless: columns that give the label away."""
    return [_sentence(text) for text in result.tried.leaks]


def notes(result: SweepResult) -> list[str]:
    """What else there is to know, in full."""
    told = (*result.notes, *result.tried.approximated, *result.carries_over)
    return [_sentence(text) for text in told] + _rest(result, everything=True)


def short_notes(result: SweepResult) -> list[str]:
    """What else there is to know, the most important first, for a screen that may not hold all."""
    told = decisive_notes(result)
    compared = result.verdict.kind not in {VerdictKind.INSEPARABLE, VerdictKind.UNFINISHED}
    carried = [_CARRIED] if compared and result.carries_over else []
    others = [_sentence(text) for text in result.notes if text == SCALING]
    same = same_models(result)
    return [*told, *carried, *others, *([] if same is None else [same])]


def decisive_notes(result: SweepResult) -> list[str]:
    """What may change how the numbers are read: columns that were not used, cells that were not
    read, rows that were left out.
    """
    out = left_out(result, everything=False)
    told = [text for text in result.notes if text != SCALING]
    found = [_sentence(text) for text in (*told, *result.tried.approximated)]
    return [*([] if out is None else [out]), *found]


def _rest(result: SweepResult, *, everything: bool) -> list[str]:
    found = [left_out(result, everything=everything), same_models(result)]
    return [text for text in found if text is not None]


def rule(result: SweepResult) -> str:
    """The stated rule that decided."""
    return f"Rule: {tidy(result.verdict.rule)}."


def decision(candidate: CandidateResult, result: SweepResult) -> str | None:
    """How to answer with tuned thresholds; ``None`` for the usual answer."""
    thresholds = candidate.thresholds
    if thresholds is None:
        return None
    if len(thresholds) == 1:
        who = "yes" if result.minority is None else quoted(result.minority)
        return f"answer {who} where its probability is at least {threshold_text(thresholds[0])}"
    if result.task is Task.MULTILABEL:
        low, high = min(thresholds), max(thresholds)
        return (
            f"answer yes to a label from its own threshold on, {threshold_text(low)} to "
            f"{threshold_text(high)} (-o sweep.json has all {count_text(len(thresholds))})"
        )
    if len(thresholds) > _MOST_FACTORS:
        factors = f"-o sweep.json has all {count_text(len(thresholds))} factors"
    else:
        pairs = zip(result.classes, thresholds, strict=True)
        factors = ", ".join(f"{quoted(name, 20)} {factor:.3g}" for name, factor in pairs)
    return f"answer the class with the largest factor × probability ({factors})"


def next_step(result: SweepResult, again: str) -> list[str]:
    """What to do now: sentences, or a command to copy."""
    source = f" {again}" if again else ""
    match result.verdict.kind:
        case VerdictKind.THRESHOLD | VerdictKind.WEIGHT:
            return _use(result, source)
        case VerdictKind.NOT_PROVEN:
            used = _use(result, source)
            return [
                *used,
                *([] if used else ["Next: more rows; they tell more than more folds do."]),
            ]
        case VerdictKind.NO_DIFFERENCE:
            if result.tried.repeats >= _MORE_REPEATS:
                return ["To tell smaller differences: more rows."]
            more = f"imbweights sweep{source} --repeats {_MORE_REPEATS}"
            return [f"To tell smaller differences: {more}"]
        case VerdictKind.INSEPARABLE:
            return ["Next: other features, or a model that is not a straight line."]
    return [_unfinished(result, source)]


def _unfinished(result: SweepResult, source: str) -> str:
    """A run that takes less than this one; where time was not short, more data."""
    tried = result.tried
    words = [
        *(["--repeats 1"] if tried.repeats > 1 else []),
        *([f"--folds {_FEWER_FOLDS}"] if tried.folds > _FEWER_FOLDS else []),
        *([f"--max-rows {_FEWER_ROWS}"] if tried.rows > _FEWER_ROWS else []),
    ]
    if result.finished:
        return (
            f"Next: more rows of the rarest class (from some {_ENOUGH} on a sweep says something), "
            "or several rare classes counted as one."
        )
    if not words:
        return f"Next: let it finish: imbweights sweep{source}"
    return f"In less time: imbweights sweep{source} {' '.join(words)}"


def _use(result: SweepResult, source: str) -> list[str]:
    winner = result.winner
    if winner is None:
        return []
    found = []
    decided = decision(winner, result)
    if winner.weights is None:
        return [f"Next: train without weights and {decided}."] if decided else []
    words = suggest_options(winner)
    found.append(
        f"Next: imbweights suggest{source} {words} --for torch"
        if words is not None
        else f"Next: imbweights sweep{source} --for torch"
    )
    if decided:
        found.append(f"Then {decided}.")
    return found


def suggest_options(candidate: CandidateResult) -> str | None:
    """The options with which ``suggest`` gives the weights of a candidate; ``None`` if none do.

    ``suggest`` computes weights from counts, so a value that was only tried is not in its reach.
    """
    weights = candidate.weights
    if weights is None or weights.scheme not in SCHEMES or not _by_formula(candidate):
        return None
    words = ["--scheme", weights.scheme]
    scheme = SCHEMES[weights.scheme]
    for parameter in scheme.parameters:
        value = weights.parameters.get(parameter.name)
        if value is not None and value != parameter.default:
            words += [f"--{parameter.name}", f"{value:g}"]
    if weights.cap is not None:
        words += ["--cap", f"{weights.cap:g}"]
    if weights.empty is not None and 0 in weights.counts:
        words += ["--empty", weights.empty]
    if scheme.role is Role.POS_WEIGHT and weights.indices == (0,):
        words += ["--positive", shlex.quote(visible(weights.classes[0]))]
    return " ".join(words)


def _by_formula(candidate: CandidateResult) -> bool:
    by_name = candidate.kind is Kind.SCHEME or candidate.chosen in SCHEMES
    return by_name or candidate.gamma is not None


def code_advice(result: SweepResult, weights: ClassWeights) -> str:
    """The comment above code: what the sweep found, and what these weights are then."""
    text = headline(result)
    decided = None if result.winner is None else decision(result.winner, result)
    if result.weights is not None:
        return text if decided is None else f"{text} Then {decided}."
    if decided is not None:
        text += f" After training, {decided}."
    return (
        f"{text} These are the {weights.scheme} weights that did best, if you weight all the same."
    )
