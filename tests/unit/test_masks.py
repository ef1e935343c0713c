"""Masks: every form of pixels, what is void, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import write

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.sources.images.palettes import palette, voc_colour

VALUES = np.array([[0, 0, 1, 2], [0, 3, 3, 2]], dtype=np.uint8)
KNOWN = {"0": 3, "1": 1, "2": 2, "3": 2}


def save(path: Path, values: object, mode: str = "L", **options: object) -> Path:
    """An image with just these values."""
    array = np.asarray(values)
    height, width = array.shape[:2]
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.frombytes(
        mode, (width, height), array.astype(_DTYPES.get(mode, np.uint8)).tobytes()
    )
    if mode == "P":
        image.putpalette([i * 7 % 256 for i in range(768)])
    image.save(path, **options)  # type: ignore[arg-type]
    return path


_DTYPES = {"I;16": np.uint16}


def rgb(path: Path, colours: list[list[int]]) -> Path:
    """An RGB image of 0xRRGGBB numbers."""
    array = np.array([[[c >> 16, c >> 8 & 255, c & 255] for c in row] for row in colours], np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)
    return path


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("a.png", "L", {}),
        ("a.png", "P", {}),
        ("a.png", "P", {"bits": 2}),
        ("a.png", "P", {"bits": 4}),
        ("a.png", "P", {"transparency": 0}),
        ("a.png", "I;16", {}),
        ("a.tif", "L", {}),
        ("a.tiff", "I;16", {}),
        ("a.tif", "P", {}),
        ("a.bmp", "L", {}),
        ("a.webp", "RGB", {"lossless": True}),
    ],
)
def test_every_form_of_pixels(
    tmp_path: Path, name: str, mode: str, options: dict[str, object]
) -> None:
    """The values as they are in the file, never stretched and never through a palette."""
    if mode == "RGB":
        path = rgb(tmp_path / "x.png", [[int(v) for v in row] for row in VALUES])
        Image.open(path).save(tmp_path / name, **options)  # type: ignore[arg-type]
        found = analyze(tmp_path / name).counts.as_dict()
        assert found == {f"#{int(v):06x}": n for v, n in KNOWN.items()}
        return
    save(tmp_path / name, VALUES, mode, **options)
    assert analyze(tmp_path / name).counts.as_dict() == KNOWN


def test_grey_png_of_two_and_four_bits(tmp_path: Path) -> None:
    """Pillow stretches these to 0…255; the class is the number in the file."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    for bits, row, expected in (
        (2, bytes([0b00011011]), {"0": 1, "1": 1, "2": 1, "3": 1}),
        (4, bytes([0x01, 0x9F]), {"0": 1, "1": 1, "9": 1, "15": 1}),
    ):
        header = struct.pack(">IIBBBBB", 4, 1, bits, 0, 0, 0, 0)
        content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" + row))
        path = write(tmp_path / f"{bits}.png", b"\x89PNG\r\n\x1a\n" + content + chunk(b"IEND", b""))
        assert analyze(path).counts.as_dict() == expected


def test_one_bit_masks_are_0_and_1(tmp_path: Path) -> None:
    """Not 0 and 255, as Pillow shows them."""
    image = Image.fromarray(VALUES > 1)
    for name in ("a.png", "a.tif", "a.bmp"):
        image.save(tmp_path / name)
        assert analyze(tmp_path / name).counts.as_dict() == {"0": 4, "1": 4}


def test_arrays(tmp_path: Path) -> None:
    """Also whole numbers stored as floats, and negative void."""
    np.save(tmp_path / "a.npy", VALUES.astype(np.float64))
    np.savez_compressed(tmp_path / "b.npz", mask=VALUES.astype(np.int32), image=np.ones((2, 4, 3)))
    np.save(tmp_path / "c.npy", VALUES.astype(np.int64) - 1)
    assert analyze(tmp_path / "a.npy").counts.as_dict() == KNOWN
    assert analyze(tmp_path / "b.npz", kind="masks").counts.as_dict() == KNOWN
    found = analyze(tmp_path / "c.npy", ignore_label="-1").counts
    assert found.as_dict() == {"0": 1, "1": 2, "2": 2}
    assert found.ignored == 3
    np.save(tmp_path / "d.npy", VALUES / 2)
    with pytest.raises(SourceError, match=r"holds fractions such as 0\.5"):
        analyze(tmp_path / "d.npy")


