"""``scale_pos_weight`` of boosted trees."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes.base import SINGLE_LABEL, Parameters, Scheme
from imbweights.schemes.pos_weight import odds_against


def scale_pos_weight(counts: ClassCounts, parameters: Parameters) -> FloatArray:
    """w = Σ negatives / Σ positives, one number, for two classes only.

    The same number as ``pos_weight``, under the name that XGBoost, LightGBM and CatBoost use; it
    multiplies gradient and Hessian of the positive samples.

    Source: XGBoost documentation, "Notes on Parameter Tuning", which adds: if you need
    probabilities, do not re-balance but set ``max_delta_step``.

    >>> scale_pos_weight(ClassCounts.multiclass({"0": 300, "1": 100}), {}).tolist()[1]
    3.0
    """
    del parameters
    return odds_against(counts)


def caveats(counts: ClassCounts, parameters: Parameters, values: FloatArray) -> tuple[str, ...]:
    """Probabilities."""
    del counts, parameters, values
    note = (
        "for boosted trees that rank (AUC); if you need probabilities, XGBoost's documentation says "
        "not to re-balance but to set its max_delta_step to 1"
    )
    return (note,)


SCHEME = Scheme(
    name="scale-pos-weight",
    title="scale_pos_weight",
    formula="negatives / positives",
    reference="XGBoost, Notes on Parameter Tuning",
    compute=scale_pos_weight,
    tasks=SINGLE_LABEL,
    role=Role.POS_WEIGHT,
    only_binary=True,
    one_if_binary=True,
    numbers_of="pos-weight",
    caveats=caveats,
)
