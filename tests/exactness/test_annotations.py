"""Annotations against pycocotools, scikit-learn and NumPy, on generated data."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image
from pycocotools.coco import COCO
from sklearn.datasets import dump_svmlight_file
from sklearn.preprocessing import LabelEncoder
from sklearn.utils.class_weight import compute_class_weight

from imbweights import analyze, suggest

some = settings(max_examples=25, deadline=None)
NAMES = st.lists(
    st.text("abcé 10", min_size=1, max_size=4).filter(str.strip), min_size=1, max_size=5
)


@st.composite
def coco_sets(draw: st.DrawFn) -> dict[str, Any]:
    """Ids in any order and with gaps; images and categories without objects; crowds."""
    names = draw(NAMES.map(lambda n: list(dict.fromkeys(x.strip() for x in n))))
    ids = draw(
        st.lists(st.integers(0, 10**6), min_size=len(names), max_size=len(names), unique=True)
    )
    images = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=6, unique=True))
    objects = draw(
        st.lists(
            st.tuples(st.sampled_from(images), st.sampled_from(ids), st.integers(0, 1)),
            min_size=1,
            max_size=20,
        )
    )
    return {
        "images": [{"id": i, "file_name": f"{i}.jpg"} for i in images],
        "categories": [{"id": i, "name": n} for i, n in zip(ids, names, strict=True)],
        "annotations": [
            {"id": k, "image_id": i, "category_id": c, "iscrowd": crowd, "bbox": [0, 0, 1, 1]}
            for k, (i, c, crowd) in enumerate(objects, 1)
        ],
    }


def reference(path: Path) -> COCO:
    """As pycocotools reads it, in silence."""
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


@some
@given(coco_sets())
def test_coco(data: dict[str, Any]) -> None:
    """Objects and images per category, in the order of the ids."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instances.json"
        path.write_text(json.dumps(data))
        found = analyze(path).counts
        images = analyze(path, count="images").counts
        theirs = reference(path)
    ids = sorted(theirs.getCatIds())
    assert list(found.classes) == [theirs.cats[i]["name"] for i in ids]
    assert found.counts.tolist() == [len(theirs.getAnnIds(catIds=[i])) for i in ids]
    assert found.present.tolist() == [len(theirs.getImgIds(catIds=[i])) for i in ids]
    assert images.counts.tolist() == found.present.tolist()
    assert found.samples == len(theirs.getImgIds())


@some
@given(coco_sets(), st.randoms(use_true_random=False))
def test_coco_knows_no_order(data: dict[str, Any], random: Any) -> None:
    """Of images, annotations and categories, nor of keys."""
    mixed = {key: list(value) for key, value in reversed(data.items())}
    for value in mixed.values():
        random.shuffle(value)
    with tempfile.TemporaryDirectory() as name:
        one, two = Path(name) / "a.json", Path(name) / "b.json"
        one.write_text(json.dumps(data))
        two.write_text(json.dumps(mixed, indent=1))
        assert analyze(one).counts.to_dict() == analyze(two).counts.to_dict()


@some
@given(coco_sets())
def test_coco_and_yolo_are_the_same(data: dict[str, Any]) -> None:
    """The same objects written in both ways."""
    order = sorted(data["categories"], key=lambda c: int(c["id"]))
    index = {c["id"]: i for i, c in enumerate(order)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "instances.json").write_text(json.dumps(data))
        labels = folder / "yolo" / "labels"
        labels.mkdir(parents=True)
        names = "".join(f"  {i}: {json.dumps(c['name'])}\n" for i, c in enumerate(order))
        (folder / "yolo" / "data.yaml").write_text(f"names:\n{names}")
        for image in data["images"]:
            held = [a for a in data["annotations"] if a["image_id"] == image["id"]]
            text = "".join(f"{index[a['category_id']]} 0.5 0.5 0.1 0.1\n" for a in held)
            (labels / f"{image['id']}.txt").write_text(text)
        coco = analyze(folder / "instances.json").counts
        yolo = analyze(folder / "yolo", kind="yolo").counts
    assert coco.to_dict() == yolo.to_dict()


@some
@given(st.lists(st.integers(0, 5), min_size=1, max_size=64), st.integers(1, 8))
def test_panoptic(segments: list[int], width: int) -> None:
    """Pixels per category, as NumPy counts them in the PNG."""
    assume(len(segments) % width == 0)
    ids = np.array(segments).reshape(-1, width) * 70_000  # beyond the first byte
    rgb = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)
    present = sorted({int(i) for i in ids.ravel() if i})
    assume(present)
    categories = {segment: 1 + k % 2 for k, segment in enumerate(present)}
    data = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "categories": [{"id": 1, "name": "thing"}, {"id": 2, "name": "stuff"}],
        "annotations": [
            {
                "image_id": 1,
                "file_name": "a.png",
                "segments_info": [
                    {"id": s, "category_id": c, "area": int((ids == s).sum())}
                    for s, c in categories.items()
                ],
            }
        ],
    }
    expected: Counter[str] = Counter()
    for segment, category in categories.items():
        expected[data["categories"][category - 1]["name"]] += int((ids == segment).sum())  # type: ignore[index]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "panoptic_train.json").write_text(json.dumps(data))
        (folder / "panoptic_train").mkdir()
        Image.fromarray(rgb).save(folder / "panoptic_train" / "a.png")
        drawn = analyze(folder / "panoptic_train.json").counts
    assert {c: n for c, n in drawn.as_dict().items() if n} == dict(expected)


@some
@given(st.lists(st.lists(st.integers(0, 4), max_size=3, unique=True), min_size=2, max_size=15))
def test_svmlight_as_sklearn_writes_it(rows: list[list[int]]) -> None:
    """Several labels a row, and rows without any."""
    assume(any(rows))
    table = np.zeros((len(rows), 5), dtype=int)
    for i, labels in enumerate(rows):
        table[i, labels] = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.svm"
        dump_svmlight_file(np.ones((len(rows), 3)), table, str(path), multilabel=True)
        found = analyze(path, kind="svmlight").counts
    expected = {str(i): int(n) for i, n in enumerate(table.sum(axis=0).tolist()) if n}
    assert {c: n for c, n in found.as_dict().items() if n} == expected


@some
@given(
    st.lists(st.text("aAbÉ10", min_size=1, max_size=3), min_size=2, max_size=40)
    | st.lists(st.integers(-20, 20), min_size=2, max_size=40)
)
def test_order_and_weights_as_sklearn_has_them(labels: list[Any]) -> None:
    """Class order as LabelEncoder, balanced weights to the last bit but one."""
    assume(len(set(labels)) > 1)
    numeric = all(str(v).lstrip("-").isdigit() for v in labels)
    assume(isinstance(labels[0], int) or not numeric)  # texts of digits are ordered as numbers here
    array = np.array(labels)
    classes = LabelEncoder().fit(array).classes_
    found = analyze(array)
    assert list(found.counts.classes) == [str(c) for c in classes.tolist()]
    theirs = compute_class_weight("balanced", classes=classes, y=array)
    mine = suggest(found, "balanced").values
    np.testing.assert_allclose(mine, theirs, rtol=1e-15)
