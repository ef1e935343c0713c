"""Layouts as people have them: what lies beside the labels, and what is no label at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support import run, write

from imbweights import analyze
from imbweights.core.class_list import class_list
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.sources.files import suffix_of
from imbweights.sources.images.palettes import palette

MASK = np.zeros((32, 32), dtype=np.uint8)
MASK[:8], MASK[10:12] = 1, 2
KNOWN = {"0": 704, "1": 256, "2": 64}
NOISE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


def pictures(root: Path, files: Mapping[str, Any]) -> Path:
    """Images by name: an array, or ``None`` for a photo."""
    for name, values in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(NOISE if values is None else values).save(path)
    return root


@pytest.mark.parametrize(
    "files",
    [
        {"images/a.png": None, "masks/a.png": MASK},
        {"images/a.jpg": None, "Ground Truth/a.png": MASK},
        {"train/a.png": None, "train_labels/a_L.png": MASK},
        {"train/a.jpg": None, "trainannot/a.png": MASK},
        {"train/a.jpg": None, "train/a_mask.png": MASK},
        {"imagesTr/a_0000.png": None, "labelsTr/a.png": MASK},
    ],
)
def test_masks_beside_photos(tmp_path: Path, files: Mapping[str, Any]) -> None:
    """By the names of folders or files; the photos are left out and that is said."""
    found = analyze(pictures(tmp_path / "d", files), kind="masks")
    assert found.counts.as_dict() == KNOWN
    assert "left out 1 file" in found.profile.source.notes[0]


def test_two_folders_of_photos_and_flat_images_are_asked_about(tmp_path: Path) -> None:
    """They may be classes, or photos and their masks."""
    root = pictures(tmp_path / "d", {"Original/a.png": None, "Labels2/a.png": MASK})
    with pytest.raises(AmbiguousSourceError, match=r"photos and their masks|several ways"):
        analyze(root)
    assert analyze(root, kind="folders").counts.as_dict() == {"Labels2": 1, "Original": 1}


def test_class_folders_of_face_masks(tmp_path: Path) -> None:
    """``mask`` is a class beside ``no_mask``."""
    for names in (("with_mask", "without_mask"), ("mask", "no_mask")):
        root = pictures(tmp_path / names[0], {f"{n}/a.jpg": None for n in names})
        assert analyze(root).counts.as_dict() == dict.fromkeys(names, 1)


def test_class_folders_inside_others(tmp_path: Path) -> None:
    """What holds everything is no class; two levels that may both be are asked about."""
    root = pictures(
        tmp_path / "d", {"EuroSAT/2750/River/a.jpg": None, "EuroSAT/2750/Sea/a.jpg": None}
    )
    assert analyze(root).counts.as_dict() == {"River": 1, "Sea": 1}
    years = {f"{y}/{c}/a.jpg": None for y in ("2019", "2020") for c in ("cat", "dog")}
    with pytest.raises(AmbiguousSourceError, match="two folders deep"):
        analyze(pictures(tmp_path / "e", years))
    assert analyze(tmp_path / "e", kind="folders").counts.as_dict() == {"2019": 2, "2020": 2}


def test_masks_in_class_folders_are_left_out(tmp_path: Path) -> None:
    """``a_mask.png`` beside ``a.png`` is not another photo of the class."""
    files: dict[str, Any] = {f"{c}/a.png": None for c in ("benign", "malignant")}
    files |= {f"{c}/a_mask.png": MASK for c in ("benign", "malignant")}
    found = analyze(pictures(tmp_path / "d", files), kind="folders")
    assert found.counts.as_dict() == {"benign": 1, "malignant": 1}
    assert "2 masks beside the photos" in " ".join(found.profile.source.notes)


def test_class_folders_without_images_are_classes(tmp_path: Path) -> None:
    """As Keras counts them; torchvision stops there, which is said."""
    root = pictures(tmp_path / "d", {"a/x.jpg": None, "c/x.jpg": None})
    (root / "b").mkdir()
    found = analyze(root)
    assert found.counts.as_dict() == {"a": 1, "b": 0, "c": 1}
    assert "torchvision would stop" in found.profile.source.notes[-1]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.eye(4, dtype=np.uint8)[MASK[..., :20]], "one-hot along axis 2"),
        (np.moveaxis(np.eye(3, dtype=np.float32)[MASK], 2, 0), "one-hot along axis 0"),
        (np.stack([MASK] * 3, axis=2), "three slices or three channels"),
        (np.array([0.0, np.nan, 1.0, 2.0]).reshape(2, 2), "NaN or infinite"),
        (NOISE[..., 0].astype(np.int32) * 7 - 900, "different values|negative"),
    ],
)
def test_arrays_that_are_no_masks(tmp_path: Path, array: Any, message: str) -> None:
    """Each named for what it is."""
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(SourceError, match=message):
        analyze(tmp_path / "a.npy")


def test_images_that_are_no_masks(tmp_path: Path) -> None:
    """JPEG under another name, 16 bits per colour, transparency, wide packed numbers."""
    Image.fromarray(NOISE).save(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").rename(tmp_path / "m.png")
    with pytest.raises(SourceError, match="JPEG image"):
        analyze(tmp_path / "m.png")
    alpha = np.dstack([np.stack([MASK] * 3, axis=2), MASK * 100])
    Image.fromarray(alpha).save(tmp_path / "t.png")
    with pytest.raises(SourceError, match="transparent and opaque"):
        analyze(tmp_path / "t.png")
    np.save(tmp_path / "p.npy", np.repeat([[7000], [26001]], 8, axis=1).astype(np.int32))
    with pytest.raises(AmbiguousSourceError, match="packed together"):
        analyze(tmp_path / "p.npy")


def test_palettes_that_differ_are_noted(tmp_path: Path) -> None:
    """One index with two colours may be two classes."""
    (tmp_path / "m").mkdir()
    for name, colour in (("a", 10), ("b", 200)):
        image = Image.frombytes("P", (32, 32), MASK.tobytes())
        image.putpalette([0, 0, 0, colour, 0, 0, 5, 5, 5])
        image.save(tmp_path / "m" / f"{name}.png")
    assert "a.png and b.png give one index" in analyze(tmp_path / "m").profile.source.notes[0]


def test_masks_of_segments_and_instances_are_asked_about(tmp_path: Path) -> None:
    """A panoptic JSON beside the folder, or the folder's name, tells."""
    pictures(tmp_path / "SegmentationObject", {"a.png": MASK})
    with pytest.raises(AmbiguousSourceError, match="holds instances"):
        analyze(tmp_path / "SegmentationObject")
    pictures(tmp_path / "panoptic_val", {"a.png": MASK})
    write(tmp_path / "panoptic_val.json", '{"annotations": [{"segments_info": []}]}')
    with pytest.raises(AmbiguousSourceError, match="hold segments"):
        analyze(tmp_path / "panoptic_val")


