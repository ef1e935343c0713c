"""Texts, tables and streams as they are now and then: what is read all the same, and what is said."""

from __future__ import annotations

import gzip
import io
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from support import counts_of, lines, run, write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, ImbweightsError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources import json_records, pipes
from imbweights.sources.base import InputFile
from imbweights.sources.delimited import text_table
from imbweights.sources.opening import input_file
from imbweights.sources.tables.duck import identifier, text_literal
from imbweights.sources.text import ending, room
from imbweights.sources.text.long_rows import RowLengths
from imbweights.sources.text.problems import explained

# Longer than what is looked at to see how a file is written.
LONG = "".join(f"{i}\t{'x' * 1000}\t{'ab'[i % 2]}\n" for i in range(2000))


def found(path: Path, **options: Any) -> tuple[dict[str, int], int]:
    """Counts, and missing labels."""
    counts = analyze(path, **options).counts
    return counts.as_dict(), counts.missing


@pytest.mark.parametrize(
    ("name", "content", "options", "expected"),
    [
        # R's write.table names no column for the row names.
        ("a.txt", '"x" "label"\n' + '"1" 5 "a"\n"2" 6 "b"\n' * 9, {"delimiter": " "}, {"a": 9, "b": 9}),
        ("a.csv", '"x","label"\n"1",5,"a"\n"2",6,"b"\n', {}, {"a": 1, "b": 1}),
        ("a.csv", "id||label\n1||a\n2||b\n3||a\n", {"delimiter": "||"}, {"a": 2, "b": 1}),
        # Quotes that are just text, and rows that end in three ways.
        (
            "a.csv",
            'id,label\r\n1,5" pipe\r2,5" pipe\n3,6" pipe\n',
            {"quotes": False},
            {'5" pipe': 2, '6" pipe': 1},
        ),
        ("a.csv", "id||label\r\n1||a\r2||b\n", {"delimiter": "||"}, {"a": 1, "b": 1}),
        ("a.tsv", LONG, {"header": False, "label": "3"}, {"a": 1000, "b": 1000}),
        (
            "a.tsv",
            LONG + '7\tx\tit"s\n',
            {"header": False, "label": "3"},
            {"a": 1000, "b": 1000, 'it"s': 1},
        ),
        ("a.csv", ",label\n,a\n,b\n", {"label": "label"}, {"a": 1, "b": 1}),
        ("a.jsonl", '{"tags": ["a", "b"]}\n{"tags": "a"}\n{"tags": null}\n', {}, {"a": 2, "b": 1}),
        ("a.csv", "tags\n\"['a', 'b']\"\n\"['a']\"\n\n", {}, {"a": 2, "b": 1}),
        ("a.json", '[{"imbweights.x": "a"},{"imbweights.x": "a"}]', {}, {"a": 2}),
        ("a.txt", "\na.jpg 1\n\nb.jpg 2\n", {}, {"1": 1, "2": 1}),
        ("a.txt", "a.jpg 1\nb.jpg\nc.jpg 1\n", {"kind": "paths", "on_bad_rows": "skip"}, {"1": 2}),
        ("a.conll", "EU B-ORG\n\nx O\n", {"kind": "conll"}, {"B-ORG": 1}),
        ("a.txt", "__label__a|5\n__label__b|6\n", {"delimiter": "|", "header": False, "label": "1"},
         {"__label__a": 1, "__label__b": 1}),
    ],
)  # fmt: skip
def test_texts_that_are_read(
    tmp_path: Path, name: str, content: str, options: dict[str, Any], expected: dict[str, int]
) -> None:
    """Each counted to the letter."""
    assert found(write(tmp_path / name, content), **options)[0] == expected


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("a.bin", b"\x81\x8d\x01\x02\xff\xfe\x05" * 99, {}, "is a file of an unknown kind"),
        ("a.csv", b"\x81\x8d\x01\x02\xff\xfe\x05" * 99, {}, "is a binary file"),
        ("a.csv", LONG.encode() + b"7\tx\t\xe9\n", {"encoding": "utf-8", "header": False, "label": "3"},
         "does not read as UTF-8"),
        ("a.csv", "", {"kind": "csv"}, "is empty"),
        ("a.csv", ",kind\n,a\n,b\n", {}, "which of the 2 columns holds the labels?"),
        ("a.txt", "\ufeff", {"kind": "lines"}, "holds no labels"),
        ("a.csv", "\n\n", {"kind": "csv"}, "holds no rows"),
        ("a.csv.gz", gzip.compress(b'id,label\n1,"a\n2,b\n'), {}, "a quote is opened and not closed"),
        ("a.csv", "id,label\n1,a\n2,b,c\n3,c,d\n", {}, "expected 2 columns, found 3"),
        ("a.csv", "a,b\n1,0\n0,1\n", {"label": "x*"}, "no column"),
        ("a.jsonl", "{}\n{}\n", {}, "its records hold nothing"),
        ("a.json", "[{}]", {}, "its records hold nothing"),
        ("a.json", '[{"label": "a"},\n{"label": ', {}, "is not valid JSON"),
        ("a.jsonl", '{"label": "a"}\n{"label": "\\ud800"}\n', {}, "is not valid JSON"),
        ("a.jsonl", '{"label": "a"}\n' * 1000 + '{"label": ["a"]}\n', {}, "lists or objects further on"),
        ("a.zip", b"PK\x03\x04" + bytes(99), {}, "is a ZIP archive"),
    ],
)  # fmt: skip
def test_texts_that_are_refused(
    tmp_path: Path, name: str, content: str | bytes, options: dict[str, Any], message: str
) -> None:
    """The file is named and the reason."""
    with pytest.raises(ImbweightsError, match=name.replace(".", r"\.")) as caught:
        analyze(write(tmp_path / name, content), **options)
    assert message in str(caught.value)


