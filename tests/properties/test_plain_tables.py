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
        st.integers(1, 3), st.sampled_from([300, 1000, 1 << 16]), st.sampled_from([1, 3, 16])
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
    jobs, piece, slots = way
    assume(ended or end == "\n" or len(rows) == 1)
    place = data.draw(st.integers(0, len(rows[0]) - 1))
    text = end.join(",".join(row) for row in rows) + (end if ended else "")
    above = "one,two\r\n" if header else ""
    content = (b"\xef\xbb\xbf" if mark else b"") + (above + text).encode()
    assume(max(len(line) for line in content.split(b"\n")) < piece)
    with (
        file_of(content) as path,
        set_to(counting, _PIECE=piece),
        set_to(tally, _SHIFT=np.uint64(64 - slots)),
        working(jobs=jobs),
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
        b"".join(b"%d,b\n" % i for i in range(2 * tally.MOST + 2)),
    ],
    ids=["quote", "wide", "blank", "ends", "cr", "latin", "nul", "long", "narrow", "many"],
)
def test_what_is_not_plain_is_left_to_others(content: bytes) -> None:
    """A reader for any table takes over."""
    with file_of(content) as path, working(jobs=2):
        assert count_cells(path, Column(0, 2, ord(",")), above=0) is None


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"label\n", b"label"])
def test_a_table_without_rows_is_left_to_others(content: bytes) -> None:
    """What to say of it is known there."""
    with file_of(content) as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=1) is None


def test_a_part_with_other_line_ends_makes_the_whole_file_not_plain() -> None:
    """Each part by itself is plain."""
    with file_of(b"a,b\n" * 100 + b"a,b\r\n" * 100) as path, working(jobs=2):
        assert count_cells(path, Column(0, 2, ord(",")), above=0) is None


def test_a_blank_line_in_a_table_of_one_column_is_not_for_this_reader() -> None:
    """It may be a missing label."""
    with file_of(b"a\n\nb\n") as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=0) is None
    with file_of(b"a\nb\nb\n") as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=0) == {"a": 1, "b": 2}
    with file_of(b"a\nb,c\n") as path:
        assert count_cells(path, Column(0, 1, ord(",")), above=0) is None