def test_a_mixture_over_several_paths_is_refused(tmp_path: Path) -> None:
    """Colours here and numbers there."""
    pictures(tmp_path, {"a/x.png": MASK, "b/x.png": np.stack([MASK * 100] * 3, axis=2)})
    with pytest.raises(SourceError, match="some of the masks hold colours"):
        analyze({"train": tmp_path / "a", "val": tmp_path / "b"})


def test_undeclared_numbers_never_merge_with_a_class_that_is_called_so(tmp_path: Path) -> None:
    """A class "3" is not number 3."""
    (tmp_path / "y" / "labels").mkdir(parents=True)
    write(tmp_path / "y" / "labels" / "a.txt", "0 .5 .5 .1 .1\n3 .5 .5 .1 .1\n")
    write(tmp_path / "y" / "data.yaml", 'names: ["1", "2", "3"]\n')
    with pytest.raises(SourceError, match="'id 3'"):
        analyze(tmp_path / "y")
    data = {
        "images": [{"id": 1}],
        "categories": [{"id": 1, "name": "5"}],
        "annotations": [{"image_id": 1, "category_id": 1}, {"image_id": 1, "category_id": 5}],
    }
    with pytest.raises(SourceError, match="'id 5'"):
        analyze(write(tmp_path / "c.json", json.dumps(data)))


