"""Tables against pandas and polars; and the form of the file, the order and the parts do not matter."""

from __future__ import annotations

import gzip
import math
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from written_tables import all_forms, as_csv, as_json_lines, write_parquet

from imbweights import ClassCounts, analyze

some = settings(max_examples=30, deadline=None)
# What every form can hold: printable text without blanks at the ends.
NAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "S"), include_characters="-_ ,;|\"'"),
    min_size=1,
    max_size=6,
).filter(lambda text: text == text.strip())
LABELS = st.lists(NAMES | st.none(), min_size=2, max_size=30).filter(any)
BIG = st.integers(0, 2**62)


def rows_of(labels: list[str | None]) -> list[dict[str, Any]]:
    """With columns beside the label."""
    return [{"id": i, "label": v, "text": "a, b"} for i, v in enumerate(labels)]


def counted(path: Path | list[Path], **options: Any) -> ClassCounts:
    """What we count; a cell is one label."""
    return analyze(path, label="label", separator="", **options).counts


def as_saved(found: ClassCounts) -> dict[str, Any]:
    """Everything it says."""
    return found.to_dict()


@some
@given(LABELS)
def test_every_form_says_the_same(labels: list[str | None]) -> None:
    """CSV however it is written, JSON, Parquet and NumPy, plain and compressed."""
    expected = Counter(label for label in labels if label is not None)
    with tempfile.TemporaryDirectory() as folder:
        for name, path in all_forms(Path(folder), rows_of(labels)).items():
            named: dict[str, Any] = {"label": "label", "separator": ""}
            delimiter = {".csv": None, ".tsv": "\t", ".psv": "|"}.get(path.suffix)
            if name == "semicolon.csv":
                delimiter = ";"
            if name.endswith(".npy"):
                named = {}
            found = analyze(path, delimiter=delimiter, **named).counts
            assert found.as_dict() == {c: expected[c] for c in found.classes}, name
            assert found.counts.sum() == sum(expected.values()), name
            assert found.missing == labels.count(None), name
            assert found.samples == len(labels), name


@some
@given(LABELS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(labels: list[str | None], order: random.Random) -> None:
    """Also of the columns."""
    rows = rows_of(labels)
    mixed = [dict(reversed(row.items())) for row in rows]
    order.shuffle(mixed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.csv").write_bytes(as_csv(rows))
        (folder / "b.csv").write_bytes(as_csv(mixed))
        assert as_saved(counted(folder / "a.csv", delimiter=",")) == as_saved(
            counted(folder / "b.csv", delimiter=",")
        )


@some
@given(LABELS, st.data())
def test_parts_add_up_whatever_their_form(labels: list[str | None], data: st.DataObject) -> None:
    """A CSV, a packed JSON and a Parquet file are one data set."""
    rows = rows_of(labels)
    one, two = sorted(data.draw(st.tuples(*[st.integers(1, len(rows))] * 2)))
    parts = [rows[:one], rows[one:two], rows[two:]]
    assume(all(any(row["label"] for row in part) for part in parts if part))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "whole.csv").write_bytes(as_csv(rows))
        paths = []
        if parts[0]:
            paths.append(folder / "a.csv")
            paths[-1].write_bytes(as_csv(parts[0]))
        if parts[1]:
            paths.append(folder / "b.jsonl.gz")
            paths[-1].write_bytes(gzip.compress(as_json_lines(parts[1])))
        if parts[2]:
            paths.append(write_parquet(folder / "c.parquet", parts[2]))
        whole = counted(folder / "whole.csv", delimiter=",")
        assert as_saved(counted(paths)) == as_saved(whole)


@some
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=3, max_size=40))
def test_renaming_classes_renames_the_counts(labels: list[str]) -> None:
    """And nothing else; the order follows the new names."""
    names = {"a": "zebra", "b": "é", "c": "10"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_parquet(folder / "a.parquet", rows_of(list(labels)))
        write_parquet(folder / "b.parquet", rows_of([names[v] for v in labels]))
        before, after = counted(folder / "a.parquet"), counted(folder / "b.parquet")
    assert {names[c]: n for c, n in before.as_dict().items()} == after.as_dict()
    assert list(after.classes) == sorted(after.classes)


VALUES = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=1, max_size=20),
    st.lists(st.booleans() | st.none(), min_size=1, max_size=20),
    st.lists(st.integers(0, 5) | st.none(), min_size=1, max_size=20),
    st.lists(st.floats(allow_infinity=False, width=64).map(float), min_size=1, max_size=20),
).filter(lambda values: any(v is not None and not math.isnan(v) for v in values))


