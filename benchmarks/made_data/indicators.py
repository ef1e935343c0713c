"""Many 0/1 columns, a few of them on in each row, as of tags or diagnoses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PER_ROW, _ROWS_AT_A_TIME = 5, 100_000


def indicators(folder: Path, rows: int, columns: int) -> Path:
    """``rows`` of ``columns`` bytes, 0 or 1; how often a column is on falls with its number."""
    path = folder / f"indicators_{columns}_in_{rows}.parquet"
    if path.exists():
        return path
    unfinished = folder / f"unfinished_{path.name}"
    rng = np.random.default_rng(0)
    share = 1 / (np.arange(columns) + 10)
    share = np.minimum(share * min(PER_ROW, columns / 3) / share.sum(), 0.9)
    names = [f"tag_{i:03}" for i in range(columns)]
    with pq.ParquetWriter(unfinished, pa.schema([(name, pa.int8()) for name in names])) as writer:
        for start in range(0, rows, _ROWS_AT_A_TIME):
            size = min(_ROWS_AT_A_TIME, rows - start)
            on = np.zeros((columns, size), dtype=np.int8)
            for column, part in enumerate(share):
                on[column, rng.integers(0, size, rng.binomial(size, part))] = 1
            writer.write_table(pa.table(list(on), names=names))
    return unfinished.replace(path)
