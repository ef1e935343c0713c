"""What a user chooses by name; light, so that the command line can offer it without loading more."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from imbweights.core.errors import UsageError
from imbweights.core.meaning import did_you_mean

Choice = TypeVar("Choice", bound=StrEnum)


class ClassOrder(StrEnum):
    """Which index a class gets.

    ``sorted``: as frameworks sort labels (columns of a multi-label table keep their order);
    ``appearance``: as first met in the data; ``count``: most frequent first.
    """

    SORTED = "sorted"
    APPEARANCE = "appearance"
    COUNT = "count"


class BadRows(StrEnum):
    """What happens to rows that cannot be parsed: stop, or skip and count them."""

    ERROR = "error"
    SKIP = "skip"


class BadFiles(StrEnum):
    """What happens to files of a set that cannot be read: stop, or skip, list and count them."""

    ERROR = "error"
    SKIP = "skip"


class Counted(StrEnum):
    """What is counted where there is a choice: objects (boxes, segments), images, or pixels."""

    OBJECTS = "objects"
    IMAGES = "images"
    PIXELS = "pixels"


class CacheBy(StrEnum):
    """By what a file is known again: ``status``: path, size, inode and times; ``content``: its bytes,
    wherever it lies and whenever it was written.
    """

    STATUS = "status"
    CONTENT = "content"


class Normalization(StrEnum):
    """How class weights are scaled, over the classes that have samples.

    ``none``: as the scheme defines it; ``sum1``: Σw = 1; ``sumk``: Σw = K (mean over classes 1);
    ``samples``: Σ n·w = N (mean over samples 1); ``max1``/``min1``: largest/smallest weight 1.
    """

    NONE = "none"
    SUM1 = "sum1"
    SUMK = "sumk"
    SAMPLES = "samples"
    MAX1 = "max1"
    MIN1 = "min1"


class EmptyPolicy(StrEnum):
    """What a class without samples gets.

    ``error``: nothing, the weights are refused; ``zero``: 0; ``max``: the largest weight of the
    others; ``smooth``: what it would get if every class had one sample more.
    """

    ERROR = "error"
    ZERO = "zero"
    MAX = "max"
    SMOOTH = "smooth"


def choice(kind: type[Choice], value: str) -> Choice:
    """The member of ``kind`` called ``value``. Raises ``UsageError`` that lists them all.

    >>> choice(BadRows, "skip").value
    'skip'
    """
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        hint = did_you_mean(str(value), kind).strip() or None
        raise UsageError(f"{value!r} is not one of {known}", hint=hint) from None
