"""Files in two splits, and masks beside images of another size."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from imbweights.checking import DataSet, Settings, check_set, counted_set
from imbweights.checking.copies import copies
from imbweights.checking.images import other_sizes, size_of
from imbweights.core.errors import SourceError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.profiling import profile_of

Values = npt.NDArray[np.uint8]
Files = Mapping[str, tuple[FileFacts, ...]]


def save(path: Path, values: Values) -> Path:
    """An image with just these values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).save(path)
    return path


def blob(seed: int, size: int = 24) -> Values:
    """A mask whose edges are by chance, so that no two are the same."""
    rng = np.random.default_rng(seed)
    values = np.zeros((size, size), np.uint8)
    for row in range(4, size - 4):
        start, end = rng.integers(1, 8), rng.integers(size - 9, size - 1)
        values[row, start:end] = 1
    return values


def files_of(root: Path, kind: str = "masks") -> Files:
    """What each file of each folder of a split holds."""
    options = LabelOptions(kind=kind, keep_files=True)
    return profile_of(SourceSpec(paths=(str(root),), options=options)).files


def found(root: Path, *, kind: str = "masks") -> list[tuple[str, str]]:
    """The copies, by their places."""
    pairs = copies(files_of(root, kind), are_masks=kind == "masks")
    return [(os.path.relpath(a, root), os.path.relpath(b, root)) for _, a, _, b in pairs]


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    """Two splits of different masks, with the same names, as numbering gives them."""
    for i in range(6):
        save(tmp_path / "train" / f"{i}.png", blob(i))
        save(tmp_path / "val" / f"{i}.png", blob(100 + i))
    return tmp_path


def test_the_same_names_are_no_copies(masks: Path) -> None:
    """Each split may be numbered from the beginning."""
    assert found(masks) == []


def test_a_copy_under_another_name(masks: Path) -> None:
    """Equal bytes."""
    shutil.copyfile(masks / "train/3.png", masks / "val/9.png")
    assert found(masks) == [("train/3.png", "val/9.png")]


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_links(masks: Path, link: Callable[[Path, Path], None]) -> None:
    """A link is the same file, whatever is in it; it is told once."""
    save(masks / "train/empty.png", np.zeros((8, 8), np.uint8))
    link(masks / "train/3.png", masks / "val/9.png")
    link(masks / "train/empty.png", masks / "val/link.png")
    assert set(found(masks)) == {
        ("train/3.png", "val/9.png"),
        ("train/empty.png", "val/link.png"),
    }
    assert len(found(masks)) == 2


def test_masks_that_say_little_are_no_copies(masks: Path) -> None:
    """All background, all void, and a dot of a few pixels."""
    empty = np.zeros((24, 24), np.uint8)
    dot = empty.copy()
    dot[3:6, 3:6] = 1
    for split in ("train", "val"):
        save(masks / split / "empty.png", empty)
        save(masks / split / "full.png", empty + 255)
        save(masks / split / "dot.png", dot)
    assert found(masks) == []


def test_a_drawing_that_many_masks_share_is_no_copy(masks: Path) -> None:
    """The round frame of a microscope: three times in a split it tells nothing."""
    for split in ("train", "val"):
        for i in range(3):
            shutil.copyfile(masks / "train/3.png", masks / split / f"frame{i}.png")
    assert found(masks) == []


