"""NumPy, MATLAB and Parquet files whose headers lie."""

from __future__ import annotations

import io
import pickle
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from hostile_cases.case import Case, Kind
from hostile_cases.making import (
    GIB,
    MIB,
    npy,
    npy_header,
    saved_npy,
    zipped,
)


class _Attack:
    """What pickle would run when it is loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("attacked"),)


def _object_npy() -> bytes:
    header = npy_header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")
    return header + pickle.dumps(_Attack())


def _mat(body: bytes) -> bytes:
    start = b"MATLAB 5.0 MAT-file, hostile".ljust(124) + struct.pack("<HH", 0x0100, 0x4D49)
    return start + body


def _mat_matrix(rows: int, columns: int, data: bytes = b"", claims: int | None = None) -> bytes:
    def element(kind: int, content: bytes, size: int | None = None) -> bytes:
        padded = content + bytes(-len(content) % 8)
        return struct.pack("<II", kind, len(content) if size is None else size) + padded

    flags = element(6, struct.pack("<II", 6, 0))
    body = flags + element(5, struct.pack("<ii", rows, columns)) + element(1, b"y")
    body += element(9, data, claims)
    return element(14, body)


def _npy(name: str, what: str, content: bytes, *says: str, kind: Kind = Kind.CLAIM) -> Case:
    return Case(
        name=f"npy-{name}",
        kind=kind,
        reader="npy",
        what=what,
        files={"y.npy": content},
        command=("analyze", "y.npy", "--as", "npy"),
        says=("y.npy", *says),
    )


def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.table({"y": ["a"] * 1000}), stream)
    return stream.getvalue()


_MAPS = "{'descr': '|u1', 'fortran_order': False, 'shape': (10,), "

ARRAYS = (
    _npy(
        "terabytes",
        "claims 10¹² labels and holds 8",
        npy("|u1", "(1000000000000,)", bytes(8)),
        "cut off",
    ),
    _npy(
        "overflow",
        "its dimensions multiply to 2⁸⁰",
        npy("|u1", f"({2**40}, {2**40})", bytes(8)),
        "cut off",
    ),
    _npy("beyond", "a dimension of 10¹⁰⁰", npy("|u1", f"({10**100},)", bytes(8)), "cut off"),
    _npy("negative", "a dimension of −1", npy("|u1", "(-1,)", bytes(8)), "shape"),
    _npy("float-dimension", "a dimension of 2.5", npy("|u1", "(2.5,)", bytes(8)), "damaged"),
    _npy("dimension-true", "a shape that is no tuple", npy("|u1", "'many'", bytes(8)), "damaged"),
    _npy("no-size", "values of no size", npy("|V0", f"({GIB},)"), "no size"),
    _npy("huge-text", "texts of 4 GB each", npy("<U1000000000", "(10,)", bytes(8)), "cut off"),
    _npy(
        "record",
        "records instead of labels",
        saved_npy(np.zeros(3, dtype=[("a", "i4"), ("b", "f8")])),
        "record",
        kind=Kind.DAMAGE,
    ),
    _npy("complex", "complex numbers", saved_npy(np.array([1 + 2j, 3j])), kind=Kind.DAMAGE),
    Case(
        name="npy-dates",
        kind=Kind.DAMAGE,
        reader="npy",
        what="dates: labels like others",
        files={"y.npy": saved_npy(np.array(["2020-01-01"], dtype="datetime64[D]"))},
        command=("analyze", "y.npy"),
        status=0,
        counts={"2020-01-01": 1},
    ),
    _npy(
        "infinite", "infinite labels", saved_npy(np.array([1.0, np.inf])), "inf", kind=Kind.NUMBER
    ),
    _npy("pickle", "a pickle that would run a program", _object_npy(), "pickle", kind=Kind.CODE),
    _npy(
        "call",
        "a call in the header",
        npy_header(_MAPS + "'x': __import__('os').getcwd()}"),
        "damaged",
        kind=Kind.CODE,
    ),
    _npy(
        "deep",
        "a header nested 4,000 deep",
        npy_header("(" * 4000 + ")" * 4000),
        "damaged",
        kind=Kind.DEPTH,
    ),
    _npy(
        "minus",
        "a header of 9,000 minus signs",
        npy_header("-" * 9000 + "1"),
        "damaged",
        kind=Kind.DEPTH,
    ),
    _npy(
        "long-header",
        "a header of 60,000 bytes",
        npy_header(_MAPS + " " * 60000 + "}"),
        "damaged",
        kind=Kind.LENGTH,
    ),
    _npy(
        "header-beyond",
        "a header longer than the file",
        b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31),
        "damaged",
    ),
    _npy(
        "version",
        "version 9 of the format",
        npy_header(_MAPS + "}", (9, 0)),
        "damaged",
        kind=Kind.DAMAGE,
    ),
    _npy("mark", "nothing behind the mark", b"\x93NUMPY", "damaged", kind=Kind.DAMAGE),
    Case(
        name="npy-six-dimensions",
        kind=Kind.DAMAGE,
        reader="masks",
        what="six dimensions: all values are pixels",
        files={"y.npy": saved_npy(np.zeros((2, 2, 2, 2, 2, 2), dtype=np.uint8))},
        command=("analyze", "y.npy"),
        status=0,
        counts={"0": 64},
    ),
    _npy("none", "no labels at all", saved_npy(np.zeros(0)), "empty", kind=Kind.DAMAGE),
    Case(
        name="npz-pickle",
        kind=Kind.CODE,
        reader="npz",
        what="a pickle in an archive",
        files={"y.npz": zipped({"y.npy": _object_npy()})},
        command=("analyze", "y.npz"),
        says=("pickle",),
    ),
    Case(
        name="npz-traversal",
        kind=Kind.NAME,
        reader="npz",
        what="an array called ../../escaped",
        files={"y.npz": zipped({"../../escaped.npy": saved_npy(np.array([1, 0, 1]))})},
        command=("analyze", "y.npz"),
        status=0,
        counts={"0": 1, "1": 2},
    ),
    Case(
        name="npz-empty",
        kind=Kind.DAMAGE,
        reader="npz",
        what="an archive of nothing",
        files={"y.npz": b"PK\x03\x04" + bytes(50)},
        command=("analyze", "y.npz"),
        says=("y.npz",),
    ),
    Case(
        name="npz-encrypted",
        kind=Kind.DAMAGE,
        reader="npz",
        what="an archive with a password",
        files={
            "y.npz": zipped({"y.npy": saved_npy(np.array([1, 0]))})
            .replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
            .replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
        },
        command=("analyze", "y.npz"),
        says=("y.npz", "encrypted"),
    ),
    Case(
        name="npz-unknown-method",
        kind=Kind.DAMAGE,
        reader="npz",
        what="an archive packed by an unknown method",
        files={
            "y.npz": zipped({"y.npy": saved_npy(np.array([1, 0]))}, 0)
            .replace(b"PK\x03\x04\x14\x00\x00\x00\x00\x00", b"PK\x03\x04\x14\x00\x00\x00\x63\x00")
            .replace(
                b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00\x00",
                b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63\x00",
            )
        },
        command=("analyze", "y.npz"),
        says=("y.npz", "damaged"),
    ),
    Case(
        name="npz-checksum",
        kind=Kind.DAMAGE,
        reader="npz",
        what="an archive whose content is not that of its checksum",
        files={
            "y.npz": zipped(
                {"y.npy": saved_npy(np.array([1, 0, 1, 1], dtype=np.uint8))}, 0
            ).replace(b"\x01\x00\x01\x01", b"\x00\x00\x00\x01")
        },
        command=("analyze", "y.npz"),
        says=("y.npz", "damaged"),
    ),
    Case(
        name="npz-claim",
        kind=Kind.CLAIM,
        reader="npz",
        what="an array that claims 10¹² labels and holds 8",
        files={"y.npz": zipped({"y.npy": npy("|u1", "(1000000000000,)", bytes(8))})},
        command=("analyze", "y.npz"),
        says=("y.npz", "cut off"),
    ),
    Case(
        name="mat-claims",
        kind=Kind.CLAIM,
        reader="mat",
        what="claims a matrix of 2³¹ × 2³¹",
        files={"y.mat": _mat(_mat_matrix(2**31 - 1, 2**31 - 1, bytes(8)))},
        command=("analyze", "y.mat"),
        says=("y.mat",),
    ),
    Case(
        name="mat-negative",
        kind=Kind.CLAIM,
        reader="mat",
        what="a matrix of −1 × 5",
        files={"y.mat": _mat(_mat_matrix(-1, 5, bytes(8)))},
        command=("analyze", "y.mat"),
        says=("y.mat",),
    ),
    Case(
        name="mat-bomb",
        kind=Kind.BOMB,
        reader="mat",
        what="a variable of 2 GiB in 2 MB",
        files={"y.mat": lambda p: p.write_bytes(_mat(_packed_matrix(2 * GIB - 8)))},
        command=("analyze", "y.mat", "--max-bytes", "256MiB"),
        says=("y.mat", "--max-bytes"),
    ),
    Case(
        name="mat-cut-off",
        kind=Kind.DAMAGE,
        reader="mat",
        what="ends inside a variable",
        files={"y.mat": _mat(_mat_matrix(100, 100, bytes(800))[:60])},
        command=("analyze", "y.mat"),
        says=("y.mat",),
    ),
    Case(
        name="mat-hdf5",
        kind=Kind.DAMAGE,
        reader="mat",
        what="version 7.3, which is HDF5",
        files={"y.mat": b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM" + bytes(400)},
        command=("analyze", "y.mat"),
        says=("7.3",),
    ),
    Case(
        name="parquet-cut-off",
        kind=Kind.DAMAGE,
        reader="parquet",
        what="ends before its footer",
        files={"y.parquet": lambda p: p.write_bytes(_parquet()[:100])},
        command=("analyze", "y.parquet"),
        says=("y.parquet",),
    ),
    Case(
        name="parquet-footer",
        kind=Kind.CLAIM,
        reader="parquet",
        what="a footer that claims 2 GB",
        files={"y.parquet": b"PAR1" + bytes(100) + struct.pack("<I", 2**31 - 1) + b"PAR1"},
        command=("analyze", "y.parquet"),
        says=("y.parquet",),
    ),
    Case(
        name="parquet-noise",
        kind=Kind.DAMAGE,
        reader="parquet",
        what="a footer of noise",
        files={"y.parquet": lambda p: p.write_bytes(_noisy(_parquet()))},
        command=("analyze", "y.parquet"),
        says=("y.parquet",),
    ),
)


def _mat_zlib(start: bytes, zeros: int) -> bytes:
    """A zlib stream of a header and zeros behind it."""
    packer = zlib.compressobj(9)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece + again * (zeros // MIB) + packer.flush()


def _packed_matrix(zeros: int) -> bytes:
    """A compressed variable of zeros."""
    packed = _mat_zlib(_mat_matrix(1, zeros, b"", zeros), zeros)
    return struct.pack("<II", 15, len(packed)) + packed


def _noisy(content: bytes) -> bytes:
    size = int.from_bytes(content[-8:-4], "little")
    start = len(content) - 8 - size
    noise: bytes = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8).tobytes()
    return content[:start] + noise + content[-8:]
