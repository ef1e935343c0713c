"""Where labels come from: one file per format, all giving ``ClassCounts``.

``SOURCES`` is the register from which the choice, the help, the docs and the tests are derived. To
add a format, write a module with a ``SOURCE`` and add a line here. The register itself is light:
a module is imported when it is first asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from imbweights.sources.base import InputFile, Source

_START = 4096
_BLANK = b"\xef\xbb\xbf \r\n\t"
_ARRAYS = (b"\x93NUMPY", b"PK\x03\x04")


class Told(StrEnum):
    """How a kind of file is told from others, which decides who is asked first.

    ``bytes``: by its first bytes; ``content``: by text that no other format has; ``form``: by
    how its lines look, which may be shared, so that all such kinds are asked.
    """

    BYTES = "bytes"
    CONTENT = "content"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source: its name for ``--as``, what it is, where it is read.

    ``summary`` and ``suffixes`` are for people. ``folders``: also whole folders are read.
    ``explicit``: never recognised, only read when asked for. ``begins``, ``holds``, ``named``: with
    what such files begin, what stands in their first part, how they are called; a file of which
    none is true is not asked about, so that a reader need not be loaded to say no. Where all are
    empty, every file may be of this kind.
    """

    name: str
    summary: str
    suffixes: tuple[str, ...] = ()
    told: Told = Told.BYTES
    folders: bool = False
    explicit: bool = False
    begins: tuple[bytes, ...] = ()
    holds: tuple[bytes, ...] = ()
    named: tuple[str, ...] = ()

    def may_be(self, file: InputFile) -> bool:
        """Whether it is worth asking if a file is of this kind. A kind of folders without suffixes is none."""
        if self.folders and not self.suffixes:
            return False
        if not (self.begins or self.holds or self.named) or file.suffix in self.named:
            return True
        start = file.head[:_START]
        # Of text in two bytes a letter, the reader itself knows what it holds.
        if start.lstrip(_BLANK).startswith(self.begins) or (self.holds and b"\0" in start):
            return True
        return any(sign in file.head for sign in self.holds)

    def load(self) -> Source:
        """The functions that recognise and read it."""
        module = import_module(f"imbweights.sources.{_MODULES.get(self.name, self.name)}")
        return cast("Source", module.SOURCE)


_MODULES = {
    "csv": "delimited",
    "json": "json_records",
    "analysis": "saved",
    "folders": "class_folders",
    "paths": "path_list",
}


def _register(kinds: Iterable[Kind]) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


SOURCES: dict[str, Kind] = _register(
    (
        Kind(
            "csv",
            "CSV, TSV and other delimited text, also .gz and .zst",
            (".csv", ".tsv", ".tab", ".psv", ".dat", ".data"),
            Told.FORM,
        ),
        Kind(
            "lines",
            "plain text with one label a line",
            (".txt", ".labels", ".label", ".lst"),
            Told.FORM,
        ),
        Kind("parquet", "Parquet", (".parquet", ".pq"), begins=(b"PAR1",)),
        Kind(
            "json",
            "JSON and JSON Lines: records, or bare labels; also .gz and .zst",
            (".json", ".jsonl", ".ndjson"),
            Told.FORM,
            begins=(b"{", b"["),
            named=(".json", ".jsonl", ".ndjson"),
        ),
        Kind("npy", "a NumPy array of labels, or N × K of 0 and 1", (".npy",), begins=_ARRAYS[:1]),
        Kind(
            "npz",
            "an archive of NumPy arrays; y or the one named by --label",
            (".npz",),
            begins=_ARRAYS[1:],
        ),
        Kind(
            "mat",
            "a MATLAB file up to version 7; y or the variable named by --label",
            (".mat",),
            begins=(b"MATLAB ",),
            named=(".mat",),
        ),
        Kind(
            "analysis",
            "an analysis saved with -o counts.json (counts only)",
            (".json",),
            begins=(b"{",),
        ),
        Kind(
            "arff",
            "ARFF and KEEL, dense or sparse; several labels when a MULAN .xml or MEKA's -C names them",
            (".arff", ".dat"),
            Told.CONTENT,
            holds=(b"@",),
        ),
        Kind(
            "fasttext",
            "fastText: __label__x before the text, any number per line",
            (".txt", ".fasttext"),
            Told.CONTENT,
            holds=(b"__label__",),
        ),
        Kind(
            "svmlight",
            "svmlight and LibSVM, one or several labels a row",
            (".svm", ".libsvm", ".svmlight", ".txt"),
            Told.CONTENT,
            holds=(b":",),
        ),
        Kind(
            "paths",
            "lists of image paths, each followed by one or several class ids",
            (".txt", ".lst"),
            Told.CONTENT,
            holds=(b" ", b"\t"),
        ),
        Kind(
            "conll",
            "CoNLL: one token a line, its tag in the last column; O is set apart",
            (".conll", ".txt"),
            explicit=True,
        ),
        Kind(
            "masks",
            "segmentation masks: PNG, TIFF, BMP, WebP, .npy, .npz",
            (".png", ".tif", ".tiff", ".bmp", ".webp", ".npy", ".npz"),
            folders=True,
            begins=(b"\x89PNG", b"II", b"MM", b"BM", b"RIFF", *_ARRAYS),
        ),
        Kind(
            "nifti",
            "NIfTI label volumes (needs imbweights[volumes])",
            (".nii", ".nii.gz"),
            folders=True,
            named=(".nii",),
        ),
        Kind(
            "folders",
            "a folder of images per class, as torchvision and Keras read it",
            folders=True,
        ),
        Kind(
            "coco",
            "COCO JSON: instances, LVIS, and panoptic with its PNGs",
            (".json",),
            Told.CONTENT,
            folders=True,
            begins=(b"{", b"["),
        ),
        Kind(
            "yolo",
            "YOLO boxes or polygons, with data.yaml, obj.names or classes.txt",
            (".txt", ".yaml"),
            Told.FORM,
            folders=True,
            holds=(b" ", b"\t"),
            named=(".yaml", ".yml"),
        ),
        Kind(
            "voc",
            "Pascal VOC XML (also LabelMe's web XML), with ImageSets",
            (".xml",),
            Told.CONTENT,
            folders=True,
            begins=(b"<",),
        ),
        Kind(
            "cvat",
            "CVAT XML for images or video",
            (".xml",),
            Told.CONTENT,
            folders=True,
            begins=(b"<",),
        ),
        Kind(
            "labelme",
            "LabelMe JSON, one file per image",
            (".json",),
            Told.CONTENT,
            folders=True,
            begins=(b"{",),
        ),
        Kind(
            "openimages",
            "Open Images CSV: boxes or image labels; confidence 0 is not this label",
            (".csv",),
            Told.CONTENT,
            holds=(b"ImageID",),
        ),
        Kind(
            "kitti",
            "KITTI object labels; DontCare is set apart",
            (".txt",),
            Told.FORM,
            folders=True,
            holds=(b" ",),
        ),
    )
)
