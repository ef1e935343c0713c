"""Names under which training code and configurations keep weights, and other knobs."""

from __future__ import annotations

import re

from imbweights.auditing.given import Kind, Use

_USES = {
    Use.CLASS_WEIGHT: (
        "class_weight class_weights classweight classweights weight weights loss_weight loss_weights "
        "ce_weight ce_weights cls_weight cls_weights cat_weights label_weight label_weights "
        "weight_vector cls_pw"
    ),
    Use.POS_WEIGHT: "pos_weight pos_weights posweight scale_pos_weight obj_pw",
    Use.SAMPLE_WEIGHT: "sample_weight sample_weights",
    Use.ALPHA: "alpha alphas focal_alpha",
}
_USE_OF = {name: use for use, names in _USES.items() for name in names.split()}
# One number says something only under these names; a single weight or alpha may be anything.
ALONE = frozenset({"pos_weight", "pos_weights", "posweight", "scale_pos_weight", "focal_alpha"})

_UNBALANCE = frozenset({"is_unbalance", "unbalance", "unbalanced_sets"})
_SAMPLERS = frozenset(
    {
        "weightedrandomsampler",
        "imbalanceddatasetsampler",
        "balancedbatchsampler",
        "randomoversampler",
        "randomundersampler",
        "smote",
        "adasyn",
        "repeatfactortrainingsampler",
        "classbalanceddataset",
    }
)


def plain(name: str) -> str:
    """A name as the lists above spell it.

    >>> plain("classWeights"), plain("--pos-weight")
    ('class_weights', 'pos_weight')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return spaced.strip("-_ ").replace("-", "_").lower()


def use_of(name: str) -> Use | None:
    """What numbers of that name are used as, ``None`` for a name that says nothing."""
    return _USE_OF.get(plain(name))


def sampler(name: str) -> bool:
    """Whether that names something that draws the rare more often."""
    return name.rsplit(".", 1)[-1].lower() in _SAMPLERS


def kind_of(name: str, value: object) -> Kind | None:
    """What a setting does, if it does anything."""
    known = plain(name)
    if value in (None, False):
        return None
    if known in _UNBALANCE:
        return Kind.UNBALANCE
    if known == "scale_pos_weight":
        return None if value == 1 else Kind.SCALE_POS
    if known in {"sampler", "batch_sampler"}:
        return Kind.SAMPLER if isinstance(value, str) and sampler(value) else None
    if isinstance(value, str):
        return _text_kind(known, value)
    return None


def _text_kind(known: str, value: str) -> Kind | None:
    if known in _USE_OF and value.lower() == "balanced":
        return Kind.WEIGHTS
    if known == "auto_class_weights" and value.lower() != "none":
        return Kind.AUTOMATIC
    return Kind.SAMPLER if known in {"type", "name", "_target_"} and sampler(value) else None
