"""A headerless file is noticed; nothing is guessed in silence."""

from __future__ import annotations

import pytest

from imbweights.core.errors import AmbiguousSourceError
from imbweights.sources.text.header import has_header


def table(text: str) -> list[list[str]]:
    """Rows of a comma-separated text."""
    return [line.split(",") for line in text.split("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "label\ncat\ndog",
        "Label \ncat\ncat",
        "id,label\n1,cat\n2,dog",
        "age,kind\n31,cat\n45,dog",  # text above numbers
        "name,colour\nann,red\nbob,blue",  # several columns, nothing against it
        "2019,2020,label\n1,2,cat\n3,4,dog",  # a usual label name outweighs numbers
        "score\n1.5\n?\n2.5",
    ],
)
def test_a_header_is_noticed(text: str) -> None:
    """By a usual name, by text above numbers, or by custom."""
    assert has_header(table(text), "f.csv")


@pytest.mark.parametrize(
    "text",
    [
        "cat\ndog\ncat",  # three labels, not a header and two
        "0.5,0.1,pos\n0.4,0.2,neg",
        "img1.jpg,cat\nimg2.jpg,dog\nimg3.jpg,dog",
        "1\n0\n1",
        "label\ncat\nlabel",  # a class that is called label
        "?,cat\n3,dog\n4,cat",
        "a.jpg,fox\nb.jpg,dog\nc.jpg,cat",
        "15,0.5,0.1",
    ],
)
def test_data_is_noticed(text: str) -> None:
    """By repetition, by numbers above numbers, by shape."""
    assert not has_header(table(text), "f.csv")


@pytest.mark.parametrize("text", ["breed\nlab\npoodle\nlab", "0,1\n5,6\n7,8", "cat"])
def test_what_could_be_both_is_asked_about(text: str) -> None:
    """With both options in the message."""
    with pytest.raises(AmbiguousSourceError, match=r"f.csv.*\n.*--header.*\n--no-header"):
        has_header(table(text), "f.csv")


def test_lines_of_text_have_no_header_unless_it_is_a_usual_name() -> None:
    """One label a line is the reading of a text file."""
    assert not has_header(table("breed\nlab"), "f.txt", one_label_a_line=True)
    assert has_header(table("label\nlab"), "f.txt", one_label_a_line=True)


def test_a_column_that_is_named_is_in_the_header() -> None:
    """One that is given by number may be in either."""
    rows = table("name,colour\nann,red\nbob,blue")
    assert has_header(rows, "f.csv", wanted=["colour"])
    with pytest.raises(AmbiguousSourceError, match="may be a header or data"):
        has_header(rows, "f.csv", wanted=["2"])
