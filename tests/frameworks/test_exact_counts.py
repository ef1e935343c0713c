"""Counts of tensors against torch's own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from frameworks_support import needs
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imbweights import analyze

torch = needs("torch")

some = settings(max_examples=25, deadline=None)


@some
@given(st.lists(st.integers(0, 9), min_size=1, max_size=50))
def test_labels_as_bincount_counts_them(labels: list[int]) -> None:
    """Of tensors of every type of whole numbers."""
    for dtype in (torch.int64, torch.int32, torch.uint8, torch.int16):
        tensor = torch.tensor(labels, dtype=dtype)
        expected = {str(i): n for i, n in enumerate(torch.bincount(tensor).tolist()) if n}
        assert analyze(tensor).counts.as_dict() == expected


@some
@given(
    st.integers(2, 5).flatmap(
        lambda k: st.lists(st.lists(st.booleans(), min_size=k, max_size=k), min_size=2, max_size=20)
    )
)
def test_tables_as_sum_counts_them(rows: list[list[bool]]) -> None:
    """Multi-label targets, as floats for BCEWithLogitsLoss."""
    tensor = torch.tensor(rows, dtype=torch.float32)
    found = analyze(tensor).counts
    assert found.counts.tolist() == tensor.sum(dim=0).long().tolist()
    assert found.samples == len(rows)


@some
@given(st.lists(st.lists(st.integers(0, 7), min_size=6, max_size=6), min_size=2, max_size=8))
def test_masks_as_unique_counts_them(rows: list[list[int]]) -> None:
    """A mask as a PNG and as the tensor that a loader makes of it."""
    tensor = torch.tensor(rows, dtype=torch.uint8)
    values, counts = torch.unique(tensor, return_counts=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.png"
        Image.fromarray(np.asarray(tensor)).save(path)
        found = analyze(path, kind="masks").counts
    assert found.as_dict() == {
        str(v): n for v, n in zip(values.tolist(), counts.tolist(), strict=True)
    }
