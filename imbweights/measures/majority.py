"""The accuracy trap: what always predicting the largest class scores."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import Measure, positive_counts


def majority_share(counts: ClassCounts) -> float | None:
    """max n / N: the accuracy of always predicting the largest class. ``None`` without samples.

    >>> majority_share(ClassCounts.multiclass({"ok": 98, "fault": 2}))
    0.98
    """
    n = positive_counts(counts)
    return float(n.max() / n.sum()) if n.size else None


def majority_macro_f1(counts: ClassCounts) -> float | None:
    """Macro F1 of always predicting the largest class: 2p / (1 + p) / K with p = max n / N.

    F1 of the largest class is 2p/(1 + p), since its precision is p and its recall 1; F1 of every
    other class is 0 (scikit-learn's ``zero_division=0``). K counts the classes with samples.

    Source: https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html

    >>> round(majority_macro_f1(ClassCounts.multiclass({"ok": 98, "fault": 2})), 4)
    0.4949
    """
    p = majority_share(counts)
    return None if p is None else 2 * p / (1 + p) / positive_counts(counts).size


SHARE = Measure(
    name="majority_share",
    title="share of the largest class (accuracy of always predicting it)",
    formula="max n / N",
    reference="scikit-learn DummyClassifier(strategy='most_frequent')",
    compute=majority_share,
)
MACRO_F1 = Measure(
    name="majority_macro_f1",
    title="macro F1 of always predicting the largest class",
    formula="2p / (1 + p) / K, p = max n / N",
    reference="scikit-learn f1_score(average='macro', zero_division=0)",
    compute=majority_macro_f1,
)
