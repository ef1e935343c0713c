"""What Python programs for several frameworks have in common: notes, lists, ignored pixels."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Subject
from imbweights.frameworks.text import commented, listing, number, remark


def program(*parts: str) -> str:
    """Lines and paragraphs, those that are empty left out."""
    return "\n".join(part for part in parts if part)


def note(text: str) -> str:
    """A paragraph of comment."""
    return commented(text, "#")


def list_of(subject: Subject) -> str:
    """The numbers as a Python list, one class a line."""
    weights = subject.weights
    body = listing(map(number, weights.values.tolist()), weights.classes, weights.indices)
    return f"[\n{body}\n]"


def one_value(subject: Subject) -> str:
    """Binary data: the one number, that of the positive class."""
    return number(float(subject.weights.values[0]))


def alpha_of(subject: Subject) -> str:
    """The α of a focal loss."""
    return number(subject.weights.parameters["alpha"])


def targets_remark(subject: Subject) -> str:
    """Binary data: which class is which target; empty for several labels."""
    if subject.multilabel:
        return ""
    positive, negative = (remark(subject.classes[i]) for i in (subject.positive, subject.negative))
    return f"# Target 1: {positive}; target 0: {negative}."


def first_epoch(subject: Subject) -> int | None:
    """Deferred weights: the epoch from which they hold, counted from 0."""
    stages = subject.weights.stages
    return stages[1][0] if len(stages) > 1 else None


def scalar_alpha(subject: Subject) -> tuple[str, str] | None:
    """The refusal of a focal α where there are more than two classes."""
    if subject.weights.role is Role.FOCAL_ALPHA and not (subject.binary or subject.multilabel):
        return (
            "a scalar α does nothing for more than two classes",
            "--scheme balanced --normalize sum1",
        )
    return None


def mean_cancels_scale(subject: Subject) -> bool:
    """``scale_matters`` where a loss is divided by the sum of the weights that went into it, and
    where weights are chances of a sampler.
    """
    return subject.weights.role not in {Role.CLASS_WEIGHT, Role.SAMPLE_WEIGHT}
