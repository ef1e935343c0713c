"""The seeds of the corpus: small sound files of every kind, from which the fuzzers start.

``python tests/fuzz/seeds.py`` writes those that are missing; files of defects are kept beside them.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import zstandard
from PIL import Image
from scipy.io import savemat

_TESTS = Path(__file__).parents[1]
CORPUS = _TESTS / "corpus"
_REAL = _TESTS / "data" / "real"
_SAMPLES = _TESTS.parent / "sample_data"

sys.path.insert(0, str(_TESTS))

from fuzz.packed_folder import packed  # noqa: E402 - tests/ must be found first

Named = Mapping[str, bytes]

TABLE = "id,label,n,split\n1,cat,3,train\n2,dog,4,val\n3,cat,1,train\n4,,2,val\n5,cow,9,train\n"
ZERO_ONE = "id,a,b,c\n1,1,0,0\n2,0,1,0\n3,1,1,0\n4,0,0,0\n"
LISTS = "id,label\n1,cat|dog\n2,dog\n3,\n4,cat|cow|dog\n"
VOC = (
    "<annotation><filename>a.jpg</filename><object><name>cat</name><bndbox><xmin>1</xmin></bndbox>"
    "</object><object><name>dog</name><deleted>1</deleted></object></annotation>"
)
CVAT = (
    "<annotations><meta><task><labels><label><name>cat</name></label></labels></task></meta>"
    '<image id="0" name="a.jpg"><box label="cat"/><tag label="dog"/></image>'
    '<track id="1" label="cat"><box frame="0" outside="0"/><box frame="1" outside="1"/></track>'
    "</annotations>"
)
COCO = {
    "images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 3},
        {"id": 2, "image_id": 2, "category_id": 1, "iscrowd": 1},
    ],
    "categories": [{"id": 1, "name": "cat"}, {"id": 3, "name": "dog"}],
}
LABELME = {"shapes": [{"label": "cat", "points": []}], "imagePath": "a.jpg", "version": "5"}
KITTI = "Car 0.00 0 -1.57 600 150 630 190 2.85 2.63 12.34 0.47 1.49 69.44 -1.56\n"


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _saved(save: Callable[[Any], Any]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def _npy(array: Any) -> bytes:
    return _saved(lambda stream: np.save(stream, np.asarray(array)))


def _picture(array: Any, form: str, **options: Any) -> bytes:
    image = Image.fromarray(np.asarray(array, dtype=np.uint8))
    return _saved(lambda stream: image.save(stream, form, **options))


_MASK = np.repeat(np.arange(4, dtype=np.uint8), 16).reshape(8, 8)


def _palette_png() -> bytes:
    image = Image.frombytes("P", (8, 8), _MASK.tobytes())
    image.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0])
    return _saved(lambda stream: image.save(stream, "PNG", bits=8))


def _sixteen_bits() -> bytes:
    image = Image.frombytes("I;16", (8, 8), (_MASK.astype(np.uint16) * 1000).tobytes())
    return _saved(lambda stream: image.save(stream, "PNG"))


def _volume(form: str) -> bytes:
    import nibabel

    sort: Any = {"1": nibabel.Nifti1Image, "2": nibabel.Nifti2Image}[form]
    return bytes(sort(_MASK.reshape(4, 4, 4), np.eye(4)).to_bytes())


def _mat(**options: Any) -> bytes:
    cells = np.array(["cat", "dog", "cat"], dtype=object)
    return _saved(lambda s: savemat(s, {"y": np.array([0, 1, 1, 2]), "names": cells}, **options))


def _parquet(**columns: Any) -> bytes:
    return _saved(lambda stream: pd.DataFrame(columns).to_parquet(stream))


def _tables() -> Iterator[tuple[str, Named]]:
    yield (
        "csv",
        {
            "table.csv": TABLE.encode(),
            "zero_one.csv": ZERO_ONE.encode(),
            "lists.csv": LISTS.encode(),
            "quoted.csv": b'\xef\xbb\xbftext;label\r\n"a; ""b""\nc";cat\r\nx;"d\xc3\xb6g"\r\n',
            "utf16.csv": TABLE.encode("utf-16"),
            "table.tsv": TABLE.replace(",", "\t").encode(),
            "table.csv.gz": gzip.compress(TABLE.encode(), mtime=0),
            "table.csv.zst": zstandard.compress(TABLE.encode()),
            "semicolon_latin.csv": "a;klasse\n1;größe\n2;maß\n3;größe\n".encode("latin-1"),
        },
    )
    yield (
        "plain_csv",
        {
            "three.csv": b"id,label,split\n1,cat,train\n2,dog,val\n3,cat,train\n",
            "crlf.csv": b"1,cat,a longer text\r\n2,dog,x\r\n3,,y\r\n",
            "letters.csv": "größe,maß,\nmaß,größe,x\n".encode(),
            "quoted.csv": b'1,"cat",x\n2,dog,"a, b"\n',
        },
    )
    yield "lines", {"plain.txt": b"cat\ndog\n\ncat\n", "crlf.txt": b"label\r\n1\r\n0\r\n1\r\n"}
    yield (
        "parquet",
        {
            "table.parquet": _parquet(
                label=["cat", "dog", None], n=[1, 2, 3], split=["a", "b", "a"]
            ),
            "zero_one.parquet": _parquet(a=[1, 0], b=[0, 1], c=[1, 1]),
            "lists.parquet": _parquet(label=[["cat"], ["cat", "dog"], []]),
        },
    )
    records = [{"label": "cat", "n": 2, "split": "a"}, {"label": None}, {"label": "dog", "n": 1}]
    yield (
        "json",
        {
            "records.json": _json(records),
            "texts.json": _json(["cat", "dog", "cat", ""]),
            "numbers.json": _json([1, 2.0, 1.5, True, None]),
            "lists.json": _json([{"label": ["cat", "dog"]}, {"label": []}]),
            "records.json.gz": gzip.compress(_json(records), mtime=0),
        },
    )
    yield (
        "jsonl",
        {
            "records.jsonl": b"\n".join(map(_json, records)),
            "lists.jsonl": b'{"labels": ["a", "b"]}\n{"labels": []}\n',
            "texts.jsonl": b'"a"\n"b"\n"a"\n',
        },
    )


def _arrays() -> Iterator[tuple[str, Named]]:
    yield (
        "npy",
        {
            "whole.npy": _npy([0, 1, 1, 2]),
            "floats.npy": _npy([0.0, 1.0, np.nan]),
            "texts.npy": _npy(["cat", "dog"]),
            "bytes.npy": _npy([b"cat", b"dog"]),
            "zero_one.npy": _npy([[1, 0, 1], [0, 0, 1]]),
            "dates.npy": _npy(np.array(["2026-01-01", "NaT"], dtype="M8[D]")),
            "mask.npy": _npy(_MASK),
            "record.npy": _npy(np.zeros(2, dtype=[("a", "i4"), ("b", "f4")])),
        },
    )
    yield (
        "npz",
        {
            "y.npz": _saved(lambda s: np.savez(s, X=np.ones((4, 2)), y=np.array([0, 1, 0, 2]))),
            "one.npz": _saved(lambda s: np.savez_compressed(s, np.array([0, 1, 0, 2]))),
            "mask.npz": _saved(lambda s: np.savez_compressed(s, mask=_MASK)),
        },
    )
    yield (
        "mat",
        {"plain.mat": _mat(), "compressed.mat": _mat(do_compression=True), "old.mat": _old_mat()},
    )
    yield (
        "nifti",
        {"one.nii": _volume("1"), "two.nii": _volume("2")},
    )
    yield "nifti_gz", {"one.nii.gz": gzip.compress(_volume("1"), mtime=0)}


def _old_mat() -> bytes:
    return _saved(lambda s: savemat(s, {"y": np.array([0.0, 1, 1, 2])}, format="4"))


def _images() -> Iterator[tuple[str, Named]]:
    colours = np.stack([_MASK * 60, _MASK, _MASK], axis=-1)
    yield (
        "masks",
        {
            "grey.png": _picture(_MASK, "PNG"),
            "palette.png": _palette_png(),
            "sixteen.png": _sixteen_bits(),
            "colours.png": _picture(colours, "PNG"),
            "one_bit.png": _saved(lambda s: Image.fromarray(_MASK > 1).save(s, "PNG")),
            "two.png": _picture((_MASK > 1) * 255, "PNG"),
            "grey.tif": _picture(_MASK, "TIFF"),
            "lzw.tif": _picture(_MASK, "TIFF", compression="tiff_lzw"),
            "grey.bmp": _picture(_MASK, "BMP"),
            "colours.webp": _picture(colours, "WEBP", lossless=True),
            "alpha.png": _picture(np.dstack([colours, _MASK * 0 + 255]), "PNG"),
        },
    )
    yield (
        "folders",
        {
            "plain.txt": packed({"cat/1.jpg": b"", "cat/2.jpg": b"", "dog/1.jpg": b""}),
            "splits.txt": packed(
                {"train/cat/1.jpg": b"x", "val/cat/2.jpg": b"x", "val/dog/3.png": b""}
            ),
        },
    )


def _annotations() -> Iterator[tuple[str, Named]]:
    panoptic = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 8, "height": 8}],
        "annotations": [
            {
                "image_id": 1,
                "file_name": "a.png",
                "segments_info": [{"id": 65793, "category_id": 1, "area": 16}],
            }
        ],
        "categories": [{"id": 1, "name": "cat", "isthing": 1}],
    }
    drawn = _picture(np.stack([_MASK % 2] * 3, axis=-1), "PNG")
    yield "coco", {"instances.json": _json(COCO), "strings.json": _json(_with_texts(COCO))}
    yield (
        "coco_panoptic",
        {
            "alone.txt": packed({"panoptic_train.json": _json(panoptic)}),
            "drawn.txt": packed(
                {"panoptic_train.json": _json(panoptic), "panoptic_train/a.png": drawn}
            ),
            "instances.txt": packed(
                {"instances_train.json": _json(COCO), "b_val.json": _json(COCO)}
            ),
        },
    )
    yield (
        "yolo",
        {
            "set.txt": packed(
                {
                    "data.yaml": b"train: images/train\nval: images/val\nnames:\n  0: cat\n  1: dog\n",
                    "labels/train/a.txt": b"0 0.5 0.5 0.1 0.1\n1 0.5 0.5 0.1 0.1\n",
                    "labels/val/b.txt": b"1 0.1 0.1 0.2 0.1 0.2 0.2\n",
                    "labels/val/c.txt": b"",
                }
            ),
            "darknet.txt": packed(
                {
                    "obj.names": b"cat\ndog\n",
                    "a.txt": b"0 0.5 0.5 0.1 0.1\n",
                    "b.txt": b"1 .5 .5 .1 .1\n",
                }
            ),
            "list.txt": packed(
                {
                    "data.yaml": b"names: [cat, dog]\nnc: 2\ntrain: train.txt\n",
                    "train.txt": b"images/a.jpg\n",
                    "labels/a.txt": b"0 0.5 0.5 0.1 0.1 0.9\n",
                }
            ),
        },
    )
    yield (
        "voc",
        {
            "flat.txt": packed(
                {"a.xml": VOC.encode(), "b.xml": VOC.replace("cat", "cow").encode()}
            ),
            "sets.txt": packed(
                {
                    "Annotations/a.xml": VOC.encode(),
                    "Annotations/b.xml": VOC.encode(),
                    "ImageSets/Main/train.txt": b"a\n",
                    "ImageSets/Main/val.txt": b"b\n",
                }
            ),
            "entity.txt": packed(
                {"a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><annotation><object/></annotation>'}
            ),
        },
    )
    yield "cvat", {"images.txt": packed({"annotations.xml": CVAT.encode()})}
    yield (
        "labelme",
        {"set.txt": packed({"a.json": _json(LABELME), "b.json": _json({**LABELME, "shapes": []})})},
    )
    boxes = (
        "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\n"
        "a,xclick,/m/01,1,0,1,0,1\nb,xclick,/m/02,0,0,1,0,1\n"
    )
    yield (
        "openimages",
        {
            "boxes.csv": boxes.encode(),
            "labels.csv": b"ImageID,Source,LabelName,Confidence\na,verification,/m/01,1\n",
        },
    )
    yield (
        "kitti",
        {"set.txt": packed({"000000.txt": KITTI.encode(), "000001.txt": KITTI[4:].encode()})},
    )


def _with_texts(data: Mapping[str, Any]) -> dict[str, Any]:
    images = [{**image, "id": f"i{image['id']}"} for image in data["images"]]
    objects = [{**a, "image_id": f"i{a['image_id']}"} for a in data["annotations"]]
    return {**data, "images": images, "annotations": objects}


def _texts() -> Iterator[tuple[str, Named]]:
    yield (
        "arff",
        {
            "dense.arff": b"@relation r\n@attribute x numeric\n@attribute class {cat,'d og'}\n@data\n"
            b"1,cat\n?,'d og'\n2,?\n",
            "sparse.arff": b"@relation r\n@attribute x numeric\n@attribute class {a,b}\n@data\n"
            b"{0 1, 1 b}\n{}\n",
            "meka.arff": b"@relation 'r: -C 2'\n@attribute a {0,1}\n@attribute b {0,1}\n"
            b"@attribute x numeric\n@data\n1,0,3\n0,1,2\n",
        },
    )
    yield "fasttext", {"several.txt": b"__label__cat __label__dog some text\n__label__dog more\n"}
    yield (
        "svmlight",
        {"rows.svm": b"1 1:0.5 3:2\n-1 2:1 # note\n+1 qid:3 1:1\n", "m.svm": b"1,2 1:0\n 2:1\n"},
    )
    yield "paths", {"list.txt": b"a/1.jpg 0\na/2.jpg 1\nb/3.png 0 2\n"}
    yield (
        "conll",
        {"tags.conll": b"-DOCSTART- O\n\nEU B-ORG\nrejects O\nGerman B-PER\ncall I-PER\n\nx O\n"},
    )
    yield (
        "class_list",
        {
            "names.txt": b"cat\ndog\n",
            "table.csv": b"id,name\n0,cat\n7,dog\n",
            "numbers.json": b'{"0": "cat", "1": "dog"}',
            "list.json": b'["cat", "dog"]',
            "lut.txt": b"# no name r g b a\n0 Unknown 0 0 0 0\n2 Left-Cerebral 245 245 245 0\n",
            "label_map.txt": b"name,r,g,b\ncat,1,2,3\n",
            "typed.txt": b"0=background,255=crack",
            "range.txt": b"0-18",
        },
    )
    yield (
        "palette",
        {
            "names.txt": b"sky 128 128 128\nroad 128 64 128\n",
            "hex.txt": b"# colours\n#ff0000 cat\n#00ff00 dog\n",
            "table.csv": b"id,name,r,g,b\n0,cat,1,2,3\n1,dog,4,5,6\n",
            "cvat.txt": b"# label:color_rgb:parts:actions\ncat:1,2,3::\n",
            "meta.json": b'{"label_map": {"0": "cat"}, "segmentation_colors": [[1, 2, 3]]}',
        },
    )
    yield (
        "config",
        {
            "own.toml": b'source = "a.csv"\nlabel = "y"\nclasses = ["a", "b"]\n[check]\nmin-count = 5\n'
            b'levels = { IMB003 = "off" }\n',
            "sets.toml": b'[[datasets]]\nname = "x"\nsource = ["train=a.csv", "val=b.csv"]\n'
            b'[datasets.check]\nignore = ["IMB01"]\n',
            "pyproject.toml": b'[tool.imbweights]\nsource = "a.csv"\nhas-header = true\n',
        },
    )
    yield (
        "baseline",
        {
            "one.json": _json(
                {
                    "schema": "imbweights.baseline/1",
                    "version": "0.1.0",
                    "datasets": {
                        "y": {
                            "task": "multiclass",
                            "unit": "samples",
                            "samples": 912,
                            "order": ["a", "b", "c"],
                            "counts": {"a": 5, "b": 7, "c": 900},
                            "splits": {"train": {"a": 5, "b": 7, "c": 900}},
                            "scheme": {
                                "name": "inverse",
                                "weights": {"a": 0.2, "b": 0.14285714285714285, "c": 0.0011},
                            },
                        }
                    },
                }
            )
        },
    )
    yield from _weights()


def _weights() -> Iterator[tuple[str, Named]]:
    yield (
        "weights",
        {
            "list.json": b"[0.2, 0.14, 0.0011]",
            "mapping.json": b'{"class_weight": {"a": 0.2, "b": 0.14, "c": 0.0011}, "lr": 0.1}',
            "config.yaml": b"model:\n  loss:\n    weight: [0.2, 0.14, 0.0011]\n  gamma: 2.0\n",
            "config.toml": b"[loss]\npos_weight = [1.0, 2.0, 3.0]\n",
            "table.csv": b"class,weight\na,0.2\nb,0.14\nc,0.0011\n",
            "plain.txt": b"0.2 0.14 0.0011\n",
        },
    )
    yield (
        "program",
        {
            "torch.py": b"import torch\nw = torch.tensor([0.2, 0.14, 0.0011])\n"
            b"loss = nn.CrossEntropyLoss(weight=w)\n",
            "keras.py": b"n = {'a': 5, 'b': 7, 'c': 900}\ncw = {i: 912 / (3 * v) for i, v in "
            b"enumerate(n.values())}\nmodel.fit(x, y, class_weight=cw)\n",
            "counts.py": b"import numpy as np\nc = np.array([5, 7, 900])\nw = 1 / np.sqrt(c)\n"
            b"w = w / w.sum() * 3\nuse(class_weights=w)\n",
        },
    )
    yield (
        "weights_array",
        {
            "w.npy": _npy([0.2, 0.14, 0.0011]),
            "w.npz": _saved(lambda s: np.savez(s, weights=np.array([0.2, 0.14, 0.0011]))),
        },
    )
    yield (
        "typed_weights",
        {
            "list.txt": b".2,.14,.0011",
            "named.txt": b"a=1/5,b=1/7,c=1/900",
            "comma.txt": b"0,2; 0,14; 0,0011",
        },
    )
    yield (
        "typed_counts",
        {
            "named.txt": b"A=198,B=436",
            "plain.txt": b"90, 1_000",
            "ratio.txt": b"59.8:1",
            "three.txt": b"1:2:3/7",
        },
    )
    yield (
        "typed_options",
        {"label.txt": b"label", "number.txt": b"2", "codec.txt": b"utf-16", "n.txt": b"n"},
    )
    yield (
        "costs",
        {
            "plain.csv": b"0,1,5\n1,0,1\n10,1,0\n",
            "named.csv": b",a,b\na,0,1\nb,3,0\n",
            "named.json": b'{"a": {"b": 1}, "b": {"a": 3}}',
            "plain.npy": _npy([[0.0, 1.0], [2.0, 0.0]]),
        },
    )
    yield (
        "loss",
        {
            "logits.npy": _npy(np.array([[2.0, 1, 0], [0, 1, 2], [0, 0, 1], [1, 1, 1]])),
            "shares.npy": _npy(np.array([[0.5, 0.5, 0]] * 4)),
            "half.npy": _npy(np.array([[2.0, np.inf, 0]] * 4, dtype=np.float16)),
            "targets.npy": _npy([0, 1, 2, 1]),
            "one_hot.npy": _npy(np.eye(3)[[0, 1, 2, 1]]),
        },
    )
    yield (
        "loss_table",
        {
            "logits.csv": b"p0,p1,p2\n2,1,0\n0,1,2\n0,0,1\n1,1,1\n",
            "targets.csv": b"id,label\n1,0\n2,1\n3,2\n4,1\n",
            "plain.csv": b"0.5;0.5;0\n0.5;0.5;0\n0.5;0.5;0\n0.5;0.5;0\n",
        },
    )
    yield (
        "loss_weights",
        {
            "list.json": b"[1, 2, 3]",
            "named.csv": b"class,weight\n0,1\n1,2\n2,3\n",
            "w.npy": _npy([1.0, 2, 3]),
        },
    )
    rows: dict[str, Any] = {"X": np.arange(8.0).reshape(4, 2), "y": np.array([0, 1, 0, 1])}
    yield (
        "features",
        {
            "table.csv": b"x1,x2,kind,label\n1,2,a,u\n2,,b,v\n0,1,a,u\n3,nan,b,v\n",
            "embeddings.npy": _npy(rows["X"]),
            "both.npz": _saved(lambda s: np.savez(s, **rows)),
            "both.mat": _saved(lambda s: savemat(s, rows)),
            "rows.svm": b"1 1:0.5 3:2\n0 2:1\n1 1:2\n0 3:1\n",
        },
    )
    yield (
        "loss_archive",
        {
            "p.npz": _saved(lambda s: np.savez(s, logits=np.ones((4, 3)), id=np.arange(4))),
            "y.npz": _saved(lambda s: np.savez(s, y=np.array([0, 1, 2, 1]))),
        },
    )


def _own() -> Iterator[tuple[str, Named]]:
    """What we write ourselves."""
    from imbweights import analyze, suggest

    folder = CORPUS / "csv"
    single = analyze(folder / "table.csv", label="label", split="split", separator="").to_dict()
    several = analyze(folder / "zero_one.csv", label="a,b,c").to_dict()
    masks = analyze(CORPUS / "masks" / "grey.png").to_dict()
    for each in (single, several, masks):
        each["source"]["files"] = []
    yield (
        "analysis",
        {"single.json": _json(single), "several.json": _json(several), "masks.json": _json(masks)},
    )
    saved = {
        name: suggest({"a": 5, "b": 7, "c": 900}, name).to_dict()
        for name in ("balanced", "effective", "logit-adjustment")
    }
    yield "saved_weights", {f"{name}.json": _json(each) for name, each in saved.items()}


def main() -> None:
    """Write the seeds that are missing."""
    for groups in (_tables, _arrays, _images, _annotations, _texts, _own):
        for reader, files in groups():
            for name, content in files.items():
                path = CORPUS / reader / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    path.write_bytes(content)


if __name__ == "__main__":
    main()
