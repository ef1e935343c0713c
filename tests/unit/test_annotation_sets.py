"""Annotation sets: objects, images that hold them, splits, and what each format sets apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support import write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError


def make(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Files below ``root``."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, content)
    return root


def coco(**changes: Any) -> dict[str, Any]:
    """Two images, one of them empty; three categories with gaps in their ids."""
    data: dict[str, Any] = {
        "info": {"year": 2020},
        "images": [{"id": 1, "height": 4, "width": 5}, {"id": 2, "height": 4, "width": 5}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 7, "iscrowd": 0, "bbox": [0, 0, 1, 1]},
            {"id": 2, "image_id": 1, "category_id": 7, "segmentation": None},
            {"id": 3, "image_id": 1, "category_id": 3, "iscrowd": 1},
        ],
        "categories": [
            {"id": 90, "name": "owl"},
            {"id": 3, "name": "cat"},
            {"id": 7, "name": "ant"},
        ],
    }
    return data | changes


def save(path: Path, data: object) -> Path:
    """As JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(path, json.dumps(data))


def test_coco(tmp_path: Path) -> None:
    """Classes in the order of their ids, with those that never occur."""
    found = analyze(save(tmp_path / "a.json", coco()))
    counts = found.counts
    assert counts.as_dict() == {"cat": 1, "ant": 2, "owl": 0}
    assert counts.present.tolist() == [1, 1, 0]
    assert counts.extent.tolist() == [3, 3, 0]
    assert (counts.samples, counts.task.value, counts.unit.value) == (2, "detection", "objects")
    assert found.profile.source.ids == {"cat": 3, "ant": 7, "owl": 90}
    assert "1 crowd region" in found.profile.source.notes[0]
    images = analyze(tmp_path / "a.json", count="images").counts
    assert images.label_sets == {(0, 1): 1, (): 1}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (coco(annotations=[{"image_id": 1, "category_id": 4}]), r"'4' \(1"),
        (coco(annotations=[{"image_id": 9, "category_id": 7}]), "image 9, which is not listed"),
        (coco(annotations=[{"image_id": 1, "caption": "x"}]), "no categories"),
        (coco(categories=[]), "declares no categories"),
        ({"images": [{"id": 1}], "categories": []}, "no annotations, only a list of images"),
        ({"images": [{"id": 1.5}], "annotations": []}, "no COCO file that can be read"),
    ],
)
def test_coco_that_cannot_be_counted(tmp_path: Path, data: object, message: str) -> None:
    """Undeclared ids with their count; captions; lists of images."""
    with pytest.raises(SourceError, match=message):
        analyze(save(tmp_path / "a.json", data))


def test_undeclared_categories_can_be_left_out(tmp_path: Path) -> None:
    """By their id."""
    data = coco(annotations=[{"image_id": 1, "category_id": 4}, {"image_id": 1, "category_id": 7}])
    found = analyze(save(tmp_path / "a.json", data), ignore_label="4").counts
    assert (found.as_dict(), found.ignored) == ({"cat": 0, "ant": 1, "owl": 0}, 1)


