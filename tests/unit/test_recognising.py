"""Breadth is not guessing: each sample is read by its own reader, and by no other in silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat
from support import write

from imbweights import analyze
from imbweights.core.errors import ImbweightsError
from imbweights.sources import SOURCES

KITTI = "Car 0.00 0 -1.57 600 150 630 190 2.85 2.63 12.34 0.47 1.49 69.44 -1.56\n"
VOC = "<annotation><filename>a.jpg</filename><object><name>cat</name></object></annotation>"
CVAT = '<annotations><image id="0" name="a"><box label="cat"/></image></annotations>'
COCO = {
    "images": [{"id": 1}],
    "annotations": [{"image_id": 1, "category_id": 1}],
    "categories": [{"id": 1, "name": "cat"}],
}
LABELS = ["cat", "dog", "cat", "cow", "cat", "dog"]


def _nifti(folder: Path) -> Path:
    nibabel: Any = pytest.importorskip("nibabel")
    cube = np.zeros((4, 4, 4), dtype=np.uint8)
    cube[0] = 1
    nibabel.Nifti1Image(cube, np.eye(4)).to_filename(folder / "a.nii.gz")
    return folder / "a.nii.gz"


def _mask(folder: Path) -> Path:
    Image.fromarray(np.repeat(np.arange(4, dtype=np.uint8), 8).reshape(4, 8)).save(folder / "a.png")
    return folder / "a.png"


def _parquet(folder: Path) -> Path:
    import pandas as pd

    pd.DataFrame({"id": range(6), "label": LABELS}).to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def _npy(folder: Path) -> Path:
    np.save(folder / "a.npy", np.array([0, 1, 0, 2]))
    return folder / "a.npy"


def _npz(folder: Path) -> Path:
    np.savez(folder / "a.npz", X=np.ones((4, 2)), y=np.array([0, 1, 0, 2]))
    return folder / "a.npz"


def _mat(folder: Path) -> Path:
    savemat(folder / "a.mat", {"y": np.array([[1, 2, 1, 1]])})
    return folder / "a.mat"


def _analysis(folder: Path) -> Path:
    return write(folder / "a.json", json.dumps(analyze(LABELS).to_dict()))


def _text(name: str, content: str) -> Callable[[Path], Path]:
    return lambda folder: write(folder / name, content)


def _folders(folder: Path) -> Path:
    for name in ("cat", "dog"):
        (folder / "set" / name).mkdir(parents=True)
        Image.new("RGB", (2, 2)).save(folder / "set" / name / "a.jpg")
    return folder / "set"


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "csv": _text("a.csv", "id,label\n1,cat\n2,dog\n3,cat\n"),
    "lines": _text("a.txt", "cat\ndog\ncat\n"),
    "parquet": _parquet,
    "json": _text("a.jsonl", '{"id": 1, "label": "cat"}\n{"id": 2, "label": "dog"}\n'),
    "npy": _npy,
    "npz": _npz,
    "mat": _mat,
    "analysis": _analysis,
    "arff": _text("a.arff", "@relation x\n@attribute class {a,b}\n@data\na\nb\na\n"),
    "fasttext": _text("a.txt", "__label__a some text\n__label__b __label__c more text\n"),
    "svmlight": _text("a.txt", "1 1:0.5 7:2\n2 3:1\n1,2 4:1\n"),
    "paths": _text("a.txt", "a/1.jpg 0\na/2.jpg 5\n"),
    "conll": _text("a.conll", "EU B-ORG\nrejects O\nGerman B-MISC\n\nPeter B-PER\nis O\nin O\n"),
    "masks": _mask,
    "nifti": _nifti,
    "folders": _folders,
    "coco": _text("a.json", json.dumps(COCO)),
    "yolo": _text("a.txt", "0 0.5 0.5 0.1 0.1\n2 0.25 0.5 0.1 0.2 0.3 0.4\n"),
    "voc": _text("a.xml", VOC),
    "cvat": _text("a.xml", CVAT),
    "labelme": _text("a.json", json.dumps({"version": "5", "shapes": [{"label": "cat"}]})),
    "openimages": _text("a.csv", "ImageID,Source,LabelName,Confidence\na,x,/m/1,1\nb,x,/m/2,1\n"),
    "kitti": _text("a.txt", KITTI * 2),
}


def test_every_kind_has_a_sample() -> None:
    """A new reader needs one here."""
    assert set(SAMPLES) == set(SOURCES)


@pytest.mark.parametrize("kind", [k for k in SAMPLES if not SOURCES[k].explicit])
def test_each_sample_is_recognised(kind: str, tmp_path: Path) -> None:
    """Without ``--as``."""
    found = analyze(SAMPLES[kind](tmp_path)).profile
    assert found.source.kind == kind


@pytest.mark.parametrize("other", SOURCES)
@pytest.mark.parametrize("kind", SAMPLES)
def test_no_other_reader_counts_a_sample_in_silence(kind: str, other: str, tmp_path: Path) -> None:
    """It refuses the sample, asks, or says what the sample looks like."""
    if kind == other or {kind, other} <= {"csv", "lines"}:
        return  # a table is lines as well, and one label a line a table of one column
    path = SAMPLES[kind](tmp_path)
    try:
        found = analyze(path, kind=other).profile
    except ImbweightsError:
        return
    notes = " ".join(found.source.notes)
    assert f"looks like {kind}" in notes or (kind, other) == ("conll", "lines"), (
        other,
        found.total.as_dict(),
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "5.1 3.5 1.4 0.2 0\n4.9 3.0 1.4 0.2 1\n"),
        ("a.txt", "1.jpg 0 0 1 0\n2.jpg 1 0 0 0\n3.jpg 0 1 0 0\n"),
        ("a.txt", "1.jpg 10 20 30 40 1\n2.jpg 5 6 7 8 1\n"),
        ("a.json", '{"a": {"label": "x"}}'),
        ("a.xml", "<html><body/></html>"),
        ("a.yaml", "source: x\n"),
    ],
)
def test_what_nothing_knows_is_refused_or_asked_about(
    tmp_path: Path, name: str, content: str
) -> None:
    """Never counted as the nearest thing."""
    with pytest.raises(ImbweightsError):
        analyze(write(tmp_path / name, content))


def test_options_that_mean_nothing_here_are_refused(tmp_path: Path) -> None:
    """``--label`` of a mask, ``--palette`` of a table."""
    mask = SAMPLES["masks"](tmp_path)
    voc = SAMPLES["voc"](tmp_path)
    table = SAMPLES["csv"](tmp_path)
    for path, options in (
        (mask, {"split": "s"}),
        (mask, {"one_hot": True}),
        (voc, {"label": "cat"}),
        (voc, {"delimiter": ","}),
        (table, {"palette": "voc"}),
        (table, {"pixel_divisor": 1000}),
    ):
        with pytest.raises(ImbweightsError, match=r"means nothing (here|to)"):
            analyze(path, **options)
