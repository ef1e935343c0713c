"""What a sweep is to optimise: one number per set of answers, larger is better."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError
from imbweights.core.meaning import did_you_mean

FloatArray = npt.NDArray[np.float64]
DEFAULT, COST = "f1", "cost"
GOALS = (
    "f1",
    "minority-f1",
    "macro-f1",
    "recall@precision=.9",
    "precision@recall=.9",
    "balanced-accuracy",
    "cost",
)
# A bound that is reached on training rows is hardly ever reached to the point on others.
BOUND_TOLERANCE = 0.03
_AT = re.compile(r"(recall|precision)@(recall|precision)=(\d*\.?\d+)")


@dataclass(frozen=True, slots=True)
class Marks:
    """How often each class or label was answered, and how often rightly.

    ``right``, ``answered`` and ``support``: (…, K) numbers; any leading axes stand for different
    decisions over the same ``rows`` samples. ``support``: samples that carry the class.
    """

    right: FloatArray
    answered: FloatArray
    support: FloatArray
    rows: int


Element = Callable[[Marks], FloatArray]


@dataclass(frozen=True, slots=True)
class Goal:
    """A score that decides.

    ``element``: score per class, (…, K). ``index``: the class that counts, ``None``: the mean over
    all that occur. ``strict``: what is used for choosing on training folds, where it differs: there
    a bound must be reached in full. ``costs``: (K, K), ``costs[t, q]`` of answering q when t is true, for more than two
    classes, when ``element`` does not apply. ``bound``: the score that is wanted, the one that
    must reach a limit first, and the limit.
    """

    name: str
    title: str
    element: Element
    index: int | None
    strict: Element | None = None
    costs: FloatArray | None = None
    bound: tuple[str, str, float] | None = None

    def judged(self, marks: Marks) -> FloatArray:
        """(…,) the score by which candidates are compared."""
        return self._reduced(self.element(marks), marks)

    def chosen(self, marks: Marks) -> FloatArray:
        """(…,) the score by which weights and thresholds are chosen on training folds."""
        return self._reduced((self.strict or self.element)(marks), marks)

    def _reduced(self, scores: FloatArray, marks: Marks) -> FloatArray:
        if self.index is not None:
            picked: FloatArray = scores[..., self.index]
            return picked
        known = np.broadcast_to(marks.support > 0, scores.shape)
        total: FloatArray = np.where(known, scores, 0.0).sum(axis=-1)
        mean: FloatArray = total / np.maximum(known.sum(axis=-1), 1)
        return mean


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, 0 where nothing is below: what was never answered is worth nothing."""
    return np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below > 0)


def f1(marks: Marks) -> FloatArray:
    """F1 = 2·right / (answered + support).

    >>> marks = Marks(np.array([3.0]), np.array([4.0]), np.array([6.0]), 10)
    >>> f1(marks).tolist()
    [0.6]
    """
    return _ratio(2 * marks.right, marks.answered + marks.support)


def precision(marks: Marks) -> FloatArray:
    """right / answered."""
    return _ratio(marks.right, marks.answered)


def recall(marks: Marks) -> FloatArray:
    """right / support."""
    return _ratio(marks.right, marks.support)


def balanced(marks: Marks) -> FloatArray:
    """(recall + specificity) / 2 of each label on its own."""
    negatives = marks.rows - marks.support
    wrong = marks.answered - marks.right
    return (recall(marks) + _ratio(negatives - wrong, negatives)) / 2


def _bounded(first: Element, bound: Element, target: float) -> tuple[Element, Element]:
    """``first`` where ``bound`` reaches the target, else how far it came, less 1: as compared (nearly
    reached will do) and as chosen.
    """

    def reaching(limit: float, marks: Marks) -> FloatArray:
        reached = bound(marks)
        return np.where(reached >= limit, first(marks), reached - 1.0)

    return partial(reaching, target - BOUND_TOLERANCE), partial(reaching, target)


def _cost_of_two(costs: FloatArray, positive: int) -> Element:
    """Minus the mean cost per sample, from the marks of the positive one of two classes."""
    negative = 1 - positive

    def element(marks: Marks) -> FloatArray:
        missed = marks.support - marks.right
        wrong = marks.answered - marks.right
        rest = marks.rows - marks.support - wrong
        total = (
            costs[positive, positive] * marks.right
            + costs[positive, negative] * missed
            + costs[negative, positive] * wrong
            + costs[negative, negative] * rest
        )
        gain: FloatArray = -total / marks.rows
        return gain

    return element


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a goal must know of the data: the index of the minority class (``None``: several labels
    per row), its name, how many classes there are, and the (K, K) costs if some were given, which are
    2 × 2 for labels.
    """

    minority: int | None
    name: str
    classes: int
    costs: FloatArray | None = None


def find_goal(wanted: str, asked: Asked) -> Goal:
    """The goal that ``--optimize`` names. Raises ``UsageError`` for what does not fit the data."""
    name = wanted.strip().lower().replace("_", "-")
    if name == DEFAULT:
        binary = asked.minority is not None and asked.classes == 2
        name = "minority-f1" if binary else "macro-f1"
    match = _AT.fullmatch(name)
    if match is not None and match[1] != match[2]:
        return _bounded_goal(name, match, asked)
    return _plain_goal(name, asked, wanted)


def _plain_goal(name: str, asked: Asked, wanted: str) -> Goal:
    match name:
        case "minority-f1" | "binary-f1":
            return Goal("minority-f1", f"F1 of {asked.name}", f1, _minority(name, asked))
        case "macro-f1":
            return Goal(name, "macro F1", f1, None)
        case "balanced-accuracy":
            element = balanced if asked.minority is None else recall
            return Goal(name, "balanced accuracy", element, None)
        case "cost":
            return _cost_goal(asked)
    raise UsageError(
        f"--optimize {wanted!r} is not known",
        hint=f"{did_you_mean(name, GOALS)}known: {', '.join(GOALS)} (any number)",
    )


def _minority(name: str, asked: Asked) -> int:
    if asked.minority is None:
        raise UsageError(
            f"--optimize {name} speaks of one class, but a row here has several labels",
            hint="--optimize macro-f1, recall@precision=.9 … take the mean over labels",
        )
    return asked.minority


def _bounded_goal(name: str, match: re.Match[str], asked: Asked) -> Goal:
    target = float(match[3])
    if not 0 < target <= 1:
        raise UsageError(f"--optimize {name}: the bound must be above 0 and at most 1")
    kinds = {"recall": recall, "precision": precision}
    compared, chosen = _bounded(kinds[match[1]], kinds[match[2]], target)
    of = "" if asked.minority is None else f" of {asked.name}"
    before = "macro_" if asked.minority is None else ""
    return Goal(
        name,
        f"{before.replace('_', ' ')}{match[1]}{of} at {match[2]} ≥ {target:g}",
        compared,
        asked.minority,
        strict=chosen,
        bound=(before + match[1], before + match[2], target),
    )


def _cost_goal(asked: Asked) -> Goal:
    if asked.costs is None:
        raise UsageError("--optimize cost needs to know what mistakes cost: --costs FILE")
    title = "cost per sample (less is better)"
    if asked.minority is None:
        return Goal("cost", title, _cost_of_two(asked.costs, 1), None)
    if asked.classes == 2:
        return Goal("cost", title, _cost_of_two(asked.costs, asked.minority), asked.minority)
    return Goal("cost", title, recall, None, costs=asked.costs)
