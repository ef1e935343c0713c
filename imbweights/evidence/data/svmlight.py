"""Features and labels from svmlight files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.evidence.data.labels import Label
from imbweights.sources.base import InputFile
from imbweights.sources.svmlight import is_header, row_of
from imbweights.sources.text.streaming import text_lines

_MOST_DIGITS = 15


def svmlight_rows(
    file: InputFile, options: LabelOptions, classes: Mapping[float, str]
) -> tuple[list[Label], Any]:
    """The labels of every row, as sets, and a sparse matrix (N, D).

    ``classes``: number → name, since ``1``, ``+1`` and ``1.0`` are one class. Lines that are no
    rows were refused or counted as skipped when the labels were counted.
    """
    from scipy import sparse

    labels: list[Label] = []
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    with text_lines(file, options) as lines:
        for number, line in lines:
            text = line.split("#", 1)[0]
            match = row_of(line)
            if not text.strip() or (number == 1 and is_header(text)) or match is None:
                continue
            texts = [t for t in (match["labels"] or "").split(",") if t]
            labels.append(tuple(classes.get(float(t), t) for t in texts))
            for pair in match["pairs"].split():
                index, _, value = pair.partition(":")
                if index != "qid":
                    place, number_there = _pair(index, value, f"{file.name}, line {number}")
                    columns.append(place)
                    values.append(number_there)
            starts.append(len(values))
    width = max(columns, default=0) + 1
    return labels, sparse.csr_array(
        (np.array(values), np.array(columns, dtype=np.int64), np.array(starts, dtype=np.int64)),
        shape=(len(labels), width),
    )


def _pair(index: str, value: str, where: str) -> tuple[int, float]:
    """Column and number of ``index:value``. Raises ``SourceError`` for what is none."""
    try:
        if len(index) <= _MOST_DIGITS:
            return int(index), float(value)
    except ValueError:
        pass
    raise SourceError(f"{where}: {index[:20]}:{value[:20]} is no feature (index:number)")
