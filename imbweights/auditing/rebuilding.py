"""The weights that an explanation means, on other counts than those it was found on."""

from __future__ import annotations

import numpy as np

from imbweights.auditing.curves import Curve, class_curves, positive_curves
from imbweights.auditing.explaining import Explanation
from imbweights.auditing.formulas import FORMULAS
from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import ImbweightsError
from imbweights.core.weights import FloatArray
from imbweights.schemes import SCHEMES
from imbweights.schemes.weighing import Wishes, weigh


def rebuilt(best: Explanation, counts: ClassCounts) -> FloatArray:
    """(K,) the same scheme, parameter and scale on these counts; 0 for classes without samples.

    A scale that ``suggest`` does not know keeps the mean of the weights; a formula that it does not
    know, but that was met on its own scale, is on that scale again.
    """
    if best.normalization is not None and counts.task is not Task.MULTILABEL:
        values = _weighed(best, counts)
        if values is not None and values.size == len(counts.classes):
            return values
    return _from_curve(best, counts)


def _weighed(best: Explanation, counts: ClassCounts) -> FloatArray | None:
    if best.scheme not in SCHEMES:
        return None
    wishes = Wishes(
        parameters=best.parameters,
        normalize=Normalization(best.normalization or "none"),
        empty=EmptyPolicy.SMOOTH if best.smoothed else EmptyPolicy.ZERO,
        cap=best.cap,
        void_in_denominator=best.void,
    )
    try:
        return weigh(SCHEMES[best.scheme], counts, wishes).values
    except ImbweightsError:
        return None


def _from_curve(best: Explanation, counts: ClassCounts) -> FloatArray:
    positives = best.scheme == "pos-weight"
    curves = positive_curves(counts) if positives else class_curves(counts)
    curve = next((c for c in curves if _is(c, best)), curves[0])
    values = curve.raw(next(iter(best.parameters.values()), None))
    as_defined = best.scheme in FORMULAS and best.normalization == Normalization.NONE.value
    if not positives and not as_defined:
        values *= float(np.nanmean(best.values)) / float(np.nanmean(values))
    return np.nan_to_num(values)


def _is(curve: Curve, best: Explanation) -> bool:
    if (curve.basis.void, curve.basis.smoothed) != (best.void, best.smoothed):
        return False
    scaled = {"balanced": "inverse", "median-frequency": "inverse"}
    return curve.scheme.name == best.scheme or curve.scheme.name == scaled.get(best.scheme)
