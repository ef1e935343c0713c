"""Delimiters, quotes, encodings, line ends and broken rows of text tables."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import zstandard
from support import write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError


def found(path: Path, **options: object) -> dict[str, int]:
    """The counts of one file."""
    return analyze(path, **options).counts.as_dict()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("id,label\n1,cat\n2,dog\n3,cat\n", "a.csv"),
        ("id;label\n1,5;cat\n2,5;dog\n3,5;cat\n", "a.csv"),
        ("id\tlabel\n1\tcat\n2\tdog\n3\tcat\n", "a.tsv"),
        ("id\tlabel\n1\tcat\n2\tdog\n3\tcat\n", "a.txt"),
        ("id|label\n1|cat\n2|dog\n3|cat\n", "a.csv"),
        ("id, label\n1, cat\n2, dog\n3, cat\n", "a.csv"),
        ('id,label\n"a, b",cat\n"c ""d"" e",dog\n"two\nlines",cat\n', "a.csv"),
        ('id,label\n"a \\"b\\", c",cat\n2,dog\n3,cat\n', "a.csv"),
        ("# made by hand\n# twice\nid,label\n1,cat\n2,dog\n3,cat\n", "a.csv"),
        ("\n\nid,label\n1,cat\n2,dog\n3,cat\n", "a.csv"),
        ("\nlabel\ncat\ndog\ncat\n", "a.csv"),
        ("\n# made by hand\nid,label\n1,cat\n2,dog\n3,cat\n", "a.csv"),
        ("id,label\r\n1,cat\r\n2,dog\r\n3,cat\r\n", "a.csv"),
        ("id,label\r1,cat\r2,dog\r3,cat\r", "a.csv"),
        ("id,label\n1,cat\r\n2,dog\n3,cat\n", "a.csv"),
        ("id,label\r\n1,cat\n2,dog\r\n3,cat", "a.csv"),
        ('id,label\n"x\r\ny",cat\r\n2,dog\n3,cat\n', "a.csv"),
        ('"id","label"\n"1","cat"\n"2","dog"\n"3","cat"\n', "a.csv"),
        ("label\ncat\ndog\ncat\n", "a.csv"),
        ("cat\ndog\ncat\n", "a.csv"),
        ("cat\ndog\ncat\n", "a.txt"),
        ("cat\ndog\ncat", "labels"),
        ('label x\n"1" cat\n"2" dog\n"3" cat\n'.replace(" ", "\t"), "rnames.tsv"),
    ],
)
def test_however_it_is_written_it_counts_the_same(tmp_path: Path, content: str, name: str) -> None:
    """Two cats and a dog."""
    path = write(tmp_path / name, content)
    label = "2" if name == "rnames.tsv" else None
    assert found(path, label=label) == {"cat": 2, "dog": 1}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("given", [True, False])
def test_encodings_are_found_or_given(tmp_path: Path, encoding: str, given: bool) -> None:
    """The label café is café in all of them."""
    path = write(tmp_path / "a.csv", "id,label\n1,café\n2,thé\n3,café\n".encode(encoding))
    options = {"encoding": encoding} if given else {}
    assert found(path, **options) == {"café": 2, "thé": 1}


def test_an_encoding_that_shows_late_is_found_too(tmp_path: Path) -> None:
    """A megabyte of ASCII, then one Latin-1 letter; and curly quotes of Windows-1252."""
    head = "label\n" + "cat\n" * 400_000
    path = write(tmp_path / "a.csv", head.encode() + "café\n“x”\n".encode("cp1252"))
    assert found(path) == {"cat": 400_000, "café": 1, "“x”": 1}
    skipped = analyze(path, on_bad_rows="skip")
    assert skipped.counts.as_dict() == found(path)


def test_a_wrong_encoding_is_an_error(tmp_path: Path) -> None:
    """Not mojibake."""
    path = write(tmp_path / "a.csv", "label\ncafé\ncafé\n".encode("latin-1"))
    with pytest.raises(SourceError, match="does not read as UTF-8"):
        found(path, encoding="utf-8")
    for name in ("klingon", "hex", "rot13", "undefined", ""):
        with pytest.raises(UsageError, match="unknown text encoding"):
            found(path, encoding=name)


@pytest.mark.parametrize("suffix", [".csv.gz", ".csv.zst", ".csv"])
def test_compression_is_seen_by_content(tmp_path: Path, suffix: str) -> None:
    """Also when the name does not tell."""
    text = "id,label\n1,cat\n2,dog\n3,cat\n"
    path = tmp_path / f"a{suffix}"
    if "zst" in suffix:
        plain = write(tmp_path / "plain.csv", text)
        duckdb.sql(
            f"COPY (SELECT * FROM read_csv('{plain}')) TO '{path}' (FORMAT csv, COMPRESSION zstd)"
        )
    else:
        write(path, gzip.compress(text.encode()))
    assert found(path) == {"cat": 2, "dog": 1}


def test_latin_1_inside_zstd_is_read(tmp_path: Path) -> None:
    """The codec is found behind the compression."""
    frame = pd.DataFrame({"id": [1, 2], "label": ["café", "café"]})
    frame.to_csv(tmp_path / "a.csv.zst", index=False, encoding="latin-1")
    assert found(tmp_path / "a.csv.zst") == {"café": 2}


def test_labels_are_text_as_written(tmp_path: Path) -> None:
    """001 is not 1, NA is Namibia, 1.0 stays, blanks around are kept."""
    path = write(tmp_path / "a.csv", "id,label\n1,001\n2,1\n3,NA\n4,1.0\n5,null\n6,dog \n7,dog\n")
    assert found(path) == dict.fromkeys(("001", "1", "1.0", "NA", "dog", "dog ", "null"), 1)


def test_empty_labels_are_missing_and_counted(tmp_path: Path) -> None:
    """Empty cells, blank cells, empty quotes, blank lines of a single column."""
    path = write(tmp_path / "a.csv", 'id,label\n1,cat\n2,\n3,"  "\n4,""\n5,?\n')
    result = analyze(path, missing_value="?").counts
    assert (result.as_dict(), result.missing, result.samples) == ({"cat": 1}, 4, 5)
    single = analyze(write(tmp_path / "b.csv", "label\ncat\n\ncat\n")).counts
    assert (single.as_dict(), single.missing) == ({"cat": 2}, 1)


def test_ignored_labels_are_left_out_and_counted(tmp_path: Path) -> None:
    """And a label that is not there is pointed out."""
    path = write(tmp_path / "a.csv", "label\ncat\ndog\ndog\nvoid\nvoid\n")
    result = analyze(path, ignore_label=["void"])
    assert (result.counts.as_dict(), result.counts.ignored) == ({"cat": 1, "dog": 2}, 2)
    typo = analyze(path, ignore_label="viod")
    assert typo.profile.source.notes == ("nothing was ignored: there is no label 'viod'",)


def test_rows_that_cannot_be_parsed_name_file_and_line(tmp_path: Path) -> None:
    """Or are skipped and said."""
    path = write(tmp_path / "a.csv", "id,label\n1,cat\n2,dog,x\n3\n4,cat\n")
    with pytest.raises(SourceError, match=r"a\.csv, line 3: expected 2 columns, found 3 \(2 such"):
        found(path)
    result = analyze(path, on_bad_rows="skip")
    assert result.counts.as_dict() == {"cat": 2}
    assert "skipped 2 rows" in result.profile.source.notes[0]
    assert "lines 3, 4" in result.profile.source.notes[0]


def test_an_unclosed_quote_is_an_error_not_a_label(tmp_path: Path) -> None:
    """Unless quotes are said to be text."""
    path = write(tmp_path / "a.csv", 'id,label\n"1,cat\n2,dog\n3,cat\n')
    with pytest.raises(SourceError, match="a quote is opened and not closed"):
        found(path)
    assert found(path, quotes=False) == {"cat": 2, "dog": 1}


def test_stray_quotes_in_tab_separated_text_do_not_swallow_rows(tmp_path: Path) -> None:
    """Two quotes at the start of two texts would glue all rows between them together."""
    rows = ["label\ttext", 'ham\t"Hello', "spam\tfree", 'ham\tworld"', "spam\tnow"]
    path = write(tmp_path / "a.tsv", "\n".join(rows) + "\n")
    assert found(path) == {"ham": 2, "spam": 2}


def test_stray_quotes_are_noticed_late_too(tmp_path: Path) -> None:
    """Beyond the part of the file that is looked at first."""
    rows = ["label\ttext", *["ham\tsome text"] * 100_000, 'ham\t"Hello', 'spam\tworld"']
    path = write(tmp_path / "a.tsv", "\n".join(rows) + "\n")
    assert found(path) == {"ham": 100_001, "spam": 1}


def test_quotes_in_tab_separated_text_may_be_quotes(tmp_path: Path) -> None:
    """Spreadsheets write them around text with line breaks."""
    path = write(tmp_path / "a.tsv", 'label\ttext\nham\t"two\nlines"\nspam\t"a\tb"\n')
    assert found(path) == {"ham": 1, "spam": 1}


def test_two_possible_delimiters_are_asked_about(tmp_path: Path) -> None:
    """Decimal commas without a header."""
    path = write(tmp_path / "a.csv", "1,5;cat\n2,5;dog\n3,5;cat\n")
    with pytest.raises(AmbiguousSourceError, match=r"--delimiter comma.*\n.*--delimiter semicolon"):
        found(path)
    assert found(path, delimiter="semicolon", label="2") == {"cat": 2, "dog": 1}


def test_labels_with_commas_in_plain_text(tmp_path: Path) -> None:
    """One label a line, as it stands."""
    path = write(tmp_path / "a.txt", "New York, NY\nBoston\nBoston\n")
    assert found(path) == {"Boston": 2, "New York, NY": 1}


def test_a_long_line_is_read(tmp_path: Path) -> None:
    """A text of 5 MB beside a label."""
    path = write(tmp_path / "a.csv", "text,label\n" + "x" * 5_000_000 + ",cat\ny,dog\n")
    assert found(path) == {"cat": 1, "dog": 1}


def test_a_file_name_is_not_a_pattern(tmp_path: Path) -> None:
    """Brackets and stars in names are taken literally when such a file exists."""
    write(tmp_path / "ab.csv", "label\nwrong\nwrong\n")
    path = write(tmp_path / "a[b].csv", "label\ncat\ncat\n")
    assert found(path) == {"cat": 2}


def test_a_header_that_is_too_short_is_an_error(tmp_path: Path) -> None:
    """Columns would otherwise shift in silence."""
    path = write(tmp_path / "a.csv", "id,label\n0,'cat, nice'\n1,'dog, bad'\n2,'cat, nice'\n")
    with pytest.raises(SourceError, match="names 2 columns, but most rows have 3"):
        found(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<a>\n<b/>\n</a>\n", "XML"),
        ('"__label__a some text"\n"__label__b more"\n', "fastText"),
        ("EU B-ORG\nrejects O\n", "CoNLL"),
        ("5.1 3.5 0\n4.9 3.0 1\n", "a table of numbers"),
        ("2007_000001  1\n2007_000002 -1\n", "VOC image set"),
        ("0 0 0 1 1 1 1 0 plane 0\n", "DOTA"),
        ("2\nBald Big_Nose\n1.jpg -1 1\n2.jpg 1 1\n", "lists images"),
        ("     50 cat\n     30 dog\n", "uniq -c"),
    ],
)
def test_other_formats_are_not_one_label_a_line(tmp_path: Path, content: str, what: str) -> None:
    """Counting their lines would be a wrong answer; insisting is possible."""
    path = write(tmp_path / "a.txt", content)
    with pytest.raises(SourceError, match=what):
        found(path)
    assert sum(found(path, kind="lines").values()) == content.count("\n")


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    """Any bytes decode in a single-byte encoding, so it is never certain."""
    path = write(tmp_path / "a.csv", "id,label\n1,café\n2,café\n".encode("latin-1"))
    assert "read as Windows-1252" in analyze(path).profile.source.notes[0]
    assert analyze(path, encoding="latin-1").profile.source.notes == ()


PLAIN = "".join(f"{label}\n" for label in ["cat", "dog", "bird"] * 30_000).encode()


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_compressed_file_that_is_cut_off(
    tmp_path: Path, pack: Callable[[bytes], bytes], cut: float
) -> None:
    """It still decompresses to text, but to less of it, or to half a label at the end."""
    whole = pack(PLAIN)
    path = write(tmp_path / "labels.txt.z", whole[: int(cut * len(whole))])
    with pytest.raises(SourceError, match="is a damaged"):
        found(path, kind="lines")
    assert sum(found(write(path, whole), kind="lines").values()) == 90_000


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_compressed_file_in_several_members(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """Parallel compressors and ``cat`` make them."""
    path = write(tmp_path / "labels.txt.z", pack(PLAIN[:1000]) + pack(PLAIN[1000:]))
    assert sum(found(path, kind="lines").values()) == 90_000


def test_a_gzip_file_with_a_wrong_checksum(tmp_path: Path) -> None:
    """Text that decompresses, but not to what was compressed."""
    damaged = bytearray(gzip.compress(PLAIN))
    damaged[-6] ^= 0xFF
    with pytest.raises(SourceError, match="damaged gzip"):
        found(write(tmp_path / "labels.txt.gz", bytes(damaged)), kind="lines")


@pytest.mark.parametrize("options", [{}, {"write_checksum": True}, {"write_content_size": False}])
@pytest.mark.parametrize("size", [0, 7, 300, 70_000, 200_000])
def test_every_kind_of_zstd_frame(tmp_path: Path, options: Any, size: int) -> None:
    """With and without checksum and size, raw, run-length and compressed blocks."""
    compressor = zstandard.ZstdCompressor(**options)
    skippable = (0x184D2A51).to_bytes(4, "little") + (3).to_bytes(4, "little") + b"xyz"
    text = b"cat\n" + b"a" * size + b"\n"
    path = write(tmp_path / "a.txt.zst", compressor.compress(text) + skippable)
    assert found(path, kind="lines", header=False) == {
        "cat": 1,
        **({"a" * size: 1} if size else {}),
    }


@pytest.mark.parametrize("rows", [10, 200_000])
@pytest.mark.parametrize("start", ['"5,x', '"5,"x'])
def test_an_open_quote_cannot_be_skipped(tmp_path: Path, rows: int, start: str) -> None:
    """It would hide every row behind it, and be called one row."""
    lines = [f"{i},x" for i in range(rows)]
    lines[5] = start
    path = write(tmp_path / "a.csv", "id,label\n" + "\n".join(lines) + "\n")
    for on_bad_rows in ("error", "skip"):
        with pytest.raises(SourceError, match=r"line 7: a quote is opened and not closed"):
            found(path, on_bad_rows=on_bad_rows, label="label")


def test_long_lines_and_mixed_line_ends_are_not_skipped(tmp_path: Path) -> None:
    """They are read, whatever happens to bad rows."""
    long = write(tmp_path / "a.csv", "text,label\n" + "x" * 5_000_000 + ",cat\ny,dog\nz\n")
    assert found(long, on_bad_rows="skip") == {"cat": 1, "dog": 1}
    mixed = write(tmp_path / "b.csv", "id,label\r\n1,cat\n2\n3,dog\r\n4,dog\n")
    result = analyze(mixed, on_bad_rows="skip")
    assert result.counts.as_dict() == {"cat": 1, "dog": 2}
    assert "skipped 1 row" in result.profile.source.notes[0]


def test_a_row_end_of_another_sort_behind_a_quote(tmp_path: Path) -> None:
    """It is no open quote; one that is open is still named with its line."""
    mixed = write(tmp_path / "a.csv", 'id,label\r\n1,"a"\n2,b\r\n3,"c, d"\n4,a\r\n')
    assert found(mixed) == {"a": 2, "b": 1, "c, d": 1}
    with pytest.raises(SourceError, match="line 2: a quote is opened and not closed"):
        found(write(tmp_path / "b.csv", 'id,label\n1,"a\n2,b\n3,c\n'))


@pytest.mark.parametrize("above", ["\n", "\r\n", "# made by a tool\r\n", "#x\n#y\r\n", "\n\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_lines_above_the_table_may_end_otherwise(
    tmp_path: Path, above: str, end: str, encoding: str
) -> None:
    """DuckDB finds no row then, or some, without a word."""
    rows = ["id,label", *(f"{i},{'größe' if i % 3 else 'cat'}" for i in range(30))]
    path = tmp_path / "a.csv"
    path.write_bytes((above + end.join(rows) + end).encode(encoding))
    assert analyze(path, label="label").counts.as_dict() == {"cat": 10, "größe": 20}
