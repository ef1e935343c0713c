"""JSON arrays and JSON Lines: records with a label, or bare labels."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from imbweights.core.choices import BadRows
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source, bad_rows_note
from imbweights.sources.tables.counting import count_table
from imbweights.sources.tables.duck import connected, fetch, first_line, queried, text_literal
from imbweights.sources.tables.table import Column, Table
from imbweights.sources.text.encoding import raw_stream
from imbweights.sources.text.ending import byte_lines_of

if TYPE_CHECKING:
    from imbweights.sources.remote.file import RemoteFile

_LINES = (".jsonl", ".ndjson")
_SUFFIXES = (".json", *_LINES)
_SAMPLE = 1000
_MOST_KEYS = 5000
_SMALL = 1 << 26
_LATE = f"holds plain labels in the first {_SAMPLE:,} records and lists or objects further on"


def looks_like_json(file: InputFile, options: LabelOptions) -> bool:
    """By suffix, or by how the first line begins; saved analyses are asked for before."""
    del options
    start = file.head[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return file.suffix in _SUFFIXES or start.startswith((b'{"', b'["', b"[{", b"[\n"))


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one JSON file. Numbers are numbers (``1.50`` is ``1.5``), text is text."""
    shape = _shape(file)
    if options.on_bad_rows is BadRows.SKIP and shape == "newline_delimited":
        with tempfile.TemporaryDirectory(prefix="imbweights-") as folder:
            path, skipped = _good_lines(file, Path(folder))
            reading = _read(file, path, "uncompressed", shape, options)
        return replace(reading, notes=(*reading.notes, *skipped))
    return _read(file, file.place, file.compression or "uncompressed", shape, options)


def _read(
    file: InputFile, place: Path | RemoteFile, compression: str, shape: str, options: LabelOptions
) -> Reading:
    with connected() as connection:
        return count_table(_table(connection, file, place, compression, shape), options)


def table_of(
    connection: duckdb.DuckDBPyConnection, file: InputFile, options: LabelOptions, folder: Path
) -> tuple[Table, Path | RemoteFile, tuple[str, ...]]:
    """A JSON file as a table to select from, what is read, and notes on lines that are left out.

    ``folder``: for a copy without those lines.
    """
    shape = _shape(file)
    place: Path | RemoteFile = file.place
    compression = file.compression or "uncompressed"
    notes: tuple[str, ...] = ()
    if options.on_bad_rows is BadRows.SKIP and shape == "newline_delimited":
        place, notes = _good_lines(file, folder)
        compression = "uncompressed"
    return _table(connection, file, place, compression, shape), place, notes


def _table(
    connection: duckdb.DuckDBPyConnection,
    file: InputFile,
    place: Path | RemoteFile,
    compression: str,
    shape: str,
) -> Table:
    relation = (
        f"read_json_objects(?, format='{shape}', compression={text_literal(compression)},"
        f" maximum_object_size={1 << 28})"
    )
    pattern = queried(connection, place)
    try:
        columns = _columns(connection, relation, pattern, file)
    except duckdb.Error as error:
        raise _damaged(file, error) from error
    return Table(
        connection=connection,
        relation=relation,
        bound=(pattern,),
        columns=columns,
        name=file.name,
        folder=file.folder,
        named=columns[0].name != "value" or len(columns) > 1,
        details=("JSON Lines" if shape == "newline_delimited" else "JSON",),
        explain=lambda error: _damaged(file, error),
    )


