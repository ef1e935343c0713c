"""One table of labels written in every form, by other libraries than the one that reads it here."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

Rows = Sequence[Mapping[str, Any]]
Writer = Callable[[Path, Rows], Path]


def as_csv(
    rows: Rows,
    *,
    delimiter: str = ",",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
    line_end: str = "\n",
    encoding: str = "utf-8",
) -> bytes:
    """As Python's csv module writes it; ``None`` as nothing."""
    stream = io.StringIO(newline="")
    names = list(rows[0])
    writer = csv.writer(
        stream,
        delimiter=delimiter,
        quoting=quoting,
        lineterminator=line_end,
    )
    writer.writerow(names)
    writer.writerows(["" if row[n] is None else row[n] for n in names] for row in rows)
    return stream.getvalue().encode(encoding)


def as_json_lines(rows: Rows) -> bytes:
    """One record a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def write_parquet(path: Path, rows: Rows, **options: Any) -> Path:
    """With pyarrow."""
    pq.write_table(pa.Table.from_pylist(list(rows)), path, **options)
    return path


def write_npy(path: Path, rows: Rows) -> Path:
    """The labels alone."""
    np.save(path, np.array([row["label"] or "" for row in rows]))
    return path


def all_forms(folder: Path, rows: Rows) -> dict[str, Path]:
    """The same rows in every form that holds them; labels are text without odd blanks."""
    plain = as_csv(rows)
    contents = {
        "plain.csv": plain,
        "tab.tsv": as_csv(rows, delimiter="\t"),
        "semicolon.csv": as_csv(rows, delimiter=";"),
        "bar.psv": as_csv(rows, delimiter="|"),
        "quoted.csv": as_csv(rows, quoting=csv.QUOTE_ALL),
        "windows.csv": as_csv(rows, line_end="\r\n"),
        "marked.csv": b"\xef\xbb\xbf" + plain,
        "utf16.csv": as_csv(rows, encoding="utf-16"),
        "packed.csv.gz": gzip.compress(plain),
        "packed.csv.zst": zstandard.compress(plain),
        "records.json": json.dumps(list(rows)).encode(),
        "indented.json": json.dumps(list(rows), indent=2, ensure_ascii=False).encode(),
        "lines.jsonl": as_json_lines(rows),
        "lines.jsonl.gz": gzip.compress(as_json_lines(rows)),
        "lines.jsonl.zst": zstandard.compress(as_json_lines(rows)),
    }
    forms = {}
    for name, content in contents.items():
        forms[name] = folder / name
        forms[name].write_bytes(content)
    forms["snappy.parquet"] = write_parquet(folder / "snappy.parquet", rows)
    forms["zstd.parquet"] = write_parquet(
        folder / "zstd.parquet", rows, compression="zstd", row_group_size=3, use_dictionary=False
    )
    forms["labels.npy"] = write_npy(folder / "labels.npy", rows)
    return forms