def test_simple_shapes_are_alike_by_chance(masks: Path) -> None:
    """Where masks of one split are alike as often, only those of one name are copies."""
    shapes = {}
    for i in range(12):
        shapes[i] = np.zeros((24, 24), np.uint8)
        shapes[i][i : i + 9, i : i + 9] = 1
    for i in range(8):
        save(masks / "train" / f"t{i}.png", shapes[i // 2])
    for i in range(4):
        save(masks / "val" / f"v{i}.png", shapes[i])
    assert found(masks) == []
    shutil.copyfile(masks / "train/5.png", masks / "val/5.png")
    assert found(masks) == [("train/5.png", "val/5.png")]
    for i in range(8):  # no longer alike within a split: then chance is no reason
        save(masks / "train" / f"t{i}.png", shapes[i])
    assert len(found(masks)) == 5


def test_photos_are_copies_whatever_their_class(tmp_path: Path) -> None:
    """Equal bytes; the copy may have another label, and the other one a name that was there."""
    for i, place in enumerate(("train/cat/1", "train/dog/1", "val/cat/1", "val/dog/2")):
        rng = np.random.default_rng(i)
        save(tmp_path / f"{place}.png", rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
    assert found(tmp_path, kind="folders") == []
    shutil.copyfile(tmp_path / "train/cat/1.png", tmp_path / "val/dog/7.png")
    assert found(tmp_path, kind="folders") == [("train/cat/1.png", "val/dog/7.png")]


def test_files_that_differ_late(tmp_path: Path) -> None:
    """Only samples are compared at first; what decides is every byte."""
    content = bytearray(50_000)
    facts: dict[str, tuple[FileFacts, ...]] = {}
    for split, place in (("train", 0), ("val", 10_000), ("test", 10_000)):
        content[place] = 1
        path = tmp_path / split
        path.write_bytes(content)
        content[place] = 0
        facts[split] = (FileFacts(name=split, path=path, labels={"cat": 1}),)
    assert copies(facts) == (("val", "val", "test", "test"),)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    """Names in lists and JSON are compared as paths."""
    facts = {
        split: tuple(
            FileFacts(name=str(n), path=tmp_path / "lost" / n, labels={"cat": 1}) for n in names
        )
        for split, names in (("train", ["a.jpg", "b.jpg"]), ("val", ["c.jpg", "x/../b.jpg"]))
    }
    assert copies(facts) == (("train", "b.jpg", "val", "x/../b.jpg"),)


def test_files_that_were_named(tmp_path: Path) -> None:
    """A table that two splits share; masks that were named are judged as masks."""
    (tmp_path / "a.csv").write_text("label\ncat\n")
    shutil.copyfile(tmp_path / "a.csv", tmp_path / "b.csv")
    a, b = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    assert copies({}, [("train", a), ("val", a)]) == (("train", a, "val", a),)
    assert copies({}, [("train", a), ("val", b)]) == (("train", a, "val", b),)
    assert copies({}, [("train", a), ("train", b)]) == ()
    both = [save(tmp_path / name, np.zeros((9, 9), np.uint8)) for name in ("a.png", "b.png")]
    facts = {
        split: (FileFacts(name=str(p), path=p, labels={"0": 81}, size=(9, 9)),)
        for split, p in zip(("train", "val"), both, strict=True)
    }
    named = [("train", str(both[0])), ("val", str(both[1]))]
    assert copies(facts, named, are_masks=True) == ()


def photo(path: Path, size: tuple[int, int], orientation: int = 1) -> Path:
    """A photo that is stored in this size, with what the camera says about up and down."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size).save(path, exif=exif)
    return path


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_size_in_which_a_photo_is_seen(tmp_path: Path, suffix: str) -> None:
    """Orientations 5 to 8 lay it on its side: as Pillow's own ``exif_transpose`` has it."""
    from PIL import ImageOps

    for orientation in range(1, 9):
        path = photo(tmp_path / f"a{suffix}", (40, 30), orientation)
        with Image.open(path) as image:
            expected = ImageOps.exif_transpose(image).size
        assert size_of(path) == expected == ((30, 40) if orientation > 4 else (40, 30))


def sized(*places: tuple[Path, tuple[int, int] | None]) -> Files:
    """Masks of these sizes, without having to exist."""
    return {"": tuple(FileFacts(name=p.name, path=p, size=size) for p, size in places)}


def test_sizes(tmp_path: Path) -> None:
    """Raw size of a turned photo differs; what has no image, or no size, is passed over."""
    images = tmp_path / "images"
    photo(images / "same.jpg", (40, 30))
    photo(images / "other.jpg", (41, 30))
    photo(images / "turned.jpg", (40, 30), 6)
    photo(images / "upright.jpg", (40, 30), 6)
    masks = tmp_path / "masks"
    files = sized(
        (masks / "same_mask.png", (40, 30)),
        (masks / "other.png", (40, 30)),
        (masks / "turned.png", (40, 30)),
        (masks / "upright.png", (30, 40)),
        (masks / "lost.png", (1, 1)),
        (masks / "other.nii", None),
    )
    differ = {"other.png": (41, 30), "turned.png": (30, 40)}
    assert other_sizes(files, str(images)).differ == differ


def test_several_images_of_one_name(tmp_path: Path) -> None:
    """The one in the folder that is most alike; of equals, one that fits is enough."""
    photo(tmp_path / "images/train/1.jpg", (4, 3))
    photo(tmp_path / "images/val/1.jpg", (8, 6))
    here = tmp_path / "masks"
    folder = str(tmp_path / "images")
    assert other_sizes(sized((here / "val/1.png", (8, 6))), folder).differ == {}
    assert other_sizes(sized((here / "val/1.png", (4, 3))), folder).differ == {"1.png": (8, 6)}
    assert other_sizes(sized((here / "1.png", (4, 3))), folder).differ == {}
    assert other_sizes(sized((here / "1.png", (5, 5))), folder).differ == {"1.png": (4, 3)}


def test_a_mask_is_not_its_own_image(tmp_path: Path) -> None:
    """Masks may lie beside their photos."""
    save(tmp_path / "a_mask.png", np.zeros((3, 4), np.uint8))
    photo(tmp_path / "a.jpg", (8, 6))
    files = sized((tmp_path / "a_mask.png", (4, 3)))
    assert other_sizes(files, str(tmp_path)).differ == {"a_mask.png": (8, 6)}


def test_images_that_cannot_be_compared(tmp_path: Path) -> None:
    """No folder, no image for any mask, and an image that is none."""
    files = sized((tmp_path / "masks/a.png", (4, 3)))
    with pytest.raises(SourceError, match="is no folder"):
        other_sizes(files, str(tmp_path / "images"))
    photo(tmp_path / "images/b.jpg", (4, 3))
    with pytest.raises(SourceError, match=r"holds no image for a\.png"):
        other_sizes(files, str(tmp_path / "images"))
    (tmp_path / "images/a.jpg").write_bytes(b"\xff\xd8\xff no photo")
    with pytest.raises(SourceError, match=r"a\.jpg: is no image that can be read"):
        other_sizes(files, str(tmp_path / "images"))


def test_from_masks_to_findings(masks: Path) -> None:
    """The rules that look at files, on one set that has it all."""
    save(masks / "train/void.png", np.full((24, 24), 255, np.uint8))
    save(masks / "val/edge.png", np.array([[0, 1, 7]], np.uint8))
    shutil.copyfile(masks / "train/3.png", masks / "val/9.png")
    for split in ("train", "val"):
        for mask in (masks / split).iterdir():
            with Image.open(mask) as image:
                size = image.size
            photo(masks / "images" / split / f"{mask.stem}.jpg", size)
    photo(masks / "images/train/5.jpg", (25, 24))
    options = LabelOptions(kind="masks", classes=("bg", "cell"), ignore_labels=("255",))
    spec = SourceSpec(
        paths=tuple(f"{split}={masks / split}" for split in ("train", "val")), options=options
    )
    settings = Settings(select=("IMB023", "IMB03"), images=str(masks / "images"))
    data = DataSet(name="cells", spec=spec, settings=settings)
    checked = check_set(data, counted_set(data))
    assert {f.code: str(f.where.file) for f in checked.findings} == {
        "IMB023": str(masks / "train/3.png"),
        "IMB030": str(masks / "val/edge.png"),
        "IMB031": str(masks / "train/void.png"),
        "IMB033": str(masks / "train/5.png"),
    }
    assert checked.skipped == {}
