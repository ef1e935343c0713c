"""From an image file to its pixel values; which library reads it is nobody else's business."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from imbweights.core.limits import Limits

if TYPE_CHECKING:
    from PIL import Image

Array = npt.NDArray[Any]

_PNG = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _INDEX = 0, 2, 3
_SMALL = 31
_CHANNELS = {2: 3, 4: 2, 6: 4}
_MOST_DEFLATED = 1032
_USUAL = Limits()
_ARRAYS = (b"\x93NUMPY", b"PK\x03\x04")


# What Pillow raises for damaged files of all sorts: it trusts headers and fails at what follows.
PILLOW_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, OverflowError),
    *(ArithmeticError, AttributeError, AssertionError, NotImplementedError, RuntimeError),
    *(MemoryError, struct.error, zlib.error),
)


class UndecodableError(Exception):
    """An image that cannot be read, with the reason for people."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """The values of one mask.

    ``values``: whole numbers of any shape; colours packed as 0xRRGGBB where ``is_colour``.
    ``colours``: (256, 3) table of a palette image, whose values are indices.
    ``bits``: per value, 0 when unknown.
    """

    values: Array
    is_colour: bool = False
    colours: npt.NDArray[np.uint8] | None = None
    bits: int = 0


def decoded(path: Path, limits: Limits = _USUAL) -> Pixels:
    """Read one mask. Raises ``UndecodableError`` for what is no whole image of whole numbers, and for
    what its header says is larger than ``limits`` allow.

    8- and 16-bit PNG through kornia-rs, whose decoder is several times as fast; everything else,
    and what kornia-rs refuses, through Pillow. Grey values of 2 and 4 bits are given as they are
    in the file (Pillow stretches them to 8 bits).
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(32)
    except OSError as error:
        raise UndecodableError(f"cannot be read ({error.strerror})") from error
    if start.startswith(b"\xff\xd8\xff"):
        raise UndecodableError("is a JPEG image, and JPEG changes values")
    if start.startswith(_ARRAYS):
        from imbweights.sources.images.arrays import array_in

        return whole_numbers(array_in(path, limits))
    if start.startswith(_PNG) and len(start) >= 26:
        refuse_large(struct.unpack(">II", start[16:24]), limits)
        _refuse_lie(path, start)
        if start[24] == 16 and start[25] & _RGB:
            raise UndecodableError("has 16 bits per colour, which no palette of classes has")
        if start[24] == 16 and start[25]:  # of which Pillow keeps the upper half
            raise UndecodableError("has 16 bits per value beside an alpha channel; save it without")
        fast = _fast_png(path, start)
        if fast is not None:
            return fast
    return _by_pillow(path, start, limits)


def refuse_large(size: tuple[int, ...], limits: Limits) -> None:
    """Raise ``UndecodableError`` for a shape or size with too many pixels."""
    too_large = limits.too_many_pixels(size)
    if too_large is not None:
        raise UndecodableError(too_large)


def _refuse_lie(path: Path, start: bytes) -> None:
    """Memory is taken for the size that the header claims, so first see whether the file can hold it:
    deflate makes at most 1032 bytes of one.
    """
    width, height = struct.unpack(">II", start[16:24])
    bits = start[24] * _CHANNELS.get(start[25], 1)
    if width * height * bits > 8 * _MOST_DEFLATED * path.stat().st_size:
        raise UndecodableError(
            f"is damaged or cut off (its header claims {width:,} × {height:,} pixels)"
        )


def _fast_png(path: Path, start: bytes) -> Pixels | None:
    """By kornia-rs; ``None`` for what it cannot read (the slow way then says what is wrong)."""
    bits, colour_type = start[24], start[25]
    from kornia_rs import io

    try:
        if bits == 8 and colour_type in {_GREY, _INDEX}:
            values = io.read_image_png_u8(str(path), "mono")[..., 0]
            table = _png_palette(path) if colour_type == _INDEX else None
            return Pixels(values, colours=table, bits=8)
        if bits == 16 and colour_type == _GREY:
            return Pixels(io.read_image_png_u16(str(path), "mono")[..., 0], bits=16)
        if bits == 8 and colour_type == _RGB:
            return Pixels(packed(io.read_image_png_u8(str(path), "rgb")), is_colour=True, bits=8)
    except Exception:  # noqa: BLE001 - its errors have no common class; Pillow is asked next
        return None
    return None


def _png_palette(path: Path) -> npt.NDArray[np.uint8] | None:
    """The PLTE chunk, which stands before the pixels."""
    with path.open("rb") as stream:
        stream.seek(len(_PNG))
        while (head := stream.read(8))[4:] not in {b"IDAT", b""}:
            size, name = struct.unpack(">I4s", head)
            if name == b"PLTE" and size <= 768:
                table = np.zeros((256, 3), dtype=np.uint8)
                found = np.frombuffer(stream.read(size), dtype=np.uint8).reshape(-1, 3)
                table[: len(found)] = found
                return table
            stream.seek(size + 4, 1)
    return None


def packed(rgb: Array) -> Array:
    """(…, 3) bytes as one number per pixel, 0xRRGGBB."""
    merged: Array = rgb[..., 0].astype(np.uint32)  # in place: large images have no room for more
    for channel in (1, 2):
        merged <<= 8
        merged |= rgb[..., channel]
    return merged


