"""Slips in typing: one digit, a lost or moved point, two digits exchanged."""

from __future__ import annotations

from collections.abc import Sequence

from imbweights.auditing.numbers import Written, decimals


def slip_words(given: Written, wanted: float, among: Sequence[Written]) -> tuple[str, str]:
    """The wanted number with as many decimals as the others, and what kind of slip it was.

    >>> slip_words(Written.of(".5051"), 0.9051, [Written.of(".5051")])
    ('0.9051', ' (one digit differs)')
    >>> slip_words(Written.of("18.93"), 1.893, [Written.of("1.276")])
    ('1.893', ' (the point has moved)')
    """
    places = max((decimals(n.text) for n in among), default=4)
    expected = f"{wanted:.{places}f}" if places <= 6 else f"{wanted:.6g}"
    if float(expected) == 0:
        expected = f"{wanted:.3g}"
    return expected, _kind(given, expected)


def _kind(given: Written, expected: str) -> str:
    typed, right = _digits(f"{given.value:.{decimals(expected)}f}"), _digits(expected)
    if len(typed) == len(right):
        differing = [i for i, (a, b) in enumerate(zip(typed, right, strict=True)) if a != b]
        if len(differing) == 1:
            return " (one digit differs)"
        if len(differing) == 2:
            i, j = differing
            if j == i + 1 and typed[i] == right[j] and typed[j] == right[i]:
                return " (two digits are exchanged)"
    value, wanted = given.value, float(expected)
    for factor in (10.0, 100.0, 1000.0):
        if any(abs(value * f / wanted - 1) < 0.02 for f in (factor, 1 / factor)):
            return " (the point has moved)"
    return ""


def _digits(text: str) -> str:
    return text.replace(".", "").lstrip("-")
