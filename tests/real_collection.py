"""How each entry of a collection of real files is read, so that its counts can be compared.

Its ``expected.json`` says what independent scripts counted. Entries of formats that are left out
are named in ``LEFT_OUT`` with the reason, and one test holds that every entry is either read or
left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imbweights import analyze
from imbweights.core.counts import ClassCounts

# What is free to copy is here; those who have the larger collection have it beside the checkout.
COPIED = Path(__file__).parent / "data" / "real"
LARGER = Path(__file__).parents[2] / "shared" / "real"

LEFT_OUT = {
    "dota": "DOTA text has no mark of its own; oriented boxes are read as YOLO or COCO",
    "yolo-obb(dota txt)": "DOTA text again",
    "tracklets xml": "KITTI raw tracklets: video tracks of a tool no longer used",
    "file name = person id": "re-identification: the class is coded in the file's name",
    "vott json": "VoTT is no longer maintained; its CSV export is read",
    "createml json": "every tool that writes CreateML writes COCO or YOLO as well",
    "MOT gt.txt (class column 8, 1 based)": "tracks, one row a frame; the CSV reader counts column 8",
    "MOTS png16: value=class*1000+instance, 0 bg, 10000 ignore": "instances; the masks are read",
    "-1/1 attribute table; first line = row count": "CelebA's own form of a table",
    "idx1-ubyte.gz": "MNIST's own binary form; its CSV form is read",
    "wider": "WIDER FACE: faces per event, not labels",
    "coco-captions": "captions have no classes",
    "coco-image": "lists of images have no classes",
    "headerless csv, action id col 7": "AVA: a plain CSV, read with --label 7",
}


def entries(root: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Entry → what it speaks of and its facts; of formats that are not in the collection none."""
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for name, facts in json.loads((root / "expected.json").read_text(encoding="utf-8")).items():
        if name == "datumaro_formats":
            for inner, known in facts.items():
                found[inner] = (root / name / _place(inner, known), known)
        elif name.startswith("multilabel/"):
            found[name] = (root / f"{name}.arff", facts)
        else:
            found[name] = (root / name, facts)
    return {name: place for name, place in found.items() if _exists(place[0])}


def _exists(path: Path) -> bool:
    if "*" not in str(path):
        return path.exists()
    fixed = Path(*path.parts[: next(i for i, part in enumerate(path.parts) if "*" in part)])
    return any(fixed.glob(str(path.relative_to(fixed))))


_PLACES = {
    "kitti_detection": "kitti_dataset/kitti_detection",
    "kitti_3d": "kitti_dataset/kitti_3d",
    "kitti_3d_with_subset": "kitti_dataset/kitti_3d_with_subset",
    "labelme_dataset (LabelMe web XML)": "labelme_dataset/Annotations",
    "imagenet_txt_dataset/basic": "imagenet_txt_dataset/basic/train.txt",
    "imagenet_txt_dataset/no_labels": "imagenet_txt_dataset/no_labels/train.txt",
    "imagenet_txt_dataset/custom_labels": "imagenet_txt_dataset/custom_labels/train.txt",
    "vott_json_dataset": "vott_json_dataset/dataset/train-export.json",
    "createml train": "roboflow_dataset/createml/train/_annotations.createml.json",
    "roboflow multiclass train": "roboflow_dataset/multiclass/train/_classes.csv",
    "kaggle multi label": "kaggle_dataset/image_csv_multi_label/ann.csv",
    "mot_seq": "mot_dataset/mot_seq/gt/gt.txt",
    "mots train decoded": "mots_dataset/train/instances",
    "celeba attr": "celeba_dataset/dataset/Anno/list_attr_celeba.txt",
    "celeba identity": "celeba_dataset/dataset/Anno/identity_CelebA.txt",
    "mnist_csv train": "mnist_csv_dataset/mnist_train.csv",
    "mnist_csv test": "mnist_csv_dataset/mnist_test.csv",
    "adopt-a-buddy train": "tabular_dataset/adopt-a-buddy/train.csv",
    "voc_dataset/voc_dataset1": "voc_dataset/voc_dataset1",
    "dota_dataset/train": "dota_dataset/train",
    "dota_dataset/val": "dota_dataset/val",
}


def _place(name: str, facts: Mapping[str, Any]) -> str:
    return str(facts["glob"]) if "glob" in facts else _PLACES.get(name, name)


def positives(counts: ClassCounts) -> dict[str, int]:
    """The classes that occur."""
    return {name: n for name, n in counts.as_dict().items() if n}


def compare_counts(path: Path, facts: Mapping[str, Any], **options: Any) -> None:
    """The counts under ``counts``, and those of images where they are given."""
    found = analyze(path, **options).counts
    assert positives(found) == facts["counts"]
    if "image_counts" in facts:
        present = dict(zip(found.classes, found.present.tolist(), strict=True))
        assert {c: n for c, n in present.items() if n} == facts["image_counts"]


def compare_coco(path: Path, facts: Mapping[str, Any]) -> None:
    """Objects, images, declared categories and images without objects."""
    compare_counts(path, facts)
    found = analyze(path).counts
    assert len(found.classes) == facts["categories_declared"]
    assert found.samples == facts["images"]
    images = analyze(path, count="images").counts
    assert (images.label_sets or {}).get((), 0) == facts["images_without_ann"]
    assert positives(images) == facts["image_counts"]


def compare_masks(path: Path, facts: Mapping[str, Any]) -> None:
    """Pixels per value or colour, and images that contain it."""
    found = analyze(path, kind="masks").counts
    assert found.samples == facts["files"]
    assert {_plain(c): n for c, n in positives(found).items()} == facts["pixels"]
    present = dict(zip(map(_plain, found.classes), found.present.tolist(), strict=True))
    assert present == facts["images"]


def _plain(name: str) -> str:
    """A colour as ``r,g,b``, a value as it is."""
    if not name.startswith("#"):
        return name
    return ",".join(str(int(name[i : i + 2], 16)) for i in (1, 3, 5))
