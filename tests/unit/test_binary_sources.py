"""Parquet, JSON, npy, npz and mat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat
from support import lines, write

from imbweights import analyze, suggest
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError


def found(path: Path, **options: Any) -> dict[str, int]:
    """The counts of one file."""
    return analyze(path, **options).counts.as_dict()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["b", "a", "a", None], {"a": 2, "b": 1}),
        ([10, 9, 9, 2], {"2": 1, "9": 2, "10": 1}),
        ([1.0, 0.0, 1.0, float("nan")], {"0": 1, "1": 2}),
        ([1.5, 1.5, 2.0, 2.0], {"1.5": 2, "2": 2}),
        ([True, False, True, None], {"False": 1, "True": 2}),
        (pd.Categorical(["x", "y", "x", None]), {"x": 2, "y": 1}),
        (["001", "1", "NA", "  "], {"001": 1, "1": 1, "NA": 1}),
    ],
)
def test_parquet_labels_of_every_type(
    tmp_path: Path, values: Any, expected: dict[str, int]
) -> None:
    """Numbers as numbers, text as text, nulls and NaN missing."""
    frame = pd.DataFrame({"x": range(4), "label": values})
    frame.to_parquet(tmp_path / "a.parquet")
    result = analyze(tmp_path / "a.parquet").counts
    assert result.as_dict() == expected
    assert list(result.as_dict()) == list(expected)
    assert result.missing == 4 - sum(expected.values())


def test_parquet_lists_are_refused_only_when_asked_for(tmp_path: Path) -> None:
    """A column of embeddings beside the label is no trouble."""
    frame = pd.DataFrame({"label": ["a", "b"], "embedding": [[1.5], [2.0]]})
    frame.to_parquet(tmp_path / "a.parquet")
    assert found(tmp_path / "a.parquet") == {"a": 1, "b": 1}
    with pytest.raises(SourceError, match="an embedding"):
        found(tmp_path / "a.parquet", label="embedding")


def test_json_of_every_shape(tmp_path: Path) -> None:
    """Records in an array or one a line, bare labels, pretty-printed."""
    records = [{"t": "x", "label": v} for v in ("cat", "dog", "cat", None, "")]
    shapes = {
        "a.json": json.dumps(records),
        "b.json": json.dumps(records, indent=2),
        "c.jsonl": lines(map(json.dumps, records)),
        "d.ndjson": lines(map(json.dumps, records)),
        "e.json": json.dumps([r["label"] for r in records]),
        "f.jsonl": lines(json.dumps(r["label"]) for r in records),
        "g.json": lines(json.dumps(r, indent=1) for r in records),
    }
    for name, content in shapes.items():
        counts = analyze(write(tmp_path / name, content)).counts
        assert (counts.as_dict(), counts.missing) == ({"cat": 2, "dog": 1}, 2), name


def test_json_keys_may_hold_anything(tmp_path: Path) -> None:
    """Slashes, tildes, quotes and dots are part of the name."""
    for key in ('a/b~c"d.e', "label'; DROP TABLE x", "é"):
        path = write(tmp_path / "a.json", json.dumps([{"x": 1, key: "cat"}, {"x": 2, key: "cat"}]))
        assert found(path, label=key) == {"cat": 2}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"cat": 3, "dog": 4}', "--counts cat=3,dog=4"),
        ('{"pictures": [], "notes": []}', "keys 'pictures', 'notes'"),
        ('{"images": [], "annotations": []}', "declares no categories"),
        ('[{"label": [0.25, 0.5]}]', "an embedding?"),
        ('[{"label": "a"}, {"label": ', "is not valid JSON (Expecting value: line 1 column 28"),
        ('{"label": "a"}\n{"label": oops}\n', "line 2"),
        ('[{"label": "a"}, "b"]', "mixes records"),
        ("[]", "holds no records"),
    ],
)
def test_json_that_is_no_table_of_labels(tmp_path: Path, content: str, message: str) -> None:
    """A clear error for each."""
    with pytest.raises(SourceError) as caught:
        found(write(tmp_path / "a.json", content))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([10, 9, 9, 2], dtype=np.int8), {"2": 1, "9": 2, "10": 1}),
        (np.array([127, -128, 127], dtype=np.int8), {"-128": 1, "127": 2}),
        (np.array([2**63 + 1, 5, 5], dtype=np.uint64), {"5": 2, str(2**63 + 1): 1}),
        (np.array([-(2**63), 2**63 - 1], dtype=np.int64), {str(-(2**63)): 1, str(2**63 - 1): 1}),
        (np.array([1.0, 0.0, np.nan]), {"0": 1, "1": 1}),
        (np.array(["b", "a", "b"]), {"a": 1, "b": 2}),
        (np.array([[1], [2], [1]]), {"1": 2, "2": 1}),
        (np.array([[1, 2, 1]]), {"1": 2, "2": 1}),
        (np.array([True, False, True]), {"False": 1, "True": 2}),
        (np.array([1, 2, 1], dtype=">i4"), {"1": 2, "2": 1}),
    ],
)
def test_npy_labels_of_every_type(tmp_path: Path, array: Any, expected: dict[str, int]) -> None:
    """One label per sample, whatever the type and orientation."""
    np.save(tmp_path / "a.npy", array)
    result = found(tmp_path / "a.npy")
    assert result == expected
    assert list(result) == list(expected)


def test_npy_tables_of_zeros_and_ones_are_multilabel(tmp_path: Path) -> None:
    """Columns are labels; anything else in two dimensions is refused."""
    table = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0]])
    np.save(tmp_path / "a.npy", table)
    counts = analyze(tmp_path / "a.npy").counts
    assert counts.as_dict() == {"0": 2, "1": 1, "2": 0}
    assert counts.label_sets == {(0,): 1, (0, 1): 1, (): 1}
    named = analyze(tmp_path / "a.npy", classes=["x", "y", "z"]).counts
    assert named.as_dict() == {"x": 2, "y": 1, "z": 0}
    np.save(tmp_path / "b.npy", table * 7)
    assert analyze(tmp_path / "b.npy").profile.source.kind == "masks"
    with pytest.raises(SourceError, match="0 and 1"):
        analyze(tmp_path / "b.npy", kind="npy")


def test_pickles_are_refused(tmp_path: Path) -> None:
    """Reading never runs code."""
    labels = np.array(["a", None], dtype=object)
    np.save(tmp_path / "a.npy", labels, allow_pickle=True)
    np.savez(tmp_path / "a.npz", y=labels, allow_pickle=True)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(SourceError, match=r"pickle|holds Python objects"):
            found(tmp_path / name, label=None if name == "a.npy" else "y")


def test_npz_chooses_y_or_asks(tmp_path: Path) -> None:
    """The usual name, the only array, or the one named."""
    np.savez(tmp_path / "a.npz", X=np.zeros((3, 2)), y=np.array([0, 1, 1]))
    assert found(tmp_path / "a.npz") == {"0": 1, "1": 2}
    np.savez(tmp_path / "b.npz", first=np.array([1, 1]), second=np.array([2, 2]))
    with pytest.raises(AmbiguousSourceError, match=r"--label second  shape \(2,\)"):
        found(tmp_path / "b.npz")
    assert found(tmp_path / "b.npz", label="second") == {"2": 2}
    with pytest.raises(UsageError, match="did you mean 'first'"):
        found(tmp_path / "b.npz", label="frist")


@pytest.mark.parametrize(
    "value",
    [
        np.array(["cat", "dog", "cat"]),
        np.array([["cat"], ["dog"], ["cat"]], dtype=object),
    ],
)
def test_matlab_text(tmp_path: Path, value: Any) -> None:
    """Char matrices and cell arrays."""
    savemat(tmp_path / "a.mat", {"y": value, "X": np.zeros((3, 2))})
    assert found(tmp_path / "a.mat") == {"cat": 2, "dog": 1}


def test_matlab_numbers(tmp_path: Path) -> None:
    """MATLAB keeps labels as doubles; they are whole numbers all the same."""
    savemat(tmp_path / "a.mat", {"labels": np.array([[1.0], [2.0], [2.0]])})
    assert found(tmp_path / "a.mat") == {"1": 1, "2": 2}
    write(tmp_path / "b.mat", b"MATLAB 7.3 MAT-file, Platform" + b"\0" * 500)
    with pytest.raises(SourceError, match="-v7"):
        found(tmp_path / "b.mat")


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.parquet", "a.mat"])
def test_a_file_cut_off_is_damaged(tmp_path: Path, name: str) -> None:
    """Named, without a traceback."""
    path = tmp_path / name
    y = np.array([1, 2, 2] * 100)
    match path.suffix:
        case ".npy":
            np.save(path, y)
        case ".npz":
            np.savez(path, y=y)
        case ".parquet":
            pd.DataFrame({"y": y}).to_parquet(path)
        case _:
            savemat(path, {"y": y})
    write(path, path.read_bytes()[:150])
    with pytest.raises(SourceError, match=name):
        found(path)


def test_arrays_have_no_columns(tmp_path: Path) -> None:
    """Options that cannot mean anything are refused."""
    np.save(tmp_path / "a.npy", np.array([1, 2]))
    with pytest.raises(UsageError, match="this is an array"):
        found(tmp_path / "a.npy", split="part")


def test_json_lines_that_do_not_parse_are_skipped_when_told(tmp_path: Path) -> None:
    """And said."""
    path = write(tmp_path / "a.jsonl", '{"label": "a"}\n{"label": oops}\n{"label": "a"}\n')
    result = analyze(path, on_bad_rows="skip")
    assert result.counts.as_dict() == {"a": 2}
    assert "skipped 1 row" in result.profile.source.notes[0]
    assert "(line 2)" in result.profile.source.notes[0]


def test_weights_are_no_labels(tmp_path: Path) -> None:
    """The tool's own output, given back to it."""
    data = suggest({"a": 1, "b": 2}, "inverse").to_dict()
    with pytest.raises(SourceError, match="holds weights"):
        found(write(tmp_path / "w.json", json.dumps(data)))


def test_an_archive_is_no_array(tmp_path: Path) -> None:
    """Even when it is said to be one."""
    np.savez(tmp_path / "a.npz", y=np.array([1]))
    with pytest.raises(SourceError, match=r"is no \.npy file"):
        found(tmp_path / "a.npz", kind="npy")
