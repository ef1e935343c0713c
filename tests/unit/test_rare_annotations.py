"""Sets of label files as they are now and then: what is set apart, what is refused."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from PIL import Image
from support import run, write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, ImbweightsError, SourceError, UsageError
from imbweights.core.limits import Limits
from imbweights.sources.arrays.opening import ArrayFileError, all_members, mapped
from imbweights.sources.coco_panoptic import segments_of
from imbweights.sources.files import folder_files, named_files
from imbweights.sources.images.pairing import matched
from imbweights.sources.images.palette_lines import entry_of, header_of
from imbweights.sources.yolo import paired


def make(root: Path, files: Mapping[str, Any]) -> Path:
    """Files below ``root``: text, bytes, JSON, or the values of an image."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            write(path, json.dumps(content))
        elif isinstance(content, list):
            Image.fromarray(np.asarray(content, np.uint8)).save(path)
        else:
            write(path, content)
    return root


CAR = "Car 0.00 0 -1.58 587.01 173.33 614.12 200.12 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"
BOX = "0 0.5 0.5 0.1 0.1\n"
IMAGE = {"id": 1, "height": 1, "width": 3}
COCO = {
    "images": [IMAGE],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 7}],
    "categories": [{"id": 7, "name": "ant"}],
}


def panoptic(area: float = 2, images: tuple[dict[str, Any], ...] = (IMAGE,)) -> dict[str, Any]:
    """One image with one segment, of colour 0x010000."""
    segment = {"id": 1, "category_id": 7, "area": area}
    listed = {"image_id": 1, "file_name": "a.png", "segments_info": [segment]}
    return {**COCO, "images": list(images), "annotations": [listed]}


TWO = panoptic()
TWO["images"].append({**IMAGE, "id": 2})
TWO["annotations"].append({**TWO["annotations"][0], "image_id": 2, "file_name": "b.png"})
SEGMENTS = [[[1, 0, 0], [1, 0, 0], [0, 0, 0]]]
TRACK = """<annotations><meta><task><size>{size}</size><labels><label><name>a</name></label>
<label><name>head</name><parent>a</parent></label></labels></task></meta>
<track label="a"><attribute name="x">1</attribute><box frame="0"/><box frame="1" outside="1"/></track>
<image name="x.jpg"><box label="a"/><note label="b"/></image></annotations>"""


@pytest.mark.parametrize(
    ("files", "options", "expected", "notes"),
    [
        ({"a.txt": f"{CAR}\n{CAR}"}, {}, {"Car": 2}, ()),
        ({"a.xml": TRACK.format(size=4)}, {}, {"a": 2}, ()),
        ({"p.json": panoptic()}, {}, {"ant": 2}, ("areas are added up",)),
        ({"p.json": panoptic(images=())}, {}, {"ant": 2}, ("areas are added up",)),
        ({"p.json": panoptic(), "p/a.png": SEGMENTS}, {"kind": "coco"}, {"ant": 2}, ()),
        (
            {"p.json": TWO, "p/a.png": SEGMENTS, "p/b.png": [[0, 1, 2]]},
            {"on_bad_files": "skip", "kind": "coco"},
            {"ant": 2},
            ("is no RGB image of segment ids",),
        ),
        # A YAML of something else beside the one that names the classes.
        (
            {"a.yaml": "train: 5\n", "b.yaml": "names: [cat, dog]\nnc: 3\n", "labels/1.txt": BOX},
            {},
            {"cat": 1, "dog": 0},
            ("nc says 3 classes, but 2 are named",),
        ),
        (
            {"data.yaml": "names: [cat, cat, dog]\n", "labels/1.txt": BOX},
            {},
            {"cat (0)": 1, "cat (1)": 0, "dog": 0},
            (),
        ),
        (
            {
                "data.yaml": "names: {1: dog, 0: cat}\ntrain: gone.txt\nval: images/x\ntest: images/x\n",
                "labels/x/1.txt": BOX,
            },
            {},
            {"cat": 1, "dog": 0},
            (),
        ),
        # Beside the folder of masks lies a JSON that speaks of something else.
        ({"masks/a.png": [[0, 1, 1]], "masks.json": {"author": "x"}}, {}, {"0": 1, "1": 2}, ()),
    ],
)
def test_sets_that_are_read(
    tmp_path: Path,
    files: Mapping[str, Any],
    options: Mapping[str, Any],
    expected: Mapping[str, int],
    notes: tuple[str, ...],
) -> None:
    """Each counted, and what the reader should know of it said."""
    found = analyze(make(tmp_path, files), **options)
    assert found.counts.as_dict() == expected
    for note in notes:
        assert any(note in said for said in found.profile.source.notes)


