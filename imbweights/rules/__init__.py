"""Data checks, one per file: facts about a data set in, findings out.

To add a rule, write a file with a ``RULE`` and add it to ``RULES``.
"""

from __future__ import annotations

from imbweights.rules import (
    absent_from_batches,
    absent_from_split,
    always_together,
    baseline_drift,
    constant_label,
    few_samples,
    file_in_two_splits,
    high_scumble,
    missing_labels,
    moved_weights,
    near_duplicates,
    new_class,
    no_foreground,
    not_in_training,
    numeric_lookalikes,
    order_changed,
    placeholder,
    share_changed,
    single_class,
    size_differs,
    small_share,
    split_drift,
    too_few_for_folds,
    undeclared_class,
    undeclared_value,
    unlabelled_rows,
    unused_class,
    vanished_class,
    void_image,
    wide_ratio,
)
from imbweights.rules.base import Facts, Limits, Rule, Threshold

RULES: dict[str, Rule] = {
    rule.code.code: rule
    for rule in (
        single_class.RULE,
        small_share.RULE,
        few_samples.RULE,
        wide_ratio.RULE,
        too_few_for_folds.RULE,
        absent_from_batches.RULE,
        missing_labels.RULE,
        undeclared_class.RULE,
        unused_class.RULE,
        near_duplicates.RULE,
        numeric_lookalikes.RULE,
        placeholder.RULE,
        absent_from_split.RULE,
        split_drift.RULE,
        not_in_training.RULE,
        file_in_two_splits.RULE,
        undeclared_value.RULE,
        void_image.RULE,
        no_foreground.RULE,
        size_differs.RULE,
        constant_label.RULE,
        unlabelled_rows.RULE,
        always_together.RULE,
        high_scumble.RULE,
        baseline_drift.RULE,
        vanished_class.RULE,
        new_class.RULE,
        order_changed.RULE,
        moved_weights.RULE,
        share_changed.RULE,
    )
}

THRESHOLDS: dict[str, Threshold] = {
    threshold.name: threshold for rule in RULES.values() for threshold in rule.thresholds
}

__all__ = ["RULES", "THRESHOLDS", "Facts", "Limits", "Rule", "Threshold"]
