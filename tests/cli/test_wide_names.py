"""Tables stay tables whatever the names: wide, joined, right to left, piped and in colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from support import run, write

NAMES = ["日本語の長い名前です", "עברית שלום", "العربية", "🐈 cat", "e\u0301 combining", "plain"]
COMMANDS = [
    ("analyze", "a.csv", "--label", "label"),
    ("analyze", "a.csv", "--label", "label", "--split", "split"),
    ("suggest", "a.csv", "--label", "label", "--scheme", "log"),
    ("suggest", "a.csv", "--label", "label", "--explain"),
    ("audit", "6,5,4,3,2,1", "--on", "a.csv", "--label", "label"),
]
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_MARK = "\u200e"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A class per name, in two splits."""
    rows = [
        f"{i}.{k},{name},{'train' if k % 4 else 'val'}\n"
        for i, name in enumerate(NAMES)
        for k in range(30 * (i + 2))
    ]
    return write(tmp_path / "a.csv", "size,label,split\n" + "".join(rows))


def rows_below(out: str, heading: str) -> tuple[str, list[str]]:
    """The line of headings that holds one, and the rows below it, without colours."""
    found = [_COLOUR.sub("", line) for line in out.splitlines()]
    at = next(i for i, line in enumerate(found) if line.split()[:2] == ["index", heading])
    end = next((i for i in range(at, len(found)) if not found[i].strip()), len(found))
    return found[at], found[at + 1 : end]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("width", ["80", "200"])
@pytest.mark.parametrize("color", ["", "1"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_columns_stand_under_their_headings(
    arguments: tuple[str, ...], width: str, color: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In terminal cells, of which a wide sign takes two and an accent none."""
    monkeypatch.setenv("COLUMNS", width)
    if color:
        monkeypatch.setenv("FORCE_COLOR", color)
    head, rows = rows_below(run(*arguments).out, "class")
    column = next(c for c in ("count", "train") if c in head.split())
    end = cell_len(head[: head.index(column) + len(column)])
    assert len(rows) == len(NAMES)
    for name, row in zip(sorted(NAMES), rows, strict=True):
        place = row.index(name)
        assert cell_len(row[:place]) == cell_len(head[: head.index("class")])
        number = re.match(rf"\s*{_MARK}?([\d,]+)", row[place + len(name) :])
        assert number is not None
        assert cell_len(row[: place + len(name) + number.end()]) == end


@pytest.mark.usefixtures("table")
def test_numbers_stay_behind_right_to_left_names() -> None:
    """A mark lies between such a name and the number, and only there."""
    _, rows = rows_below(run("analyze", "a.csv", "--label", "label").out, "class")
    marked = [row for row in rows if _MARK in row]
    assert sorted(marked) == sorted(r for r in rows if "עברית" in r or "العربية" in r)
    assert all(re.search(rf"\s{_MARK}\d", row) for row in marked)


@pytest.mark.usefixtures("table")
def test_streams_without_unicode_get_no_mark() -> None:
    """Names are escaped there, and nothing is right to left."""
    out = run("analyze", "a.csv", "--label", "label", encoding="ascii").out
    assert "\\u05e2" in out
    assert "\\u200e" not in out


def test_long_names_that_begin_alike_stay_apart(tmp_path: Path) -> None:
    """In the table and in the headline; what they have in common is left out."""
    long = "a very long name of a class that goes on and on, number"
    rows = [f"{long} {i}" for i in range(3) for _ in range(10**i)]
    write(tmp_path / "a.csv", "label\n" + "".join(f'"{row}"\n' for row in rows))
    found = run("analyze", "a.csv").out
    assert '"…number 2" has 100 times as many samples as "…number 0"' in " ".join(found.split())
    assert [f"{i}  …number {i}" in found for i in range(3)] == [True] * 3