def test_objects_without_a_class_are_missing_labels(tmp_path: Path) -> None:
    """COCO's null, LabelMe's null, an empty cell of Open Images."""
    data = {
        "images": [{"id": 1}],
        "categories": [{"id": 1, "name": "a"}],
        "annotations": [{"image_id": 1, "category_id": 1}, {"image_id": 1, "category_id": None}],
    }
    found = analyze(write(tmp_path / "c.json", json.dumps(data))).counts
    assert (found.as_dict(), found.missing) == ({"a": 1}, 1)
    shapes = {"shapes": [{"label": None}, {"label": "a"}]}
    found = analyze(write(tmp_path / "l.json", json.dumps(shapes))).counts
    assert (found.as_dict(), found.missing) == ({"a": 1}, 1)
    boxes = "ImageID,Source,LabelName,Confidence,XMin\na,x, /m/1,1,0\nb,x,,1,0\n"
    found = analyze(write(tmp_path / "o.csv", boxes)).counts
    assert (found.as_dict(), found.missing) == ({"/m/1": 1}, 1)


def test_yolo_pairs_and_poses(tmp_path: Path) -> None:
    """By path, not by bare name; visibilities of key points are no coordinates; pixels are refused."""
    root = tmp_path / "y"
    photos: dict[str, Any] = {f"{s}/images/{i}.jpg": None for s in ("train", "val") for i in (1, 2)}
    pictures(root, photos)
    for name, row in (
        ("train/labels/1.txt", "0 .5 .5 .1 .1"),
        ("val/labels/2.txt", "1 .5 .5 .1 .1"),
    ):
        (root / name).parent.mkdir(parents=True)
        write(root / name, row + "\n")
    found = analyze(root).profile
    assert found.total.samples == 4
    assert {s: c.samples for s, c in found.splits.items()} == {"train": 2, "val": 2}
    pose = "0 .5 .5 .1 .1 " + "0.3 0.3 2 " * 17
    assert analyze(write(tmp_path / "p.txt", pose)).counts.as_dict() == {"0": 1}
    write(root / "val" / "labels" / "1.txt", "1 320 240 50 60\n")
    with pytest.raises(SourceError, match="not relative"):
        analyze(root)


def test_yolo_names_are_text_and_lines_are_numbers(tmp_path: Path) -> None:
    """``no`` is a name, and a blank line is a class without one."""
    (tmp_path / "y" / "labels").mkdir(parents=True)
    write(tmp_path / "y" / "labels" / "a.txt", "0 .5 .5 .1 .1\n2 .5 .5 .1 .1\n")
    write(tmp_path / "y" / "data.yaml", "names: [yes, no, 1, null]\n")
    assert analyze(tmp_path / "y").counts.classes == ("yes", "no", "1", "null")
    (tmp_path / "y" / "data.yaml").unlink()
    write(tmp_path / "y" / "obj.names", "cat\n\ndog\n")
    assert analyze(tmp_path / "y").counts.as_dict() == {"cat": 1, "dog": 1}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("id,name,r,g,b\n1,sea,1,2,3\n0,sky,4,5,6\n", ["sky", "sea"]),
        ("id,r,g,b,name\n0,1,2,3,sea\n", ["sea"]),
        ("0,1,2,3,sea\n", ["sea"]),
        ("1 sea 1 2 3 0\n0 sky 4 5 6 0\n", ["sky", "sea"]),
        ('"sea",1,2,3\n', ["sea"]),
    ],
)
def test_palettes_with_ids_and_headers(tmp_path: Path, text: str, names: list[str]) -> None:
    """Columns are found by the header or their place; ids decide the order."""
    found = palette(str(write(tmp_path / "p.csv", text)))
    assert list(found.names.values()) == names
    assert 0x010203 in found.names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,r,g,b\nbackground,0,0,0\ncat,255,0,0\n", (("background", "cat"), None)),
        ('{"1": "b", "0": "a"}', (("a", "b"), (0, 1))),
        ('{"a": 0, "b": 7}', (("a", "b"), (0, 7))),
        ('["x", "y"]', (("x", "y"), None)),
        ("id;name\n3;c\n1;a\n", (("a", "c"), (1, 3))),
    ],
)
def test_class_files(tmp_path: Path, text: str, expected: object) -> None:
    """Names, with numbers where the file gives them."""
    found = class_list(str(write(tmp_path / "c.txt", text)))
    assert (found.names, found.ids) == expected