def test_coco_results_are_no_ground_truth(tmp_path: Path) -> None:
    """A bare list of detections."""
    results = [{"image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1], "score": 0.4}]
    path = save(tmp_path / "a.json", results)
    with pytest.raises(SourceError, match="COCO results file"):
        analyze(path)


def test_several_coco_files_are_splits(tmp_path: Path) -> None:
    """By their names, or by those of their folders; captions beside them are left out."""
    save(tmp_path / "annotations" / "instances_train2017.json", coco())
    save(tmp_path / "annotations" / "instances_val2017.json", coco(annotations=[]))
    save(tmp_path / "annotations" / "captions_val2017.json", coco(annotations=[{"image_id": 1}]))
    found = analyze(tmp_path).profile
    assert list(found.splits) == ["train2017", "val2017"]
    assert found.splits["val2017"].total == 0
    assert any("left out 1 other JSON" in note for note in found.source.notes)
    save(tmp_path / "annotations" / "person_keypoints_val2017.json", coco())
    with pytest.raises(AmbiguousSourceError, match="several sorts of COCO"):
        analyze(tmp_path)
    renamed = coco(categories=[{"id": 3, "name": "dog"}])
    other = save(tmp_path / "x" / "other.json", renamed | {"annotations": []})
    with pytest.raises(SourceError, match="category 3 is 'dog' here and 'cat'"):
        analyze([tmp_path / "annotations" / "instances_val2017.json", other])


def test_two_categories_of_one_name(tmp_path: Path) -> None:
    """Told apart by their ids."""
    twins = [{"id": 3, "name": "cat"}, {"id": 7, "name": "cat"}]
    found = analyze(save(tmp_path / "a.json", coco(categories=twins))).counts
    assert found.as_dict() == {"cat (3)": 1, "cat (7)": 2}


def panoptic(folder: Path) -> Path:
    """One image of 4 × 5: segments 1 (8 pixels) and 257 (6), void 6; the PNG beside the JSON."""
    segments = [
        {"id": 1, "category_id": 3, "area": 8, "iscrowd": 0},
        {"id": 257 + 65536, "category_id": 7, "area": 6, "iscrowd": 0},
    ]
    annotation = {"image_id": 1, "file_name": "one.png", "segments_info": segments}
    data = coco(annotations=[annotation], images=[{"id": 1, "height": 4, "width": 5}])
    path = save(folder / "panoptic_val.json", data)
    pixels = np.zeros((20, 3), dtype=np.uint8)
    pixels[:8] = (1, 0, 0)
    pixels[8:14] = (1, 1, 1)
    (folder / "panoptic_val").mkdir()
    Image.fromarray(pixels.reshape(4, 5, 3)).save(folder / "panoptic_val" / "one.png")
    return path


def test_panoptic_png_areas_and_masks_agree(tmp_path: Path) -> None:
    """The same truth in three forms, void set apart in each."""
    path = panoptic(tmp_path)
    from_png = analyze(path).counts
    assert {c: n for c, n in from_png.as_dict().items() if n} == {"cat": 8, "ant": 6}
    assert (from_png.ignored, from_png.unit.value) == (6, "pixels")
    assert from_png.extent_with_void is not None
    assert from_png.extent_with_void.tolist() == [20, 20, 0]
    alone = write(tmp_path / "alone" / "x.json", path.read_bytes()) if _folder(tmp_path) else path
    from_areas = analyze(alone)
    assert from_areas.counts == from_png
    assert "areas are added up" in from_areas.profile.source.notes[0]
    mask = np.repeat(np.array([3, 7, 0], np.uint8), [8, 6, 6]).reshape(4, 5)
    Image.fromarray(mask).save(tmp_path / "semantic.png")
    semantic = analyze(tmp_path / "semantic.png", ignore_label="0", classes={3: "cat", 7: "ant"})
    assert semantic.counts.as_dict() == {"cat": 8, "ant": 6}
    assert analyze(path, count="objects").counts.as_dict() == {"cat": 1, "ant": 1, "owl": 0}


def _folder(tmp_path: Path) -> bool:
    (tmp_path / "alone").mkdir()
    return True


def test_panoptic_that_contradicts_itself(tmp_path: Path) -> None:
    """Pixels of a segment that is not listed; a PNG that is missing."""
    path = panoptic(tmp_path)
    data = json.loads(path.read_text())
    data["annotations"][0]["segments_info"].pop()
    save(path, data)
    with pytest.raises(SourceError, match="6 pixels belong to segment 65793"):
        analyze(path)
    (tmp_path / "panoptic_val" / "one.png").unlink()
    with pytest.raises(SourceError, match=r"one\.png: no such file"):
        analyze(path)


YOLO: dict[str, str | bytes] = {
    "data.yaml": "path: .\ntrain: images/train\nval: images/val\nnames: [ant, bee, cow]\n",
    "labels/train/a.txt": "0 0.5 0.5 0.1 0.1\n2 0.5 0.5 0.1 0.1\n0 0.1 0.1 0.2 0.2\n",
    "labels/train/b.txt": "",
    "labels/val/c.txt": "2 0.1 0.1 0.2 0.1 0.2 0.2\n",
    "labels/README.txt": "Labels of ours.\n",
    "images/train/a.jpg": b"\xff\xd8\xff",
    "images/train/lonely.jpg": b"\xff\xd8\xff",
}


def test_yolo(tmp_path: Path) -> None:
    """Boxes and polygons; empty files and images without a file are images without objects."""
    found = analyze(make(tmp_path / "y", YOLO))
    assert found.counts.as_dict() == {"ant": 2, "bee": 0, "cow": 2}
    assert found.counts.samples == 4
    assert list(found.profile.splits) == ["train", "val"]
    notes = " ".join(found.profile.source.notes)
    assert "1 images have no label file" in notes
    assert "2 label files have no image" in notes
    assert "README.txt" in notes
    assert analyze(tmp_path / "y" / "data.yaml").counts == found.counts
    images = analyze(tmp_path / "y", count="images").counts
    assert images.label_sets == {(0, 2): 1, (2,): 1, (): 2}


def test_yolo_names_in_all_their_forms(tmp_path: Path) -> None:
    """A mapping with gaps, a list of names beside the labels, none at all, ours."""
    rows: dict[str, str | bytes] = {"labels/a.txt": "3 0.5 0.5 0.1 0.1\n1 0.5 0.5 0.1 0.1\n"}
    gaps = make(tmp_path / "gaps", rows | {"data.yaml": "names: {1: ant, 3: cow}\n"})
    found = analyze(gaps)
    assert found.counts.as_dict() == {"ant": 1, "cow": 1}
    assert found.profile.source.ids == {"ant": 1, "cow": 3}
    assert "have gaps" in found.profile.source.notes[0]
    beside = make(tmp_path / "beside", rows | {"obj.names": "a\nb\nc\nd\n"})
    assert analyze(beside).counts.as_dict() == {"a": 0, "b": 1, "c": 0, "d": 1}
    assert analyze(beside / "labels").counts.classes == ("a", "b", "c", "d")
    bare = make(tmp_path / "bare", rows)
    assert analyze(bare).counts.as_dict() == {"1": 1, "3": 1}
    assert analyze(bare, classes=["a", "b", "c", "d"]).counts.as_dict()["d"] == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("9 0.5 0.5 0.1 0.1\n", r"'9' \(1, first in .*bad\.txt\)"),
        ("0 0.5 0.5 0.1\n", "line 1 is no YOLO row"),
        ("0 0.5 0.5 0.1 0.1 0.99\n", "predictions, not labels"),
    ],
)
def test_yolo_rows_that_are_wrong(tmp_path: Path, row: str, message: str) -> None:
    """Named with file and line; skipped when asked."""
    root = make(tmp_path / "y", YOLO | {"labels/train/bad.txt": row})
    with pytest.raises(SourceError, match=message):
        analyze(root)
    if "first in" not in message:
        assert analyze(root, on_bad_files="skip").counts.total == 4