@pytest.mark.parametrize(
    ("files", "options", "message"),
    [
        ({"p.json": panoptic(area=0.5)}, {}, "segment 1 has the area 0.5"),
        ({"p.json": panoptic(area=-1)}, {}, "segment 1 has the area -1"),
        (
            {"p.json": panoptic(images=({"id": 1, "height": 1 << 40, "width": 1 << 40},))},
            {},
            "an image has the size",
        ),
        (
            {"p.json": panoptic(), "p/a.png": [[0, 1, 2]]},
            {"kind": "coco"},
            "is no RGB image of segment ids",
        ),
        ({"a.xml": TRACK.format(size="9" * 30)}, {}, "claims a video of 99999999999999999999 frames"),
        ({"a.xml": TRACK.format(size="999999999")}, {}, "claims a video of 999999999 frames"),
        ({"data.yaml": "names: {a: cat}\n", "labels/1.txt": BOX}, {}, "map class ids to names"),
        ({"a.jpg": b"", "b.jpg": b""}, {"kind": "folders"}, "has no folders with images"),
        ({"a.png": [[0, 1]], "a.jpg": b"", "b.jpg": b""}, {}, "photos alone hold no labels"),
        ({"a.xyz": "1", "b/c.xyz": "2"}, {}, "/**/*.xyz'"),
    ],
)  # fmt: skip
def test_sets_that_are_refused(
    tmp_path: Path, files: Mapping[str, Any], options: Mapping[str, Any], message: str
) -> None:
    """The reason, and for a layout that is none what to name instead."""
    folder = make(tmp_path / "set", files)
    with pytest.raises(ImbweightsError) as caught:
        analyze(folder, **options)
    assert message in str(caught.value)


def test_an_empty_file_is_an_image_without_labels_of_its_own_split(tmp_path: Path) -> None:
    """In a split of nothing but empty files it is not known what they are."""
    make(tmp_path, {"a.txt": CAR, "b.txt": "", "c.txt": CAR})
    together = analyze([tmp_path / "a.txt", tmp_path / "b.txt"]).counts
    assert (together.as_dict(), together.samples) == ({"Car": 1}, 2)
    with pytest.raises(SourceError, match=r"b\.txt: is empty"):
        analyze({"train": tmp_path / "a.txt", "val": tmp_path / "b.txt"})


def test_instances_and_panoptic_segments_are_not_added_up(tmp_path: Path) -> None:
    """Objects and pixels have no sum."""
    make(tmp_path, {"a.json": COCO, "b.json": panoptic()})
    with pytest.raises(AmbiguousSourceError, match="some files are panoptic and some are not"):
        analyze([tmp_path / "a.json", tmp_path / "b.json"])


def test_a_folder_that_holds_itself_is_walked_once(tmp_path: Path) -> None:
    """By a link, which would have no end."""
    make(tmp_path, {"masks/a.png": [[0, 1, 1]]})
    (tmp_path / "masks" / "again").symlink_to(tmp_path / "masks", target_is_directory=True)
    (tmp_path / "masks" / "twice").symlink_to(tmp_path / "masks", target_is_directory=True)
    found = folder_files(tmp_path / "masks", "masks")
    assert list(found.paths) == ["a.png"]


def test_a_tiff_of_several_pages_is_not_taken_for_a_mask_unasked(tmp_path: Path) -> None:
    """It is a volume or a film; insisted on, all of its pages count."""
    (tmp_path / "x").mkdir()
    page = Image.fromarray(np.array([[0, 1]], np.uint8))
    page.save(tmp_path / "x" / "a.tif", save_all=True, append_images=[page])
    with pytest.raises(SourceError, match="--as masks"):
        analyze(tmp_path / "x")
    assert analyze(tmp_path / "x", kind="masks").counts.as_dict() == {"0": 2, "1": 2}


def test_what_a_colour_of_a_panoptic_png_means(tmp_path: Path) -> None:
    """As the JSON beside its folder lists it."""
    make(tmp_path, {"p.json": panoptic(), "p/a.png": SEGMENTS})
    assert segments_of(tmp_path / "p" / "a.png") == {0x010000: 7}
    with pytest.raises(SourceError, match=r"p\.json: does not list b\.png"):
        segments_of(tmp_path / "p" / "b.png")
    with pytest.raises(SourceError, match="cannot be read"):
        segments_of(tmp_path / "q" / "b.png")


def test_files_that_are_read_whole_are_weighed(tmp_path: Path) -> None:
    """And a compressed one that is cut off is told."""
    packed = gzip.compress(json.dumps(COCO | {"info": {"x": "y" * 9999}}).encode(), mtime=0)
    path = write(tmp_path / "a.json", packed)
    assert analyze(path, kind="coco").counts.as_dict() == {"ant": 1}
    refused = run("analyze", path, "--as", "coco", "--max-bytes", "5kB")
    assert (refused.code, "times as much memory" in refused.err) == (2, True), refused.err
    write(path, packed[:-12])
    with pytest.raises(SourceError, match=r"is a damaged gzip file \(it is cut off\)"):
        analyze(path, kind="coco")


