"""Small data sets of every kind, to be counted here and elsewhere."""

from __future__ import annotations

import gzip
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROWS = [("cat", 1.5, "train")] * 60 + [("dog", 2.5, "train")] * 25 + [("fox", 3.5, "val")] * 15
_TEXT = "label,x,part\n" + "".join(f"{name},{x},{part}\n" for name, x, part in ROWS)


def csv(folder: Path) -> Path:
    """A table."""
    path = folder / "rows.csv"
    path.write_text(_TEXT)
    return path


def csv_gz(folder: Path) -> Path:
    """A packed one."""
    path = folder / "rows.csv.gz"
    path.write_bytes(gzip.compress(_TEXT.encode()))
    return path


def csv_zst(folder: Path) -> Path:
    """Another packed one."""
    import zstandard

    path = folder / "rows.csv.zst"
    path.write_bytes(zstandard.compress(_TEXT.encode()))
    return path


def latin(folder: Path) -> Path:
    """A table that is not UTF-8, and mixes line ends, which needs copies."""
    path = folder / "latin.csv"
    path.write_bytes("label,x\r\ncafé,1\ncafé,2\r\nthé,3\n".encode("latin-1"))
    return path


def lines(folder: Path) -> Path:
    """One label a line."""
    path = folder / "labels.txt"
    path.write_text("".join(f"{name}\n" for name, *_ in ROWS))
    return path


def parquet(folder: Path) -> Path:
    """A columnar table."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    path = folder / "rows.parquet"
    names = ("label", "x", "part")
    pq.write_table(
        pa.table(dict(zip(names, map(list, zip(*ROWS, strict=True)), strict=True))), path
    )
    return path


def json_lines(folder: Path) -> Path:
    """Records."""
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps({"label": name, "x": x}) + "\n" for name, x, _ in ROWS))
    return path


def json_array(folder: Path) -> Path:
    """Records in a list, packed."""
    path = folder / "rows.json.gz"
    path.write_bytes(gzip.compress(json.dumps([{"label": n} for n, *_ in ROWS]).encode()))
    return path


def npy(folder: Path) -> Path:
    """An array."""
    path = folder / "y.npy"
    np.save(path, np.array([0, 1, 1, 2] * 9))
    return path


def npz(folder: Path) -> Path:
    """An archive of arrays."""
    path = folder / "both.npz"
    np.savez(path, y=np.array([0, 1, 1] * 9), X=np.arange(54).reshape(27, 2))
    return path


def mat(folder: Path) -> Path:
    """A MATLAB file."""
    from scipy.io import savemat

    path = folder / "y.mat"
    savemat(path, {"y": np.array([1, 2, 2, 2])})
    return path


def svmlight(folder: Path) -> Path:
    """Sparse rows."""
    path = folder / "rows.svm"
    path.write_text("1 1:0.5 3:2\n-1 2:1\n1 1:1\n")
    return path


def arff(folder: Path) -> Path:
    """WEKA's table."""
    path = folder / "rows.arff"
    path.write_text(
        "@relation r\n@attribute a numeric\n@attribute class {p,q}\n@data\n1,p\n2,q\n3,q\n"
    )
    return path


def fasttext(folder: Path) -> Path:
    """Texts with labels before them."""
    path = folder / "texts.txt"
    path.write_text("__label__a one\n__label__b two\n__label__a three\n")
    return path


def image_list(folder: Path) -> Path:
    """Paths and class ids."""
    path = folder / "list.txt"
    path.write_text("a/1.jpg 0\na/2.jpg 1\nb/3.jpg 1\n")
    return path


def openimages(folder: Path) -> Path:
    """Labels of images with confidences."""
    path = folder / "boxes.csv"
    path.write_text(
        "ImageID,Source,LabelName,Confidence\n1,v,/m/cat,1\n2,v,/m/dog,1\n2,v,/m/cat,0\n"
    )
    return path


def coco(folder: Path) -> Path:
    """Objects in images."""
    path = folder / "instances.json"
    path.write_text(json.dumps(_coco()))
    return path


def _coco() -> dict[str, Any]:
    return {
        "images": [{"id": i, "file_name": f"{i}.jpg"} for i in range(4)],
        "categories": [{"id": 3, "name": "cow"}, {"id": 7, "name": "dog"}],
        "annotations": [
            {"id": n, "image_id": i, "category_id": c}
            for n, (i, c) in enumerate([(0, 3), (0, 7), (1, 3), (2, 3)])
        ],
    }


def coco_folder(folder: Path) -> Path:
    """Two files of COCO."""
    inside = folder / "coco"
    inside.mkdir()
    for split in ("train", "val"):
        (inside / f"instances_{split}.json").write_text(json.dumps(_coco()))
    return inside


