"""What a training framework is: which numbers it takes, and the code that hands them over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import ClassWeights, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What code is written for: the weights, the counts they were made from (all classes, in class
    order), and the value of ignored pixels in the masks, where there is one.
    """

    weights: ClassWeights
    counts: ClassCounts
    ignore_index: int | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """All classes in class order, also where the weights are for the positive one alone."""
        return self.counts.classes

    @property
    def multilabel(self) -> bool:
        """Whether a row may have several labels."""
        return self.counts.task is Task.MULTILABEL

    @property
    def pixels(self) -> bool:
        """Whether every pixel or voxel has a class."""
        return self.counts.task is Task.SEGMENTATION

    @property
    def binary(self) -> bool:
        """Whether there are just two classes that exclude each other."""
        return not self.multilabel and len(self.classes) == 2

    @property
    def positive(self) -> int:
        """Binary data: the index of the positive class, which has the only weight, or of two the α of
        a focal loss; the second if nothing else is said.
        """
        weights = self.weights
        if len(weights.indices) == 1:
            return weights.indices[0]
        return int(weights.values[1] == weights.parameters.get("alpha", weights.values[1]))

    @property
    def negative(self) -> int:
        """Binary data: the index of the other class."""
        return 1 - self.positive


Code = Callable[[Subject], str]


def _never(subject: Subject) -> tuple[str, str] | None:
    del subject
    return None


def _always(subject: Subject) -> bool:
    del subject
    return True


def by_no_gradient(subject: Subject) -> bool:
    """For what is not trained by gradient descent, or not known to be."""
    del subject
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """One training framework, or one file format.

    ``code``: for each role that it has a place for, the function that writes the code, without
    header; the text ends without a newline. ``refuses``: for a subject whose role fits but which
    still makes no sense here, what is wrong and what to use instead. ``scale_matters``: whether
    multiplying all weights by a number changes the gradient of SGD (``by_no_gradient`` where there
    is none: the code itself says what the scale does there). ``comment`` starts a comment in
    its language, empty where there are none. ``suffix`` is that of its files. ``by_index``: targets are
    class indices, not the labels themselves. ``reference``: the
    page of its documentation that says how it takes weights.
    """

    name: str
    title: str
    suffix: str
    comment: str
    reference: str
    code: Mapping[Role, Code] = field(default_factory=dict)
    refuses: Callable[[Subject], tuple[str, str] | None] = _never
    scale_matters: Callable[[Subject], bool] = _always
    by_index: bool = True
