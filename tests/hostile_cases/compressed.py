"""What grows when it is decompressed."""

from __future__ import annotations

from hostile_cases.case import Case, Kind
from hostile_cases.making import (
    GIB,
    MIB,
    chunk,
    gz,
    many_gz,
    nifti,
    npy,
    png,
    saved_npz,
    text,
    zeros_deflated,
    zip_member,
    zipped,
    zlib_zeros,
    zst,
)

_A = b"a\n" * (MIB // 2)
_HUGE = f"({6 * GIB},)"


def _npz(shape: str, size: int) -> bytes:
    header = npy("|u1", shape)
    return zip_member("y.npy", header, zeros_deflated(size), size + len(header))


def _coco_gz(times: int) -> bytes:
    return many_gz(b" " * 16 * MIB, times, before=b'{"images": [], "annotations": [')


BOMBS = (
    Case(
        name="npz-labels",
        kind=Kind.BOMB,
        reader="npz",
        what="6 GiB of labels in 6 MB",
        files={"y.npz": lambda p: p.write_bytes(_npz(_HUGE, 6 * GIB))},
        command=("analyze", "y.npz"),
        says=("--max-bytes", "6 gib"),
    ),
    Case(
        name="npz-mask",
        kind=Kind.BOMB,
        reader="masks",
        what="a mask of 65,536 × 65,536 in an archive",
        files={"m.npz": lambda p: p.write_bytes(_npz("(65536, 65536)", 4 * GIB))},
        command=("analyze", "m.npz", "--as", "masks"),
        says=("--max-pixels", "65,536 × 65,536"),
    ),
    Case(
        name="npz-more-than-claimed",
        kind=Kind.BOMB,
        reader="npz",
        what="the header claims 10 labels, 2 GiB follow",
        files={"y.npz": lambda p: p.write_bytes(_npz("(10,)", 2 * GIB))},
        command=("analyze", "y.npz"),
        status=0,
        counts={"0": 10},
    ),
    Case(
        name="npz-raised",
        kind=Kind.BOMB,
        reader="npz",
        what="64 MiB of one label, with a limit below",
        files={"y.npz": lambda p: p.write_bytes(_npz(f"({64 * MIB},)", 64 * MIB))},
        command=("analyze", "y.npz", "--max-bytes", "32MiB"),
        says=("--max-bytes", "64 mib"),
    ),
    Case(
        name="csv-gz-one-label",
        kind=Kind.BOMB,
        reader="csv",
        what="200 million rows of one label in 400 kB: a legitimate file",
        files={"y.csv.gz": lambda p: p.write_bytes(many_gz(_A * 16, 25, before=b"label\n"))},
        command=("analyze", "y.csv.gz", "--label", "label"),
        status=0,
        counts={"a": 25 * 16 * MIB // 2},
        seconds=90,
    ),
    Case(
        name="csv-zst-one-label",
        kind=Kind.BOMB,
        reader="csv",
        what="100 million rows of one label in some kB: a legitimate file",
        files={"y.csv.zst": lambda p: p.write_bytes(zst(b"label\n") + zst(_A * 16, 12))},
        command=("analyze", "y.csv.zst", "--label", "label"),
        status=0,
        counts={"a": 12 * 16 * MIB // 2},
        seconds=90,
    ),
    Case(
        name="csv-gz-one-line",
        kind=Kind.LENGTH,
        reader="csv",
        what="a line of 1 GiB in 1 MB",
        files={
            "y.csv.gz": lambda p: p.write_bytes(many_gz(b"a" * 64 * MIB, 16, before=b"x,y\n1,"))
        },
        command=("analyze", "y.csv.gz"),
        says=("line is longer than 256 mib",),
        megabytes=3000,
    ),
    Case(
        name="csv-gz-recoded",
        kind=Kind.BOMB,
        reader="csv",
        what="UTF-16 that needs a copy of 8 GiB on disk",
        files={
            "y.csv.gz": lambda p: p.write_bytes(
                many_gz(
                    "a\n".encode("utf-16-le") * 4 * MIB, 512, before="\ufeffy\n".encode("utf-16-le")
                )
            )
        },
        command=("analyze", "y.csv.gz", "--max-bytes", "256MiB"),
        says=("--max-bytes",),
    ),
    Case(
        name="json-gz-coco",
        kind=Kind.BOMB,
        reader="coco",
        what="a COCO file of 6 GiB of blanks in 6 MB",
        files={"c.json.gz": lambda p: p.write_bytes(_coco_gz(384))},
        command=("analyze", "c.json.gz", "--as", "coco", "--max-bytes", "512MiB"),
        says=("--max-bytes",),
    ),
    Case(
        name="json-gz-string",
        kind=Kind.BOMB,
        reader="json",
        what="a text of 1 GiB in one record",
        files={
            "r.json.gz": lambda p: p.write_bytes(
                many_gz(b"a" * 64 * MIB, 16, before=b'[{"y": "a"}, {"y": "')
            )
        },
        command=("analyze", "r.json.gz"),
        says=("268435456 bytes",),
        megabytes=3000,
    ),
    Case(
        name="jsonl-gz-one-label",
        kind=Kind.BOMB,
        reader="json",
        what="8 million records of one label: a legitimate file",
        files={"r.jsonl.gz": lambda p: p.write_bytes(many_gz(b'{"y": "a"}\n' * MIB, 8))},
        command=("analyze", "r.jsonl.gz"),
        status=0,
        counts={"a": 8 * MIB},
        seconds=60,
    ),
    Case(
        name="nifti-gz",
        kind=Kind.BOMB,
        reader="nifti",
        what="a volume of 2,000³ in 8 MB",
        files={
            "v.nii.gz": lambda p: p.write_bytes(
                many_gz(bytes(64 * MIB), 125, before=nifti((3, 2000, 2000, 2000)))
            )
        },
        command=("analyze", "v.nii.gz"),
        says=("--max-pixels", "2,000 × 2,000 × 2,000"),
    ),
    Case(
        name="png-bomb",
        kind=Kind.BOMB,
        reader="masks",
        what="a mask of 40,000 × 40,000 in 2 MB",
        files={
            "m.png": lambda p: p.write_bytes(png(40000, 40000, b"", raw=zlib_zeros(1526 * MIB)))
        },
        command=("analyze", "m.png"),
        says=("--max-pixels", "40,000 × 40,000"),
    ),
    Case(
        name="png-raised",
        kind=Kind.BOMB,
        reader="masks",
        what="a mask of 8,191 × 8,192, all of one class: a legitimate file",
        files={"m.png": lambda p: p.write_bytes(png(8191, 8192, b"", raw=zlib_zeros(64 * MIB)))},
        command=("analyze", "m.png", "--max-pixels", "67100672"),
        status=0,
        counts={"0": 8191 * 8192},
    ),
    Case(
        name="png-below-limit",
        kind=Kind.BOMB,
        reader="masks",
        what="the same with a limit one pixel below",
        files={"m.png": lambda p: p.write_bytes(png(8191, 8192, b"", raw=zlib_zeros(64 * MIB)))},
        command=("analyze", "m.png", "--max-pixels", "67100671"),
        says=("8,191 × 8,192", "--max-pixels"),
    ),
    Case(
        name="png-text-bomb",
        kind=Kind.BOMB,
        reader="masks",
        what="a mask whose comment is 1 GiB when decompressed",
        files={
            "m.png": lambda p: p.write_bytes(
                png(
                    2,
                    1,
                    b"\0\1\2",
                    colour=4,
                    more=chunk(b"zTXt", b"c\0\0" + zlib_zeros(GIB)),
                )
            )
        },
        command=("analyze", "m.png"),
        says=("m.png",),
    ),
    Case(
        name="gz-in-gz",
        kind=Kind.BOMB,
        reader="csv",
        what="gzip inside gzip",
        files={"y.csv.gz": gz(gz(b"label\n" + _A))},
        command=("analyze", "y.csv.gz"),
        says=("binary",),
    ),
    Case(
        name="npz-many-members",
        kind=Kind.MANY,
        reader="npz",
        what="an archive of 20,000 arrays",
        files={"y.npz": lambda p: p.write_bytes(zipped({f"a{i}.npy": b"x" for i in range(20000)}))},
        command=("analyze", "y.npz"),
        says=("y.npz",),
    ),
    Case(
        name="npz-weights",
        kind=Kind.BOMB,
        reader="audit",
        what="weights of 6 GiB in 6 MB",
        files={"w.npz": lambda p: p.write_bytes(_npz(_HUGE, 6 * GIB)), "y.csv": text("y\na\nb\n")},
        command=("audit", "w.npz", "--on", "y.csv"),
        says=("w.npz",),
    ),
    Case(
        name="npz-predictions",
        kind=Kind.BOMB,
        reader="loss",
        what="predictions of 6 GiB in 6 MB",
        files={
            "p.npz": lambda p: p.write_bytes(_npz(f"({2 * GIB}, 3)", 6 * GIB)),
            "t.csv": text("y\na\nb\n"),
        },
        command=("loss", "p.npz", "--targets", "t.csv"),
        says=("p.npz",),
    ),
    Case(
        name="npz-features",
        kind=Kind.BOMB,
        reader="sweep",
        what="features of 6 GiB in 6 MB",
        files={"d.npz": lambda p: p.write_bytes(_npz(f"({2 * GIB}, 3)", 6 * GIB))},
        command=("sweep", "d.npz"),
        says=("d.npz",),
    ),
    Case(
        name="csv-columns-labels",
        kind=Kind.BOMB,
        reader="npz",
        what="a small archive that is all right",
        files={"y.npz": saved_npz(y=[1, 1, 0])},
        command=("analyze", "y.npz"),
        status=0,
        counts={"0": 1, "1": 2},
    ),
)