def test_a_frame_of_several_columns_is_of_0_and_1() -> None:
    """Columns of text are asked about."""
    with pytest.raises(SourceError, match="some columns are text"):
        analyze(pd.DataFrame({"a": ["x", "y"], "b": [1, 0]}))
    assert analyze(pd.DataFrame({"a": [1, 1], "b": [1, 0]})).counts.as_dict() == {"a": 2, "b": 1}


def test_queries_over_files_of_rare_sorts(tmp_path: Path) -> None:
    """``data`` stays the name of all files, whatever a split is called; results may hold lists."""
    table = write(tmp_path / "a.csv", "x,label\na,b\na,a\n")
    other = write(tmp_path / "b.csv", "x,label\nc,a\n")
    for sql, expected in (
        ("SELECT label FROM data", {"a": 2, "b": 1}),
        ("SELECT to_json([x, label]) AS label FROM data", {"a": 3, "b": 1, "c": 1}),
    ):
        asked = run("analyze", f"data={table}", f"test={other}", "--sql", sql, "--format", "json")
        assert asked.code == 0, asked.err
        assert counts_of(asked) == expected
    rows = write(tmp_path / "b.jsonl", '{"label": "a"}\n{"label": \n{"label": "b"}\n')
    asked = run(
        *("analyze", rows, "--sql", "SELECT label FROM data"),
        *("--on-bad-rows", "skip", "--format", "json"),
    )
    assert counts_of(asked) == {"a": 1, "b": 1}
    key = write(tmp_path / "a.jsonl", '{"la\\u0000bel": "a"}\n{"la\\u0000bel": "b"}\n')
    for path, sql, message in (
        (write(tmp_path / "empty.csv", ""), "SELECT label FROM data", "empty.csv: is empty"),
        (table, "SELECT error('no') AS label FROM data", "no"),
        (key, "SELECT * FROM data", "holds a NUL character"),
    ):
        asked = run("analyze", path, "--sql", sql)
        assert (asked.code, message in asked.err) == (2, True), asked.err


def test_columns_are_named_once(tmp_path: Path) -> None:
    """And each that is named is there."""
    path = write(tmp_path / "a.csv", "a,b\n1,0\n0,1\n")
    for label, message in (("a,b,a", "names a column twice"), ("x*", "no column matches 'x*'")):
        with pytest.raises(UsageError, match=re.escape(message)):
            analyze(path, label=label)
    for spelled in (text_literal, identifier):
        with pytest.raises(SourceError, match="NUL character"):
            spelled("a\0b")


def test_thousands_of_columns_are_not_looked_through(tmp_path: Path) -> None:
    """For those that hold just 0 and 1 and may be labels each."""
    for width, told in ((30, True), (2001, False)):
        head, zeros, ones = ([f(i) for i in range(width)] for f in ("c{}".format, _bit, _not_bit))
        rows = [",".join(row) for row in (head, zeros, ones)]
        with pytest.raises(AmbiguousSourceError, match=f"which of the {width:,} columns") as caught:
            analyze(write(tmp_path / "a.csv", lines(rows)))
        assert ("hold only 0 and 1" in str(caught.value)) is told


def _bit(number: int) -> str:
    return str(number % 2)


def _not_bit(number: int) -> str:
    return str(1 - number % 2)


def test_json_too_large_to_look_for_the_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is said what DuckDB says of it."""
    path = write(tmp_path / "a.json", '[{"label": "a"},\n{"label": oops}]')
    with pytest.raises(SourceError, match=r"not valid JSON \(Expecting value: line 2"):
        analyze(path)
    monkeypatch.setattr(json_records, "_SMALL", 4)
    with pytest.raises(SourceError, match=r"not valid JSON \((?!Expecting)"):
        analyze(path)


def pipe(tmp_path: Path, *pieces: bytes, pause: float = 0.0) -> Path:
    """A named pipe into which a thread writes."""
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)

    def work() -> None:
        with path.open("wb", buffering=0) as stream:
            for piece in pieces:
                time.sleep(pause)
                stream.write(piece)

    if pieces:
        threading.Thread(target=work, daemon=True).start()
    return path


def test_a_pipe_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it takes its time; one into which nobody writes is not waited for without an end."""
    path = pipe(tmp_path, b"id,label\n", b"1,a\n2,b\n", pause=0.1)
    assert found(path) == ({"a": 1, "b": 1}, 0)
    monkeypatch.setattr(pipes, "_PATIENCE", 0.05)
    path.unlink()
    with pytest.raises(SourceError, match=r"is a pipe, and nothing wrote to it for 0\.05 seconds"):
        analyze(pipe(tmp_path))


