"""Plain tables, cut by NumPy: the same counts as by hand, and as by DuckDB, or none at all."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import imbweights
from imbweights.core.errors import ImbweightsError
from imbweights.running import engine
from imbweights.running.engine import working
from imbweights.sources.text.plain import cells as plain
from imbweights.sources.text.plain import counting, tally
from imbweights.sources.text.plain.counting import count_cells
from imbweights.sources.text.plain.cutting import Column

_TEXT = st.text(
    st.characters(exclude_characters='",\r\n\0', exclude_categories=["Cs"]), max_size=20
)
_CELL = st.one_of(_TEXT, st.sampled_from(["cat", "dog", "class_00", "a label of 16 by", "x" * 64]))


@contextmanager
def set_to(module: object, **values: object) -> Iterator[None]:
    """Attributes of a module for a while."""
    before = {name: getattr(module, name) for name in values}
    for name, value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)


@contextmanager
def file_of(content: bytes) -> Iterator[Path]:
    """A file that lives as long as the context."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(content)
        yield path


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, bool]:
    """Rows of equal width, their line end, and whether the last row has one."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=1, max_size=40))
    return rows, draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans())


@given(
    table=tables(),
    data=st.data(),
    way=st.tuples(
        st.sampled_from([1, 100, 1 << 21]),
        st.sampled_from([300, 1000, 1 << 16]),
        st.sampled_from([1, 3, 16]),
    ),
    header=st.booleans(),
    mark=st.booleans(),
)
def test_the_cells_of_a_plain_table_are_those_that_were_written(
    table: tuple[list[list[str]], str, bool],
    data: st.DataObject,
    way: tuple[int, int, int],
    header: bool,
    mark: bool,
) -> None:
    """In any number of parts and pieces, with few slots, so that different texts want the same one."""
    rows, end, ended = table
    part, piece, slots = way
    assume(ended or end == "\n" or len(rows) == 1)
    place = data.draw(st.integers(0, len(rows[0]) - 1))
    text = end.join(",".join(row) for row in rows) + (end if ended else "")
    above = "one,two\r\n" if header else ""
    content = (b"\xef\xbb\xbf" if mark else b"") + (above + text).encode()
    assume(max(len(line) for line in content.split(b"\n")) < piece)
    with (
        file_of(content) as path,
        set_to(counting, _PIECE=piece, _PART=part),
        set_to(tally, _SHIFT=np.uint64(64 - slots)),
        working(jobs=1),
    ):
        found = count_cells(path, Column(place, len(rows[0]), ord(",")), above=int(header))
    assert found == Counter(row[place] or None for row in rows)


@given(
    content=st.lists(
        st.sampled_from(
            [
                *(
                    b"a",
                    b"b,c",
                    b",",
                    b"\n",
                    b"\r\n",
                    b'"',
                    b"\r",
                    "é".encode(),
                    b"\xe9",
                    b"\0",
                    b" ",
                ),
                *(b"cat,dog\n", b"x,cat\n", b'"p,q",r\n', b"x,y\r\n", b"\n\n", b";", b"|"),
            ]
        ),
        max_size=30,
    ).map(b"".join),
    header=st.sampled_from([None, True, False]),
    quotes=st.sampled_from([None, False]),
)
def test_a_table_counted_as_plain_counts_as_duckdb_counts_it(
    content: bytes,
    header: bool | None,
    quotes: bool | None,
) -> None:
    """Counts, notes or the error: whatever is in the file."""

    def outcome(path: Path, least: int) -> object:
        with set_to(plain, LEAST=least):
            try:
                found = imbweights.analyze(
                    path, label="2", delimiter=",", header=header, quotes=quotes, kind="csv"
                )
            except ImbweightsError as error:
                return type(error), str(error)
        recognised = found.profile.source
        return found.counts.classes, found.counts.counts.tolist(), found.counts.missing, recognised

    with file_of(b"cat,dog\ncat,dog\ncow,dog\n" + content) as path:
        assert outcome(path, 0) == outcome(path, 1 << 60)


@pytest.mark.parametrize("part", [1 << 21, 50])
@pytest.mark.parametrize(
    "content",
    [
        b'a,b\n"a",b\n',
        b"a,b\na,b,c\n",
        b"a,b\n\na,b\n",
        b"a,b\r\na,b\n",
        b"a,b\na\r,b\n",
        b"a,b\na,\xe9\n",
        b"a,b\na,b\0\n",
        b"a,b\n" + b"x" * 70 + b",b\n",
        b"a\nb\n",
    ],
    ids=["quote", "wide", "blank", "ends", "cr", "latin", "nul", "long", "narrow"],
)
def test_what_is_not_plain_is_left_to_others(content: bytes, part: int) -> None:
    """A reader for any table takes over."""
    with file_of(content) as path, set_to(counting, _PART=part), working(jobs=1):
        assert count_cells(path, Column(0, 2, ord(",")), above=0) is None


def test_very_many_classes_are_left_to_others() -> None:
    """A database is quicker then."""
    content = b"".join(b"%d,b\n" % i for i in range(tally.MOST + 1))
    with file_of(content) as path:
        assert count_cells(path, Column(0, 2, ord(",")), above=0) is None


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"label\n", b"label"])
def test_a_table_without_rows_is_left_to_others(content: bytes) -> None:
    """What to say of it is known there."""
    with file_of(content) as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=1) is None


def test_a_part_with_other_line_ends_makes_the_whole_file_not_plain() -> None:
    """Each part by itself is plain; the first four are counted as one."""
    content = b"a,b\n" * 100 + b"a,b\r\n" * 100
    with file_of(content) as path, set_to(counting, _PART=100), working(jobs=1):
        assert count_cells(path, Column(0, 2, ord(",")), above=0) is None


def test_a_piece_with_other_line_ends_makes_the_whole_file_not_plain() -> None:
    """Each piece of a part is plain by itself, and all of them are no table."""
    pieces = [b"a,b\r\n" * 20, b"a,b\n" * 25]
    for content, expected in ((pieces[0] * 2, 40), (pieces[1] * 2, 50), (b"".join(pieces), None)):
        with file_of(content) as path, set_to(counting, _PIECE=100), working(jobs=1):
            found = count_cells(path, Column(1, 2, ord(",")), above=0)
        assert found == (None if expected is None else {"b": expected})


def test_a_blank_line_in_a_table_of_one_column_is_not_for_this_reader() -> None:
    """It may be a missing label."""
    with file_of(b"a\n\nb\n") as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=0) is None
    with file_of(b"a\nb\nb\n") as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=0) == {"a": 1, "b": 2}
    with file_of(b"a\nb,c\n") as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=0) is None


@pytest.mark.parametrize("forks", [False, True])
@pytest.mark.parametrize("part", [64, 3000, 1 << 21])
@pytest.mark.parametrize("piece", [100, 1024, 3 << 16])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_many_pieces_make_the_whole(*, forks: bool, part: int, piece: int, end: str) -> None:
    """Rows of 5 to 81 bytes, cut wherever a piece happens to end, by this process or by others; every
    class is counted.
    """
    names = ["", "a", "class_00", "class_01", "sixteen bytes 16", "sixteen bytes 17", "ä" * 32]
    rows = [(names[i * i % 7], "x" * (i % 11)) for i in range(4000)]
    content = end.join(f"{b},{a},{i % 10}" for i, (a, b) in enumerate(rows)) + end
    with (
        file_of(content.encode()) as path,
        set_to(counting, _PIECE=piece, _PART=part),
        set_to(engine, _WORTH_FORKING=0.0),
        working(jobs=2 if forks else 1, forks=forks),
    ):
        found = count_cells(path, Column(1, 3, ord(",")), above=0)
    assert found == Counter(a or None for a, _ in rows)


@pytest.mark.parametrize(("extra", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_row_that_fills_more_than_a_piece_is_not_plain(
    extra: int,
    fits: bool,
) -> None:
    """It is as long as a piece, one byte less, one more; rows follow."""
    row = b"a," + b"x" * (100 + extra - 3) + b"\n"
    with file_of(row * 3 + b"a,b\n" * 50) as path, set_to(counting, _PIECE=100), working(jobs=1):
        found = count_cells(path, Column(0, 2, ord(",")), above=0)
        assert found == ({"a": 53} if fits else None)
        # A header as long is cut off nowhere.
        headed = count_cells(path, Column(0, 2, ord(",")), above=1)
        assert headed == ({"a": 52} if extra < 0 else None)


def test_long_rows_with_short_labels() -> None:
    """The last row end may be far from the end of what was read."""
    rows = [f"{'cat' if i % 3 else 'dog'},{'x' * (i % 9000)}\n" for i in range(0, 90_000, 997)]
    content = "".join(rows).encode()
    with file_of(content) as path, set_to(counting, _PIECE=10_000), working(jobs=1):
        found = count_cells(path, Column(0, 2, ord(",")), above=0)
    assert found == Counter(row[:3] for row in rows)


@pytest.mark.parametrize("sign", ["||", "§", "\t", ";"])
def test_a_delimiter_is_one_ascii_sign_or_the_table_is_for_others(sign: str) -> None:
    """Both ways count the same."""
    text = f"id{sign}label\n" + f"1{sign}cat\n2{sign}dog\n3{sign}cat\n" * 5
    with file_of(text.encode()) as path, set_to(plain, LEAST=0):
        found = imbweights.analyze(path, label="label", delimiter=sign)
    assert found.counts.as_dict() == {"cat": 10, "dog": 5}


def test_labels_that_differ_in_one_place_are_told_apart() -> None:
    """Whatever the place, and whatever other labels there are."""
    base = "abcdefghijklmnopqrstuvwxyz" * 2
    labels = [base[:n] for n in range(1, 53)]
    labels += [f"{base[:i]}#{base[i + 1 :]}" for i in range(52)]
    content = "".join(f"{x},1\n" * (i + 1) for i, x in enumerate(labels)).encode()
    with file_of(content) as path, working(jobs=1):
        found = count_cells(path, Column(0, 2, ord(",")), above=0)
    assert found == {label: i + 1 for i, label in enumerate(labels)}


def test_a_table_is_counted_here_whatever_engine_is_named() -> None:
    """A cluster may not see the file."""
    with file_of(b"a,b\n" * 9) as path, set_to(counting, _PART=4), working(engine="no such"):
        assert count_cells(path, Column(0, 2, ord(",")), above=0) == {"a": 9}