def test_class_lists_that_contradict_themselves(tmp_path: Path) -> None:
    """Two names for a number, two numbers for a name, a range that is none."""
    for given, message in (
        ("0=a,0=b", "gives number 0 to 'a' and 'b'"),
        ("0=a,1=a", "classes are not merged"),
        ("7-3", "is no range"),
        (str(write(tmp_path / "e.txt", "")), "is empty"),
        (str(write(tmp_path / "j.txt", '{"a": 1.5}')), "JSON must be"),
    ):
        with pytest.raises(UsageError, match=message):
            class_list(given)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["\"['a', 'b']\"", "\"['a']\"", "[]"], {"a": 2, "b": 1}),
        (["['a' 'b']", "['a']"], {"a": 2, "b": 1}),
        (['"[""a"", ""b""]"', '"[""a""]"'], {"a": 2, "b": 1}),
    ],
)
def test_lists_in_cells(tmp_path: Path, cells: list[str], expected: dict[str, int]) -> None:
    """As pandas, NumPy and JSON write them."""
    rows = "".join(f"{i},{cell}\n" for i, cell in enumerate(cells))
    assert analyze(write(tmp_path / "a.csv", f"id,labels\n{rows}")).counts.as_dict() == expected


def test_tags_between_blanks_are_pointed_out(tmp_path: Path) -> None:
    """They are counted as one text, and not in silence."""
    rows = "".join(f"{i},{'haze road' if i % 2 else 'road water'}\n" for i in range(8))
    path = write(tmp_path / "a.csv", f"id,tags\n{rows}")
    assert "--separator ' ' cuts them" in analyze(path).profile.source.notes[0]
    assert analyze(path, separator=" ").counts.as_dict() == {"haze": 4, "road": 8, "water": 4}


def test_cvat_frames_of_several_tasks(tmp_path: Path) -> None:
    """Frame 0 of one task is not frame 0 of another."""
    tracks = "".join(
        f'<track id="{t}" label="car" task_id="{t}" subset="{s}"><box frame="0" outside="0"/></track>'
        for t, s in ((1, "Train"), (2, "Val"))
    )
    found = analyze(write(tmp_path / "a.xml", f"<annotations>{tracks}</annotations>")).profile
    assert (found.total.samples, found.total.present.tolist()) == (2, [2])
    assert list(found.splits) == ["train", "val"]


