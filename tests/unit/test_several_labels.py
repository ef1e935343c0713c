"""Several labels per row, however a table writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import lines, write

from imbweights import analyze
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.measures.label_pairs import label_pairs

TAGS = "id,tags\n1,red|blue\n2,red\n3,\n4,blue|red\n5,red|green\n"
SETS = {"blue": 2, "green": 1, "red": 4}


def test_a_separator_is_found_when_evident_and_said(tmp_path: Path) -> None:
    """Rows without labels are kept; the order inside a cell does not matter."""
    found = analyze(write(tmp_path / "a.csv", TAGS))
    assert found.counts.as_dict() == SETS
    assert found.counts.samples == 5
    assert found.counts.label_sets == {(0, 2): 2, (2,): 1, (): 1, (1, 2): 1}
    assert "cut at '|'" in found.profile.source.notes[0]
    same = analyze(tmp_path / "a.csv", separator="|")
    assert same.counts == found.counts
    assert same.profile.source.notes == ()


def test_labels_that_are_missing_or_ignored(tmp_path: Path) -> None:
    """A placeholder is no label; an ignored one is set apart and counted."""
    path = write(tmp_path / "a.csv", TAGS.replace("4,blue|red", "4,?|red"))
    found = analyze(path, missing_value="?", ignore_label="green").counts
    assert found.as_dict() == {"blue": 1, "red": 4}
    assert (found.ignored, found.samples) == (1, 5)


def test_one_text_per_cell_when_the_user_says_so(tmp_path: Path) -> None:
    """``--separator none``."""
    found = analyze(write(tmp_path / "a.csv", TAGS), separator="none").counts
    assert found.as_dict()["red|blue"] == 1
    assert found.missing == 1


def test_cells_that_may_be_either_are_asked_about(tmp_path: Path) -> None:
    """Each text has parts of its own."""
    path = write(tmp_path / "a.csv", "id,label\n" + "1,a|b\n2,c|d\n" * 9)
    with pytest.raises(AmbiguousSourceError, match="may hold one label or several"):
        analyze(path)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (['"2,5"', "5", '"2,7"', "7", '"5,2,7"'], {"2": 3, "5": 3, "7": 3}),
        (['"Smith, John"', '"Doe, Jane"', '"Smith, John"'], {"Doe, Jane": 1, "Smith, John": 2}),
    ],
)
def test_commas_only_between_ids(
    tmp_path: Path, cells: list[str], expected: dict[str, int]
) -> None:
    """Whole numbers are ids; names may hold a comma."""
    rows = lines(f"{i},{cell}" for i, cell in enumerate(cells))
    path = write(tmp_path / "a.csv", f"id,label\n{rows}")
    assert analyze(path).counts.as_dict() == expected


def test_lists_and_flags_in_json(tmp_path: Path) -> None:
    """Lists of labels, also bare ones, and objects label → 0 or 1."""
    lists = write(
        tmp_path / "a.jsonl",
        '{"labels": ["x", "y"]}\n{"labels": []}\n{"labels": null}\n{"labels": ["x"]}\n',
    )
    found = analyze(lists).counts
    assert (found.as_dict(), found.samples) == ({"x": 2, "y": 1}, 4)
    assert (found.label_sets or {})[()] == 2
    bare = write(tmp_path / "b.json", '[["x"], ["x", "y"], []]')
    assert analyze(bare).counts.as_dict() == {"x": 2, "y": 1}
    numbers = write(tmp_path / "c.jsonl", '{"labels": [3, 10]}\n{"labels": [3]}\n')
    assert analyze(numbers).counts.as_dict() == {"3": 2, "10": 1}
    flags = write(
        tmp_path / "d.jsonl",
        '{"cats": {"A": 1.0, "B": 0.0, "C": false}}\n{"cats": {"A": true, "B": 1, "C": 0}}\n',
    )
    assert analyze(flags).counts.as_dict() == {"A": 2, "B": 1, "C": 0}
    exclusive = write(
        tmp_path / "e.jsonl", '{"cats": {"A": 1, "B": 0}}\n{"cats": {"A": 0, "B": 1}}\n'
    )
    single = analyze(exclusive, one_hot=True).counts
    assert (single.task.value, single.as_dict()) == ("multiclass", {"A": 1, "B": 1})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"labels": {"a": 0.7}}\n{"labels": {"a": 0.1}}\n', "not label → 0 or 1"),
        ('{"labels": [["a"]]}\n{"labels": []}\n', "lists of lists"),
        ('{"labels": {"a": {"b": 1}}}\n{"labels": {}}\n', "not label → 0 or 1"),
    ],
)
def test_nested_values_that_are_no_labels(tmp_path: Path, content: str, message: str) -> None:
    """Scores, lists of lists and deeper objects."""
    with pytest.raises(SourceError, match=message):
        analyze(write(tmp_path / "a.jsonl", content))


def test_lists_and_flags_in_parquet(tmp_path: Path) -> None:
    """With a split column beside them."""
    table = pa.table({"labels": [["x", "y"], [], None, ["x"]], "s": ["a", "a", "b", "b"]})
    pq.write_table(table, tmp_path / "a.parquet")
    found = analyze(tmp_path / "a.parquet", split="s").profile
    assert found.total.as_dict() == {"x": 2, "y": 1}
    assert found.splits["b"].as_dict() == {"x": 1, "y": 0}
    pq.write_table(pa.table({"y": [{"p": 1, "q": 0}, {"p": 1, "q": 1}]}), tmp_path / "b.parquet")
    assert analyze(tmp_path / "b.parquet").counts.as_dict() == {"p": 2, "q": 1}


def test_ranges_of_columns(tmp_path: Path) -> None:
    """By name or number, both ends included."""
    path = write(tmp_path / "a.csv", "id,a,b,c,note\n1,1,0,0,x\n2,1,1,0,y\n")
    for label in ("a:c", "2:4", "2:c"):
        assert analyze(path, label=label).counts.as_dict() == {"a": 2, "b": 1, "c": 0}
    with pytest.raises(UsageError, match="must stand before"):
        analyze(path, label="c:a")
    with pytest.raises(UsageError, match="no column 'z'"):
        analyze(path, label="a:z")


def test_a_thousand_labels_two_active(tmp_path: Path) -> None:
    """As cells, as columns and as lists: the same counts and measures."""
    rng = np.random.default_rng(0)
    pairs = [sorted(rng.choice(1000, 2, replace=False).tolist()) for _ in range(400)]
    cells = lines(f"{i},t{a}|t{b}" for i, (a, b) in enumerate(pairs))
    tags = analyze(write(tmp_path / "a.csv", f"id,tags\n{cells}"))
    table = np.zeros((400, 1000), dtype=np.uint8)
    for row, pair in enumerate(pairs):
        table[row, pair] = 1
    columns = analyze(table)
    assert columns.measures["density"] == pytest.approx(0.002)
    assert sorted(tags.counts.counts) == sorted(columns.counts.only_present().counts)
    assert tags.measures["scumble"] == pytest.approx(columns.measures["scumble"], abs=1e-12)
    assert tags.measures["mean_ir"] == pytest.approx(columns.measures["mean_ir"], abs=1e-12)


def test_label_pairs_by_hand() -> None:
    """X^T X off its diagonal; of equals the first labels first."""
    counts = ClassCounts.multilabel("abcd", {(0, 1): 3, (0, 1, 2): 2, (1, 2): 1, (3,): 9, (): 4})
    assert label_pairs(counts) == (
        {"labels": ("a", "b"), "rows": 5},
        {"labels": ("b", "c"), "rows": 3},
        {"labels": ("a", "c"), "rows": 2},
    )
    assert label_pairs(ClassCounts.multilabel("ab", {(0,): 3})) == ()


def test_brackets_alone_are_no_lists(tmp_path: Path) -> None:
    """Cells in brackets of which none is a list are labels like any other."""
    file = write(tmp_path / "a.csv", "id,label\n1,[x]\n2,[]\n3,[:]\n4,[x]\n")
    found = analyze(file, label="label").counts.as_dict()
    assert found == {"[:]": 1, "[]": 1, "[x]": 2}