def test_tiff_with_several_pages_is_one_sample(tmp_path: Path) -> None:
    """All pages are counted."""
    pages = [Image.fromarray(VALUES), Image.fromarray(VALUES + 1)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    found = analyze(tmp_path / "a.tif").counts
    assert found.as_dict() == {"0": 3, "1": 4, "2": 3, "3": 4, "4": 2}
    assert found.samples == 1


def test_a_folder_gives_images_and_their_pixels(tmp_path: Path) -> None:
    """Present and extent are of the images that contain the class; sizes may differ."""
    save(tmp_path / "m" / "a.png", [[0, 0, 1]])
    save(tmp_path / "m" / "b.png", [[0, 0], [0, 2]])
    found = analyze(tmp_path / "m").counts
    assert found.as_dict() == {"0": 5, "1": 1, "2": 1}
    assert found.present.tolist() == [2, 1, 1]
    assert found.extent.tolist() == [7, 3, 4]
    assert (found.samples, found.task.value, found.unit.value) == (2, "segmentation", "pixels")


def test_void_counts_as_if_it_did_not_exist(tmp_path: Path) -> None:
    """But stays known for those who keep it in the denominators."""
    save(tmp_path / "m" / "a.png", [[0, 0, 1, 255]])
    save(tmp_path / "m" / "b.png", [[0, 255]])
    found = analyze(tmp_path / "m", ignore_label=["255"]).counts
    assert found.as_dict() == {"0": 3, "1": 1}
    assert found.ignored == 2
    assert found.extent.tolist() == [4, 3]
    assert found.extent_with_void is not None
    assert found.extent_with_void.tolist() == [6, 4]


def test_0_and_255_are_asked_about(tmp_path: Path) -> None:
    """255 is foreground here and void there."""
    save(tmp_path / "a.png", [[0, 255, 255]])
    with pytest.raises(AmbiguousSourceError, match="is 255 a class or void"):
        analyze(tmp_path / "a.png")
    assert analyze(tmp_path / "a.png", classes="0=no,255=yes").counts.as_dict() == {
        "no": 1,
        "yes": 2,
    }
    assert analyze(tmp_path / "a.png", ignore_label="255").counts.as_dict() == {"0": 1}
    save(tmp_path / "b.png", [[0, 1, 255]])
    found = analyze(tmp_path / "b.png")
    assert found.counts.as_dict() == {"0": 1, "1": 1, "255": 1}
    assert "in many sets it is void" in found.profile.source.notes[0]


def test_names_by_position_and_by_number(tmp_path: Path) -> None:
    """A list names 0, 1, 2 …; pairs and files name any numbers."""
    save(tmp_path / "a.png", [[0, 2, 2]])
    by_position = analyze(tmp_path / "a.png", classes=["bg", "road", "car"])
    assert by_position.counts.as_dict() == {"bg": 1, "road": 0, "car": 2}
    assert by_position.profile.source.ids == {}
    by_number = analyze(tmp_path / "a.png", classes={0: "bg", 2: "car"})
    assert by_number.counts.as_dict() == {"bg": 1, "car": 2}
    assert by_number.profile.source.ids == {"bg": 0, "car": 2}
    listed = write(tmp_path / "ids.csv", "id,name\n2,car\n0,bg\n")
    assert analyze(tmp_path / "a.png", classes=str(listed)).counts.classes == ("bg", "car")
    lut = write(tmp_path / "lut.txt", "# id name r g b a\n0 bg 0 0 0 0\n2 big car 1 2 3 0\n")
    assert analyze(tmp_path / "a.png", classes=str(lut)).counts.classes == ("bg", "big car")
    span = analyze(tmp_path / "a.png", classes="0-3").counts
    assert span.as_dict() == {"0": 1, "1": 0, "2": 2, "3": 0}


def test_undeclared_values_are_named_with_count_and_file(tmp_path: Path) -> None:
    """Never folded into another class."""
    save(tmp_path / "m" / "a.png", [[0, 1]])
    save(tmp_path / "m" / "b.png", [[0, 7, 7]])
    with pytest.raises(SourceError, match=r"'7' \(2, first in .*b\.png\)"):
        analyze(tmp_path / "m", classes=["bg", "fg"])
    found = analyze(tmp_path / "m", classes=["bg", "fg"], ignore_label="7").counts
    assert (found.as_dict(), found.ignored) == ({"bg": 2, "fg": 1}, 2)
    assert analyze(tmp_path / "m", classes="0=bg,1=fg,7=x", ignore_label="x").counts.ignored == 2


def test_colours_are_named_by_a_palette(tmp_path: Path) -> None:
    """Without one they are shown as hex; an unknown one is an error with its file."""
    rgb(tmp_path / "m" / "a.png", [[0x804080, 0x804080], [0xFF0000, 0x000000]])
    bare = analyze(tmp_path / "m")
    assert bare.counts.as_dict() == {"#000000": 1, "#804080": 2, "#ff0000": 1}
    assert "--palette" in bare.profile.source.notes[0]
    names = write(tmp_path / "p.txt", "road 128 64 128\ncar 255 0 0\nnone 0 0 0\nsky 1 2 3\n")
    found = analyze(tmp_path / "m", palette=names).counts
    assert found.as_dict() == {"road": 2, "car": 1, "none": 1, "sky": 0}
    write(names, "road 128 64 128\ncar 255 0 0\n")
    with pytest.raises(SourceError, match=r"'#000000' \(1, first in .*a\.png\)"):
        analyze(tmp_path / "m", palette=names)
    ignored = analyze(tmp_path / "m", palette=names, ignore_label="#000000").counts
    assert (ignored.as_dict(), ignored.ignored) == ({"road": 2, "car": 1}, 1)


def test_a_palette_image_is_named_by_its_own_colours(tmp_path: Path) -> None:
    """The index that a colour has does not matter then."""
    image = Image.frombytes("P", (3, 1), bytes([5, 5, 9]))
    table = [0] * 768
    table[15:18], table[27:30] = [192, 128, 128], [0, 0, 0]
    image.putpalette(table)
    image.save(tmp_path / "a.png")
    found = analyze(tmp_path / "a.png", palette="voc").counts
    assert {c: n for c, n in found.as_dict().items() if n} == {"background": 1, "person": 2}
    assert len(found.classes) == 21
    save(tmp_path / "b.png", VALUES)
    with pytest.raises(SourceError, match="--palette names colours"):
        analyze(tmp_path / "b.png", palette="voc")


def test_published_palettes() -> None:
    """A few colours from the pages that define them."""
    assert palette("voc").names[voc_colour(15)] == "person"
    assert voc_colour(20) == 0x004080
    assert palette("voc").names[224 << 16 | 224 << 8 | 192] == "void"
    assert palette("cityscapes").names[0x804080] == "road"
    assert list(palette("cityscapes").names.values())[18] == "bicycle"
    assert palette("camvid").names[0x008000 | 0x800000] == "Tree"
    assert len(palette("camvid").names) == 32


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("road 128 64\n", "line 1"),
        ("road 1 2 3\nnonsense\n", "line 2"),
        ("road 1 2 3\nsky 1 2 3\n", "is 'road' already"),
        ("road 1 2 300\n", "line 1"),
        ("", "holds no classes"),
    ],
)
def test_palettes_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    """Named with the line."""
    with pytest.raises(UsageError, match=message):
        palette(str(write(tmp_path / "p.txt", text)))