def spelled(value: Any) -> str:
    """A number as a class is called: whole floats as whole numbers."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@some
@given(VALUES)
def test_typed_columns_as_pandas_and_polars_count_them(values: list[Any]) -> None:
    """Integers of 64 bits, booleans, floats; from files and from memory."""
    frame = pl.DataFrame({"label": pl.Series(values, strict=False), "x": range(len(values))})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        frame.write_parquet(path)
        read = pd.read_parquet(path, dtype_backend="pyarrow")["label"]
        mine = analyze(path, label="label").counts
        memory = analyze(frame["label"].to_list()).counts
    expected: Counter[str] = Counter()
    for value, n in read.value_counts(dropna=True).items():
        if not (isinstance(value, float) and np.isnan(value)):
            expected[spelled(value)] += n
    found = frame["label"].drop_nulls().drop_nans() if frame["label"].dtype.is_float() else None
    if found is not None:
        assert sum(expected.values()) == len(found)
    assert mine.as_dict() == dict(expected)
    assert memory.as_dict() == dict(expected)
    assert mine.missing == memory.missing == len(values) - sum(expected.values())


@some
@given(st.lists(st.tuples(NAMES, BIG), min_size=1, max_size=6))
def test_columns_of_counts_are_exact(given_counts: list[tuple[str, int]]) -> None:
    """Beyond 2⁵³, where doubles have gaps; a class in several rows is added up; in every form."""
    expected: Counter[str] = Counter()
    for name, n in given_counts:
        expected[name] += n
    assume(0 < sum(expected.values()) < 2**63)
    rows = [{"label": name, "n": n} for name, n in given_counts]
    with tempfile.TemporaryDirectory() as folder:
        forms = all_forms(Path(folder), rows)
        del forms["labels.npy"]
        for name, path in forms.items():
            delimiter = {".tsv": "\t", ".psv": "|"}.get(path.suffix)
            delimiter = ";" if name == "semicolon.csv" else delimiter
            found = analyze(
                path, label="label", count_column="n", separator="", delimiter=delimiter
            )
            assert found.counts.as_dict() == {c: expected[c] for c in found.counts.classes}, name
            assert found.counts.total == sum(expected.values()), name


@some
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(["train", "val", "test"])),
        min_size=2,
        max_size=40,
    )
)
def test_splits_as_polars_groups_them(pairs: list[tuple[str, str]]) -> None:
    """Each split, and the whole."""
    frame = pl.DataFrame({"label": [p[0] for p in pairs], "part": [p[1] for p in pairs]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        frame.write_csv(path)
        profile = analyze(path, label="label", split="part").profile
    grouped = frame.group_by("part", "label").len().rows()
    expected = {(part, label): n for part, label, n in grouped}
    found = {
        (split, label): n
        for split, counts in profile.splits.items()
        for label, n in counts.as_dict().items()
        if n
    }
    assert found == expected
    assert profile.total.as_dict() == dict(sorted(Counter(p[0] for p in pairs).items()))


TABLES = st.integers(2, 6).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 1), min_size=k, max_size=k), min_size=1, max_size=25)
)


@some
@given(TABLES)
def test_pairs_as_the_product_of_the_matrix(rows: list[list[int]]) -> None:
    """Positives are column sums, pairs are XᵀX, label sets are the distinct rows."""
    table = np.array(rows)
    assume(table.any())
    names = [f"t{i}" for i in range(table.shape[1])]
    frame = pd.DataFrame(table, columns=names)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        frame.to_parquet(path)
        found = analyze(path, label=",".join(names))
        memory = analyze(table).counts if len(rows) > 1 else None
    sets = found.counts.label_sets or {}
    assert found.counts.counts.tolist() == table.sum(axis=0).tolist()
    assert {tuple(np.flatnonzero(r).tolist()): n for r, n in _distinct(frame)} == dict(sets)
    pairs = table.T @ table
    mine = np.zeros_like(pairs)
    for labels, n in sets.items():
        for i in labels:
            for j in labels:
                mine[i, j] += n
    assert mine.tolist() == pairs.tolist()
    if memory is not None:
        assert memory.counts.tolist() == found.counts.counts.tolist()


def _distinct(frame: pd.DataFrame) -> list[tuple[tuple[int, ...], int]]:
    return [(tuple(row), n) for row, n in frame.value_counts().items()]  # type: ignore[arg-type]


@some
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c d"]), max_size=3, unique=True), min_size=2))
def test_lists_in_json_and_parquet(lists: list[list[str]]) -> None:
    """As sklearn's MultiLabelBinarizer has them."""
    from sklearn.preprocessing import MultiLabelBinarizer

    assume(any(lists))
    table = MultiLabelBinarizer().fit(lists)
    expected = dict(zip(table.classes_, table.transform(lists).sum(axis=0).tolist(), strict=True))
    rows = [{"label": each} for each in lists]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.jsonl").write_bytes(as_json_lines(rows))
        for path in (folder / "a.jsonl", write_parquet(folder / "a.parquet", rows)):
            found = analyze(path, label="label").counts
            assert found.as_dict() == expected, path.name


@some
@given(st.lists(st.integers(-(10**30), 10**30), min_size=1, max_size=10))
def test_numbers_longer_than_64_bits_stay_what_they_are(labels: list[int]) -> None:
    """In text they are labels like any other."""
    expected = Counter(map(str, labels))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.csv").write_bytes(as_csv([{"label": v, "x": 1} for v in labels]))
        (folder / "a.jsonl").write_bytes(as_json_lines([{"label": str(v), "x": 1} for v in labels]))
        for path in (folder / "a.csv", folder / "a.jsonl"):
            assert analyze(path, label="label").counts.as_dict() == dict(expected), path.name
