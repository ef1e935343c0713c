"""Cost matrices: what it costs to answer q when t is true."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.damaged_arrays import DAMAGED
from imbweights.core.errors import UsageError
from imbweights.core.small_files import small_bytes, small_text

_HINT = (
    "K lines of K numbers, rows true, columns predicted, such as\n0,1\n10,0\n"
    "also with the class names in the first row and column, as JSON, or .npy"
)


@dataclass(frozen=True)
class CostMatrix:
    """``values[t][q]``: cost of predicting q when t is true (K × K, any unit, finite).

    ``classes`` names rows and columns where the file does; else they are in class order. Raises
    ``UsageError`` when it is not square, not finite, or a right answer costs more than a wrong one.

    >>> m = CostMatrix(((0.0, 1.0), (5.0, 0.0)), ("b", "a"))
    >>> m.for_classes(("a", "b")).tolist()
    [[0.0, 5.0], [1.0, 0.0]]
    """

    values: tuple[tuple[float, ...], ...]
    classes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what is no cost matrix."""
        k = len(self.values)
        if k < 2 or any(len(row) != k for row in self.values):
            widths = sorted({len(row) for row in self.values})
            raise UsageError(
                f"a cost matrix has as many rows as columns; this one has {k} rows of "
                f"{' or '.join(map(str, widths))} numbers",
                hint=_HINT,
            )
        array = np.array(self.values)
        if not np.isfinite(array).all():
            raise UsageError("a cost matrix holds finite numbers only")
        wrong = array < np.diag(array)[:, None]
        if wrong.any():
            t, q = (int(i) for i in np.argwhere(wrong)[0])
            raise UsageError(
                f"row {t}, column {q} of the cost matrix: answering {q} when {t} is true costs "
                f"{array[t, q]:g}, less than the right answer ({array[t, t]:g})",
                hint="rows are the true class, columns the predicted one",
            )
        if not (array > np.diag(array)[:, None]).any():
            raise UsageError("in this cost matrix no mistake costs anything")

    def for_classes(self, classes: Sequence[str]) -> npt.NDArray[np.float64]:
        """(K, K) costs in the order of ``classes``. Raises ``UsageError`` when they do not fit."""
        array = np.array(self.values, dtype=np.float64)
        if self.classes is None:
            if len(classes) != len(array):
                raise UsageError(
                    f"the cost matrix is for {len(array)} classes, the data has {len(classes)}: "
                    f"{', '.join(classes[:10])}",
                )
            return array
        unknown = sorted(set(self.classes) ^ set(classes))
        if unknown:
            where = "the data" if unknown[0] in self.classes else "the cost matrix"
            raise UsageError(f"class {unknown[0]!r} is missing from {where}")
        order = [self.classes.index(c) for c in classes]
        return array[np.ix_(order, order)]


def cost_matrix(path: str) -> CostMatrix:
    """Read a cost matrix: CSV (``,`` ``;`` or tab, with or without names), JSON or ``.npy``.

    JSON is a list of lists, or ``{"true": {"predicted": cost}}``. Raises ``UsageError`` for a file
    that is no such matrix.
    """
    file = Path(path)
    try:
        if file.suffix.lower() == ".npy":
            return CostMatrix(_tuples(np.load(_small(file), allow_pickle=False).tolist()))
        text = small_text(file, "utf-8-sig")
        return _from_json(json.loads(text)) if file.suffix.lower() == ".json" else _from_csv(text)
    except OSError as error:
        raise UsageError(f"--costs {path}: {error.strerror or error}", hint=_HINT) from error
    except UsageError as error:
        raise UsageError(f"--costs {path}: {error.message}", hint=error.hint) from error
    except (*DAMAGED, csv.Error) as error:
        raise UsageError(f"--costs {path}: is no table of numbers", hint=_HINT) from error


def _small(file: Path) -> io.BytesIO:
    """The content of a ``.npy`` file, which cannot claim more than it holds."""
    return io.BytesIO(small_bytes(file))


def _tuples(rows: Sequence[Sequence[Any]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(cell) for cell in row) for row in rows)


def _from_json(data: Any) -> CostMatrix:
    if not isinstance(data, dict):
        return CostMatrix(_tuples(data))
    names = tuple(str(name) for name in data)
    rows = [{str(q): cost for q, cost in row.items()} for row in data.values()]
    # A right answer costs nothing unless the file says otherwise.
    filled = [
        [row.get(q, 0.0 if q == t else None) for q in names]
        for t, row in zip(names, rows, strict=True)
    ]
    if any(set(row) - set(names) for row in rows):
        raise UsageError("each class must be a row as well as a column", hint=_HINT)
    return CostMatrix(_tuples(filled), names)


def _from_csv(text: str) -> CostMatrix:
    """Numbers alone, or with the predicted classes in the first row, or the true ones beside too."""
    delimiter = next((d for d in ("\t", ";", ",") if d in text), ",")
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows = [[cell.strip() for cell in row] for row in lines if any(cell.strip() for cell in row)]
    if not rows:
        raise UsageError("is empty", hint=_HINT)
    head, body = rows[0], rows[1:]
    if _is_number(head[0]) and len(head) != len(body):
        return CostMatrix(_tuples(rows))
    if all(len(row) == len(body) for row in body):
        return CostMatrix(_tuples(body), tuple(head[-len(body) :]))
    return _named(head[-len(body) :], {row[0]: row[1:] for row in body})


def _named(predicted: Sequence[str], costs: Mapping[str, Sequence[str]]) -> CostMatrix:
    if sorted(costs) != sorted(predicted):
        raise UsageError("the names of the rows (true) and columns (predicted) differ", hint=_HINT)
    order = [predicted.index(name) for name in costs]
    rows = [[row[q] if q < len(row) else "" for q in order] for row in costs.values()]
    return CostMatrix(_tuples(rows), tuple(costs))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
