"""COCO files as pycocotools reads them."""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from pycocotools.coco import COCO

from imbweights import analyze

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["instances_train.json", "instances_val.json"])
def test_objects_and_images(name: str) -> None:
    """Category by category, in the order of the ids."""
    path = TOP / "sample_data" / "coco" / name
    with contextlib.redirect_stdout(io.StringIO()):
        reference = COCO(str(path))
    categories = reference.loadCats(reference.getCatIds())
    found = analyze(path).counts
    assert list(found.classes) == [c["name"] for c in categories]
    objects = [len(reference.getAnnIds(catIds=[c["id"]])) for c in categories]
    images = [len(reference.getImgIds(catIds=[c["id"]])) for c in categories]
    assert found.counts.tolist() == objects
    assert found.present.tolist() == images
    assert found.samples == len(reference.getImgIds())


def test_yolo_and_coco_of_the_same_photos_agree() -> None:
    """Counts, images and splits."""
    coco, yolo = (analyze(TOP / "sample_data" / kind).profile for kind in ("coco", "yolo"))
    assert coco.total == yolo.total
    assert dict(coco.splits) == dict(yolo.splits)
    raw = json.loads((TOP / "sample_data" / "coco" / "instances_train.json").read_text())
    names = {c["id"]: c["name"] for c in raw["categories"]}
    by_hand = Counter(names[a["category_id"]] for a in raw["annotations"])
    assert {c: n for c, n in coco.splits["train"].as_dict().items() if n} == by_hand
