"""What schemes say beside their numbers, and when they say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from imbweights import ClassCounts
from imbweights.core.errors import CountsError
from imbweights.schemes import SCHEMES, effective, focal_alpha, initial_bias


def test_saturation_is_told_with_its_bound() -> None:
    """β = 0.99 cannot tell 5,000 samples from 50,000: 1/(1 − β) is 100."""
    counts = ClassCounts.multiclass({"a": 5_000, "b": 50_000})
    [note] = effective.caveats(counts, {"beta": 0.99}, np.array([1.0, 1.0]))
    assert "1/(1 − β) = 100, so" in note
    # 1.04 is more than 5 % above 0.98: these weights differ.
    assert effective.caveats(counts, {"beta": 0.99}, np.array([1.04, 0.98])) == ()


def test_a_label_that_is_always_on_is_named() -> None:
    """The one, not the one that never or sometimes is."""
    counts = ClassCounts.multilabel(["a", "always", "b"], {(1,): 1, (0, 1): 1, (1, 2): 1})
    with pytest.raises(CountsError, match="'always' is on in every row"):
        initial_bias.initial_bias(counts, {})


def test_alpha_is_questioned_where_it_favours_the_frequent() -> None:
    """Below a half only, and only if the positive class is the frequent one."""
    frequent = ClassCounts.multiclass({"0": 1, "1": 9})

    def notes(alpha: float, counts: ClassCounts = frequent) -> int:
        return len(focal_alpha.caveats(counts, {"alpha": alpha}, np.array([])))

    assert notes(0.25) == 1
    assert notes(0.5) == notes(0.75) == 0
    assert notes(0.25, ClassCounts.multiclass({"0": 9, "1": 1})) == 0


def test_alpha_of_one_class_is_alpha() -> None:
    """There is no other to give the rest to."""
    assert focal_alpha.focal_alpha(ClassCounts.multiclass({"a": 3}), {"alpha": 0.25}).tolist() == [
        0.25
    ]


def test_scale_pos_weight_is_one_number_of_two_classes() -> None:
    """As XGBoost takes it."""
    assert SCHEMES["scale-pos-weight"].one_if_binary
