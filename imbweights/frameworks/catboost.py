"""CatBoost."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import KEYS, by_label, joined, refuse_stages, targets
from imbweights.frameworks.text import commented, number


def class_weight(subject: Subject) -> str:
    """``class_weights={label: weight}``: a list would be in the order of the sorted labels."""
    return joined(
        "from catboost import CatBoostClassifier\n",
        commented(
            f"{KEYS} Their order becomes that of the columns of predict_proba. Not together with "
            "auto_class_weights. The scale acts through l2_leaf_reg.",
            "#",
        ),
        by_label("class_weights", subject),
        "model = CatBoostClassifier(class_weights=class_weights)",
    )


def pos_weight(subject: Subject) -> str:
    """``scale_pos_weight``, for two classes."""
    value = number(float(subject.weights.values[0]))
    return joined(
        "from catboost import CatBoostClassifier\n",
        targets(subject),
        "# Not together with class_weights or auto_class_weights. Probabilities are shifted.",
        f"model = CatBoostClassifier(scale_pos_weight={value})",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    if subject.multilabel:
        return (
            "CatBoost's loss for several labels (MultiLogloss) takes no weight per label",
            "one model per label: --for xgboost, --for lightgbm or --for sklearn",
        )
    return refuse_stages(subject, "CatBoost")


FRAMEWORK = Framework(
    name="catboost",
    title="CatBoost",
    suffix=".py",
    comment="#",
    reference="https://catboost.ai/docs/en/references/training-parameters/common",
    code={Role.CLASS_WEIGHT: class_weight, Role.POS_WEIGHT: pos_weight},
    refuses=_refuses,
    scale_matters=by_no_gradient,
    by_index=False,
)
