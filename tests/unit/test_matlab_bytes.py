"""MATLAB files byte by byte: what the format allows and no program here writes, and what is a lie."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat
from support import run, write

from imbweights import analyze
from imbweights.core.errors import SourceError

DOUBLE, CHAR, CELL = 6, 4, 1


def element(kind: int, data: bytes, order: str = "<") -> bytes:
    """A tag, the data, and zeros up to eight bytes."""
    return struct.pack(order + "II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def matrix(
    sort: int, shape: tuple[int, ...], *parts: bytes, order: str = "<", name: str = "y"
) -> bytes:
    """A variable of level 5."""
    flags = element(6, struct.pack(order + "II", sort, 0), order)
    axes = element(5, struct.pack(f"{order}{len(shape)}i", *shape), order)
    called = element(1, name.encode(), order)
    return element(14, b"".join((flags, axes, called, *parts)), order)


def level_5(*variables: bytes, order: str = "<", mark: bytes | None = None) -> bytes:
    """A file with these variables."""
    usual = b"IM" if order == "<" else b"MI"
    version = struct.pack(order + "H", 0x100)
    return b"MATLAB 5.0".ljust(124) + version + (mark or usual) + b"".join(variables)


def level_4(kind: int, shape: tuple[int, int], data: bytes, *, name: str = "y") -> bytes:
    """A variable of level 4, which is a file by itself."""
    called = name.encode() + b"\0"
    return struct.pack("<5i", kind, *shape, 0, len(called)) + called + data


def doubles(*values: float) -> bytes:
    """Numbers as level 5 stores them."""
    return element(9, struct.pack(f"<{len(values)}d", *values))


def text(letters: bytes, kind: int = 16) -> bytes:
    """The letters of a text, UTF-8 unless told."""
    return element(kind, letters)


def char(*rows: str) -> bytes:
    """A matrix of letters without a name, as a cell holds it."""
    columns = "".join(row[i] for i in range(len(rows[0])) for row in rows)
    return matrix(CHAR, (len(rows), len(rows[0])), text(columns.encode()), name="")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("kind", "codec"), [(17, "utf-16"), (18, "utf-32"), (4, "utf-16")])
def test_wide_letters_in_both_orders_of_bytes(
    tmp_path: Path, order: str, kind: int, codec: str
) -> None:
    """MATLAB writes letters in two bytes where one is not enough."""
    letters = "ÄäÄbbb".encode(f"{codec}-{'le' if order == '<' else 'be'}")
    content = matrix(CHAR, (3, 2), element(kind, letters, order), order=order)
    path = write(tmp_path / "a.mat", level_5(content, order=order))
    assert analyze(path).counts.as_dict() == {"Äb": 2, "äb": 1}


def test_what_the_format_allows(tmp_path: Path) -> None:
    """Letters of two units, empty cells, text of level 4, variables without a name."""
    smile = matrix(CHAR, (1, 2), text("😀".encode("utf-16-le"), 17))
    found = analyze(write(tmp_path / "smile.mat", level_5(smile))).counts
    assert found.as_dict() == {"😀": 1}
    nothing = matrix(CHAR, (0, 0), text(b""), name="")
    cells = matrix(CELL, (4, 1), char("cat"), element(14, b""), nothing, char("cat"))
    found = analyze(write(tmp_path / "cells.mat", level_5(cells))).counts
    assert (found.as_dict(), found.missing) == ({"cat": 2}, 2)
    savemat(tmp_path / "old.mat", {"y": np.array(["cat", "dog", "cat"])}, format="4")
    assert analyze(tmp_path / "old.mat").counts.as_dict() == {"cat": 2, "dog": 1}
    column = struct.pack("<3d", 1, 2, 2)
    both = level_4(0, (1, 3), column, name="") + level_4(0, (3, 1), column)
    assert analyze(write(tmp_path / "b.mat", both)).counts.as_dict() == {"1": 1, "2": 2}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (level_5(matrix(DOUBLE, (1, 2)), mark=b"XX"), "in which order its bytes are"),
        (level_5(element(14, element(6, bytes(8)))), "a variable has no header"),
        (level_5(matrix(DOUBLE | 0x800, (1, 1), doubles(1), doubles(1))), "complex numbers"),
        (level_5(matrix(DOUBLE, (2, 1))), "is cut off"),
        (level_5(matrix(DOUBLE, (0, 0))), "is empty"),
        (level_5(matrix(DOUBLE, (3, 1), doubles(1, 2))), "its size is not that of its shape"),
        (level_5(matrix(CHAR, (1, 1), doubles(1))), "it holds no text"),
        (level_5(matrix(CHAR, (1, 1), text(b"\xff"))), "holds text that is none"),
        (level_5(matrix(CHAR, (2, 2), text(b"abc"))), "its size is not that of its shape"),
        (level_5(matrix(CHAR, (1, 4), text(b"abc"))), "its size is not that of its shape"),
        (level_5(matrix(CHAR, (3, 0), text(b""))), "rows without letters"),
        (level_5(matrix(CELL, (9, 9), char("a"))), "is cut off"),
        (level_5(matrix(CELL, (1, 1), doubles(1))), "a cell holds no matrix"),
        (level_5(matrix(CELL, (1, 1), matrix(CELL, (1, 1), char("a")))), "cell array of cell"),
        (level_5(matrix(CELL, (3, 1), char("a"), char("b"))), "it has 2 of 3 cells"),
        (
            level_5(matrix(CELL, (1, 1), matrix(DOUBLE, (1, 2), doubles(1, 2), name=""))),
            "more than a label a cell",
        ),
        (level_4(3, (1, 1), bytes(8)), "the header of a variable is none"),
        (level_4(0, (-1, 1), bytes(8)), "the shape -1 × 1"),
        (level_4(2, (1, 1), bytes(8)), "complex or a sparse matrix"),
        (level_4(1, (1, 1), struct.pack("<d", 300)), "text that is none"),
        (level_4(1, (4, 0), b""), "rows without letters"),
    ],
)
def test_what_cannot_be_labels(tmp_path: Path, content: bytes, message: str) -> None:
    """Each is refused with its own reason, and with what to save instead."""
    with pytest.raises(SourceError) as caught:
        analyze(write(tmp_path / "a.mat", content))
    assert message in str(caught.value)


def test_a_compressed_variable_may_not_grow_beyond_what_is_allowed(tmp_path: Path) -> None:
    """A megabyte of zeros takes a kilobyte in the file."""
    packed = zlib.compress(matrix(DOUBLE, (1, 131072), doubles(*[0.0] * 131072)))
    path = write(tmp_path / "a.mat", level_5(struct.pack("<II", 15, len(packed)) + packed))
    refused = run("analyze", path, "--max-bytes", "1MB")
    assert refused.code == 2
    assert "a variable of more than 1,000,000 bytes" in refused.err
    assert run("analyze", path, "--max-bytes", "2MB").code == 0
