"""What JSON has no word for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def finite(value: Any) -> Any:
    """The value with null in place of NaN and infinity, however deep they are.

    >>> finite({"a": [1.5, float("nan")], "b": "inf"})
    {'a': [1.5, None], 'b': 'inf'}
    """
    if isinstance(value, Mapping):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
