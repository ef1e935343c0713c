"""Data sets from svmlight files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from imbweights.core.counts import Task
from imbweights.core.errors import UsageError
from imbweights.evidence.data.arrays import (
    as_columns,
)
from imbweights.evidence.data.columns import described
from imbweights.evidence.data.labels import Label, labelled
from imbweights.evidence.data.loaded import (
    Loaded,
    column_leaks,
    files_taken,
    finished,
    renaming,
    sampled,
)
from imbweights.evidence.data.matrix import Matrix
from imbweights.evidence.data.svmlight import svmlight_rows
from imbweights.evidence.dataset import Dataset

_DENSE_COLUMNS = 512


def of_svmlight(loaded: Loaded) -> Dataset:
    """Sparse rows; dense ones when there are few columns, so that they can be standardised."""
    from scipy import sparse

    numbers = {_number(name): name for name in loaded.profile.total.classes}
    labels: list[Label] = []
    blocks = []
    for file in files_taken(loaded):
        here, matrix = svmlight_rows(file, loaded.options, numbers)
        labels += here
        blocks.append(matrix)
    if loaded.counts.task is not Task.MULTILABEL:
        labels = [label[0] if label else None for label in labels]
    found = labelled(labels, loaded.counts, renaming(loaded.options), loaded.wishes)
    few = sampled(found, loaded.wishes)
    block = _aligned(blocks)[few.rows]
    if not block.shape[1]:
        raise UsageError("there are no features to learn from: every index:value pair is 0")
    if block.shape[1] <= _DENSE_COLUMNS:
        facts = described(as_columns(sparse.csr_array(block).toarray(), np.arange(block.shape[0])))
        return finished(
            loaded,
            few,
            facts.matrix,
            left_out=facts.left_out,
            leaks=column_leaks(facts.discrete, few),
            notes=facts.notes,
        )
    block.data[~np.isfinite(block.data)] = 0.0
    return finished(loaded, few, Matrix(columns=block.shape[1], sparse=block))


def _number(name: str) -> float:
    try:
        return float(name)
    except ValueError:
        return float("nan")


def _aligned(blocks: Sequence[Any]) -> Any:
    """Rows of several files below each other, without the columns that no row uses."""
    from scipy import sparse

    width = max(block.shape[1] for block in blocks)
    for block in blocks:
        block.resize((block.shape[0], width))
    whole = sparse.csr_array(sparse.vstack(blocks))
    return whole[:, np.flatnonzero(np.asarray(abs(whole).sum(axis=0)).ravel())]
