"""One weight per row, for samplers: as CSV or ``.npy``."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from imbweights.core.rows import Rows
from imbweights.core.weights import ClassWeights, FloatArray
from imbweights.render.escaping import csv_text


def row_weights(weights: ClassWeights, rows: Rows) -> FloatArray:
    """(N,) the weight of each row; 0, so that it is never drawn, for rows without a class."""
    of_class = dict(zip(weights.classes, weights.values.tolist(), strict=True))
    of_code = np.array([of_class.get(label or "", 0.0) for label in rows.labels], dtype=np.float64)
    return of_code[rows.codes] if len(of_code) else np.zeros(0)


def row_weights_csv(weights: ClassWeights, rows: Rows) -> str:
    """row (counted from 0), class, sample_weight."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["row", "class", weights.role.key])
    names = [csv_text(label or "") for label in rows.labels]
    texts = [repr(value) for value in row_weights(weights, Rows(_each(rows), rows.labels)).tolist()]
    writer.writerows([i, names[code], texts[code]] for i, code in enumerate(rows.codes.tolist()))
    return stream.getvalue()


def _each(rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.arange(len(rows.labels), dtype=np.int32)


def npy_bytes(values: Sequence[float] | FloatArray) -> bytes:
    """Floats as the content of a ``.npy`` file."""
    stream = io.BytesIO()
    np.save(stream, np.asarray(values, dtype=np.float64), allow_pickle=False)
    return stream.getvalue()
