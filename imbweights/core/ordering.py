"""Class order: which class has which index in the training framework."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

# A leading "+" or an exponent is not how anyone writes a class index; such labels stay text.
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def sorted_classes(labels: Iterable[str]) -> tuple[str, ...]:
    """Order labels as training frameworks do.

    When every label is a number, in numerical order, as ``numpy.unique`` orders the numbers
    that a framework would read; otherwise by Unicode code point, as ``numpy.unique`` and
    scikit-learn's ``LabelEncoder`` order text. Equal numbers (``1`` and ``01``) are ordered
    as text, so that the result never depends on the order of the input.

    Source: https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.LabelEncoder.html

    >>> sorted_classes(["10", "9", "2"])
    ('2', '9', '10')
    >>> sorted_classes(["b", "A", "a"])
    ('A', 'a', 'b')
    >>> sorted_classes(["10", "9", "x"])
    ('10', '9', 'x')
    """
    unique = set(labels)
    if all(_NUMBER.fullmatch(label) for label in unique):
        return tuple(sorted(unique, key=lambda label: (Decimal(label), label)))
    return tuple(sorted(unique))
