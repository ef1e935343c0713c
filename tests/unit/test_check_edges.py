"""Checks at the edges: baselines of other data, rows that cannot be told, settings of a wrong kind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import lines, run, write

import imbweights
from imbweights import Unit
from imbweights.checking.given_data import given_paths
from imbweights.core.errors import ImbweightsError

PETS = ["cat"] * 30 + ["dog"] * 20


def test_a_baseline_of_other_data(tmp_path: Path) -> None:
    """Shares alone have no baseline, and counts of another kind are not compared."""
    write(tmp_path / "pets.csv", "label\n" + lines(PETS))
    assert run("check", "pets.csv", "--write-baseline").code == 0
    baseline = tmp_path / "imbweights-baseline.json"
    ratio = imbweights.analyze({"cat": 60, "dog": 1}).profile
    parts = replace(ratio, total=replace(ratio.total, unit=Unit.PARTS))
    with pytest.raises(ImbweightsError, match="a ratio cannot be compared with a baseline"):
        imbweights.check(imbweights.Analysis(parts), baseline=baseline)
    several = np.array([[1, 1], [1, 0], [0, 1]] * 10)
    with pytest.raises(
        ImbweightsError, match="multilabel counts in samples, but the baseline holds"
    ):
        imbweights.check(several, baseline=baseline)


def test_lists_of_paths(tmp_path: Path) -> None:
    """Path objects are paths though labels come again, addresses are though they are not here."""
    paths = [write(tmp_path / f"{name}.csv", "label\n" + lines(PETS)) for name in "ab"]
    assert imbweights.check(paths).sets[0].samples == 100
    addresses = ["https://example.org/a.csv", "s3://bucket/b.csv"]
    assert given_paths(addresses) == tuple(addresses)
    assert given_paths(["https://example.org/a", "cat"]) is None


def test_one_image_of_several_masks(tmp_path: Path) -> None:
    """It is opened once, and all masks are held against it."""
    image = np.zeros((8, 8, 3), dtype=np.uint8)
    for split, size in (("train", (8, 8)), ("val", (4, 4))):
        (tmp_path / split).mkdir()
        mask = np.arange(size[0] * size[1], dtype=np.uint8).reshape(size) % 2
        Image.fromarray(mask).save(tmp_path / split / "a.png")
    (tmp_path / "images").mkdir()
    Image.fromarray(image).save(tmp_path / "images" / "a.jpg")
    found = imbweights.check(
        {"train": tmp_path / "train", "val": tmp_path / "val"},
        images=str(tmp_path / "images"),
        select="IMB033",
    )
    [only] = found.findings
    assert only.where.file is not None
    assert Path(only.where.file).parent.name == "val"
    assert (only.details["mask"], only.details["image"]) == ([4, 4], [8, 8])


def test_a_finding_without_a_row(tmp_path: Path) -> None:
    """A declared class without samples stands in no row, and boxes in no line."""
    path = write(tmp_path / "a.csv", "label\n" + lines(PETS))
    found = imbweights.check(path, classes=["cat", "dog", "Dog", "?"], select="IMB01")
    rows = {each.where.cls: (each.where.row, each.where.line) for each in found.findings}
    assert rows["?"] == (None, None)
    boxes = [
        {"id": i, "image_id": i, "category_id": i % 2, "bbox": [0, 0, 3, 3]} for i in range(40)
    ]
    coco = {
        "images": [{"id": i, "file_name": f"{i}.jpg", "width": 9, "height": 9} for i in range(40)],
        "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "Cat"}],
        "annotations": boxes,
    }
    found = imbweights.check(write(tmp_path / "c.json", json.dumps(coco)), select="IMB013")
    assert [each.code for each in found.findings] == ["IMB013"]
    assert found.findings[0].where.row is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('levels = "IMB004"', "levels must be a table such as"),
        ("fail-on = 3", "fail-on must be text"),
        ('scheme = ""', "scheme must be text"),
    ],
)
def test_settings_of_a_wrong_kind(settings: str, words: str, tmp_path: Path) -> None:
    """Are named with the file."""
    write(tmp_path / "pets.csv", "label\n" + lines(PETS))
    write(tmp_path / "imbweights.toml", f'source = "pets.csv"\n[check]\n{settings}\n')
    done = run("check")
    assert done.code == 2
    assert words in done.err
    assert "imbweights.toml" in done.err
