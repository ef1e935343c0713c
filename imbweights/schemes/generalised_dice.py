"""The squared inverse of the generalised Dice loss."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray
from imbweights.schemes.base import Parameters, Scheme, floats


def generalised_dice(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = (max n / n)², that is 1/n² scaled so that the largest class has weight 1.

    n: count of the class. In the generalised Dice loss the scale cancels; 1/n² alone would print
    weights of 10⁻¹⁴ for a mask. At a ratio of 60 : 1 the weights differ by 3600: cap them.

    Source: Sudre et al. 2017, arXiv:1707.03237; MONAI ``GeneralizedDiceLoss`` (``w_type="square"``).

    >>> generalised_dice(ClassCounts.multiclass({"a": 400, "b": 100}), {}).tolist()
    [1.0, 16.0]
    """
    del parameters
    n = floats(counts)
    relative: FloatArray = float(n.max()) / n
    return relative**2


SCHEME = Scheme(
    name="generalised-dice",
    title="Generalised Dice",
    formula="(max n / n)²",
    reference="Sudre et al. 2017, arXiv:1707.03237",
    compute=generalised_dice,
)
