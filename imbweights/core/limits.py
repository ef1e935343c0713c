"""How much may be held at once: what small files from strangers could otherwise grow to.

What is streamed has no limit. What is decoded whole (an image, an array of an archive, an annotation
file) or copied to disk is held against one of these before it is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from imbweights.core.errors import UsageError

MAX_PIXELS = 1 << 28
MAX_BYTES = 4 << 30
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE | re.ASCII)
_POWERS = "kmgt"
_MOST = 1 << 60
_SHOWN = "BKMGTPEZY"


@dataclass(frozen=True, slots=True)
class Limits:
    """``pixels``: of one image or volume; ``bytes``: held in memory, or as a copy on disk, at once."""

    pixels: int = MAX_PIXELS
    bytes: int = MAX_BYTES

    def too_many_pixels(self, shape: Sequence[int]) -> str | None:
        """What is wrong with an image or volume of this shape, if it is too large.

        >>> print(Limits(pixels=100).too_many_pixels((20, 10)))
        has 20 × 10 pixels, and --max-pixels allows 100
        """
        if prod(shape) <= self.pixels:
            return None
        size = " × ".join(f"{n:,}" for n in shape)
        return f"has {size} pixels, and --max-pixels allows {self.pixels:,}"

    def too_many_bytes(self, size: int, what: str) -> str | None:
        """What is wrong with something that takes so many bytes, if that is too much.

        >>> print(Limits(bytes=1024).too_many_bytes(2048, "decompressed"))
        takes 2 KiB decompressed, and --max-bytes allows 1 KiB
        """
        if size <= self.bytes:
            return None
        return f"takes {size_text(size)} {what}, and {self.allowed}"

    @property
    def allowed(self) -> str:
        """How many bytes are allowed, and by which option."""
        return f"--max-bytes allows {size_text(self.bytes)}"


def size_text(size: int) -> str:
    """A number of bytes as people write it.

    >>> size_text(4 << 30), size_text(1500), size_text(7)
    ('4 GiB', '1.46 KiB', '7 B')
    """
    power = 0
    number = float(size) if size < 1 << 80 else float("inf")
    while number >= 1024 and power < len(_SHOWN) - 1:
        number, power = number / 1024, power + 1
    return f"{number:.3g} {_SHOWN[power]}{'iB' if power else ''}"


def parsed_size(text: str, option: str = "--max-bytes") -> int:
    """Bytes from ``4GiB``, ``500MB`` or a number. Raises ``UsageError``.

    >>> parsed_size("4GiB"), parsed_size("1.5 kB"), parsed_size("64M")
    (4294967296, 1500, 67108864)
    """
    match = _SIZE.fullmatch(text.strip())
    if match:
        number, prefix, binary = match.groups()
        # "64M" as in most programs; "MB" is decimal, as on disks.
        base = 1000 if text.strip().lower().endswith("b") and not binary else 1024
        power = _POWERS.find(prefix.lower()) + 1 if prefix else 0
        size = int(float(number) * base**power)
        if 0 < size <= _MOST:
            return size
    raise UsageError(f"{option} {text}: is no size", hint="write it as 4GiB, 500MB or 2000000")


def parsed_pixels(text: str, option: str = "--max-pixels") -> int:
    """A number of pixels. Raises ``UsageError``.

    >>> parsed_pixels("1_000"), parsed_pixels("3e8")
    (1000, 300000000)
    """
    try:
        number = int(text) if len(text) < 20 else -1
    except ValueError:
        try:
            number = int(float(text))
        except (ValueError, OverflowError):
            number = -1
    if not 0 < number <= _MOST:
        raise UsageError(f"{option} {text}: is no number of pixels", hint="for example 500000000")
    return number
