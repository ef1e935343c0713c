"""Whatever the labels are, they are counted as they are written, in every format."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imbweights import analyze

ANY = st.characters(codec="utf-8", exclude_characters="\0")
LABELS = st.lists(st.text(ANY, max_size=8), min_size=1, max_size=30).filter(
    lambda labels: any(label.strip() for label in labels)
)
TEXTS = st.sampled_from(["plain", 'say "hi"', "a,b", "two\nlines", "", " padded ", "cr\rhere"])
few = settings(max_examples=25, deadline=None)


def expected(labels: list[str]) -> tuple[dict[str, int], int]:
    """Counts and missing by plain Python."""
    kept = [label for label in labels if label.strip()]
    return dict(Counter(kept)), len(labels) - len(kept)


def counted(name: str, content: bytes, **options: str) -> tuple[dict[str, int], int]:
    """Counts and missing by the tool."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        # A cell is one label here: "0|1" would be asked about.
        counts = analyze(path, label="label", separator="", **options).counts  # type: ignore[arg-type]
        return counts.as_dict(), counts.missing


def csv_bytes(rows: list[tuple[str, str]], delimiter: str, line_end: str) -> bytes:
    """As Python's csv module writes it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "label"), *rows])
    return stream.getvalue().encode()


@few
@given(LABELS, st.data(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_csv(labels: list[str], data: st.DataObject, delimiter: str, line_end: str) -> None:
    """Quotes, delimiters and line breaks inside labels and beside them."""
    rows = [(data.draw(TEXTS), label) for label in labels]
    content = csv_bytes(rows, delimiter, line_end)
    assert counted("a.csv", content, delimiter=delimiter) == expected(labels)


@few
@given(LABELS)
def test_json_lines(labels: list[str]) -> None:
    """As the json module writes it."""
    content = "".join(json.dumps({"n": 1, "label": v}) + "\n" for v in labels).encode()
    assert counted("a.jsonl", content) == expected(labels)


@few
@given(LABELS)
def test_parquet(labels: list[str]) -> None:
    """As pyarrow writes it."""
    stream = io.BytesIO()
    pd.DataFrame({"label": labels}).to_parquet(stream)
    assert counted("a.parquet", stream.getvalue()) == expected(labels)


@few
@given(st.lists(st.text(ANY.filter(lambda c: c not in "\r\n\x1f"), max_size=8), min_size=1))
def test_lines(labels: list[str]) -> None:
    """One label a line, as it stands."""
    assume(any(label.strip() for label in labels))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_bytes("".join(f"{label}\n" for label in labels).encode())
        counts = analyze(path, kind="lines", header=False, encoding="utf-8", label="1").counts
    # A byte-order mark at the start of a file is none of its text.
    assume(not labels[0].startswith("\ufeff"))
    assert (counts.as_dict(), counts.missing) == expected(labels)


@few
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_integers(labels: list[int]) -> None:
    """Over the whole range of 64 bits."""
    counts = analyze(np.array(labels, dtype=np.int64)).counts.as_dict()
    assert counts == {str(k): n for k, n in Counter(labels).items()}


@few
@given(st.lists(st.sampled_from("abcd"), min_size=1))
def test_order_of_appearance(labels: list[str]) -> None:
    """The same from a file and from memory."""
    met = list(dict.fromkeys(labels))
    assert list(analyze(labels, class_order="appearance").counts.classes) == met
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("label\n" + "".join(f"{v}\n" for v in labels))
        found = analyze(path, label="label", class_order="appearance", header=True)
    assert list(found.counts.classes) == met
