"""``ClassCounts`` refuses what contradicts itself and keeps what it is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from imbweights import ClassCounts
from imbweights.core.errors import CountsError

BIG = 2**63 - 1


def test_arrays_are_frozen() -> None:
    """A result cannot be changed behind the back of those who hold it."""
    counts = ClassCounts.multiclass({"a": 1})
    with pytest.raises(ValueError, match="read-only"):
        counts.counts[0] = 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": ("a", "a")}, "occurs twice"),
        ({"counts": np.array([1, 2, 3])}, "one entry per class"),
        ({"counts": np.array([1, -2])}, "between 0 and"),
        ({"counts": np.array([1.5, 2.0])}, "whole numbers"),
        ({"counts": np.array([BIG, BIG])}, "64-bit"),
        ({"samples": -1}, "negative"),
    ],
)
def test_contradictions_are_refused(change: dict[str, Any], message: str) -> None:
    """Each with a message that names what is wrong."""
    fields: dict[str, Any] = {
        "classes": ("a", "b"),
        "counts": np.array([1, 2]),
        "present": np.array([1, 2]),
        "extent": np.array([1, 2]),
        "samples": 3,
    }
    with pytest.raises(CountsError, match=message):
        ClassCounts(**(fields | change))


def test_a_count_beyond_64_bits_is_refused_not_wrapped() -> None:
    """Silently negative counts would be the worst answer."""
    with pytest.raises(CountsError, match="between 0 and"):
        ClassCounts.multiclass({"a": 2**63})
    big = ClassCounts.multiclass({"a": BIG})
    with pytest.raises(CountsError, match="64-bit"):
        _ = big + big


def test_parts_of_different_kinds_do_not_add_up() -> None:
    """Rows and label sets are different things."""
    with pytest.raises(CountsError, match="cannot add"):
        _ = ClassCounts.multiclass({"a": 1}) + ClassCounts.multilabel(["a"], {(0,): 1})


def test_a_class_with_samples_cannot_be_left_out_of_an_order() -> None:
    """Nothing is silently dropped."""
    with pytest.raises(CountsError, match="'b' has samples"):
        ClassCounts.multiclass({"a": 1, "b": 2}).reordered(["a"])


def test_reordering_moves_label_sets_along() -> None:
    """The sets speak of classes, not of positions."""
    counts = ClassCounts.multilabel(["x", "y", "z"], {(0, 2): 4, (1,): 1})
    moved = counts.reordered(["z", "y", "x"])
    assert moved.as_dict() == {"z": 4, "y": 1, "x": 4}
    assert moved.label_sets == {(0, 2): 4, (1,): 1}
    assert moved.reordered(["z", "x", "y"]).label_sets == {(0, 1): 4, (2,): 1}


def test_saved_counts_that_are_garbled_are_refused() -> None:
    """With an error of ours, not a KeyError."""
    data = ClassCounts.multiclass({"a": 1}).to_dict()
    del data["classes"][0]["present"]
    with pytest.raises(CountsError, match="present"):
        ClassCounts.from_dict(data)


def test_the_extent_of_a_label_is_that_of_its_rows() -> None:
    """All labels of the rows that carry it: 2 rows of 3 labels and 1 row of 1."""
    counts = ClassCounts.multilabel(["x", "y", "z"], {(0, 1, 2): 2, (0,): 1})
    assert counts.extent.tolist() == [7, 6, 6]


def test_counts_equal_counts_and_nothing_else() -> None:
    """Every field is looked at."""
    counts = ClassCounts.multiclass({"a": 1, "b": 2})
    assert counts == ClassCounts.multiclass({"a": 1, "b": 2})
    assert counts != ClassCounts.multiclass({"a": 1, "b": 3})
    assert counts != ClassCounts.multiclass({"a": 1, "b": 2}, missing=1)
    assert counts != counts.to_dict()


def test_shares_are_of_labels_or_of_rows() -> None:
    """Missing labels are no part of a share; with several labels a share is one of all rows."""
    one = ClassCounts.multiclass({"a": 1, "b": 3}, missing=4)
    assert one.shares.tolist() == [0.25, 0.75]
    several = ClassCounts.multilabel(["a", "b"], {(0,): 1, (0, 1): 1, (): 2})
    assert several.shares.tolist() == [0.5, 0.25]
    assert np.isnan(ClassCounts.multiclass({"a": 0}).shares).all()


def test_nothing_is_missing_unless_told() -> None:
    """Neither missing nor ignored."""
    one = np.array([1])
    counts = ClassCounts(classes=("a",), counts=one, present=one, extent=one, samples=1)
    assert (counts.missing, counts.ignored) == (0, 0)


def test_the_first_of_the_repeated_names_is_told() -> None:
    """In the order of letters."""
    with pytest.raises(CountsError, match="'a' occurs twice"):
        ClassCounts.multiclass({"a": 1, "b": 1}, order=["b", "b", "a", "a"])
