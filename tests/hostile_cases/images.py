"""Images and volumes that lie about their size, or go in circles."""

from __future__ import annotations

import io
import struct

import numpy as np

from hostile_cases.case import Case, Kind
from hostile_cases.making import (
    chunk,
    grey,
    gz,
    nifti,
    npy,
    png,
    saved_npy,
    text,
    tiff,
    zlib_zeros,
)

_GOOD = grey([[0, 0, 1], [1, 1, 1]])


def _mask(
    name: str,
    what: str,
    content: bytes,
    *says: str,
    kind: Kind = Kind.CLAIM,
    suffix: str = "png",
    megabytes: int = 700,
) -> Case:
    return Case(
        name=f"{suffix}-{name}",
        kind=kind,
        reader="masks",
        what=what,
        files={f"m.{suffix}": content},
        command=("analyze", f"m.{suffix}", "--as", "masks"),
        says=(f"m.{suffix}", *says),
        megabytes=megabytes,
    )


def _counted(
    name: str,
    what: str,
    suffix: str,
    content: bytes,
    counts: dict[str, int],
    kind: Kind = Kind.DAMAGE,
) -> Case:
    return Case(
        name=name,
        kind=kind,
        reader="masks",
        what=what,
        files={f"m.{suffix}": content},
        command=("analyze", f"m.{suffix}", "--as", "masks"),
        status=0,
        counts=counts,
    )


def _volume(
    name: str, what: str, content: bytes, *says: str, kind: Kind = Kind.CLAIM, suffix: str = "nii"
) -> Case:
    return Case(
        name=f"{suffix.replace('.', '-')}-{name}",
        kind=kind,
        reader="nifti",
        what=what,
        files={f"v.{suffix}": content},
        command=("analyze", f"v.{suffix}", "--as", "nifti"),
        says=(f"v.{suffix}", *says),
    )


def _tiff_of(width: int, height: int, strip: bytes, compression: int = 1) -> bytes:
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, compression),
        (262, 3, 1, 1),
        (273, 4, 1, 8 + 2 + 12 * 9 + 4),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, len(strip)),
    ]
    return tiff(entries, strip)


def _looped_tiff() -> bytes:
    whole = bytearray(_tiff_of(2, 2, bytes(4)))
    struct.pack_into("<I", whole, 8 + 2 + 12 * 9, 8)  # the next directory is the first one
    return bytes(whole)


def _many_pages(pages: int) -> bytes:
    """Directories that all name the same pixels, of 4,096 × 4,096 each."""
    strip = zlib_zeros(16 << 20)
    parts = [b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip]
    at = 8 + len(strip)
    for number in range(pages):
        size = 2 + 12 * 9 + 4
        following = at + size if number + 1 < pages else 0
        entries = [
            (256, 4, 1, 4096),
            (257, 4, 1, 4096),
            (258, 3, 1, 8),
            (259, 3, 1, 8),
            (262, 3, 1, 1),
            (273, 4, 1, 8),
            (277, 3, 1, 1),
            (278, 4, 1, 4096),
            (279, 4, 1, len(strip)),
        ]
        parts.append(tiff(entries, b"", following)[8:])
        at += size
    return b"".join(parts)


def _gif(frames: int) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    first, *rest = [Image.fromarray(np.full((4, 4), i % 2, np.uint8)) for i in range(frames)]
    first.save(stream, "GIF", save_all=True, append_images=rest)
    return stream.getvalue()


def _bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, 0, 0, 0, 2, 0)
    return b"BM" + struct.pack("<IHHI", 62, 0, 0, 62) + head + bytes(8)


def _folder(
    name: str,
    what: str,
    files: dict[str, bytes],
    *says: str,
    kind: Kind = Kind.DAMAGE,
    status: int = 2,
    counts: dict[str, int] | None = None,
    more: tuple[str, ...] = (),
) -> Case:
    return Case(
        name=name,
        kind=kind,
        reader="masks",
        what=what,
        files=files,
        command=("analyze", "masks", *more),
        status=status,
        says=says,
        counts=counts,
    )