def test_voc_lists_that_do_not_fit(tmp_path: Path) -> None:
    """Images in two splits, and listed images without XML."""
    root = tmp_path / "v"
    for name, content in {
        "Annotations/1.xml": "<annotation><object><name>a</name></object></annotation>",
        "Annotations/2.xml": "<annotation><object><name>a</name></object></annotation>",
        "ImageSets/Main/train.txt": "1.jpg\n9.jpg\n",
        "ImageSets/Main/val.txt": "2\n1\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        write(root / name, content)
    notes = " ".join(analyze(root).profile.source.notes)
    assert "in train and in val: 1 image such as 1" in notes
    assert "1 listed image has no XML file (9 …)" in notes


def test_one_image_in_two_coco_files_is_noted(tmp_path: Path) -> None:
    """The whole beside its parts."""
    data = {
        "images": [{"id": 1, "file_name": "x.jpg"}],
        "categories": [{"id": 1, "name": "a"}],
        "annotations": [{"image_id": 1, "category_id": 1}],
    }
    for name in ("instances.json", "instances_train.json"):
        write(tmp_path / name, json.dumps(data))
    assert "1 image is in more than one file" in " ".join(analyze(tmp_path).profile.source.notes)


def test_numbers_behind_paths_may_be_columns(tmp_path: Path) -> None:
    """Multi-hot rows and boxes are asked about; ids in varying number are not."""
    for content in ("1.jpg 0 0 1\n2.jpg 1 0 0\n", "1.jpg 5 9 3 4 1\n2.jpg 2 3 4 5 0\n"):
        path = write(tmp_path / "a.txt", content)
        with pytest.raises(AmbiguousSourceError, match="or columns"):
            analyze(path)
        assert analyze(path, kind="paths").counts.samples == 2
    assert analyze(write(tmp_path / "b.txt", "1.jpg 0 3\n2.jpg 1\n")).counts.samples == 2


def test_spellings_of_one_number_are_one_class_in_svmlight(tmp_path: Path) -> None:
    """``+1``, ``1`` and ``1.0``; a single spelling stays as it is."""
    path = write(tmp_path / "a.txt", "+1 1:1\n1 1:1\n-1 1:1\n1.0 1:1\n-1.0 2:1\n")
    assert analyze(path).counts.as_dict() == {"1": 3, "-1": 2}


def test_conll_tokens_that_look_like_comments(tmp_path: Path) -> None:
    """A lone ``#`` is a token; ``# text = …`` is a comment; ragged rows are refused."""
    text = "# text = # cats\n# O\nhello O\n# B-TAG\ncats I-TAG\n"
    found = analyze(write(tmp_path / "a.txt", text), kind="conll").counts
    assert (found.as_dict(), found.ignored) == ({"B-TAG": 1, "I-TAG": 1}, 2)
    with pytest.raises(SourceError, match="line 2"):
        analyze(write(tmp_path / "b.txt", "a X O\nb O\n"), kind="conll")


def test_volumes_in_the_layout_of_nnunet(tmp_path: Path) -> None:
    """Only ``labelsTr`` is counted; scans are refused."""
    nibabel: Any = pytest.importorskip("nibabel")
    scan = np.random.default_rng(0).integers(-1000, 2000, (16, 16, 8)).astype(np.int16)
    labels = np.zeros((16, 16, 8), dtype=np.uint8)
    labels[:2] = 1
    for name, values in (("imagesTr/a_0000", scan), ("labelsTr/a", labels)):
        path = tmp_path / "d" / f"{name}.nii.gz"
        path.parent.mkdir(parents=True)
        nibabel.Nifti1Image(values, np.eye(4)).to_filename(path)
    found = analyze(tmp_path / "d")
    assert found.counts.as_dict() == {"0": 1792, "1": 256}
    assert "left out 1 volume" in found.profile.source.notes[0]
    with pytest.raises(SourceError, match="different values"):
        analyze(tmp_path / "d" / "imagesTr")


@pytest.mark.parametrize(
    "name",
    [
        "a.png",
        "b/A.PNG",
        "a.nii.gz",
        "data.json.gz",
        ".hidden",
        "a.",
        "a.b/c",
        "x.tar.gz",
        ".",
    ],
)
def test_suffixes_are_those_of_pathlib(name: str) -> None:
    """In lower case; ``.nii.gz`` is one."""
    expected = ".nii.gz" if name.endswith(".nii.gz") else PurePosixPath(name.lower()).suffix
    assert suffix_of(name) == expected


def test_the_2d_layout_of_nnunet_is_recognised(tmp_path: Path) -> None:
    """``imagesTr`` and ``labelsTr`` are no classes."""
    root = pictures(tmp_path / "d", {"imagesTr/a_0000.png": None, "labelsTr/a.png": MASK})
    assert analyze(root).counts.as_dict() == KNOWN


def test_one_class_is_said_of_pixels_and_objects(tmp_path: Path) -> None:
    """Not of labels."""
    pictures(tmp_path, {"m/a.png": MASK * 0})
    assert 'every pixel is "0"' in run("analyze", "m").out
    write(tmp_path / "p.txt", "7 .5 .5 .1 .1\n")
    assert 'every object is "7"' in run("analyze", "p.txt").out
