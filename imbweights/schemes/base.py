"""What a weighting scheme is: a pure function of the counts, with its formula and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from imbweights.core.choices import Normalization
from imbweights.core.cost_matrix import CostMatrix
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.weights import FloatArray, Role

Parameters = Mapping[str, float]

SINGLE_LABEL = frozenset({Task.MULTICLASS, Task.SEGMENTATION, Task.DETECTION})
EVERY_TASK = frozenset(Task)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number that the user may set: allowed are ``above`` < value (or ``least`` ≤) < ``below``.

    ``auto`` finds a value from the counts, for users who write ``auto``, under this name and under
    others that the formula knows; ``whole``: no fractions.
    """

    name: str
    symbol: str
    default: float
    meaning: str
    above: float | None = None
    least: float | None = None
    below: float | None = None
    auto: Callable[[ClassCounts], dict[str, float]] | None = None
    whole: bool = False

    def accepts(self, value: float) -> bool:
        """Whether the value is allowed.

        >>> beta = Parameter(name="beta", symbol="β", default=0.9, meaning="", least=0, below=1)
        >>> beta.accepts(0.0), beta.accepts(1.0)
        (True, False)
        """
        return (
            np.isfinite(value)
            and (self.above is None or value > self.above)
            and (self.least is None or value >= self.least)
            and (self.below is None or value < self.below)
            and not (self.whole and value % 1)
        )

    @property
    def range(self) -> str:
        """The allowed values in words."""
        low = f"above {self.above:g}" if self.above is not None else f"at least {self.least or 0:g}"
        kind = "a whole number " if self.whole else ""
        return f"{kind}{low}" if self.below is None else f"{kind}{low} and below {self.below:g}"


# Not set by name: what --void-in-denominator and --positive hand to a formula.
VOID = "void"
POSITIVE = "positive"
# 1 − β, where β itself is too near 1 for a float.
GAP = "gap"


def no_caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """For schemes that hold no surprises."""
    del counts, parameters, values
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One way to weight classes.

    ``compute`` maps counts, all of them positive, and parameters to K floats in class order.
    ``caveats`` says in sentences where the scheme misbehaves on these counts. ``scaled``: the
    normalisation that belongs to the definition. ``needs_counts``: a ratio is not enough.
    ``divides``: the formula divides by pixels, so that it matters whether ignored ones are among
    them; it then finds their number as the parameter ``void``. ``only_binary``: of classes that
    exclude each other there must be two. ``one_if_binary``: two classes have one number, that of
    the positive class. ``with_costs`` makes the scheme that belongs to a cost matrix.
    ``numbers_of`` names the scheme whose numbers these are under another name or at another time.
    """

    name: str
    title: str
    formula: str
    reference: str
    compute: Callable[[ClassCounts, Parameters], FloatArray]
    parameters: tuple[Parameter, ...] = ()
    tasks: frozenset[Task] = SINGLE_LABEL
    role: Role = Role.CLASS_WEIGHT
    scaled: Normalization = Normalization.NONE
    needs_counts: bool = False
    divides: bool = False
    only_binary: bool = False
    one_if_binary: bool = False
    with_costs: Callable[[CostMatrix], Scheme] | None = None
    numbers_of: str | None = None
    caveats: Callable[[ClassCounts, Parameters, FloatArray], tuple[str, ...]] = no_caveats


def floats(counts: ClassCounts) -> FloatArray:
    """The counts as floats, (K,)."""
    return counts.counts.astype(np.float64)


def void_left_out(counts: ClassCounts, parameters: Parameters) -> tuple[str, ...]:
    """The sentence for formulas that divide by pixels, some of which were ignored."""
    if counts.extent_with_void is None or not counts.ignored or VOID in parameters:
        return ()
    note = (
        f"the {counts.ignored:,} ignored pixels are left out of what the formula divides by; "
        "published weights often keep them: --void-in-denominator"
    )
    return (note,)