def _good_lines(file: InputFile, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """A copy of the lines that are JSON, and a sentence on those that are not."""
    target = folder / "good.jsonl"
    bad: list[int] = []
    with raw_stream(file, folder, to_copy=True) as source, target.open("wb") as copy:
        for number, line in enumerate(byte_lines_of(source, file.name), 1):
            try:
                json.loads(line.strip() or b"null")
            except (ValueError, RecursionError):
                bad.append(number)
            else:
                copy.write(line)
    return target, bad_rows_note(file.name, bad)


def _shape(file: InputFile) -> str:
    """How the values follow each other; one object alone is refused, since it is no table."""
    try:
        text = file.head.decode("utf-8-sig", "strict" if file.head_is_all else "ignore").strip()
    except UnicodeDecodeError as error:
        raise SourceError(f"{file.name}: JSON must be UTF-8 (byte {error.start})") from error
    if text.startswith("[") and file.suffix not in _LINES:
        return "array"
    first = text.split("\n", 1)[0]
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        value = None
    if value is not None and first.strip() != text:
        return "newline_delimited"
    if file.head_is_all and text.startswith("{") and file.suffix not in _LINES:
        _refuse_single_object(file, text)
    return "newline_delimited" if value is not None else "unstructured"


def _refuse_single_object(file: InputFile, text: str) -> None:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return
    if len(whole) and all(type(v) is int for v in whole.values()):
        counts = ",".join(f"{k}={v}" for k, v in list(whole.items())[:3])
        raise SourceError(
            f"{file.name}: is one JSON object that maps {len(whole):,} names to whole numbers",
            hint=f"if these are counts per class: --counts {counts}{',…' if len(whole) > 3 else ''}\n"
            "if they are the label of each id: write one record per line",
        )
    keys = ", ".join(map(repr, list(whole)[:6]))
    raise SourceError(
        f"{file.name}: is one JSON object with keys {keys}, not a table of labels",
        hint="a list of records, one record per line, or a list of labels is read",
    )


def _columns(
    connection: duckdb.DuckDBPyConnection, relation: str, path: str, file: InputFile
) -> tuple[Column, ...]:
    """The keys of the first records in their order, or one column of bare values."""
    sample = f"(SELECT json FROM {relation} LIMIT {_SAMPLE})"
    kinds = {
        kind
        for (kind,) in fetch(connection, f"SELECT DISTINCT json_type(json) FROM {sample}", [path])
    }
    if not kinds:
        raise SourceError(f"{file.name}: holds no records")
    if kinds != {"OBJECT"}:
        if "OBJECT" in kinds:
            raise SourceError(f"{file.name}: mixes records and bare values")
        return (_bare(file, nested="ARRAY" in kinds),)
    rows = fetch(connection, f"SELECT json_keys(json) FROM {sample}", [path])
    keys = tuple(dict.fromkeys(key for (found,) in rows for key in found))
    if len(keys) > _MOST_KEYS:
        raise SourceError(
            f"{file.name}: its records have {len(keys):,} different keys, so they are no table",
            hint=f"{_MOST_KEYS:,} are the most; give the labels a key of their own",
        )
    if not keys:
        raise SourceError(f"{file.name}: its records hold nothing")
    nested = _nested_keys(connection, sample, path, keys)
    return tuple(_column(key, file, nested=key in nested) for key in keys)


def _nested_keys(
    connection: duckdb.DuckDBPyConnection, sample: str, path: str, keys: Sequence[str]
) -> set[str]:
    """The keys under which the first records hold lists or objects."""
    asked = ", ".join("bool_or(json_type(json, ?) IN ('ARRAY', 'OBJECT'))" for _ in keys)
    [found] = fetch(connection, f"SELECT {asked} FROM {sample}", [*map(_pointer, keys), path])
    return {key for key, nested in zip(keys, found, strict=True) if nested}


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _column(key: str, file: InputFile, *, nested: bool) -> Column:
    pointer = _pointer(key)
    if nested:
        return Column(key, "CAST(json_extract(json, ?) AS VARCHAR)", (pointer,), nested=True)
    late = f"{file.name}: {key!r} {_LATE}"
    sql = (
        "CASE WHEN json_type(json, ?) IN ('ARRAY', 'OBJECT') THEN CAST(error(?) AS VARCHAR)"
        " ELSE json_extract_string(json, ?) END"
    )
    return Column(key, sql, (pointer, late, pointer))


def _bare(file: InputFile, *, nested: bool) -> Column:
    if nested:
        return Column("value", "CAST(json AS VARCHAR)", nested=True)
    sql = (
        "CASE WHEN json_type(json) IN ('ARRAY', 'OBJECT') THEN CAST(error(?) AS VARCHAR)"
        " ELSE json_extract_string(json, '$') END"
    )
    return Column("value", sql, (f"{file.name}: {_LATE}",))


def _damaged(file: InputFile, error: duckdb.Error) -> SourceError:
    reason = first_line(error)
    if "Malformed JSON" not in reason:
        return SourceError(reason if reason.startswith(file.name) else f"{file.name}: {reason}")
    where = _first_fault(file) or reason.rsplit(": ", maxsplit=1)[-1]
    return SourceError(f"{file.name}: is not valid JSON ({where})")


def _first_fault(file: InputFile) -> str | None:
    """Where the JSON breaks, by Python's parser: DuckDB counts lines from its own buffers."""
    with tempfile.TemporaryDirectory(prefix="imbweights-") as folder:
        with raw_stream(file, Path(folder)) as stream:
            for number, line in enumerate(byte_lines_of(stream, file.name), 1):
                if number == 1 and line.lstrip().startswith(b"[") and file.suffix not in _LINES:
                    break
                try:
                    json.loads(line.strip() or b"null")
                except json.JSONDecodeError as error:
                    return f"line {number}, column {error.colno}: {error.msg}"
                except (ValueError, RecursionError) as error:
                    return f"line {number}: {error}"
        with raw_stream(file, Path(folder)) as stream:
            text = stream.read(_SMALL + 1)
            if len(text) > _SMALL:
                return None
            try:
                json.loads(text)
            except (ValueError, RecursionError) as error:
                return str(error)
    return None


SOURCE = Source(recognises=looks_like_json, read=read, alone=())
