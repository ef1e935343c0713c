"""One target for each kind of source: files as a user has them, or folders packed into one text."""

from __future__ import annotations

import functools
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

from fuzz import mutating, recounts
from fuzz.law import holds, require, survives_saving
from fuzz.packed_folder import unpacked
from fuzz.target import Options, Target

from imbweights import analyze
from imbweights.core.errors import ImbweightsError
from imbweights.sources import SOURCES
from imbweights.sources.text.plain import cells as plain_tables

_SAVED_EVERY = 8

Recount = Callable[[bytes], dict[str, int] | None]


def _analysis(data: bytes, folder: Path, options: Options, *, name: str) -> None:
    """One file. ``recount`` of the options names a slow count to hold the result against."""
    path = folder / name
    path.write_bytes(data)
    said = {key: value for key, value in options.items() if key != "recount"}
    found = analyze(path, jobs=1, **said)
    recount: Recount | None = options.get("recount")
    holds(found, recount(data) if recount else None)
    if zlib.crc32(data) % _SAVED_EVERY == 0:
        survives_saving(found, folder)


def _both_ways(data: bytes, folder: Path, options: Options) -> None:
    """A table cut as a plain one, where it is, and by DuckDB: the same counts, or the same error."""
    path = folder / "a.csv"
    path.write_bytes(data)
    outcomes: list[tuple[object, object]] = []
    for least in (0, len(data) + 1):
        plain_tables.LEAST = least
        try:
            found = analyze(path, jobs=2, kind="csv", delimiter=",", **options)
        except ImbweightsError as error:
            outcomes.append((error.message, None))
        else:
            holds(found)
            outcomes.append((found.counts, found.profile.source))
    require(outcomes[0] == outcomes[1], "a plain table counts otherwise than by DuckDB")


def _set_analysis(data: bytes, folder: Path, options: Options) -> None:
    """A folder, or where ``first`` is said its first file."""
    root = folder / "set"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    written = unpacked(data, root)
    said = {key: value for key, value in options.items() if key != "first"}
    found = analyze(written[0] if options.get("first") and written else root, jobs=1, **said)
    holds(found)


def _file(
    name: str,
    file: str,
    variants: list[Options],
    mutate: Callable[[bytes, mutating.Change], bytes] | None = None,
    words: tuple[bytes, ...] = (),
) -> Target:
    return Target(
        name=name,
        run=functools.partial(_analysis, name=file),
        variants=variants,
        mutate=mutate,
        words=words,
    )


def _folder(name: str, variants: list[Options], words: tuple[bytes, ...] = ()) -> Target:
    return Target(
        name=name, run=_set_analysis, variants=variants, words=(b"\n=== ", b".txt", *words)
    )


_TABLE: list[Options] = [
    {},
    {"label": "label"},
    {"label": "1", "header": False},
    {"label": "label", "split": "split"},
    {"label": "label", "count_column": "n"},
    {"label": "a,b,c"},
    {"label": "a,b,c", "one_hot": True},
    {"label": "label", "separator": "|"},
    {"label": "label", "separator": "", "ignore_label": ("dog", "0")},
    {"label": "label", "on_bad_rows": "skip"},
    {"label": "label", "class_order": "appearance", "missing_value": ("?",)},
    {"label": "label", "class_order": "count", "separator": ""},
]
_CSV_WORDS = (
    b'"',
    b'""',
    b"\r\n",
    b"\t",
    b";",
    b"|",
    b"label",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"NaN",
)
_JSON_WORDS = (b'{"', b'":', b"[[", b"null", b"1e999", b"\\ud800", b"true", b'"label":', b"NaN")
_PICTURES: list[Options] = [
    {},
    {"kind": "masks", "recount": None},
    {"kind": "masks", "pixel_divisor": 256},
    {"kind": "masks", "palette": "voc"},
    {"classes": "0=background,255=foreground"},
    {"ignore_label": "255"},
]
_XML_WORDS = (b"<object>", b"</object>", b"<name>", b"<!DOCTYPE", b"<![CDATA[", b"&#0;", b"<?xml ")


def _pictured(data: bytes, folder: Path, options: Options) -> None:
    """A mask; an 8-bit PNG that was taken for class numbers is counted by Pillow, too."""
    path = folder / "mask.png"
    path.write_bytes(data)
    said = {key: value for key, value in options.items() if key != "recount"}
    found = analyze(path, jobs=1, **said)
    holds(found, recounts.of_grey_png(path) if "recount" in options else None)


