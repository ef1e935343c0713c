"""Labels as text: how numbers, booleans and missing values of typed sources are spelled."""

from __future__ import annotations

import math
from datetime import date, time
from decimal import Decimal
from typing import Any

import numpy as np

from imbweights.core.errors import SourceError

_LONGEST_NUMBER = 400


def label_text(value: Any) -> str | None:
    """Spell one label; ``None`` when it is missing.

    Text stays as it is. A number of a numeric type is spelled as the whole number it is
    (``1.0`` → ``1``), as an index would be; other floats keep their shortest spelling. Dates, times
    and UUIDs are spelled as in ISO 8601 and RFC 9562. ``None``, NaN, ``NaT`` and ``pandas.NA`` are missing; blank text is an empty label, hence missing too.
    Raises ``SourceError`` for anything that is no label, such as a list.

    >>> label_text(1.0), label_text("1.0"), label_text(True), label_text(float("nan"))
    ('1', '1.0', 'True', None)
    """
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return str(bool(value) if isinstance(value, bool | np.bool_) else int(value))
    if isinstance(value, float | np.floating):
        return _float_text(float(value))
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace") or None
    return _other_text(value)


def _other_text(value: Any) -> str | None:
    """What tables and databases hold beside text and machine numbers."""
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if type(value).__name__ == "UUID":  # without loading uuid for all who have none
        return str(value)
    raise SourceError(
        f"a label must be text or a number, but one is a {type(value).__name__}",
        hint="give one label per sample, or a 2-D array of 0 and 1 for several",
    )


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise SourceError(f"a label is {value}", hint="labels are class names or indices")
    return str(int(value)) if value.is_integer() else repr(value)


def _decimal_text(value: Decimal) -> str | None:
    if not value.is_finite():
        return _float_text(float(value))
    short = value.normalize()
    return format(short, "f") if abs(short.adjusted()) < _LONGEST_NUMBER else str(short)


def label_texts(labels: Any) -> list[str | None]:
    """Spell every label of a list, array, Series or tensor (anything with ``__array__``).

    >>> label_texts([3, 1.0, "x", None])
    ['3', '1', 'x', None]
    """
    if hasattr(labels, "__array__"):
        labels = np.asarray(labels).ravel()
        if labels.dtype.kind in "iu":
            return [str(v) for v in labels.tolist()]
        labels = labels.tolist()
    return [label_text(v) for v in labels]