def test_what_is_copied_has_an_end() -> None:
    """Standard input may be endless."""
    given = ("analyze", "-", "--label", "label", "--max-bytes")
    refused = run(*given, "1kB", stdin=b"id,label\n" + b"1,a\n" * 999)
    assert (refused.code, "is copied to disk to be read" in refused.err) == (2, True)
    assert run(*given, "1MB", stdin=b"id,label\n" + b"1,a\n" * 999).code == 0


def test_what_is_decompressed_to_be_read_has_an_end(tmp_path: Path) -> None:
    """UTF-16 in gzip is rewritten first, which a megabyte of zeros can grow to anything."""
    text = ("id,label\n" + "1,a\n2,b\n" * 4999).encode("utf-16")
    path = write(tmp_path / "a.csv.gz", gzip.compress(text))
    refused = run("analyze", path, "--max-bytes", "50kB")
    assert (refused.code, "decompresses to more than that" in refused.err) == (2, True), refused.err
    assert run("analyze", path, "--max-bytes", "1MB").code == 0


@pytest.mark.parametrize(
    ("read", "stream"),
    [(ending.lines_of, io.StringIO), (ending.byte_lines_of, io.BytesIO)],
)
def test_a_line_without_an_end(
    monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any], stream: Callable[[Any], Any]
) -> None:
    """As long as one may be it is given; of a longer one the number is told."""
    monkeypatch.setattr(ending, "LONGEST_LINE", 8)

    def text(value: str) -> Any:
        return stream(value if stream is io.StringIO else value.encode())

    assert len(list(read(text("1234567\n12345678"[:15]), "x"))) == 2
    with pytest.raises(SourceError, match="x, line 2: a line is longer"):
        list(read(text("1234567\n123456789\n"), "x"))


def test_rows_with_line_ends_in_quotes_are_measured_as_rows() -> None:
    """Both are upper bounds up to a piece of 256 KiB."""
    inside = b"line\n" * 150_000
    lengths = RowLengths()
    lengths.feed(b'id,text\n1,"' + inside + b'"\n' + b"2,b\n" * 100_000)
    assert abs(lengths.rows - len(inside)) <= 1 << 18
    assert lengths.lines <= 1 << 18
    other = RowLengths()
    other.feed(b'1,"a\n"\n' * 100_000)
    assert (other.rows <= 1 << 18, other.lines <= 1 << 18) == (True, True)


def file_of(path: Path, content: str) -> InputFile:
    """A text file."""
    return input_file(write(path, content), path.name)


def lengths_of(lines: int, rows: int) -> RowLengths:
    """What was seen of a table."""
    found = RowLengths()
    found.lines, found.rows = lines, rows
    return found


def test_room_for_long_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is as usual needs none; quotes may enclose rows, or be the sign of inches."""
    monkeypatch.setattr(room, "HUGE_LINE", 1 << 21)
    plain = file_of(tmp_path / "a.csv", 'a,5"\nb,6"\n')
    assert room.room_for(plain, lengths_of(9, 9)) is None
    assert room.room_for(plain, lengths_of(1 << 20, 1 << 20)) == 1 << 21
    assert room.room_for(plain, lengths_of(9, 3 << 20)) == 1 << 24
    with pytest.raises(SourceError, match="a line is longer than 2 MiB"):
        room.room_for(plain, lengths_of(3 << 20, 3 << 20))
    long = file_of(tmp_path / "b.csv", f'a,"{"x" * (3 << 20)}"\nb,c\n')
    with pytest.raises(SourceError, match="a line is longer"):
        room.room_for(long, lengths_of(9, 3 << 20))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CSV Error on Line: 3\nMaximum line size of 9 bytes exceeded", "line 3: a line is longer"),
        ("Invalid Input Error: something new", "cannot be read (something new)"),
    ],
)
def test_errors_of_duckdb_that_no_file_here_brings_about(
    tmp_path: Path, text: str, expected: str
) -> None:
    """The reason without advice for people who write SQL."""
    table = text_table(file_of(tmp_path / "a.csv", "id,label\n1,a\n2,b\n"), LabelOptions(), ())
    said = explained(duckdb.Error(text), replace(table, line_size=1 << 28))
    assert isinstance(said, SourceError)
    assert expected in str(said)