TARGETS = (
    Target(
        name="plain_csv",
        run=_both_ways,
        variants=[
            {"label": "2", "header": False},
            {"label": "2", "header": True},
            {"label": "1", "header": False, "quotes": False},
            {"label": "3"},
        ],
        words=(b",", b"\n", b"\r\n", b'"', b"cat", b"\xc3\xb6", b"\xef\xbb\xbf", b"a,b,c\n"),
    ),
    _file(
        "csv",
        "a.csv",
        [*_TABLE, {"kind": "csv", "encoding": "latin-1", "label": "2", "delimiter": ";"}],
        mutating.gzipped,
        _CSV_WORDS,
    ),
    _file(
        "lines",
        "a.txt",
        [
            {},
            {"kind": "lines"},
            {
                "kind": "lines",
                "header": False,
                "encoding": "utf-8",
                "label": "1",
                "recount": recounts.of_lines,
            },
            {"kind": "lines", "header": True, "separator": ","},
        ],
        mutating.gzipped,
        _CSV_WORDS,
    ),
    _file("parquet", "a.parquet", _TABLE),
    _file(
        "json",
        "a.json",
        [*_TABLE, {"separator": "", "kind": "json", "recount": recounts.of_json_texts}],
        mutating.gzipped,
        _JSON_WORDS,
    ),
    _file("jsonl", "a.jsonl", _TABLE, mutating.gzipped, _JSON_WORDS),
    _file(
        "npy",
        "a.npy",
        [{}, {"kind": "npy", "recount": recounts.of_npy}, {"one_hot": True}, {"kind": "masks"}],
        None,
        (
            b"'descr': '<i8'",
            b"'<f2'",
            b"'|O'",
            b"'<U3'",
            b"'M8[ns]'",
            b"'shape': (",
            b"True",
            b"'|b1'",
        ),
    ),
    _file("npz", "a.npz", [{}, {"label": "y"}, {"kind": "masks"}], mutating.zipped),
    _file("mat", "a.mat", [{}, {"label": "y"}], mutating.matlab),
    _file(
        "analysis",
        "a.json",
        [{}, {"kind": "analysis"}, {"ignore_label": "cat"}, {"classes": "cat,dog,cow"}],
        None,
        (*_JSON_WORDS, b"multilabel", b"segmentation", b"samples", b"label_sets", b"-1", b"1e3"),
    ),
    _file(
        "arff",
        "a.arff",
        [{}, {"label": "class"}, {"on_bad_rows": "skip"}, {"kind": "arff", "label": "1"}],
        mutating.gzipped,
        (b"@relation ", b"@attribute ", b"@data\n", b"{", b"}", b"numeric", b"-C 2", b"?", b"%"),
    ),
    _file(
        "fasttext", "a.txt", [{}, {"kind": "fasttext"}], mutating.gzipped, (b"__label__", b"\xa0")
    ),
    _file(
        "svmlight",
        "a.svm",
        [{}, {"kind": "svmlight"}, {"kind": "svmlight", "on_bad_rows": "skip"}],
        mutating.gzipped,
        (b" 1:", b"qid:", b"1e999", b"-0", b"#", b"+1"),
    ),
    _file(
        "paths",
        "a.txt",
        [{}, {"kind": "paths"}, {"kind": "paths", "on_bad_rows": "skip"}],
        mutating.gzipped,
        (b".jpg ", b".png 1", b"/"),
    ),
    _file(
        "conll",
        "a.conll",
        [
            {"kind": "conll"},
            {"kind": "conll", "count": "objects"},
            {"kind": "conll", "classes": "O,B-PER"},
        ],
        mutating.gzipped,
        (b" B-", b" I-", b" O\n", b"-DOCSTART-", b"# newdoc"),
    ),
    Target(name="masks", run=_pictured, variants=_PICTURES, mutate=mutating.png),
    _file("nifti", "a.nii", [{}, {"ignore_label": "0"}]),
    _file("nifti_gz", "a.nii.gz", [{}], mutating.gzipped),
    _folder("folders", [{}, {"kind": "folders"}], (b".jpg\n", b"train/", b"val/", b".png")),
    _file(
        "coco",
        "instances_train.json",
        [
            {},
            {"kind": "coco", "recount": recounts.of_coco},
            {"count": "images"},
            {"kind": "coco", "ignore_label": "cat"},
        ],
        None,
        (
            *_JSON_WORDS,
            b'"iscrowd":1',
            b'"category_id":',
            b'"segments_info":',
            b'"images":[',
            b"-1",
        ),
    ),
    _folder(
        "coco_panoptic",
        [{}, {"kind": "coco"}, {"first": True}, {"kind": "coco", "on_bad_files": "skip"}],
        (*_JSON_WORDS, b'"segments_info":', b".png.b64\n"),
    ),
    _folder(
        "yolo",
        [{}, {"kind": "yolo"}, {"kind": "yolo", "count": "images", "on_bad_files": "skip"}],
        (b"data.yaml\n", b"names:", b"\n0 0.5 0.5 0.1 0.1\n", b"nc: 3", b"train: ", b"!!python"),
    ),
    _folder("voc", [{}, {"kind": "voc", "on_bad_files": "skip"}, {"count": "images"}], _XML_WORDS),
    _folder("cvat", [{"first": True}, {"kind": "cvat"}, {"count": "images"}], _XML_WORDS),
    _folder(
        "labelme", [{}, {"kind": "labelme", "on_bad_files": "skip"}], (*_JSON_WORDS, b'"shapes":[')
    ),
    _file(
        "openimages",
        "train-annotations-bbox.csv",
        [{}, {"kind": "openimages"}, {"kind": "openimages", "on_bad_rows": "skip"}],
        mutating.gzipped,
        (b"ImageID,", b"LabelName", b"Confidence", b"/m/", b",0,"),
    ),
    _folder(
        "kitti", [{}, {"kind": "kitti", "on_bad_files": "skip"}], (b"DontCare -1 -1", b"Car 0")
    ),
)


def missing() -> set[str]:
    """Kinds of sources that no target reads."""
    return set(SOURCES) - {target.name for target in TARGETS}
