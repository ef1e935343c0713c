"""What each file of a set holds: against counting it by hand, and by other libraries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imbweights.core.choices import BadFiles, Counted
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Profile
from imbweights.profiling import profile_of
from imbweights.sources.files import FileSet
from imbweights.sources.images.counting import Masks, count_masks, how_to_count

ROW = "0.5 0.5 0.1 0.1"
KITTI = "0 0 0 1 1 1 1 1 1 1 1 1 1 1"


def save(path: Path, values: object) -> Path:
    """An image with just these values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(values, dtype=np.uint8)).save(path)
    return path


def text(path: Path, content: object) -> Path:
    """Text, or JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def counted(*paths: object, **options: Any) -> Profile:
    """The counts, with what each file holds."""
    told = LabelOptions(**options, keep_files=True)
    return profile_of(SourceSpec(paths=tuple(map(str, paths)), options=told))


def held(files: Sequence[FileFacts], root: Path) -> dict[str, dict[str, int]]:
    """Path below ``root`` → labels."""
    return {Path(file.path).relative_to(root).as_posix(): dict(file.labels) for file in files}


def names(mask: Path, known: Mapping[int, str]) -> dict[str, int]:
    """By Pillow and NumPy."""
    with Image.open(mask) as image:
        values, n = np.unique(np.asarray(image), return_counts=True)
    return {known.get(v, str(v)): k for v, k in zip(values.tolist(), n.tolist(), strict=True)}


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    """Two splits of random masks, with void."""
    rng = np.random.default_rng(7)
    for split, number in (("train", 5), ("val", 3)):
        for i in range(number):
            values = rng.choice([0, 1, 2, 255], p=[0.6, 0.2, 0.1, 0.1], size=(5 + i, 7))
            save(tmp_path / "set" / split / f"{i}.png", values)
    return tmp_path / "set"


def test_masks(masks: Path) -> None:
    """Classes by name, void apart, (width, height); under the splits of the counts."""
    known = {0: "bg", 1: "road", 2: "car"}
    found = counted(masks, kind="masks", classes=tuple(known.values()), ignore_labels=("255",))
    assert list(found.files) == list(found.splits) == ["train", "val"]
    for split, files in found.files.items():
        assert [file.path for file in files] == sorted((masks / split).iterdir())
        for file in files:
            expected = names(Path(file.path), known)
            assert file.ignored == expected.pop("255", 0)
            assert file.labels == expected
            with Image.open(file.path) as image:
                assert file.size == image.size
            assert file.name == str(file.path)


def test_nothing_is_kept_unless_it_is_asked_for(masks: Path) -> None:
    """The counts are the same either way."""
    kept = counted(masks, kind="masks", ignore_labels=("255",))
    options = LabelOptions(kind="masks", ignore_labels=("255",))
    plain = profile_of(SourceSpec(paths=(str(masks),), options=options))
    assert plain.files == {}
    assert kept.total == plain.total
    assert kept.splits == plain.splits


def test_the_order_of_batches_does_not_matter(masks: Path) -> None:
    """Processes give back their batches in any order."""
    how = how_to_count(LabelOptions(kind="masks", keep_files=True), None)
    parts = [
        count_masks(FileSet(masks / "train", "train", (name,)), how)
        for name in ("0.png", "1.png", "2.png")
    ]
    together = [Masks.together(order).files_by_name for order in (parts, parts[::-1])]
    assert together[0] == together[1]
    assert [file.name for file in together[0]] == ["train/0.png", "train/1.png", "train/2.png"]


def test_masks_that_are_skipped_hold_nothing(masks: Path) -> None:
    """A file that cannot be read is no sample."""
    text(masks / "train" / "9.png", "no image")
    found = counted(masks, kind="masks", ignore_labels=("255",), on_bad_files=BadFiles.SKIP)
    assert len(found.files["train"]) == found.splits["train"].samples == 5


def test_masks_of_colours_and_of_packed_numbers(tmp_path: Path) -> None:
    """Labels are those of the counts: names of a palette, classes without their instances."""
    save(tmp_path / "rgb" / "a.png", [[[0, 0, 0], [128, 0, 0], [1, 2, 3]]])
    listed = text(tmp_path / "palette.txt", "ground 0 0 0\nroof 128 0 0\n")
    found = counted(tmp_path / "rgb", palette=str(listed), keep_undeclared=True)
    assert found.files[""][0].labels == {"ground": 1, "roof": 1, "#010203": 1}
    assert found.declared == ("ground", "roof")
    packed = tmp_path / "packed" / "a.png"
    packed.parent.mkdir()
    Image.fromarray(np.array([[1001, 1002], [2003, 0]], np.uint16)).save(packed)
    found = counted(packed.parent, pixel_divisor=1000)
    assert found.files[""][0].labels == {"0": 1, "1": 2, "2": 1}
    assert found.files[""][0].size == (2, 2)


def test_arrays_have_a_size_when_they_are_flat(tmp_path: Path) -> None:
    """(height, width) of an array is (width, height) of an image; pages have none."""
    np.save(tmp_path / "flat.npy", np.zeros((2, 3), np.uint8))
    np.save(tmp_path / "stack.npy", np.zeros((4, 2, 5), np.uint8))
    found = counted(tmp_path, kind="masks")
    assert [file.size for file in found.files[""]] == [(3, 2), None]


def test_volumes(tmp_path: Path) -> None:
    """Like masks; the first axis of a flat volume is its width."""
    nibabel = pytest.importorskip("nibabel")
    for name, shape in (("flat", (4, 3, 1)), ("deep", (4, 3, 2)), ("slice", (4, 3))):
        values = np.zeros(shape, np.uint8)
        values[0] = 1
        nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / f"{name}.nii.gz")
    found = {Path(file.path).name: file for file in counted(tmp_path, kind="nifti").files[""]}
    assert found["deep.nii.gz"].labels == {"0": 18, "1": 6}
    assert found["deep.nii.gz"].size is None
    assert found["slice.nii.gz"].size == (4, 3)


def test_class_folders(tmp_path: Path) -> None:
    """One image of its class each; an ignored class is ignored."""
    for place in ("train/cat/a.png", "train/dog/b.png", "val/cat/deep/c.png", "val/dog/d.png"):
        save(tmp_path / place, np.zeros((2, 2, 3)))
    found = counted(tmp_path, kind="folders", ignore_labels=("dog",))
    assert held(found.files["train"], tmp_path) == {
        "train/cat/a.png": {"cat": 1},
        "train/dog/b.png": {},
    }
    assert [file.ignored for file in found.files["val"]] == [0, 1]
    assert found.files["val"][0].path == tmp_path / "val/cat/deep/c.png"
    assert found.files["val"][0].size is None


def test_path_lists(tmp_path: Path) -> None:
    """From the folder of the list where the path leads somewhere from there, else as it is."""
    save(tmp_path / "img" / "a.png", [[0]])
    listed = text(tmp_path / "list.txt", "img/a.png 0\nimg/lost.png 1\nimg/a.png 2\n")
    found = counted(listed, classes=("cat", "dog", "owl"), ignore_labels=("2",))
    assert [(f.name, f.path, f.labels, f.ignored) for f in found.files[""]] == [
        ("img/a.png", tmp_path / "img/a.png", {"cat": 1}, 0),
        ("img/lost.png", Path("img/lost.png"), {"dog": 1}, 0),
        ("img/a.png", tmp_path / "img/a.png", {}, 1),
    ]


def test_yolo(tmp_path: Path) -> None:
    """The image of each label file, and images without one; ids beyond the names stay numbers."""
    text(tmp_path / "data.yaml", "names: [cat, dog]\ntrain: images/train\nval: images/val\n")
    text(tmp_path / "labels/train/a.txt", f"0 {ROW}\n0 {ROW}\n7 {ROW}\n")
    text(tmp_path / "labels/train/lost.txt", f"1 {ROW}\n")
    text(tmp_path / "labels/val/b.txt", f"1 {ROW}\n")
    for place in ("train/a.jpg", "val/b.png", "val/empty.jpg"):
        save(tmp_path / "images" / place, [[0]])
    found = counted(tmp_path, keep_undeclared=True)
    assert held(found.files["train"], tmp_path) == {
        "images/train/a.jpg": {"cat": 2, "7": 1},
        "images/train/lost": {"dog": 1},
    }
    assert held(found.files["val"], tmp_path) == {
        "images/val/b.png": {"dog": 1},
        "images/val/empty.jpg": {},
    }
    assert [found.splits[split].samples for split in ("train", "val")] == [2, 2]
    assert found.files["train"][1].name == str(tmp_path / "labels/train/lost.txt")
    assert found.total.as_dict() == {"cat": 2, "dog": 2, "7": 1}
    named = counted(tmp_path / "labels/val/b.txt")
    assert held(named.files[""], tmp_path) == {"images/val/b.png": {"dog": 1}}


def test_yolo_images_that_yaml_places(tmp_path: Path) -> None:
    """Images without labels are in the split of their folder, whatever that is called."""
    text(tmp_path / "data.yaml", "names: [cat]\ntrain: one/images\nval: two/images\n")
    for part in ("one", "two"):
        text(tmp_path / part / "labels/a.txt", f"0 {ROW}\n")
        save(tmp_path / part / "images/a.jpg", [[0]])
    save(tmp_path / "two/images/b.jpg", [[0]])
    found = counted(tmp_path)
    assert {s: len(files) for s, files in found.files.items()} == {"train": 1, "val": 2}
    assert {s: c.samples for s, c in found.splits.items()} == {"train": 1, "val": 2}


def test_voc(tmp_path: Path) -> None:
    """Annotations go with JPEGImages; the lists of images say which split it is."""
    xml = "<annotation><object><name>cat</name></object><object><name>owl</name></object></annotation>"
    for name in ("a", "b"):
        text(tmp_path / "Annotations" / f"{name}.xml", xml)
        save(tmp_path / "JPEGImages" / f"{name}.jpg", [[0]])
        save(tmp_path / "SegmentationClass" / f"{name}.png", [[0]])
    text(tmp_path / "ImageSets/Main/train.txt", "a\n")
    text(tmp_path / "ImageSets/Main/val.txt", "b\n")
    found = counted(tmp_path, kind="voc", classes=("cat",), keep_undeclared=True)
    assert held(found.files["train"], tmp_path) == {"JPEGImages/a.jpg": {"cat": 1, "owl": 1}}
    assert held(found.files["val"], tmp_path) == {"JPEGImages/b.jpg": {"cat": 1, "owl": 1}}
    assert found.total.as_dict() == {"cat": 2, "owl": 2}


def test_kitti_and_labelme(tmp_path: Path) -> None:
    """What the format sets apart is ignored."""
    text(tmp_path / "kitti/training/label_2/1.txt", f"Car {KITTI}\nDontCare {KITTI}\nVan {KITTI}\n")
    save(tmp_path / "kitti/training/image_2/1.png", [[0]])
    [file] = counted(tmp_path / "kitti", ignore_labels=("Van",)).files[""]
    assert (file.labels, file.ignored) == ({"Car": 1}, 2)
    assert file.path == tmp_path / "kitti/training/image_2/1.png"
    shapes = [{"label": "cat"}, {"label": "cat"}, {"label": "__ignore__"}]
    text(tmp_path / "labelme/1.json", {"shapes": shapes})
    save(tmp_path / "labelme/1.jpg", [[0]])
    [file] = counted(tmp_path / "labelme", kind="labelme").files[""]
    assert (file.labels, file.ignored) == ({"cat": 2}, 1)
    assert file.path == tmp_path / "labelme/1.jpg"


def coco(images: Sequence[str], categories: Sequence[int]) -> dict[str, Any]:
    """Each image holds an object of each category; 3 is declared."""
    return {
        "images": [{"id": i, "file_name": name} for i, name in enumerate(images)],
        "annotations": [
            {"image_id": i, "category_id": number}
            for i, _ in enumerate(images)
            for number in categories
        ],
        "categories": [{"id": 3, "name": "cat"}],
    }


def test_coco(tmp_path: Path) -> None:
    """Images by their names in the JSON; ids that are not declared stay numbers."""
    data = {
        split: text(tmp_path / f"annotations/instances_{split}.json", coco(images, [3, 3, 9]))
        for split, images in (("train", ["a.jpg", "b.jpg"]), ("val", ["c.jpg"]))
    }
    for place in ("train/a.jpg", "train/b.jpg", "images/c.jpg"):
        save(tmp_path / place, [[0]])
    found = counted(tmp_path / "annotations", keep_undeclared=True)
    for split, folder in (("train", "train"), ("val", "images")):
        listed = json.loads(data[split].read_text())
        by_image = Counter(a["image_id"] for a in listed["annotations"])
        assert [f.name for f in found.files[split]] == [i["file_name"] for i in listed["images"]]
        for image, file in zip(listed["images"], found.files[split], strict=True):
            assert file.path == tmp_path / folder / image["file_name"]
            assert sum(file.labels.values()) == by_image[image["id"]]
            assert file.labels == {"cat": 2, "9": 1}
    assert found.total.as_dict() == {"cat": 6, "9": 3}
    assert found.declared == ("cat",)


def test_coco_images_without_names_are_no_files(tmp_path: Path) -> None:
    """An id alone may mean another image in another file."""
    data = coco(["a.jpg", "b.jpg"], [3])
    del data["images"][1]["file_name"]
    found = counted(text(tmp_path / "a.json", data))
    assert [file.path for file in found.files[""]] == [tmp_path / "a.jpg"]
    assert found.total.samples == 2


@pytest.mark.parametrize("has_pngs", [True, False])
def test_coco_panoptic(tmp_path: Path, *, has_pngs: bool) -> None:
    """Masks of segments: pixels by category, void apart, with or without the PNGs."""
    segments = [{"id": 1, "category_id": 3, "area": 3}, {"id": 2, "category_id": 9, "area": 1}]
    data = coco(["a.jpg"], []) | {
        "annotations": [{"image_id": 0, "file_name": "a.png", "segments_info": segments}]
    }
    data["images"][0] |= {"width": 3, "height": 2}
    listed = text(tmp_path / "panoptic.json", data)
    if has_pngs:
        save(
            tmp_path / "panoptic/a.png",
            [[[n, 0, 0] for n in row] for row in ([1, 1, 1], [2, 0, 0])],
        )
    [file] = counted(listed, keep_undeclared=True).files[""]
    assert (file.labels, file.ignored, file.size) == ({"cat": 3, "9": 1}, 2, (3, 2))
    assert file.path == tmp_path / "panoptic/a.png"
    [by_image] = counted(listed, keep_undeclared=True, count=Counted.IMAGES).files[""]
    assert by_image.labels == {"cat": 1, "9": 1}


def test_cvat(tmp_path: Path) -> None:
    """Images have names, frames of a video have none."""
    labels = "<meta><task><labels><label><name>cat</name></label></labels></task></meta>"
    images = (
        '<image id="0" name="a.jpg"><box label="cat"/><box label="owl"/><tag label="cat"/></image>'
        '<image id="1" name="b.jpg"/>'
    )
    listed = text(tmp_path / "a.xml", f"<annotations>{labels}{images}</annotations>")
    save(tmp_path / "images/b.jpg", [[0]])
    found = counted(listed, keep_undeclared=True)
    assert held(found.files[""], tmp_path) == {
        "images/a.jpg": {"cat": 1, "owl": 1},
        "images/b.jpg": {},
    }
    assert found.declared == ("cat",)
    track = '<track id="0" label="cat"><box frame="0" outside="0"/></track>'
    video = text(tmp_path / "video.xml", f"<annotations>{labels}{track}</annotations>")
    assert counted(video).files == {"": ()}


def test_splits_that_the_user_names(tmp_path: Path) -> None:
    """Under the names of the splits of the counts, folders of splits inside included."""
    for place in ("one/a.png", "one/b.png", "two/c.png"):
        save(tmp_path / place, [[0, 1]])
    found = counted(f"train={tmp_path / 'one'}", f"val={tmp_path / 'two'}", kind="masks")
    assert {split: len(files) for split, files in found.files.items()} == {"train": 2, "val": 1}
    save(tmp_path / "three/train/a.png", [[0, 1]])
    save(tmp_path / "three/val/a.png", [[0, 1]])
    found = counted(tmp_path / "two", tmp_path / "three", kind="masks")
    assert found.files.keys() == found.splits.keys()
    assert {split: c.samples for split, c in found.splits.items()} == {
        split: len(files) for split, files in found.files.items()
    }
