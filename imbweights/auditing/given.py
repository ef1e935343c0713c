"""What the user gave: numbers, what they are used as, and which other knobs stand beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from imbweights.auditing.numbers import Written
from imbweights.core.weights import ClassWeights, Role

Key = str | int


class Use(StrEnum):
    """What the numbers are used as."""

    CLASS_WEIGHT = "class-weight"
    POS_WEIGHT = "pos-weight"
    SAMPLE_WEIGHT = "sample-weight"
    ALPHA = "alpha"

    @property
    def words(self) -> str:
        """As it is said in a sentence."""
        return {"pos-weight": "pos_weight", "alpha": "focal α"}.get(self, self.replace("-", " "))


USE_OF_ROLE = {
    Role.CLASS_WEIGHT: Use.CLASS_WEIGHT,
    Role.POS_WEIGHT: Use.POS_WEIGHT,
    Role.SAMPLE_WEIGHT: Use.SAMPLE_WEIGHT,
    Role.FOCAL_ALPHA: Use.ALPHA,
}


class Kind(StrEnum):
    """What a knob does: weighs the loss, draws the rare more often, changes the data before training,
    or several of these by itself.
    """

    WEIGHTS = "weights"
    SAMPLER = "sampler"
    RESAMPLER = "resampling"
    UNBALANCE = "is_unbalance"
    SCALE_POS = "scale_pos_weight"
    AUTOMATIC = "automatic weights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """A setting against imbalance that a configuration shows: its name, value and line."""

    name: str
    value: str
    kind: Kind
    line: int | None = None

    @property
    def words(self) -> str:
        """As it is said in a sentence."""
        where = f" (line {self.line})" if self.line is not None else ""
        value = "" if self.value in {"", "?"} else f" = {self.value}"
        return f"{self.name}{value}{where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Weights as they were found.

    ``numbers``: as written, in their order; ``keys``: the class names or indices they were given
    under, if any; ``name``: the name in the configuration; ``where``: the file, empty for the
    command line; ``line`` in it; ``use``: what the name says they are; ``recorded``: our own
    weights, with the counts they were made from; ``knobs``: what else the configuration shows;
    ``unread``: weights whose value only running the program would tell.
    """

    numbers: tuple[Written, ...] = ()
    keys: tuple[Key, ...] | None = None
    name: str = ""
    where: str = ""
    line: int | None = None
    use: Use | None = None
    recorded: ClassWeights | None = None
    knobs: tuple[Knob, ...] = ()
    unread: tuple[str, ...] = ()
