"""Class order is the order of the framework, whatever the order of the input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import LabelEncoder

from imbweights.core.ordering import sorted_classes

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)


@given(
    st.sets(TEXT.filter(lambda t: not t.lstrip("-").replace(".", "", 1).isdecimal()), min_size=1)
)
def test_text_is_ordered_as_label_encoder_orders_it(labels: set[str]) -> None:
    """Code points, not locale: A before a, ß after z."""
    assert sorted_classes(labels) == tuple(LabelEncoder().fit(list(labels)).classes_.tolist())


@given(st.sets(st.integers(-(10**12), 10**12), min_size=1))
def test_whole_numbers_are_ordered_as_numpy_orders_numbers(labels: set[int]) -> None:
    """2, 9, 10, not 10, 2, 9."""
    expected = tuple(map(str, np.unique(np.array(sorted(labels))).tolist()))
    assert sorted_classes(map(str, labels)) == expected


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["10", "9", "2"], ("2", "9", "10")),
        (["b", "A", "a"], ("A", "a", "b")),
        (["1", "01", "0001", "001", "2"], ("0001", "001", "01", "1", "2")),
        (["10.0", "2.0"], ("2.0", "10.0")),
        (["-1", "1"], ("-1", "1")),
        (["10", "9", "x"], ("10", "9", "x")),
        (["٣", "2"], ("2", "٣")),  # only ASCII digits are numbers
        ([], ()),
    ],
)
def test_known_orders(labels: list[str], expected: tuple[str, ...]) -> None:
    """The cases that people trip over."""
    assert sorted_classes(labels) == expected