def test_forms_of_palette_files(tmp_path: Path) -> None:
    """Name first or last, commas, hex, a header, CVAT's label map."""
    for text in (
        "name r g b\nsea ice 1 2 3\n",
        "1 2 3 sea ice\n",
        "name,r,g,b\nsea ice,1,2,3\n",
        "#010203 sea ice\n",
        "# label:color_rgb:parts:actions\nsea ice:1,2,3::\n",
        '{"label_map": {"0": "sea ice"}, "segmentation_colors": [[1, 2, 3]]}',
    ):
        assert palette(str(write(tmp_path / "p.txt", text))).names == {0x010203: "sea ice"}


def test_photos_are_refused_with_the_reason(tmp_path: Path) -> None:
    """By their number of colours or grey values; JPEG by its name."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    with pytest.raises(SourceError, match="different colours, so it is a photo"):
        analyze(tmp_path / "a.png")
    Image.fromarray(noise[..., 0]).save(tmp_path / "b.png")
    with pytest.raises(SourceError, match="256 different values"):
        analyze(tmp_path / "b.png")
    assert analyze(tmp_path / "b.png", classes="0-255").counts.total == 64 * 64
    Image.fromarray(noise).save(tmp_path / "c.jpg")
    with pytest.raises(SourceError, match="JPEG changes values"):
        analyze(tmp_path / "c.jpg")


def test_broken_files_are_named_or_skipped_and_listed(tmp_path: Path) -> None:
    """Cut off, empty, and no image at all."""
    good = save(tmp_path / "m" / "a.png", np.tile(VALUES, (50, 50)))
    write(tmp_path / "m" / "b.png", good.read_bytes()[:-60])
    write(tmp_path / "m" / "c.png", b"no image")
    with pytest.raises(SourceError, match=r"b\.png: .*\(2 such files\)"):
        analyze(tmp_path / "m")
    found = analyze(tmp_path / "m", on_bad_files="skip")
    assert found.counts.samples == 1
    [note] = found.profile.source.notes
    assert "skipped 2 files" in note
    assert "b.png" in note
    assert "c.png" in note


def test_packed_instances_are_asked_about(tmp_path: Path) -> None:
    """class × divisor + instance."""
    save(tmp_path / "a.png", np.array([[0, 4001, 4002, 3007]]), "I;16")
    with pytest.raises(AmbiguousSourceError, match="packed together"):
        analyze(tmp_path / "a.png")
    assert analyze(tmp_path / "a.png", pixel_divisor=1000).counts.as_dict() == {
        "0": 1,
        "3": 1,
        "4": 2,
    }
    save(tmp_path / "b.png", np.array([[7, 4001]]), "I;16")
    noted = analyze(tmp_path / "b.png", pixel_divisor=1000)
    assert "values below the divisor 1000 (7)" in noted.profile.source.notes[0]
    with pytest.raises(UsageError, match="2 or more"):
        analyze(tmp_path / "a.png", pixel_divisor=1)


def test_colours_and_numbers_do_not_mix(tmp_path: Path) -> None:
    """Both files are named."""
    save(tmp_path / "m" / "a.png", VALUES)
    rgb(tmp_path / "m" / "b.png", [[0x804080, 0]])
    with pytest.raises(SourceError, match="holds colours and"):
        analyze(tmp_path / "m")


def test_several_masks_of_one_image(tmp_path: Path) -> None:
    """As Cityscapes has them: one sort must be named."""
    for sort in ("labelIds", "labelTrainIds", "instanceIds"):
        save(tmp_path / "gt" / "train" / f"a_gtFine_{sort}.png", VALUES)
    with pytest.raises(AmbiguousSourceError, match="several masks of the same image") as error:
        analyze(tmp_path / "gt", kind="masks")
    assert "*_labelTrainIds.png" in str(error.value)
    assert analyze(str(tmp_path / "gt" / "*" / "*_labelTrainIds.png")).counts.as_dict() == KNOWN


def test_train_and_val_folders_are_splits(tmp_path: Path) -> None:
    """Wherever they are on the way."""
    save(tmp_path / "m" / "masks" / "train" / "a.png", [[0, 1]])
    save(tmp_path / "m" / "masks" / "val" / "a.png", [[0, 0]])
    found = analyze(tmp_path / "m").profile
    assert list(found.splits) == ["train", "val"]
    assert found.splits["train"].as_dict() == {"0": 1, "1": 1}
    assert found.total.as_dict() == {"0": 3, "1": 1}
    (tmp_path / "m" / "masks" / "val" / "a.png").unlink()
    assert analyze(tmp_path / "m").profile.splits == {}


def test_photos_beside_masks_are_left_out_and_said(tmp_path: Path) -> None:
    """When they lie in folders of their own."""
    save(tmp_path / "m" / "masks" / "a.png", VALUES)
    (tmp_path / "m" / "images").mkdir()
    Image.new("RGB", (4, 2)).save(tmp_path / "m" / "images" / "a.jpg")
    found = analyze(tmp_path / "m")
    assert found.counts.as_dict() == KNOWN
    assert "left out 1 file" in found.profile.source.notes[0]


def test_volumes(tmp_path: Path) -> None:
    """Whole numbers as floats are accepted; fractions and four dimensions are not."""
    nibabel = pytest.importorskip("nibabel")
    cube = np.zeros((2, 3, 4), dtype=np.float32)
    cube[0, 0, :3] = 7
    nibabel.Nifti1Image(cube, np.eye(4)).to_filename(tmp_path / "a.nii.gz")
    found = analyze(tmp_path / "a.nii.gz").counts
    assert (found.as_dict(), found.unit.value) == ({"0": 21, "7": 3}, "voxels")
    nibabel.Nifti1Image(cube / 2, np.eye(4)).to_filename(tmp_path / "b.nii")
    with pytest.raises(SourceError, match="holds fractions"):
        analyze(tmp_path / "b.nii")
    for shape in ((2, 2, 2, 3), (8, 8, 1, 2)):
        stack = np.zeros(shape, dtype=np.float32)
        nibabel.Nifti1Image(stack, np.eye(4)).to_filename(tmp_path / "c.nii")
        with pytest.raises(SourceError, match="four dimensions are a probability map"):
            analyze(tmp_path / "c.nii")


def test_tables_of_0_and_1_in_the_shape_of_a_mask_are_asked_about(tmp_path: Path) -> None:
    """(N, K) labels or one H × W mask; a long narrow table can only be labels."""
    square = np.eye(64, dtype=np.uint8)
    np.save(tmp_path / "a.npy", square)
    with pytest.raises(AmbiguousSourceError, match="several ways"):
        analyze(tmp_path / "a.npy")
    assert analyze(tmp_path / "a.npy", kind="masks").counts.as_dict() == {"0": 4032, "1": 64}
    assert analyze(tmp_path / "a.npy", kind="npy").counts.samples == 64
    np.save(tmp_path / "b.npy", np.ones((500, 3), dtype=np.uint8))
    assert analyze(tmp_path / "b.npy").counts.samples == 500


def test_values_beyond_64_bits_of_a_sign_are_counted_as_they_are(tmp_path: Path) -> None:
    """Added together they would no longer fit; the largest one is the usual void of such files."""
    for number, values in enumerate(([5, 2**64 - 1], [2**63, 7, 7], [10**18, 10**17 - 1, 5])):
        np.save(tmp_path / f"{number}.npy", np.array([values, values], dtype=np.uint64))
    counts = analyze(tmp_path, kind="masks").counts.as_dict()
    assert counts == {
        "5": 4,
        "7": 4,
        str(10**17 - 1): 2,
        str(10**18): 2,
        str(2**63): 2,
        str(2**64 - 1): 2,
    }