def test_damage_that_still_looks_like_text(tmp_path: Path) -> None:
    """A checksum that is wrong, and what stands behind the last frame of zstd."""
    text = "".join(f"{i},{'x' * 1000},{'ab'[i % 2]}\n" for i in range(2000))
    packed = bytearray(gzip.compress(f"id,x,label\n{text}".encode()))
    assert analyze(write(tmp_path / "a.csv.gz", bytes(packed))).counts.total == 2000
    packed[-6] ^= 255
    with pytest.raises(SourceError, match="is a damaged gzip file"):
        analyze(write(tmp_path / "a.csv.gz", bytes(packed)))
    path = tmp_path / "a.csv.zst"
    rows = "SELECT i AS id, repeat('x', 2000) AS x, i % 2 AS label FROM range(2000) t(i)"
    duckdb.sql(f"COPY ({rows}) TO '{path}' (FORMAT csv, COMPRESSION zstd)")
    assert analyze(path).counts.as_dict() == {"0": 1000, "1": 1000}
    write(path, path.read_bytes() + b"more")
    with pytest.raises(SourceError, match=r"is a damaged zstd file"):
        analyze(path)


def test_a_volume_that_claims_more_than_it_holds(tmp_path: Path) -> None:
    """Memory is not taken for what a header says."""
    nibabel = pytest.importorskip("nibabel")
    path = tmp_path / "a.nii"
    nibabel.save(nibabel.Nifti1Image(np.zeros((4, 4, 4), np.uint8), np.eye(4)), path)
    assert analyze(path).counts.as_dict() == {"0": 64}
    content = bytearray(path.read_bytes())
    content[42:48] = struct.pack("<3h", 400, 400, 400)
    with pytest.raises(SourceError, match="its header claims the shape 400×400×400"):
        analyze(write(path, bytes(content)))


def test_masks_and_their_images(tmp_path: Path) -> None:
    """Those without are listed; none at all is a mistake in the name of the folder."""
    make(tmp_path, {"m/a_mask.png": [[0]], "m/b.png": [[0]], "i/a.jpg": b"", "j/c.jpg": b""})
    masks = named_files([tmp_path / "m" / name for name in ("a_mask.png", "b.png")], "masks")
    pairs, without = matched(masks, str(tmp_path / "i"))
    assert [(Path(mask).name, image.name) for mask, image in pairs] == [("a_mask.png", "a.jpg")]
    assert [Path(mask).name for mask in without] == ["b.png"]
    with pytest.raises(SourceError, match="holds no image for"):
        matched(masks, str(tmp_path / "j"))


def test_labels_and_images_of_the_same_names_elsewhere() -> None:
    """Where no folders agree, the names do."""
    assert paired(["a/1.txt", "a/2.txt"], ["b/2.jpg", "b/3.jpg"]) == (["a/1.txt"], ["b/3.jpg"])
    assert paired([], []) == ([], [])


def test_lines_that_name_no_colour() -> None:
    """Numbers that do not stand together, are no bytes, or are too few for the header."""
    header = header_of("name,r,g,b")
    assert header
    assert entry_of("1 road 2 3") is None
    assert entry_of("road,1", header) is None
    assert entry_of("road,1,2,999", header) is None
    assert entry_of(",1,2,3", header) is None
    found = entry_of("road,1,2,3", header)
    assert found is not None
    assert (found.name, found.colour) == ("road", 0x010203)


def test_saved_label_sets_keep_their_labels(tmp_path: Path) -> None:
    """Which rows a label leaves is not known from counts."""
    table = write(tmp_path / "a.csv", "a,b\n1,0\n1,1\n")
    saved = tmp_path / "saved.json"
    assert run("analyze", table, "--label", "a,b", "-o", saved).code == 0
    assert analyze(saved).counts.as_dict() == {"a": 2, "b": 1}
    with pytest.raises(UsageError, match="need the labels themselves here"):
        analyze(saved, ignore_label="a")


def test_an_array_that_is_not_there(tmp_path: Path) -> None:
    """Is missing, not damaged; all of an archive together must not be too much."""
    with pytest.raises(FileNotFoundError):
        mapped(tmp_path / "a.npy")
    np.savez(tmp_path / "a.npz", a=np.zeros(9), b=np.zeros(9))
    assert set(all_members(tmp_path / "a.npz", Limits(bytes=144))) == {"a", "b"}
    with pytest.raises(ArrayFileError, match="takes 144 B decompressed"):
        all_members(tmp_path / "a.npz", Limits(bytes=143))
