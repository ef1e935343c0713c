"""Masks against Pillow and NumPy: however a mask is stored, and what an image holds of each class."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from imbweights import ClassCounts, analyze

some = settings(max_examples=25, deadline=None)
Mask = npt.NDArray[np.uint8]
SHAPES = st.tuples(st.integers(1, 20), st.integers(1, 20))
COLOURS = [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0)]  # the first of Pascal VOC
NAMES = ["background", "aeroplane", "bicycle", "bird"]


def masks(most: int) -> st.SearchStrategy[Mask]:
    """Of values 0 to ``most``."""
    return hnp.arrays(np.uint8, SHAPES, elements=st.integers(0, most))


def by_numpy(mask: npt.NDArray[Any]) -> dict[str, int]:
    """Value → pixels."""
    values, n = np.unique(mask, return_counts=True)
    return {str(v): c for v, c in zip(values.tolist(), n.tolist(), strict=True)}


def indexed(mask: Mask, colours: list[tuple[int, int, int]]) -> Image.Image:
    """A palette image."""
    image = Image.frombytes("P", mask.shape[::-1], mask.tobytes())
    image.putpalette([c for colour in colours for c in colour])
    return image


def counted(path: Path | list[Path], **options: object) -> ClassCounts:
    """What we count."""
    return analyze(path, kind="masks", **options).counts  # type: ignore[arg-type]


@some
@given(st.sampled_from([1, 2, 4]), st.data())
def test_palettes_of_few_bits(bits: int, data: st.DataObject) -> None:
    """PNG packs 2, 4 or 16 colours into a byte; so do TIFF and BMP in their ways."""
    mask = data.draw(masks(2**bits - 1))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        indexed(mask, COLOURS * 4).save(folder / "a.png", bits=bits)
        indexed(mask, COLOURS * 4).save(folder / "b.tif")
        indexed(mask, COLOURS * 4).save(folder / "c.bmp")
        for path in sorted(folder.iterdir()):
            assert counted(path).as_dict() == by_numpy(mask), path.name


@some
@given(masks(40))
def test_every_compression_of_tiff(mask: Mask) -> None:
    """And arrays, plain and packed, of every type of whole numbers and of whole floats."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for how in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
            Image.fromarray(mask).save(folder / f"{how}.tif", compression=how)
        for kind in ("u1", "i2", ">u2", "i4", "u8", "f4", "f8"):
            np.save(folder / f"{kind.replace('>', 'big_')}.npy", mask.astype(kind))
        np.savez(folder / "plain.npz", mask=mask)
        np.savez_compressed(folder / "packed.npz", mask=np.asfortranarray(mask))
        for path in sorted(folder.iterdir()):
            if path.suffix.startswith(".np") and min(mask.shape) < 2:
                continue  # one dimension in an array is labels, not a mask
            assert counted(path).as_dict() == by_numpy(mask), path.name


@some
@given(st.lists(masks(20), min_size=1, max_size=3))
def test_pages_of_one_tiff_are_one_image(pages: list[Mask]) -> None:
    """Together they are counted as one sample."""
    assume(len({page.shape for page in pages}) == 1)
    images = [Image.fromarray(page) for page in pages]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tif"
        images[0].save(path, save_all=True, append_images=images[1:])
        found = counted(path)
    assert found.as_dict() == by_numpy(np.concatenate([page.ravel() for page in pages]))
    assert found.samples == 1


@some
@given(masks(3))
def test_colours_are_the_classes_of_the_palette(mask: Mask) -> None:
    """RGB in PNG, TIFF, BMP and lossless WebP, RGBA, and indices of a palette: all by name."""
    rgb = np.array(COLOURS, dtype=np.uint8)[mask]
    expected = {name: int((mask == i).sum()) for i, name in enumerate(NAMES)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form in ("a.png", "a.tif", "a.bmp"):
            Image.fromarray(rgb).save(folder / form)
        Image.fromarray(rgb).save(folder / "a.webp", lossless=True, exact=True)
        alpha = np.full((*mask.shape, 1), 255, dtype=np.uint8)
        Image.fromarray(np.concatenate([rgb, alpha], axis=2)).save(folder / "alpha.png")
        indexed(mask, COLOURS).save(folder / "indexed.png")
        for path in sorted(folder.iterdir()):
            found = {c: n for c, n in counted(path, palette="voc").as_dict().items() if n}
            assert found == {c: n for c, n in expected.items() if n}, path.name


@some
@given(st.lists(masks(6), min_size=1, max_size=6), st.sampled_from([None, "0", "5"]))
def test_images_with_a_class_and_their_pixels(found: list[Mask], ignored: str | None) -> None:
    """``present`` and ``extent``, as median-frequency weights need them, with and without void."""
    kept = [mask[mask != int(ignored)] if ignored else mask.ravel() for mask in found]
    assume(any(part.size for part in kept))
    pixels: Counter[str] = Counter()
    present: Counter[str] = Counter()
    extent: Counter[str] = Counter()
    for part in kept:
        values = by_numpy(part) if part.size else {}
        pixels.update(values)
        present.update(dict.fromkeys(values, 1))
        extent.update(dict.fromkeys(values, part.size))
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, mask in enumerate(found):
            paths.append(Path(folder) / f"{i}.png")
            Image.fromarray(mask).save(paths[-1])
        mine = counted(paths, ignore_label=() if ignored is None else ignored)
    assert mine.as_dict() == {c: pixels[c] for c in mine.classes}
    assert set(mine.classes) >= set(pixels)
    assert mine.present.tolist() == [present[c] for c in mine.classes]
    assert mine.extent.tolist() == [extent[c] for c in mine.classes]
    assert mine.samples == len(found)
    assert mine.ignored == sum(m.size for m in found) - sum(pixels.values())


@some
@given(hnp.arrays(np.uint16, SHAPES, elements=st.integers(0, 9000)), st.sampled_from([256, 1000]))
def test_packed_instances(mask: npt.NDArray[np.uint16], divisor: int) -> None:
    """class × divisor + instance, in 16 bits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.png"
        Image.frombytes("I;16", mask.shape[::-1], mask.astype("<u2").tobytes()).save(path)
        assert counted(path, pixel_divisor=divisor).as_dict() == by_numpy(mask // divisor)


@some
@given(masks(5), st.permutations(range(6)))
def test_renumbering_classes_moves_the_counts(mask: Mask, order: list[int]) -> None:
    """And nothing else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.fromarray(mask).save(folder / "a.png")
        Image.fromarray(np.array(order, dtype=np.uint8)[mask]).save(folder / "b.png")
        before, after = counted(folder / "a.png").as_dict(), counted(folder / "b.png").as_dict()
    assert {str(order[int(c)]): n for c, n in before.items()} == after


@some
@given(masks(9), st.integers(0, 3), st.booleans())
def test_turning_an_image_changes_nothing(mask: Mask, quarters: int, mirrored: bool) -> None:
    """Counts know no place."""
    turned = np.rot90(mask[:, ::-1] if mirrored else mask, quarters)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.fromarray(mask).save(folder / "a.png")
        Image.fromarray(np.ascontiguousarray(turned)).save(folder / "b.png")
        assert counted(folder / "a.png").to_dict() == counted(folder / "b.png").to_dict()
