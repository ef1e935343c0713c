"""Weights as they are given: a comma list, JSON, CSV, ``.npy``, or numbers in memory.

Infinite weights and NaN are let in: whether they are the reason is the question.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.core.errors import UsageError
from imbweights.core.existing import is_file
from imbweights.core.small_files import small_text
from imbweights.core.urls import refuse_remote
from imbweights.core.weights import ClassWeights
from imbweights.sources.arrays.opening import ArrayFileError, mapped

FloatArray = npt.NDArray[np.float64]
_HINT = "one number per class in class order: --weights 1,2.5,0.3, or a .json, .csv or .npy file"
_WEIGHT_COLUMNS = ("weight", "weights", "class_weight", "pos_weight", "w", "value")
_CLASS_COLUMNS = ("class", "name", "label", "class_name")


def given_weights(given: Any, classes: Sequence[str]) -> FloatArray:
    """The numbers in class order: as many as were given, or (K,) where they have names.

    Raises ``UsageError`` for what is no list of numbers, for names that are no classes and for
    negative numbers.
    """
    what = f"--weights {given}" if isinstance(given, str | os.PathLike) else "weights"
    try:
        found = _parsed(given)
        values = _by_name(found, classes, what) if isinstance(found, Mapping) else found
        array = np.asarray(values, dtype=np.float64).reshape(-1)
    except UsageError:
        raise
    except (*DAMAGED, csv.Error, ArrayFileError) as error:
        raise UsageError(f"{what}: are no weights ({error})", hint=_HINT) from error
    if array.size == 0:
        raise UsageError(f"{what}: are none", hint=_HINT)
    if (array < 0).any():
        raise UsageError(f"{what}: a weight is negative ({array.min():g})")
    return array


def _parsed(given: Any) -> Any:
    if isinstance(given, ClassWeights):
        return given.as_dict()
    if isinstance(given, os.PathLike):
        return _from_file(Path(given))
    if not isinstance(given, str):
        return given.detach().cpu() if hasattr(given, "detach") else given
    path = Path(given)
    if path.suffix.lower() in {".json", ".csv", ".npy", ".txt"} or is_file(path):
        return _from_file(path)
    parts = [part.strip() for part in given.strip("[](){} ").split(",") if part.strip()]
    pairs = [part.replace(":", "=", 1).split("=") for part in parts]
    if parts and all(len(pair) == 2 for pair in pairs):
        return {name.strip(" \"'"): float(value) for name, value in pairs}
    return [float(part) for part in parts]


def _from_file(path: Path) -> Any:
    if not is_file(path):
        refuse_remote("--weights", str(path))
        raise UsageError(f"--weights {path}: no such file", hint=_HINT)
    match path.suffix.lower():
        case ".npy":
            return np.array(mapped(path), dtype=np.float64)
        case ".json":
            data = json.loads(small_text(path, "utf-8-sig"))
            if isinstance(data, dict) and "schema" in data:
                return ClassWeights.from_dict(data).as_dict()
            return data
        case ".csv" | ".txt":
            return _from_csv(small_text(path, "utf-8-sig"))
    raise UsageError(f"--weights {path}: is no .json, .csv or .npy file", hint=_HINT)


def _from_csv(text: str) -> Any:
    rows = [[c.strip() for c in row] for row in csv.reader(text.splitlines()) if any(row)]
    head = [cell.casefold() for cell in rows[0]] if rows else []
    weight = next((i for n in _WEIGHT_COLUMNS for i, c in enumerate(head) if c == n), None)
    if weight is None:
        if all(len(row) == 2 and not _is_number(row[0]) for row in rows):
            return {name: float(value) for name, value in rows}
        return [float(cell) for row in rows for cell in row]
    name = next((i for n in _CLASS_COLUMNS for i, c in enumerate(head) if c == n), None)
    if name is None:
        return [float(row[weight]) for row in rows[1:]]
    return {row[name]: float(row[weight]) for row in rows[1:]}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _by_name(found: Mapping[Any, Any], classes: Sequence[str], what: str) -> list[float]:
    named = {str(name): float(value) for name, value in found.items()}
    if len(named) == 1 and len(classes) == 2:  # the pos_weight of binary data
        return list(named.values())
    unknown = [name for name in named if name not in classes]
    by_index = {str(i): c for i, c in enumerate(classes)}
    if unknown and all(name in by_index for name in named):
        named = {by_index[name]: value for name, value in named.items()}
        unknown = []
    missing = [c for c in classes if c not in named]
    if unknown or missing:
        lacking = f"{unknown[0]!r} is no class" if unknown else f"class {missing[0]!r} has none"
        raise UsageError(f"{what}: {lacking}", hint=f"classes: {', '.join(classes[:10])}")
    return [named[c] for c in classes]