def test_yolo_yaml_never_runs_code(tmp_path: Path) -> None:
    """Tags of Python objects are refused."""
    evil = "names: !!python/object/apply:os.system ['echo no']\n"
    with pytest.raises(SourceError, match="no YAML that can be read"):
        analyze(make(tmp_path / "y", YOLO | {"data.yaml": evil}))


VOC = "<annotation><filename>{0}.jpg</filename>{1}</annotation>"
OBJECT = "<object><name>{0}</name><part><name>head</name></part></object>"


def test_voc(tmp_path: Path) -> None:
    """Parts are not counted; ImageSets give the splits, trainval only where nothing finer does."""
    files: dict[str, str | bytes] = {
        "Annotations/a.xml": VOC.format("a", OBJECT.format("cat") * 2 + OBJECT.format(" dog ")),
        "Annotations/b.xml": VOC.format("b", ""),
        "Annotations/c.xml": VOC.format("c", OBJECT.format("cat")),
        "ImageSets/Main/train.txt": "a\nb\n",
        "ImageSets/Main/trainval.txt": "a\nb\nc\n",
        "ImageSets/Main/val.txt": "c\n",
        "JPEGImages/a.jpg": b"\xff\xd8\xff",
        "SegmentationClass/a.png": b"",
    }
    found = analyze(make(tmp_path / "v", files)).profile
    assert found.total.as_dict() == {"cat": 3, "dog": 1}
    assert found.splits["train"].samples == 2
    assert found.splits["val"].as_dict() == {"cat": 1, "dog": 0}
    assert "SegmentationClass" in found.source.notes[0]
    with pytest.raises(UsageError, match="VOC's XML holds boxes"):
        analyze(tmp_path / "v", count="pixels")
    write(tmp_path / "v" / "Annotations" / "c.xml", "<annotation><object>")
    with pytest.raises(SourceError, match=r"c\.xml: is no XML that can be read"):
        analyze(tmp_path / "v")


def test_objects_that_were_deleted_are_none(tmp_path: Path) -> None:
    """LabelMe's web tool keeps them in the file."""
    objects = "<object><name>a</name><deleted>{}</deleted></object>"
    text = f"<annotation>{objects.format(0)}{objects.format(1)}</annotation>"
    assert analyze(write(tmp_path / "a.xml", text)).counts.as_dict() == {"a": 1}


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    """A billion laughs are none."""
    bomb = (
        '<!DOCTYPE a [<!ENTITY x "y">]><annotation><object><name>&x;</name></object></annotation>'
    )
    with pytest.raises(SourceError, match="no XML that can be read"):
        analyze(write(tmp_path / "a.xml", bomb))


