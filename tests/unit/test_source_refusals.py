"""What each source refuses, and what it says: options that do not fit, and content that is none."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support import run, write

from imbweights import analyze
from imbweights.core.errors import ImbweightsError, SourceError, UsageError


def npy(values: Any) -> bytes:
    """A ``.npy`` file."""
    stream = io.BytesIO()
    np.save(stream, np.asarray(values))
    return stream.getvalue()


def npz(**arrays: Any) -> bytes:
    """A ``.npz`` archive."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def archive(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def claiming(header: str, values: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A ``.npy`` file with this header, whatever it claims."""
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + values


def image(values: Any, kind: str = "PNG", **options: Any) -> bytes:
    """An image file."""
    stream = io.BytesIO()
    Image.fromarray(np.asarray(values, np.uint8)).save(stream, kind, **options)
    return stream.getvalue()


def png(bits: int, colour_type: int, row: bytes, width: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of one row, with chunks before the pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, 1, bits, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(b"\0" + row)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def tiff(*pages: Image.Image) -> bytes:
    """A TIFF of several pages."""
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    return stream.getvalue()


def refused(
    folder: Path, name: str, content: str | bytes, options: Mapping[str, Any]
) -> ImbweightsError:
    """The error for one file; ``name`` may lie in folders, of which the first is then what is read."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, content)
    with pytest.raises(ImbweightsError) as caught:
        analyze(folder / Path(name).parts[0], **options)
    return caught.value


COCO = {
    "images": [{"id": 1, "height": 4, "width": 5}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 7}],
    "categories": [{"id": 7, "name": "ant"}],
}
KITTI = "Car 0.00 0 -1.58 587.01 173.33 614.12 200.12 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"
CVAT = '<annotations><image id="0"><box label="a"/></image></annotations>'
LABELME = json.dumps({"version": "5", "shapes": [{"label": "a"}], "imagePath": "a.jpg"})
SAVED = json.dumps({"schema": "imbweights.analysis/1", "total": {}})
OPEN_IMAGES = "ImageID,LabelName,Confidence\na,/m/1,1\n"
MASK = image([[0, 1, 2]])


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        (
            "set/cat/a.jpg",
            b"",
            {"kind": "folders", "count": "pixels"},
            "class folders are counted in images",
        ),
        ("a.json", json.dumps(COCO), {"count": "pixels"}, "so their areas are no pixel counts"),
        ("a.txt", "EU B-ORG\n", {"kind": "conll", "count": "images"}, "in tokens or objects"),
        ("a.xml", CVAT, {"count": "pixels"}, "CVAT's XML holds shapes"),
        ("a.txt", KITTI, {"count": "pixels"}, "KITTI labels hold boxes"),
        ("a.json", LABELME, {"count": "pixels"}, "LabelMe holds polygons"),
        ("a.csv", OPEN_IMAGES, {"count": "pixels"}, "name the folder of the masks instead"),
        ("a.txt", "0 0.5 0.5 0.1 0.1\n", {"count": "pixels"}, "YOLO labels hold boxes"),
        ("a.png", MASK, {"count": "objects"}, "masks are counted in pixels"),
        ("a.nii", b"", {"kind": "nifti", "count": "images"}, "volumes are counted in voxels"),
        ("a.nii", b"", {"kind": "nifti", "pixel_divisor": 9}, "for images, not for volumes"),
        ("a.png", MASK, {"palette": "voc", "pixel_divisor": 9}, "use one"),
        ("a.json", SAVED, {"label": "y"}, "--label has nothing to choose from"),
        ("a.json", SAVED, {"count_column": "n"}, "--count-column has nothing to choose from"),
        (
            "a.csv",
            "y,x,n\na,1,1\nb,0,1\n",
            {"count_column": "n", "label": "y,x"},
            "--count-column goes with one label column, not several",
        ),
        (
            "a.csv",
            "y,n\na,1\n",
            {"label": "n", "count_column": "n"},
            "both the label and the count",
        ),
        ("a.txt", "a\nb\n", {"kind": "folders"}, "--as folders reads a folder with a folder"),
    ],
)
def test_options_that_do_not_fit(
    tmp_path: Path, name: str, content: str | bytes, options: Mapping[str, Any], message: str
) -> None:
    """Said before anything is counted, with what the source does count."""
    found = refused(tmp_path, name, content, options)
    assert isinstance(found, UsageError)
    assert message in str(found)


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("a.npz", npz(), {"kind": "npz"}, "holds no arrays"),
        ("a.npy", npy(np.zeros((0, 3))), {}, "is empty (shape (0, 3))"),
        ("a.npy", npy(np.zeros((2, 2, 2))), {"kind": "npy"}, "has shape (2, 2, 2)"),
        (
            "a.npy",
            npy([["a", "b"]] * 2),
            {"kind": "npy"},
            "several labels per row a table of 0 and 1",
        ),
        ("a.npz", npz(y=range(30)), {}, "has 30 distinct values in 30 entries"),
        ("a.npz", archive({f"{i}.npy": b"" for i in range(10_001)}), {}, "holds 10,001 arrays"),
        (
            "a.npz",
            archive(
                {"y.npy": claiming("{'descr': '<i8', 'fortran_order': False, 'shape': (99,)}")}
            ),
            {},
            "is cut off: its header claims 792 bytes, it holds 128",
        ),
        ("a.npy", claiming("{}", version=b"\x09\x00"), {}, "of version 9.0, which is unknown"),
        (
            "a.npy",
            claiming("{'descr': '<i8', 'fortran_order': False, 'shape': (-1,)}"),
            {},
            "claims the shape (-1,)",
        ),
        (
            "a.npy",
            claiming("{'descr': '<U0', 'fortran_order': False, 'shape': (9,)}"),
            {},
            "of no size",
        ),
        ("a.zip", archive({"a.xml": b"<a/>"}), {}, "is a ZIP archive (an Excel file?)"),
        ("a.json", '[{"imbweights.x": 1}]', {"kind": "analysis"}, "no analysis that imbweights"),
        ("a.txt", "".join(f"w T{i}\n" for i in range(50)), {"kind": "conll"}, "50 different tags"),
        (
            "a.csv",
            "a,b\n1,1\n0,1\n",
            {"label": "a,b", "one_hot": True},
            "some rows have more than one 1",
        ),
        ("a.jsonl", json.dumps({str(i): 1 for i in range(10_001)}), {}, "10,001 different keys"),
        ("a.arff", "@relation r\n@attribute y {a,b}\n@data\n{9 a}\n", {}, "line 4"),
    ],
)
def test_tables_and_arrays_that_are_none(
    tmp_path: Path, name: str, content: str | bytes, options: Mapping[str, Any], message: str
) -> None:
    """Each with its own reason."""
    found = refused(tmp_path, name, content, options)
    assert isinstance(found, SourceError)
    assert message in str(found)


GREY = Image.new("L", (2, 2))
COLOUR = Image.new("RGB", (2, 2))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.png", image(np.zeros((2, 2)), "JPEG"), "JPEG changes values"),
        (
            "masks/a.png",
            image(np.zeros((2, 2)), "JPEG"),
            "is a JPEG image, and JPEG changes values",
        ),
        ("a.png", png(16, 2, bytes(12), 2), "16 bits per colour"),
        ("a.png", png(16, 4, bytes((1, 44, 255, 255)) * 2, 2), "16 bits per value beside"),
        ("a.tif", tiff(GREY, COLOUR), "has pages of colours and pages of values"),
        ("a.tif", tiff(Image.new("CMYK", (2, 2))), "Pillow calls it CMYK"),
        ("a.npy", npy(np.ones((4, 4), complex)), "holds complex128, not numbers"),
        ("a.npy", npy(np.zeros((0, 4), np.uint8)), "holds no pixels"),
        (
            "a.npz",
            npz(a=np.ones((2, 2)), b=np.ones((2, 2))),
            "none or more than one is called mask",
        ),
    ],
)
def test_images_that_are_no_masks(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """Asked to read them as masks, it says what they are instead."""
    found = refused(tmp_path, name, content, {"kind": "masks"})
    assert isinstance(found, SourceError)
    assert message in str(found)


def test_a_measurement_is_no_mask_unless_one_insists(tmp_path: Path) -> None:
    """One negative value may be void; several are not."""
    path = write(tmp_path / "a.npy", npy([[-1, -2], [0, 3]]))
    with pytest.raises(SourceError, match="has several negative values"):
        analyze(path)
    assert analyze(path, kind="masks").counts.as_dict() == {"-2": 1, "-1": 1, "0": 1, "3": 1}


def test_large_files_are_weighed_before_they_are_read(tmp_path: Path) -> None:
    """Arrays, and the pages of an image together, against --max-bytes and --max-pixels."""
    write(tmp_path / "a.npz", npz(y=np.zeros(200_000, np.int64)))
    refused = run("analyze", tmp_path / "a.npz", "--max-bytes", "1MB")
    assert (refused.code, "array 'y'" in refused.err) == (2, True)
    assert "takes 1.53 MiB decompressed" in refused.err
    write(tmp_path / "a.npy", npy(np.tile([[0], [1]], (20, 40))))
    write(tmp_path / "a.tif", tiff(*[Image.new("L", (30, 20))] * 2))
    for name, message in (
        ("a.npy", "has 40 × 40 pixels"),
        ("a.tif", "has 1,200 pixels or more in its pages"),
    ):
        refused = run("analyze", tmp_path / name, "--as", "masks", "--max-pixels", "1000")
        assert (refused.code, message in refused.err) == (2, True), refused.err
        assert run("analyze", tmp_path / name, "--as", "masks", "--max-pixels", "1600").code == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (npy([[True, False], [True, True]]), {"0": 1, "1": 3}),
        (npy(np.full((4, 4, 3), 200, np.uint8)), {"#c8c8c8": 16}),
        (npy(np.full((2, 2, 3), 7, np.uint8)), {"7": 12}),
        (png(8, 4, bytes((3, 255, 5, 255)), 2), {"3": 1, "5": 1}),
        (png(8, 3, bytes((0, 1)), 2, (b"tEXt", b"a\0b"), (b"PLTE", bytes(6))), {"0": 1, "1": 1}),
        (png(8, 3, bytes((0, 1)), 2), {"0": 1, "1": 1}),
    ],
)
def test_masks_of_rare_forms(tmp_path: Path, content: bytes, expected: dict[str, int]) -> None:
    """Truth values, colours in arrays, grey with an alpha channel that says nothing."""
    suffix = "npy" if content.startswith(b"\x93") else "png"
    path = write(tmp_path / f"a.{suffix}", content)
    assert analyze(path, kind="masks").counts.as_dict() == expected