IMAGES = (
    _mask(
        "ihdr",
        "claims 100,000 × 100,000 pixels and holds 10 bytes",
        png(100000, 100000, bytes(10)),
        "--max-pixels",
        "100,000 × 100,000",
    ),
    _mask(
        "ihdr-largest",
        "claims 2³¹−1 × 2³¹−1 pixels",
        png(2**31 - 1, 2**31 - 1, bytes(10)),
        "--max-pixels",
    ),
    _mask("ihdr-no-pixels", "claims 0 × 5 pixels", png(0, 5, bytes(10))),
    _mask(
        "ihdr-below-limit",
        "claims 16,000 × 16,000 pixels and holds 10 bytes",
        png(16000, 16000, bytes(10)),
        "cut off",
        megabytes=900,
    ),
    _mask(
        "ihdr-colour",
        "claims 16,000 × 16,000 colours and holds 10 bytes",
        png(16000, 16000, bytes(10), colour=2),
        "cut off",
        megabytes=2600,
    ),
    _mask(
        "checksum",
        "a chunk whose checksum is wrong",
        _GOOD.replace(b"IDAT", b"IDAT", 1)[:-20] + b"\xff" * 20,
        kind=Kind.DAMAGE,
    ),
    _mask(
        "cut-off",
        "ends inside its pixels",
        png(500, 500, bytes(250500))[:80],
        "cut off",
        kind=Kind.DAMAGE,
    ),
    _mask(
        "no-pixels",
        "has no pixels",
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
        + chunk(b"IEND", b""),
        kind=Kind.DAMAGE,
    ),
    _mask(
        "chunk-length",
        "a chunk of 4 GB",
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 3, 0, 0, 0))
        + b"\xff\xff\xff\xffPLTE",
    ),
    _counted(
        "png-palette-short",
        "indices beyond its palette: they are counted",
        "png",
        png(4, 1, b"\0\1\2\3\4", colour=3, more=chunk(b"PLTE", bytes(4))),
        {"1": 1, "2": 1, "3": 1, "4": 1},
    ),
    _mask("bits", "7 bits per pixel", png(4, 1, bytes(5), bits=7), kind=Kind.DAMAGE),
    _mask("html", "is a web page", b"<html><body>404 not found</body></html>", kind=Kind.DAMAGE),
    _mask("jpeg", "is a JPEG image", b"\xff\xd8\xff\xe0" + bytes(100), "jpeg", kind=Kind.DAMAGE),
    _mask("nothing", "is empty", b"", kind=Kind.DAMAGE),
    _mask(
        "noise",
        "noise behind a PNG mark",
        b"\x89PNG\r\n\x1a\n" + np.random.default_rng(0).bytes(4000),
        kind=Kind.DAMAGE,
    ),
    _mask(
        "mask-terabytes",
        "claims 10⁶ × 10⁶ pixels and holds 8",
        npy("|u1", "(1000000, 1000000)", bytes(8)),
        suffix="npy",
    ),
    _mask(
        "fractions",
        "probabilities instead of classes",
        saved_npy(np.full((40, 40), 0.3)),
        "fractions",
        suffix="npy",
        kind=Kind.DAMAGE,
    ),
    _mask(
        "not-finite",
        "NaN instead of classes",
        saved_npy(np.full((40, 40), np.nan)),
        "nan",
        suffix="npy",
        kind=Kind.NUMBER,
    ),
    _mask(
        "float-huge",
        "10³⁰ as a class",
        saved_npy(np.full((40, 40), 1e30)),
        suffix="npy",
        kind=Kind.NUMBER,
    ),
    _counted(
        "tif-loop",
        "a list of pages that bites its tail: each is counted once",
        "tif",
        _looped_tiff(),
        {"0": 4},
        Kind.DEPTH,
    ),
    _mask(
        "pages",
        "2,000 pages that are the same 16 million pixels: 32 billion in 300 kB",
        _many_pages(2000),
        "--max-pixels",
        suffix="tif",
        kind=Kind.BOMB,
    ),
    _mask(
        "size",
        "claims 60,000 × 60,000 pixels",
        _tiff_of(60000, 60000, bytes(10)),
        "--max-pixels",
        suffix="tif",
    ),
    _mask(
        "bomb",
        "40,000 × 40,000 in 2 MB",
        _tiff_of(40000, 40000, zlib_zeros(1526 << 20), 8),
        "--max-pixels",
        suffix="tif",
        kind=Kind.BOMB,
    ),
    _mask("strip-beyond", "pixels that lie beyond the end", _tiff_of(20, 20, b""), suffix="tif"),
    _mask(
        "directory",
        "a directory of 65,535 entries in 30 bytes",
        b"II*\0" + struct.pack("<IH", 8, 65535) + bytes(20),
        suffix="tif",
    ),
    _mask("size", "claims 2³¹−1 × 2³¹−1 pixels", _bmp(2**31 - 1, 2**31 - 1), suffix="bmp"),
    _mask("negative", "a width of −5", _bmp(-5, 5), suffix="bmp"),
    _mask(
        "cut-off",
        "ends behind its mark",
        b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\x7f" + bytes(20),
        suffix="webp",
    ),
    Case(
        name="gif-frames",
        kind=Kind.DAMAGE,
        reader="masks",
        what="an animation of 500 frames",
        files={"m.gif": _gif(500)},
        command=("analyze", "m.gif"),
        says=("gif",),
    ),
    _folder(
        "masks-one-bad",
        "one bad mask among good ones: named",
        {"masks/a.png": _GOOD, "masks/b.png": png(100000, 100000, bytes(10))},
        "b.png",
        "--on-bad-files skip",
    ),
    _folder(
        "masks-one-bad-skipped",
        "the same, left out as asked",
        {"masks/a.png": _GOOD, "masks/b.png": png(100000, 100000, bytes(10))},
        "skipped 1 file",
        kind=Kind.CLAIM,
        status=0,
        counts={"0": 2, "1": 4},
        more=("--on-bad-files", "skip", "--as", "masks"),
    ),
    _folder(
        "masks-folder-called-png",
        "a folder that is called m.png",
        {"masks/a.png": _GOOD, "masks/m.png/x.txt": b"x"},
        status=0,
        counts={"0": 2, "1": 4},
        kind=Kind.PLACE,
    ),
    Case(
        name="sweep-image-bomb",
        kind=Kind.CLAIM,
        reader="sweep",
        what="a photo that claims 100,000 × 100,000 pixels",
        files={
            "masks/a.png": _GOOD,
            "masks/b.png": _GOOD,
            "photos/a.png": png(100000, 100000, bytes(10)),
            "photos/b.png": png(100000, 100000, bytes(10)),
        },
        command=("sweep", "masks", "--as", "masks", "--images", "photos"),
        says=("a.png", "--max-pixels"),
    ),
    Case(
        name="check-image-size",
        kind=Kind.DAMAGE,
        reader="check",
        what="a photo that is noise",
        files={"masks/a.png": _GOOD, "photos/a.png": b"\x89PNG\r\n\x1a\n" + bytes(50)},
        command=("check", "masks", "--as", "masks", "--images", "photos"),
        says=("photos",),
    ),
    _volume(
        "terabytes",
        "claims 30,000³ voxels and holds none",
        nifti((3, 30000, 30000, 30000)),
        "--max-pixels",
        "30,000 × 30,000 × 30,000",
    ),
    _volume("negative", "a dimension of −5", nifti((3, 5, -5, 5), data=bytes(125)), "shape"),
    _volume("eight-dimensions", "claims 99 dimensions", nifti((99, 5, 5, 5), data=bytes(125))),
    _volume(
        "type", "voxels of an unknown type", nifti((3, 5, 5, 5), datatype=9999, data=bytes(125))
    ),
    _volume(
        "cut-off",
        "ends inside its voxels",
        nifti((3, 50, 50, 50), data=bytes(1000)),
        kind=Kind.DAMAGE,
    ),
    _volume(
        "packed-noise",
        "noise behind a gzip mark",
        b"\x1f\x8b\x08\0" + bytes(100),
        suffix="nii.gz",
        kind=Kind.DAMAGE,
    ),
    _volume(
        "packed-cut-off",
        "gzip that is cut off",
        gz(nifti((3, 50, 50, 50), data=np.random.default_rng(0).bytes(125000)))[:2000],
        suffix="nii.gz",
        kind=Kind.DAMAGE,
    ),
    _volume(
        "rgb",
        "colours instead of classes",
        nifti((3, 5, 5, 5), datatype=128, bitpix=24, data=bytes(375)),
        kind=Kind.DAMAGE,
    ),
    Case(
        name="panoptic-escape",
        kind=Kind.NAME,
        reader="coco",
        what="a panoptic file that names ../../../etc/passwd",
        files={
            "p.json": text(
                '{"images": [{"id": 1, "width": 3, "height": 2}], "categories": [{"id": 1, "name": "a"}], "annotations": '
                '[{"image_id": 1, "file_name": "../../../../../../etc/passwd", "segments_info": [{"id": 1, "category_id": 1, "area": 6}]}]}'
            ),
            "p/a.png": _GOOD,
        },
        command=("analyze", "p.json"),
        says=("no such file",),
    ),
)
