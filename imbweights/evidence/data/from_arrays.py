"""Data sets from arrays, and from labels with embeddings beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import SourceError, UsageError
from imbweights.evidence.data.arrays import (
    archive,
    array_labels,
    as_columns,
    embeddings,
    features_of,
)
from imbweights.evidence.data.columns import described
from imbweights.evidence.data.labels import Label, labelled
from imbweights.evidence.data.loaded import (
    Loaded,
    column_leaks,
    files_taken,
    finished,
    group_codes,
    renaming,
    sampled,
)
from imbweights.evidence.dataset import Dataset
from imbweights.sources.arrays.opening import mapped
from imbweights.sources.base import InputFile

IntArray = npt.NDArray[np.int64]


def of_arrays(loaded: Loaded, kind: str) -> Dataset:
    """Labels and features of ``.npz`` and ``.mat`` files, or labels with embeddings."""
    labels: list[Label] = []
    blocks, groups = [], []
    if kind == "npy" and loaded.wishes.embeddings is None:
        raise UsageError(
            f"{loaded.profile.source.name}: holds labels only, and a sweep needs features",
            hint="add them with --embeddings X.npy",
        )
    for file in files_taken(loaded):
        arrays = _arrays_of(file, kind)
        label = loaded.profile.source.label or next(iter(arrays))
        array = arrays[label]
        here = array_labels(array, loaded.options)
        labels += here
        if loaded.wishes.embeddings is None:
            _, features = features_of(arrays, label, len(here), loaded.wishes.features)
            blocks.append(features.reshape(len(features), -1))
        if loaded.wishes.group is not None:
            groups.append(_named_groups(arrays, loaded.wishes.group, len(here)))
    if loaded.wishes.embeddings is not None:
        block = embeddings(loaded.wishes.embeddings, len(labels))
    else:
        block = _stacked(blocks)
    return _of_block(loaded, labels, block, np.concatenate(groups) if groups else None)


def _arrays_of(file: InputFile, kind: str) -> Mapping[str, npt.NDArray[Any]]:
    if kind == "npy":
        return {"labels": mapped(file.path)}
    return archive(file, kind)


def _named_groups(arrays: Mapping[str, Any], name: str, rows: int) -> npt.NDArray[Any]:
    if name not in arrays or arrays[name].size != rows:
        raise UsageError(
            f"--group {name}: there is no array of that name with {rows:,} entries",
            hint=f"arrays: {', '.join(arrays)}",
        )
    flat: npt.NDArray[Any] = np.asarray(arrays[name]).reshape(-1)
    return flat


def _stacked(blocks: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    widths = {block.shape[1] for block in blocks}
    if len(widths) > 1:
        raise SourceError(
            f"the files have different numbers of features: {', '.join(map(str, sorted(widths)))}"
        )
    return blocks[0] if len(blocks) == 1 else np.concatenate(list(blocks))


def of_rows(loaded: Loaded) -> Dataset:
    """Labels of a source that tells that of every row, features from elsewhere."""
    rows = [part for name, part in loaded.profile.rows.items() if loaded.takes(name)]
    labels: list[Label] = [part.labels[i] for part in rows for i in part.codes.tolist()]
    path = loaded.wishes.embeddings or ""
    return _of_block(loaded, labels, embeddings(path, len(labels)), None)


def _of_block(
    loaded: Loaded,
    labels: Sequence[Label],
    block: npt.NDArray[Any],
    groups: npt.NDArray[Any] | None,
) -> Dataset:
    """A matrix of numbers beside labels."""
    found = labelled(labels, loaded.counts, renaming(loaded.options), loaded.wishes)
    few = sampled(found, loaded.wishes)
    facts = described(as_columns(block, few.rows))
    codes = None if groups is None else group_codes(groups[few.rows])
    return finished(
        loaded,
        few,
        facts.matrix,
        groups=codes,
        grouped_by=loaded.wishes.group,
        left_out=facts.left_out,
        leaks=column_leaks(facts.discrete, few, codes),
        notes=facts.notes,
    )
