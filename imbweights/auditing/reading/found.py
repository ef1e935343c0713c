"""What a file holds: vectors that may be weights, and other knobs."""

from __future__ import annotations

from dataclasses import dataclass

from imbweights.auditing.given import Key, Knob, Use
from imbweights.auditing.numbers import Written
from imbweights.core.weights import ClassWeights


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A vector: ``path`` is where it stands (``model.loss.class_weight``), ``known`` whether its name
    says that these are weights.
    """

    path: str
    numbers: tuple[Written, ...] = ()
    keys: tuple[Key, ...] | None = None
    use: Use | None = None
    known: bool = False
    line: int | None = None
    recorded: ClassWeights | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Weights whose numbers are not in the program: under which ``path``, in which ``line``, and
    ``shown``, what to print there; ``sure``: that these are class weights, by a name that says so or
    by the loss they are handed to.
    """

    path: str
    line: int
    shown: str
    sure: bool = True

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything of interest in a file. ``scalars``: single numbers, which are weights only if
    somebody says so; ``computed``: what only running would tell;
    ``numbers_only``: the file holds nothing else, so that a vector needs no name.
    """

    vectors: tuple[Found, ...] = ()
    scalars: tuple[Found, ...] = ()
    numbers_only: bool = False
    knobs: tuple[Knob, ...] = ()
    computed: tuple[Computed, ...] = ()
