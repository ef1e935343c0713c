"""Numbers, arrays and lists as a program has them, and what operators make of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.auditing.numbers import Written
from imbweights.auditing.reading.program.scopes import UnresolvedError

FloatArray = npt.NDArray[np.float64]

LONGEST = 100_000


class Unknown:
    """A part of a list or dictionary that only running would tell."""


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Vector:
    """An array with one axis, of NumPy or a framework: arithmetic goes entry by entry.

    Lists are Python's own: ``+`` joins them, ``*`` repeats them.
    """

    items: tuple[Written, ...]


def array(value: Any) -> FloatArray:
    """A number (), or numbers (K,); ``[[a, b]]`` has one axis too. Raises ``UnresolvedError``."""
    if isinstance(value, Written):
        return np.array(value.value, dtype=np.float64)
    items = sequence(value)
    if len(items) == 1 and isinstance(items[0], list | Vector):
        return array(items[0])
    if not all(isinstance(item, Written) for item in items):
        raise UnresolvedError("no numbers")
    return np.array([item.value for item in items], dtype=np.float64)


def packed(result: Any) -> Any:
    """What was computed, as a value."""
    found = np.asarray(result, dtype=np.float64)
    if found.ndim > 1 or found.size > LONGEST:
        raise UnresolvedError("no vector")
    if not found.ndim:
        return Written.computed(float(found))
    return Vector(tuple(Written.computed(v) for v in found.tolist()))


def vector(value: Any) -> Any:
    """The same numbers as an array, as they were written."""
    if isinstance(value, Written):
        return value
    items = sequence(value)
    if len(items) == 1 and isinstance(items[0], list | Vector):
        return vector(items[0])
    if not all(isinstance(item, Written) for item in items):
        raise UnresolvedError("no numbers")
    return Vector(tuple(items))


def sequence(value: Any) -> list[Any]:
    """What iterating gives. Raises ``UnresolvedError``."""
    if isinstance(value, Vector):
        return list(value.items)
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        return [as_value(key) for key in value]
    raise UnresolvedError("not iterable")


def as_value(key: Any) -> Any:
    """A key of a dictionary, as a value."""
    return Written(float(key), str(key)) if isinstance(key, int) else key


def as_key(value: Any) -> Any:
    """A value, as a key of a dictionary. Raises ``UnresolvedError``."""
    if isinstance(value, Written):
        return whole(value)
    if isinstance(value, str):
        return value
    raise UnresolvedError("no key")


def whole(value: Any) -> int:
    """A whole number. Raises ``UnresolvedError``."""
    if isinstance(value, Written) and value.value.is_integer() and abs(value.value) < 1e15:
        return int(value.value)
    raise UnresolvedError("no whole number")


def signed(value: Any, sign: ast.unaryop) -> Any:
    """``-x`` and ``+x``; a number keeps its text."""
    if isinstance(sign, ast.UAdd):
        return value
    if isinstance(value, Written):
        text = value.text[1:] if value.text.startswith("-") else f"-{value.text}"
        return Written(-value.value, text)
    if isinstance(value, Vector):
        return Vector(tuple(signed(item, sign) for item in value.items))
    raise UnresolvedError("no number")


def combined(left: Any, op: ast.operator, right: Any) -> Any:
    """Arithmetic as Python and NumPy do it. Raises ``UnresolvedError``."""
    lists = isinstance(left, list), isinstance(right, list)
    if any(lists) and not isinstance(left, Vector) and not isinstance(right, Vector):
        return _of_lists(left, op, right)
    a, b = array(left), array(right)
    with np.errstate(all="ignore"):
        return packed(_computed(a, op, b))


def _computed(a: FloatArray, op: ast.operator, b: FloatArray) -> Any:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
        case ast.FloorDiv():
            return np.floor_divide(a, b)
        case ast.Pow():
            return np.power(a, b)
    raise UnresolvedError("no arithmetic")


def _of_lists(left: Any, op: ast.operator, right: Any) -> list[Any]:
    if isinstance(op, ast.Add) and isinstance(left, list) and isinstance(right, list):
        if len(left) + len(right) <= LONGEST:  # a list that is added to itself doubles each time
            return left + right
        raise UnresolvedError("too long")
    if isinstance(op, ast.Mult):
        items, times = (left, right) if isinstance(left, list) else (right, left)
        n = whole(times)
        if isinstance(items, list) and n >= 0 and n * max(1, len(items)) <= LONGEST:
            return items * n
    raise UnresolvedError("lists have no such arithmetic")