def masks(folder: Path) -> Path:
    """Masks in folders of splits, and a photo that is none."""
    inside = folder / "masks"
    for split, number in (("train", 9), ("val", 3)):
        (inside / split).mkdir(parents=True)
        for i in range(number):
            pixels = np.zeros((24, 32), np.uint8)
            pixels[i : i + 3, :5] = 1
            pixels[20, i] = 2
            Image.fromarray(pixels).save(inside / split / f"{i}.png")
    return inside


def one_mask(folder: Path) -> Path:
    """A mask alone."""
    path = folder / "one.png"
    Image.fromarray(np.eye(40, dtype=np.uint8)).save(path)
    return path


def volumes(folder: Path) -> Path:
    """Label volumes."""
    nibabel: Any = importlib.import_module("nibabel")
    inside = folder / "labelsTr"
    inside.mkdir()
    for i in range(3):
        values = np.zeros((6, 6, 6), np.int16)
        values[:i] = 2
        nibabel.Nifti1Image(values, np.eye(4)).to_filename(inside / f"{i}.nii.gz")
    return inside


def yolo(folder: Path) -> Path:
    """Boxes, with their names and a list of the images of a split."""
    inside = folder / "yolo"
    for part in ("images", "labels"):
        (inside / part).mkdir(parents=True)
    for i in range(5):
        (inside / "labels" / f"{i}.txt").write_text(f"{i % 2} 0.5 0.5 0.1 0.1\n" * (i + 1))
        (inside / "images" / f"{i}.jpg").write_bytes(b"\xff\xd8\xff")
    (inside / "train.txt").write_text("./images/0.jpg\n./images/1.jpg\n./images/2.jpg\n")
    (inside / "val.txt").write_text("./images/3.jpg\n./images/4.jpg\n")
    (inside / "data.yaml").write_text("names: [cow, dog]\ntrain: train.txt\nval: val.txt\n")
    return inside


def voc(folder: Path) -> Path:
    """XML of boxes with lists of images."""
    inside = folder / "voc"
    (inside / "Annotations").mkdir(parents=True)
    (inside / "ImageSets" / "Main").mkdir(parents=True)
    for i in range(4):
        objects = "".join(f"<object><name>{n}</name></object>" for n in ["cat", "dog"][: 1 + i % 2])
        (inside / "Annotations" / f"{i}.xml").write_text(f"<annotation>{objects}</annotation>")
    (inside / "ImageSets" / "Main" / "train.txt").write_text("0\n1\n2\n")
    (inside / "ImageSets" / "Main" / "val.txt").write_text("3\n")
    return inside


def cvat(folder: Path) -> Path:
    """CVAT's XML."""
    path = folder / "annotations.xml"
    boxes = '<box label="car"/><box label="bus"/>'
    path.write_text(
        f'<annotations><image id="0" name="a.jpg">{boxes}</image><image id="1"/></annotations>'
    )
    return path


def labelme(folder: Path) -> Path:
    """LabelMe's JSON, a file per image."""
    inside = folder / "labelme"
    inside.mkdir()
    for i in range(3):
        shapes = [{"label": "cat"}] * (i + 1)
        (inside / f"{i}.json").write_text(json.dumps({"shapes": shapes, "imagePath": "a.jpg"}))
    return inside


def kitti(folder: Path) -> Path:
    """KITTI's lines."""
    inside = folder / "label_2"
    inside.mkdir()
    for i in range(3):
        rest = " 0" * 14
        (inside / f"{i}.txt").write_text(f"Car{rest}\nVan{rest}\nDontCare{rest}\n")
    return inside


def class_folders(folder: Path) -> Path:
    """A folder of photos per class."""
    inside = folder / "photos"
    for split, name, number in (("train", "cat", 4), ("train", "dog", 2), ("val", "cat", 1)):
        (inside / split / name).mkdir(parents=True)
        for i in range(number):
            noise = np.random.default_rng(i).integers(0, 255, (8, 8, 3), np.uint8)
            Image.fromarray(noise).save(inside / split / name / f"{i}.jpg")
    return inside


def saved(folder: Path) -> Path:
    """Counts saved before."""
    from imbweights import analyze

    path = folder / "counts.json"
    path.write_text(json.dumps(analyze(csv(folder)).to_dict()))
    return path


KINDS: dict[str, Callable[[Path], Path]] = {
    each.__name__: each
    for each in (
        *(csv, csv_gz, csv_zst, latin, lines, parquet, json_lines, json_array, npy, npz, mat),
        *(svmlight, arff, fasttext, image_list, openimages, coco, coco_folder, masks, one_mask),
        *(volumes, yolo, voc, cvat, labelme, kitti, class_folders, saved),
    )
}
