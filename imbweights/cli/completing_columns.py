"""The columns of a file from its first bytes, quickly and without complaint."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

_HEAD = 1 << 16
_JSON = (".json", ".jsonl", ".ndjson")
_PARQUET = (".parquet", ".pq")
_BINARY = (".npy", ".mat", ".png", ".tif", ".tiff", ".jpg", ".jpeg", ".zst")


def columns_of(path: Path) -> list[str]:
    """The names of columns, or of the arrays of an ``.npz``; none for what has no names, and for
    what cannot be read: the command itself will say why.
    """
    try:
        return _columns(path) if path.is_file() else []  # a pipe would let the shell wait
    except Exception:  # noqa: BLE001 - an error would be printed into the line that is being typed
        return []


def _columns(path: Path) -> list[str]:
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    if suffix == ".npz":
        with zipfile.ZipFile(path) as archive:
            return [name.removesuffix(".npy") for name in archive.namelist()]
    if suffix in _PARQUET:
        return _parquet(path)
    if suffix in _BINARY:
        return []
    text, complete = _head(path)
    if suffix in _JSON:
        return _first_record(text)
    return _header(path.name, suffix, text, complete=complete)


def _head(path: Path) -> tuple[str, bool]:
    """The first part as text, and whether that is all."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
        data = stream.read(_HEAD)
    complete = len(data) < _HEAD
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), complete
    try:
        return data.decode("utf-8-sig"), complete
    except UnicodeDecodeError as error:
        cut = not complete and len(data) - error.start < 4  # in the middle of a sign
        return data.decode("utf-8-sig" if cut else "latin-1", "replace"), complete


def _header(name: str, suffix: str, text: str, *, complete: bool) -> list[str]:
    from imbweights.sources.text.dialect import Sample, find_layout
    from imbweights.sources.text.header import has_header

    layout = find_layout(Sample(name=name, suffix=suffix, text=text, complete=complete))
    if layout.width < 2 or not has_header(layout.rows, name):
        return []
    return [cell.strip() for cell in layout.rows[0] if cell.strip()]


def _first_record(text: str) -> list[str]:
    start = text.find("{")
    if start < 0:
        return []
    record, _ = json.JSONDecoder().raw_decode(text[start:])
    return [str(key) for key in record]


def _parquet(path: Path) -> list[str]:
    """The one format whose names cannot be had without DuckDB."""
    from imbweights.sources.tables.duck import connected, path_pattern

    with connected() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [path_pattern(path)])
        return [str(column[0]) for column in found.description or ()]
