"""XGBoost."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import (
    by_index,
    joined,
    one_per_label,
    refuse_stages,
    targets,
)
from imbweights.frameworks.text import commented, number

_PROBABILITIES = commented(
    "For ranking (AUC). For probabilities do not re-balance: set max_delta_step=1 instead.",
    "#",
)


def class_weight(subject: Subject) -> str:
    """Sample weights by class index: XGBoost has no class weights."""
    return joined(
        "import numpy as np",
        "from xgboost import XGBClassifier\n",
        commented(
            "XGBClassifier has no class_weight: every sample gets the weight of its class. The scale "
            "acts through min_child_weight and reg_lambda.",
            "#",
        ),
        by_index("class_weight", subject, start="np.array([", end="])"),
        _PROBABILITIES if subject.binary and subject.weights.costs is None else "",
        "model = XGBClassifier()",
        "\n\ndef sample_weight(y):",
        '    """For model.fit(X, y, sample_weight=sample_weight(y)); y: class indices 0 … K-1."""',
        "    return class_weight[np.asarray(y, dtype=int)]",
    )


def pos_weight(subject: Subject) -> str:
    """``scale_pos_weight``; for several labels one model each."""
    if subject.multilabel:
        return joined(
            "import numpy as np",
            "from xgboost import XGBClassifier\n",
            _PROBABILITIES,
            by_index("scale_pos_weight", subject),
            one_per_label("XGBClassifier"),
        )
    value = number(float(subject.weights.values[0]))
    return joined(
        "from xgboost import XGBClassifier\n",
        targets(subject),
        _PROBABILITIES if subject.weights.scheme != "scale-pos-weight" else "",
        f"model = XGBClassifier(scale_pos_weight={value})",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    return refuse_stages(subject, "XGBoost")


FRAMEWORK = Framework(
    name="xgboost",
    title="XGBoost",
    suffix=".py",
    comment="#",
    reference="https://xgboost.readthedocs.io/en/stable/tutorials/param_tuning.html",
    code={Role.CLASS_WEIGHT: class_weight, Role.POS_WEIGHT: pos_weight},
    refuses=_refuses,
    scale_matters=by_no_gradient,
)
