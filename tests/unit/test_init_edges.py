"""What ``init`` makes of folders that are large, broken, odd, or configured already."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import lines, write

from imbweights import initialising, suggest
from imbweights.core.errors import ConfigError, SourceError
from imbweights.initialising import initial, places

TABLE = "label\n" + lines(["cat"] * 20 + ["dog"] * 30)
NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)


def found(folder: Path) -> list[tuple[str, ...]]:
    """The sources of what could be counted."""
    return [each.sources for each in initial(folder).sets]


def words(folder: Path) -> str:
    """What is asked, and why something is left out."""
    draft = initial(folder)
    asked = [question.words for question in draft.questions]
    return "\n".join([*asked, *(left.words for left in draft.left_out)])


def class_folders(folder: Path, n: int = 3) -> None:
    """A folder of photos per class."""
    for i, name in enumerate(("cat", "dog")):
        (folder / name).mkdir(parents=True)
        for j in range(n + i):
            Image.fromarray(NOISE + np.uint8(j)).save(folder / name / f"{j}.png")


def test_a_configuration_is_not_overwritten(tmp_path: Path) -> None:
    """Also where a Python caller asks."""
    write(tmp_path / "labels.csv", TABLE)
    write(tmp_path / "imbweights.toml", 'source = "labels.csv"\n')
    with pytest.raises(ConfigError, match="there is a configuration already"):
        initial(tmp_path)


def test_programs_beside_class_folders(tmp_path: Path) -> None:
    """Where nothing else looks like labels, the folder itself may be the data."""
    class_folders(tmp_path)
    write(tmp_path / "train.py", "print()\n")
    assert found(tmp_path) == [(".",)]


def test_an_empty_folder_is_passed_over(tmp_path: Path) -> None:
    """As are an empty file and what this tool wrote."""
    write(tmp_path / "labels.csv", TABLE)
    (tmp_path / "data").mkdir()
    write(tmp_path / "empty_labels.csv", "")
    own = json.dumps(suggest({"a": 1, "b": 2}, "balanced").to_dict(), indent=2)
    write(tmp_path / "class_weights.json", own)
    assert found(tmp_path) == [("labels.csv",)]
    assert not words(tmp_path)


def test_pictures_with_few_colours_are_no_masks(tmp_path: Path) -> None:
    """In a folder that is called so; elsewhere they are."""
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
        for i in range(3):
            flat = (np.arange(64, dtype=np.uint8).reshape(8, 8) + i) % 2
            Image.fromarray(flat).save(tmp_path / name / f"{i}.png")
    assert found(tmp_path) == [("masks",)]


def test_folders_that_hold_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are asked about where data are usually kept, and passed over elsewhere."""
    write(tmp_path / "labels.csv", TABLE)
    class_folders(tmp_path / "data")
    class_folders(tmp_path / "others")
    monkeypatch.setattr(places, "MOST_FILES", 5)
    draft = initial(tmp_path)
    assert [each.sources for each in draft.sets] == [("labels.csv",)]
    [question] = draft.questions
    assert question.sources == ("data",)
    assert "holds more than 5 files and was not looked at" in question.words


def test_no_more_than_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are named."""
    for i in range(4):
        write(tmp_path / f"labels{i}.csv", TABLE)
    monkeypatch.setattr(initialising, "MOST", 2)
    draft = initial(tmp_path)
    assert [each.sources for each in draft.sets] == [("labels0.csv",), ("labels1.csv",)]
    assert [(each.sources, each.words) for each in draft.left_out] == [
        ((f"labels{i}.csv",), "not looked at, after 2 others") for i in (2, 3)
    ]


def test_splits_of_which_one_cannot_be_read(tmp_path: Path) -> None:
    """Only test data are expected to have no labels: without them both are left out."""
    write(tmp_path / "train.csv", TABLE)
    write(tmp_path / "val.csv", "other\n" + lines(range(40)))
    with pytest.raises(SourceError, match="nothing here looks like labels") as error:
        initial(tmp_path)
    assert "left out train=train.csv val=val.csv" in str(error.value)


def test_one_class_has_no_order(tmp_path: Path) -> None:
    """Nothing is pinned, and the reason is written down."""
    write(tmp_path / "labels.csv", "label\n" + lines(["cat"] * 30))
    [only] = initial(tmp_path).sets
    assert (only.classes, only.why_not) == ((), "there is only one")


def test_an_order_that_a_list_would_change_is_not_pinned(tmp_path: Path) -> None:
    """A class whose name looks like an id with a name: ``classes`` would read it so."""
    write(tmp_path / "labels.csv", "label\n" + lines(["1=cat"] * 20 + ["2=dog"] * 30))
    [only] = initial(tmp_path).sets
    assert (only.classes, only.why_not) == ((), "a plain list would read these labels otherwise")
    assert only.profile.total.as_dict() == {"1=cat": 20, "2=dog": 30}