def _by_pillow(path: Path, start: bytes, limits: Limits) -> Pixels:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which counting does not need
            with sizes_unchecked(), Image.open(path) as image:
                pages = [_page(image, start) for _ in _pages(image, limits)]
    except UnidentifiedImageError as error:
        raise UndecodableError("is no image that can be read") from error
    except PILLOW_ERRORS as error:
        raise UndecodableError(f"is damaged or cut off ({error})") from error
    if len(pages) == 1:
        return pages[0]
    if len({page.is_colour for page in pages}) > 1:
        raise UndecodableError("has pages of colours and pages of values")
    values = np.concatenate([page.values.reshape(-1) for page in pages])
    return Pixels(values, pages[0].is_colour, pages[0].colours, pages[0].bits)


@contextmanager
def sizes_unchecked() -> Iterator[None]:
    """Without Pillow's own limit of pixels: ours is asked instead, before anything is decoded."""
    from PIL import Image

    usual = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = usual


def _pages(image: Image.Image, limits: Limits) -> Iterator[int]:
    """Every page in turn (TIFF may have several); the image itself moves along."""
    pixels = 0
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        refuse_large(image.size, limits)
        pixels += image.width * image.height
        if pixels > limits.pixels:
            raise UndecodableError(
                f"has {pixels:,} pixels or more in its pages, and --max-pixels allows {limits.pixels:,}"
            )
        yield number


def _page(image: Image.Image, start: bytes) -> Pixels:
    image.load()
    mode = image.mode
    if mode == "P":
        flat = np.array(image.getpalette("RGB") or [], dtype=np.uint8)[:768]
        table = np.zeros((256, 3), dtype=np.uint8)
        table.reshape(-1)[: len(flat)] = flat
        return Pixels(np.asarray(image), colours=table, bits=8)
    if mode == "1":
        return Pixels(np.asarray(image).astype(np.uint8), bits=1)
    if mode == "L":
        return _grey(np.asarray(image), start)
    if mode in {"LA", "PA", "RGBA"}:
        return _opaque(image, start)
    if mode == "RGB":
        return Pixels(packed(np.asarray(image)), is_colour=True, bits=8)
    if mode.startswith("I") or mode == "F":
        return whole_numbers(np.asarray(image))
    raise UndecodableError(f"has pixels of an unusual kind (Pillow calls it {mode})")


def _grey(values: Array, start: bytes) -> Pixels:
    """Undo the stretching of 2- and 4-bit grey (× 85 and × 17)."""
    bits = start[24] if start.startswith(_PNG) else 8
    factor = {2: 85, 4: 17}.get(bits, 1)
    return Pixels(values // factor if factor > 1 else values, bits=bits)


def _opaque(image: Image.Image, start: bytes) -> Pixels:
    """An image with an alpha channel that says nothing; else the mask would be ambiguous."""
    low, high = image.getchannel("A").getextrema()
    if low != high:
        raise UndecodableError(
            "has transparent and opaque pixels, so it is not clear what they mean"
        )
    plain = image.convert("RGB" if image.mode != "LA" else "L")
    if plain.mode == "L":
        return _grey(np.asarray(plain), start)
    return Pixels(packed(np.asarray(plain)), is_colour=True, bits=8)


def whole_numbers(array: Array, *, is_volume: bool = False) -> Pixels:
    """An array as whole numbers; floats that are whole are accepted. Raises for any others.

    (H, W, 3) of bytes is read as colours, and one-hot arrays are refused, unless it is known that
    all axes are those of a volume.
    """
    if array.dtype.kind == "b":
        return Pixels(array.astype(np.uint8), bits=1)
    if not is_volume:
        _refuse_one_hot(array)
    if array.dtype.kind in "iu":
        colours = None if is_volume else _as_colours(array)
        return colours or Pixels(array, bits=array.dtype.itemsize * 8)
    if array.dtype.kind != "f":
        raise UndecodableError(f"holds {array.dtype}, not numbers")
    if not np.isfinite(array).all():
        raise UndecodableError("holds NaN or infinite values")
    whole = array.astype(np.int64)
    if not (whole == array).all():
        odd = array[whole != array].flat[0]
        raise UndecodableError(
            f"holds fractions such as {odd:g}: probabilities or intensities, not classes"
        )
    return Pixels(whole)


def _as_colours(array: Array) -> Pixels | None:
    """(H, W, 3) of bytes; small values there may as well be three slices of classes."""
    if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8:
        return None
    if min(array.shape[:2]) <= 3:
        return None
    if int(array.max()) <= _SMALL:
        raise UndecodableError(
            f"has shape {_by(array.shape)} and values up to {int(array.max())}: three slices or three "
            "channels; save one array per mask"
        )
    return Pixels(packed(array), is_colour=True, bits=8)


def _refuse_one_hot(array: Array) -> None:
    """One channel per class, of which just one is 1, is not one class per pixel."""
    if array.ndim < 3 or array.dtype.kind not in "iuf":
        return
    ones = array == 1
    if not (ones | (array == 0)).all():
        return
    for axis in (array.ndim - 1, 0):
        if array.shape[axis] > 1 and (ones.sum(axis=axis) == 1).all():
            raise UndecodableError(
                f"has shape {_by(array.shape)} and is one-hot along axis {axis}: save its argmax"
            )


def _by(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