def test_cvat_subsets_tags_and_tracks(tmp_path: Path) -> None:
    """Shapes outside their frame are not there; tags are labels of images."""
    meta = "<meta><task><size>5</size><labels><label><name>b</name></label><label><name>a</name></label></labels></task></meta>"
    images = (
        '<image id="0" name="x" subset="Train"><box label="a"/><tag label="b"/></image>'
        '<image id="1" name="y" subset="Val"><polygon label="a"/><mask label="b"/></image>'
    )
    path = write(tmp_path / "a.xml", f"<annotations>{meta}{images}</annotations>")
    found = analyze(path)
    assert found.counts.as_dict() == {"b": 1, "a": 2}
    assert list(found.profile.splits) == ["train", "val"]
    assert "1 tag of whole images" in found.profile.source.notes[0]
    assert analyze(path, count="images").counts.as_dict() == {"b": 2, "a": 2}
    track = (
        '<track id="0" label="a"><box frame="0" outside="0"/><box frame="2" outside="0"/>'
        '<box frame="3" outside="1"/></track>'
    )
    video = analyze(write(tmp_path / "b.xml", f"<annotations>{meta}{track}</annotations>"))
    assert video.counts.as_dict() == {"b": 0, "a": 2}
    assert video.counts.samples == 5
    tags = '<image id="0" name="x"><tag label="a"/></image><image id="1" name="y"/>'
    only = analyze(write(tmp_path / "c.xml", f"<annotations>{meta}{tags}</annotations>")).counts
    assert only.label_sets == {(1,): 1, (): 1}


def test_labelme(tmp_path: Path) -> None:
    """``__ignore__`` is set apart; a file without shapes is an image without objects."""
    shapes = [{"label": "cat"}, {"label": "cat"}, {"label": "__ignore__"}, {"label": ""}]
    files: dict[str, str | bytes] = {
        "train/a.json": json.dumps({"version": "5", "shapes": shapes, "imagePath": "a.jpg"}),
        "val/b.json": json.dumps({"shapes": [], "imagePath": "b.jpg"}),
    }
    found = analyze(make(tmp_path / "l", files)).profile
    assert found.total.as_dict() == {"cat": 2}
    assert (found.total.samples, found.total.missing, found.total.ignored) == (2, 1, 1)
    assert list(found.splits) == ["train", "val"]
    write(tmp_path / "l" / "val" / "b.json", '{"shapes": [{"points": []}]}')
    with pytest.raises(SourceError, match=r"b\.json: is no LabelMe JSON"):
        analyze(tmp_path / "l")


def test_kitti(tmp_path: Path) -> None:
    """DontCare is set apart; an empty file is an image without objects."""
    row = "{0} 0.00 0 -1.57 600 150 630 190 2.85 2.63 12.34 0.47 1.49 69.44 -1.56\n"
    root = make(
        tmp_path / "label_2",
        {"0.txt": row.format("Car") * 2 + row.format("DontCare"), "1.txt": ""},
    )
    found = analyze(root)
    assert found.counts.as_dict() == {"Car": 2}
    assert (found.counts.samples, found.counts.ignored) == (2, 1)
    assert "1 region called DontCare" in found.profile.source.notes[0]
    assert analyze(sorted(root.iterdir())).counts == found.counts


def test_class_folders_in_the_order_of_torchvision(tmp_path: Path) -> None:
    """Names are text: 10 comes before 2. Hidden files and other files are left out and said."""
    files: dict[str, str | bytes] = {
        f"{split}/{name}/{i}.jpg": b"\xff\xd8\xff"
        for split, sizes in (("train", {"10": 3, "2": 1, "b": 2}), ("val", {"2": 1}))
        for name, n in sizes.items()
        for i in range(n)
    }
    files |= {"train/2/.hidden.jpg": b"x", "train/2/notes.txt": "x", "train/loose.png": b"x"}
    found = analyze(make(tmp_path / "f", files))
    assert found.counts.as_dict() == {"10": 3, "2": 2, "b": 2}
    assert list(found.profile.splits) == ["train", "val"]
    [note] = found.profile.source.notes
    assert "1 that are no images (1 .txt)" in note
    assert "1 outside the class folders" in note
    assert "1 hidden" in note
    ignored = analyze(tmp_path / "f", ignore_label="b").counts
    assert (ignored.as_dict(), ignored.ignored) == ({"10": 3, "2": 2}, 2)


def test_folders_of_a_data_set_are_no_classes(tmp_path: Path) -> None:
    """``images`` and ``masks`` are its parts."""
    root = make(tmp_path / "d", {"images/a.jpg": b"\xff\xd8\xff", "photos/b.jpg": b"\xff\xd8\xff"})
    with pytest.raises(SourceError, match="photos alone hold no labels"):
        analyze(root)
