"""TOML from strangers: no key of thousands of parts, for which Python's reader takes gigabytes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

_MOST_PARTS = 50
_PART = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}){{{_MOST_PARTS}}}")


def toml_value(text: str, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """What a TOML text holds. Raises ``ValueError`` for what is none, or is nested too deep.

    >>> toml_value("a.b = 1")
    {'a': {'b': 1}}
    """
    if _LONG_KEY.search(text):
        raise ValueError(f"a key has more than {_MOST_PARTS} parts")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
