"""Which column holds the labels: said, chosen where evident, asked otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import lines, write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError

ANIMALS = "id,kind,weight\n1,cat,4\n2,dog,9\n3,cat,4\n"


def test_the_only_column_is_taken(tmp_path: Path) -> None:
    """There is no choice."""
    path = write(tmp_path / "a.csv", "x\n5\n6\n5\n")
    assert analyze(path, header=True).profile.source.label == "x"


@pytest.mark.parametrize(
    "name", ["label", " Label ", "CLASS", "target", "y", "species", "Class Label"]
)
def test_a_usual_name_is_taken(tmp_path: Path, name: str) -> None:
    """Case and blanks around do not matter."""
    path = write(tmp_path / "a.csv", ANIMALS.replace("kind", name))
    result = analyze(path)
    assert result.counts.as_dict() == {"cat": 2, "dog": 1}
    assert result.profile.source.label == name.strip()


@pytest.mark.parametrize("wanted", ["kind", "Kind", "2"])
def test_a_column_is_named_or_numbered(tmp_path: Path, wanted: str) -> None:
    """By name, forgiving case, or by 1-based number."""
    assert analyze(write(tmp_path / "a.csv", ANIMALS), label=wanted).counts.as_dict() == {
        "cat": 2,
        "dog": 1,
    }


def test_a_column_called_2_comes_before_the_second_column(tmp_path: Path) -> None:
    """A name is a name."""
    path = write(tmp_path / "a.csv", "2,b\ncat,x\ncat,y\n")
    assert analyze(path, label="2", header=True).counts.as_dict() == {"cat": 2}


@pytest.mark.parametrize("content", [ANIMALS, "id,label,class\n1,a,b\n2,a,b\n"])
def test_otherwise_the_columns_are_listed(tmp_path: Path, content: str) -> None:
    """With what decides."""
    with pytest.raises(AmbiguousSourceError) as caught:
        analyze(write(tmp_path / "a.csv", content))
    header = content.split("\n", maxsplit=1)[0].split(",")
    assert all(f"--label {name}" in str(caught.value) for name in header)
    assert "2 distinct" in str(caught.value)


def test_columns_of_equal_name_are_told_apart_by_number(tmp_path: Path) -> None:
    """The name cannot decide."""
    path = write(tmp_path / "a.csv", "label,label\ncat,1\ncat,2\n")
    with pytest.raises(AmbiguousSourceError, match="--label 2"):
        analyze(path)
    with pytest.raises(UsageError, match="use the number"):
        analyze(path, label="label")
    assert analyze(path, label="1").counts.as_dict() == {"cat": 2}


def test_a_misspelt_column_gets_a_suggestion(tmp_path: Path) -> None:
    """Did you mean."""
    with pytest.raises(UsageError, match="did you mean 'kind'"):
        analyze(write(tmp_path / "a.csv", ANIMALS), label="kynd")


def test_an_id_is_refused_unless_asked_for(tmp_path: Path) -> None:
    """Nearly every row its own class is an id or a measurement."""
    path = write(tmp_path / "a.csv", "label\n" + lines(f"{i / 7:.4f}" for i in range(200)))
    with pytest.raises(SourceError, match="id or a measurement"):
        analyze(path)
    assert len(analyze(path, label="label").counts.classes) == 200


@pytest.mark.parametrize("classes", [3, 30])
def test_a_table_of_counts_is_asked_about_and_read(tmp_path: Path, classes: int) -> None:
    """As value_counts writes it; nothing in it says that a row is not one sample."""
    content = "label,count\n" + lines(f"c{i},{i + 1}" for i in range(classes))
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(AmbiguousSourceError, match=r"--count-column count.*\n--label label"):
        analyze(path)
    result = analyze(path, count_column="count").counts
    assert result.as_dict()["c2"] == 3
    assert result.total == sum(range(1, classes + 1))
    assert analyze(path, label="label").counts.total == classes
    headerless = write(tmp_path / "b.csv", content.partition("\n")[2])
    assert analyze(headerless, count_column="2").counts.as_dict() == result.as_dict()


def test_matlabs_count_each_label_for_pixels_is_read(tmp_path: Path) -> None:
    """PixelCount, and ImagePixelCount as the denominator of median frequency."""
    path = write(
        tmp_path / "a.csv",
        "Name,PixelCount,ImagePixelCount\nsky,100,400\ncar,10,200\nroad,90,300\n",
    )
    result = analyze(path, label="Name", count_column="PixelCount").counts
    assert (result.task, result.unit) == ("segmentation", "pixels")
    assert result.extent.tolist() == [200, 300, 400]


@pytest.mark.parametrize("bad", ["1.5", "-1", "many", ""])
def test_counts_that_are_no_counts_are_refused(tmp_path: Path, bad: str) -> None:
    """Whole numbers, 0 or more."""
    path = write(tmp_path / "a.csv", f"label,count\na,1e3\nb,{bad}\n")
    with pytest.raises(SourceError, match="no count"):
        analyze(path, count_column="count")


def test_several_columns_are_labels_of_their_own(tmp_path: Path) -> None:
    """A list or a glob; rows without any label are kept."""
    path = write(tmp_path / "a.csv", "id,t_a,t_b\n1,1,0\n2,1,1\n3,0,0\n4,0,0.0\n")
    for label in ("t_a,t_b", "t_*", "2,3"):
        counts = analyze(path, label=label).counts
        assert counts.as_dict() == {"t_a": 2, "t_b": 1}
        assert (counts.task, counts.samples) == ("multilabel", 4)
        assert counts.label_sets == {(0,): 1, (0, 1): 1, (): 2}


def test_empty_cells_of_label_columns_are_said(tmp_path: Path) -> None:
    """Counted as absent, and not in silence."""
    path = write(tmp_path / "a.csv", "t_a,t_b\n1,\n0,1\n1,1\n")
    result = analyze(path, label="t_*", header=True)
    assert result.profile.source.notes == ("1 empty cells are read as 0 (label absent)",)


def test_label_columns_hold_only_zeros_and_ones(tmp_path: Path) -> None:
    """Anything else is an error naming column and value."""
    path = write(tmp_path / "a.csv", "t_a,t_b\n1,0\n0,7\n")
    with pytest.raises(SourceError, match=r"'t_b' holds '7'"):
        analyze(path, label="t_*", header=True)


def test_a_table_of_zeros_and_ones_is_asked_about(tmp_path: Path) -> None:
    """It may be labels or features; the option that decides is named."""
    path = write(tmp_path / "a.csv", "red,green\n1,0\n0,1\n1,1\n")
    with pytest.raises(AmbiguousSourceError, match=r"--label '\*'"):
        analyze(path)


def test_splits_are_counted_side_by_side(tmp_path: Path) -> None:
    """Training first; rows without a split have a name too."""
    path = write(tmp_path / "a.csv", "label,part\na,test\na,train\nb,train\na,\n")
    profile = analyze(path, split="part").profile
    assert list(profile.splits) == ["train", "test", "(none)"]
    assert profile.splits["train"].as_dict() == {"a": 1, "b": 1}
    assert profile.splits["test"].as_dict() == {"a": 1, "b": 0}
    assert profile.total.as_dict() == {"a": 3, "b": 1}


def test_a_split_column_is_pointed_out(tmp_path: Path) -> None:
    """When all splits are counted together."""
    path = write(tmp_path / "a.csv", "label,split\na,train\na,test\n")
    assert "--split split" in analyze(path).profile.source.notes[0]
    assert analyze(path, split="split").profile.source.notes == ()


def test_one_hot_columns_are_one_class_per_row(tmp_path: Path) -> None:
    """In the order of the columns; a row without a 1 has no label, two are an error."""
    path = write(tmp_path / "a.csv", "c_b,c_a\n1,0\n0,1\n1,0\n0,0\n")
    counts = analyze(path, label="c_*", one_hot=True, header=True).counts
    assert counts.task == "multiclass"
    assert list(counts.as_dict().items()) == [("c_b", 2), ("c_a", 1)]
    assert counts.missing == 1
    write(path, "c_b,c_a\n1,0\n1,1\n")
    with pytest.raises(SourceError, match="more than one 1"):
        analyze(path, label="c_*", one_hot=True, header=True)
    with pytest.raises(UsageError, match="several 0/1 columns"):
        analyze(path, label="c_a", one_hot=True, header=True)


def test_a_label_column_to_ignore_must_exist(tmp_path: Path) -> None:
    """A slip would otherwise change nothing in silence."""
    path = write(tmp_path / "a.csv", "t_a,t_b\n1,1\n0,1\n")
    counts = analyze(path, label="t_*", ignore_label="t_b", header=True).counts
    assert (counts.as_dict(), counts.ignored) == ({"t_a": 1}, 2)
    with pytest.raises(UsageError, match="no such label column"):
        analyze(path, label="t_*", ignore_label="t_c", header=True)


def test_splits_that_differ_in_blanks_are_one_split(tmp_path: Path) -> None:
    """For every layout of labels; a blank split is none."""
    path = write(tmp_path / "a.csv", "t_a,t_b,part\n1,0,train\n1,0,train \n1,0,  \n0,1,test\n")
    splits = analyze(path, label="t_*", split="part").profile.splits
    assert {name: c.samples for name, c in splits.items()} == {"train": 2, "test": 1, "(none)": 1}
    single = analyze(path, label="t_a", split="part").profile.splits
    assert {name: c.samples for name, c in single.items()} == {"train": 2, "test": 1, "(none)": 1}


def test_other_spellings_of_missing_hold_for_label_columns_too(tmp_path: Path) -> None:
    """And a column cannot be label and split at once."""
    path = write(tmp_path / "a.csv", "t_a,t_b\n1,?\n0, 1\nNaN,1\n")
    result = analyze(path, label="t_*", header=True, missing_value="?")
    assert result.counts.as_dict() == {"t_a": 1, "t_b": 2}
    assert result.profile.source.notes == ("2 empty cells are read as 0 (label absent)",)
    with pytest.raises(UsageError, match="both the label and the split"):
        analyze(path, label="t_a", split="t_a", header=True)
