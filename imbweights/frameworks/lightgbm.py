"""LightGBM."""

from __future__ import annotations

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import (
    KEYS,
    by_index,
    by_label,
    joined,
    one_per_label,
    refuse_stages,
    targets,
)
from imbweights.frameworks.text import commented, number

_NEVER_BOTH = commented(
    "Never together with is_unbalance, a weight of its own. Probabilities are shifted.",
    "#",
)


def class_weight(subject: Subject) -> str:
    """``class_weight={label: weight}``, without classes that the data lacks: LightGBM stops at those."""
    missing = 0 in subject.weights.counts
    return joined(
        "from lightgbm import LGBMClassifier\n",
        commented(
            f"{KEYS} Every key must occur in y"
            + ("; classes without samples are left out. " if missing else ". ")
            + "The scale acts through min_sum_hessian_in_leaf and reg_lambda.",
            "#",
        ),
        commented(
            "For two classes LightGBM recommends scale_pos_weight instead (scheme pos-weight).", "#"
        )
        if subject.binary and subject.weights.scheme in {"balanced", "inverse"}
        else "",
        by_label("class_weight", subject, only_present=True),
        "model = LGBMClassifier(class_weight=class_weight)",
    )


def pos_weight(subject: Subject) -> str:
    """``scale_pos_weight``; for several labels one model each."""
    if subject.multilabel:
        return joined(
            "import numpy as np",
            "from lightgbm import LGBMClassifier\n",
            _NEVER_BOTH,
            by_index("scale_pos_weight", subject),
            one_per_label("LGBMClassifier"),
        )
    value = number(float(subject.weights.values[0]))
    return joined(
        "from lightgbm import LGBMClassifier\n",
        targets(subject),
        _NEVER_BOTH,
        f"model = LGBMClassifier(scale_pos_weight={value})",
    )


def _refuses(subject: Subject) -> tuple[str, str] | None:
    return refuse_stages(subject, "LightGBM")


FRAMEWORK = Framework(
    name="lightgbm",
    title="LightGBM",
    suffix=".py",
    comment="#",
    reference="https://lightgbm.readthedocs.io/en/stable/pythonapi/lightgbm.LGBMClassifier.html",
    code={Role.CLASS_WEIGHT: class_weight, Role.POS_WEIGHT: pos_weight},
    refuses=_refuses,
    scale_matters=by_no_gradient,
    by_index=False,
)
