"""Names under which training code and configurations keep weights, and other knobs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from imbweights.auditing.given import Kind, Use

_USES = {
    Use.CLASS_WEIGHT: (
        "class_weight class_weights classweight classweights weight weights loss_weight loss_weights "
        "ce_weight ce_weights cls_weight cls_weights cat_weights label_weight label_weights "
        "weight_vector cls_pw"
    ),
    Use.POS_WEIGHT: "pos_weight pos_weights posweight scale_pos_weight obj_pw",
    Use.SAMPLE_WEIGHT: "sample_weight sample_weights",
    Use.ALPHA: "alpha alphas focal_alpha focal_loss_alpha",
}
_USE_OF = {name: use for use, names in _USES.items() for name in names.split()}
# Names with more words around it: per_cls_weights, class_weights_tensor.
_OF_CLASSES = re.compile(
    r"(^|_)(class|classes|cls|label|labels|cat|category|categories)_(weight|weights|wts)(_|$)"
    r"|^(weight|weights)_(per|by|of|for)_(class|classes|cls|label|category)$"
)
_NO_NUMBERS = re.compile(r"_(decay|path|file|mode|scheme|type|name|init)$")
# One number says something only under these names; a single weight may be anything, and an alpha
# too, but for that of a focal loss.
ALONE = frozenset(
    [
        "pos_weight",
        "pos_weights",
        "posweight",
        "scale_pos_weight",
        "focal_alpha",
        "focal_loss_alpha",
    ]
)
# Names that say less than another one for the same numbers.
_VAGUE = frozenset({"weight", "weights", "alpha", "alphas"})
# Functions whose weights are of something else than classes.
_NO_LOSSES = frozenset(
    [
        "average",
        "choices",
        "choice",
        "votingclassifier",
        "votingregressor",
        "stackingclassifier",
        "hist",
        "histogram",
        "bincount",
        "random_split",
        "resnet50",
        "sample",
    ]
)
# Parts of a loss, which have weights of their own.
_LOSS_TERMS = frozenset(
    [
        "cls",
        "bbox",
        "giou",
        "iou",
        "obj",
        "box",
        "dfl",
        "mask",
        "dice",
        "ce",
        "bce",
        "kl",
        "recon",
        "l1",
        "l2",
        "mse",
        "mae",
        "reg",
        "rpn",
        "kpt",
        "pose",
        "seg",
        "aux",
        "cardinality",
        "labels",
        "boxes",
        "centerness",
        "objectness",
        "triplet",
        "contrastive",
        "adv",
        "gan",
        "perceptual",
    ]
)

_UNBALANCE = frozenset({"is_unbalance", "unbalance", "unbalanced_sets"})
_SAMPLERS = frozenset(
    [
        "weightedrandomsampler",
        "imbalanceddatasetsampler",
        "balancedbatchsampler",
        "balancedsampler",
        "classbalancedsampler",
        "classawaresampler",
        "repeatfactortrainingsampler",
        "classbalanceddataset",
    ]
)
_RESAMPLERS = frozenset(
    [
        "randomoversampler",
        "randomundersampler",
        "smote",
        "adasyn",
        "borderlinesmote",
        "svmsmote",
        "kmeanssmote",
        "smotenc",
        "smoten",
        "smoteenn",
        "smotetomek",
        "nearmiss",
        "balancedbaggingclassifier",
        "balancedrandomforestclassifier",
        "rusboostclassifier",
        "easyensembleclassifier",
    ]
)
UNREAD: tuple[()] = ()
"""Stands for a value that only running the program would tell."""


def plain(name: str) -> str:
    """A name as the lists above spell it.

    >>> plain("classWeights"), plain("--pos-weight")
    ('class_weights', 'pos_weight')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return spaced.strip("-_ ").replace("-", "_").lower()


def use_of(name: str) -> Use | None:
    """What numbers of that name are used as, ``None`` for a name that says nothing."""
    known = plain(name)
    if known in _USE_OF:
        return _USE_OF[known]
    of_classes = _OF_CLASSES.search(known) and not _NO_NUMBERS.search(known)
    return Use.CLASS_WEIGHT if of_classes else None


def speaks_of_weights(path: str, owner: str = "") -> Use | None:
    """The same for a setting that is handed to ``owner``: ``weights`` of an average are no class
    weights, nor are those of several losses; an ``alpha`` is one only in a focal loss or as a list.
    """
    name = path.rsplit(".", 1)[-1]
    if owner.rsplit(".", 1)[-1].lower() in _NO_LOSSES:
        return None
    if owner == "compile" and plain(name) in {"loss_weight", "loss_weights"}:
        return None
    return use_of(name)


def is_focal(path: str, owner: str) -> bool:
    """Whether something is a setting of a focal loss."""
    return "focal" in f"{path} {owner}".lower()


def parts_of_a_loss(keys: Iterable[object]) -> bool:
    """Whether all keys name parts of a loss, such as ``bbox`` and ``loss_giou``."""
    bare = [re.sub(r"^loss_|_loss$|_weight$", "", plain(str(key))) for key in keys]
    return bool(bare) and all(key in _LOSS_TERMS for key in bare)


def vague(path: str) -> bool:
    """Whether the name of a vector says little.

    >>> vague("criterion.weight"), vague("class_weights")
    (True, False)
    """
    return plain(path.rsplit(".", 1)[-1]) in _VAGUE


def sampler(name: str) -> Kind | None:
    """What draws the rare more often: a sampler of batches, or what changes the data before."""
    known = name.rsplit(".", 1)[-1].lower()
    if known in _RESAMPLERS:
        return Kind.RESAMPLER
    return Kind.SAMPLER if known in _SAMPLERS else None


def kind_of(name: str, value: object) -> Kind | None:
    """What a setting does, if it does anything."""
    known = plain(name)
    if value is None or value is False:
        return None
    if known in _UNBALANCE:
        return None if value == UNREAD else Kind.UNBALANCE
    if known == "scale_pos_weight":
        return None if value == 1 else Kind.SCALE_POS
    if "sampler" in known.split("_"):
        return sampler(value) if isinstance(value, str) else None
    if isinstance(value, str):
        return _text_kind(known, value)
    return None


def _text_kind(known: str, value: str) -> Kind | None:
    if known in _USE_OF and value.lower() in {"balanced", "balanced_subsample"}:
        return Kind.WEIGHTS
    if known == "auto_class_weights" and value.lower() != "none":
        return Kind.AUTOMATIC
    return sampler(value) if known in {"type", "name", "_target_"} else None
