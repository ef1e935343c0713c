"""Saved results that lie, settings that make no sense, and what the other commands read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from hostile_cases.case import Case, Kind, Make
from hostile_cases.making import fifo, link_to, npy, repeated, saved_npy, saved_npz, text

_CSV = b"x,label\n1,a\n2,b\n3,b\n"
_DEEP = "[" * 100_000 + "]" * 100_000
_CLASS = {"index": 0, "name": "a", "count": 5, "share": 1.0, "present": 5, "extent": 5}
_SAVED: dict[str, Any] = {
    "schema": "imbweights.analysis/1",
    "task": "multiclass",
    "unit": "samples",
    "samples": 5,
    "missing": 0,
    "ignored": 0,
    "classes": [_CLASS],
}
_BASE: dict[str, Any] = {
    "task": "multiclass",
    "unit": "samples",
    "samples": 3,
    "order": ["a", "b"],
    "counts": {"a": 1, "b": 2},
}


def _saved(
    name: str,
    what: str,
    changes: dict[str, Any],
    *says: str,
    kind: Kind = Kind.LIE,
    status: int = 2,
    raw: bytes | None = None,
) -> Case:
    content = raw if raw is not None else json.dumps(_SAVED | changes).encode()
    return Case(
        name=f"saved-{name}",
        kind=kind,
        reader="analysis",
        what=what,
        files={"c.json": content},
        command=("suggest", "c.json"),
        says=("c.json", *says) if status else says,
        status=status,
    )


def _class(**changes: Any) -> dict[str, Any]:
    return {"classes": [_CLASS | changes]}


def _baseline(
    name: str, what: str, content: bytes | dict[str, Any], *says: str, kind: Kind = Kind.LIE
) -> Case:
    raw = (
        content
        if isinstance(content, bytes)
        else json.dumps(
            {"schema": "imbweights.baseline/1", "datasets": {"y.csv": _BASE | content}}
        ).encode()
    )
    return Case(
        name=f"baseline-{name}",
        kind=kind,
        reader="check",
        what=what,
        files={"b.json": raw, "y.csv": _CSV},
        command=("check", "y.csv", "--baseline", "b.json"),
        says=("b.json", *says),
    )


def _config(
    name: str,
    what: str,
    content: bytes | Make,
    *says: str,
    kind: Kind = Kind.SETTING,
    file: str = "imbweights.toml",
    status: int = 2,
    command: tuple[str, ...] = ("config",),
    megabytes: int = 700,
) -> Case:
    return Case(
        name=f"config-{name}",
        kind=kind,
        reader="config",
        what=what,
        files={file: content, "y.csv": _CSV},
        command=command,
        says=says,
        status=status,
        megabytes=megabytes,
    )


def _classes(
    name: str,
    what: str,
    content: bytes | Make,
    *says: str,
    kind: Kind = Kind.SETTING,
    option: str = "--classes",
    status: int = 2,
    counts: dict[str, int] | None = None,
    seconds: int = 30,
    megabytes: int = 900,
) -> Case:
    return Case(
        name=f"{option.strip('-')}-{name}",
        kind=kind,
        reader=option,
        what=what,
        files={"l.txt": content, "y.csv": _CSV},
        command=("analyze", "y.csv", option, "l.txt"),
        says=says,
        status=status,
        counts=counts,
        seconds=seconds,
        megabytes=megabytes,
    )


def _audit(
    name: str,
    what: str,
    file: str,
    content: bytes | Make,
    *says: str,
    kind: Kind = Kind.CODE,
    status: int = 2,
) -> Case:
    return Case(
        name=f"audit-{name}",
        kind=kind,
        reader="audit",
        what=what,
        files={file: content, "y.csv": _CSV},
        command=("audit", file, "--on", "y.csv"),
        says=says,
        status=status,
    )


def _loss(
    name: str,
    what: str,
    predictions: bytes,
    *says: str,
    kind: Kind = Kind.CLAIM,
    targets: bytes = saved_npy(np.array([0, 1, 2])),
    file: str = "p.npy",
    status: int = 2,
    more: tuple[str, ...] = (),
) -> Case:
    return Case(
        name=f"loss-{name}",
        kind=kind,
        reader="loss",
        what=what,
        files={file: predictions, "t.npy": targets},
        command=("loss", file, "--targets", "t.npy", *more),
        says=says,
        status=status,
    )


def _program(line: str) -> bytes:
    return text(
        f"import torch\nfrom torch import nn\n{line}\ncriterion = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))\n"
    )


_P = saved_npy(np.array([[0.1, 0.2, 0.7]] * 3))
_ALIASES = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)

OTHERS = (
    _saved("negative", "a count of −5", _class(count=-5), "between 0 and"),
    _saved("beyond", "a count of 2⁷⁰", _class(count=2**70), "between 0 and"),
    _saved("fraction", "a count of 2.5", _class(count=2.5), "whole"),
    _saved("text", "a count that is text", _class(count="many"), "whole"),
    _saved("nan", "a count of NaN", _class(count=float("nan")), "whole"),
    _saved("present", "more samples with a class than samples", _class(present=50), "samples"),
    _saved("samples", "−5 samples", {"samples": -5}, "between 0 and"),
    _saved("samples-infinite", "infinitely many samples", {"samples": float("inf")}),
    _saved("twice", "a class twice", {"classes": [_CLASS, _CLASS]}, "twice"),
    _saved("task", "a task that does not exist", {"task": "guess"}),
    _saved("classes", "classes that are a number", {"classes": 5}),
    _saved(
        "sets",
        "label sets with indices beyond the classes",
        {"task": "multilabel", "label_sets": [{"labels": [7], "rows": 5}]},
        "set of labels",
    ),
    _saved("schema", "a schema of the future", {"schema": "imbweights.analysis/99"}, "schema"),
    _saved("list", "a list instead of an object", {}, raw=b'{"schema": "imbweights.analysis/1"}'),
    _saved(
        "deep",
        "nested 100,000 deep",
        {},
        kind=Kind.DEPTH,
        raw=text('{"schema": "imbweights.analysis/1", "classes": ' + _DEEP + "}"),
    ),
    Case(
        name="saved-memory",
        kind=Kind.LIE,
        reader="suggest",
        what="the memory of the last run is no JSON: as if nothing was analysed",
        files={".imbweights_cache/last.json": b'{"schema": "imbweights.last/1", "total": ['},
        command=("suggest",),
        says=("no source",),
    ),
    Case(
        name="saved-memory-wrong",
        kind=Kind.LIE,
        reader="suggest",
        what="the memory of the last run holds other things",
        files={
            ".imbweights_cache/last.json": b'{"schema": "imbweights.last/1", "total": {"classes": [{"name": 5}]}, "splits": [], "source": 1, "spec": {}}'
        },
        command=("suggest",),
        says=("no source",),
    ),
    Case(
        name="saved-memory-deep",
        kind=Kind.DEPTH,
        reader="suggest",
        what="the memory of the last run is nested 100,000 deep",
        files={".imbweights_cache/last.json": text('{"schema": ' + _DEEP + "}")},
        command=("suggest",),
        says=("no source",),
    ),
    _baseline("negative", "a count of −5", {"counts": {"a": -5, "b": 2}}, "garbles"),
    _baseline("nan", "a count of NaN", {"counts": {"a": float("nan"), "b": 2}}, "garbles"),
    _baseline("beyond", "a count of 2⁷⁰", {"counts": {"a": 2**70, "b": 2}}, "garbles"),
    _baseline("order", "an order without a class", {"order": ["a"]}, "different classes"),
    _baseline(
        "weights",
        "a weight of −1",
        {"scheme": {"name": "balanced", "weights": {"a": -1, "b": 1}}},
        "garbles",
    ),
    _baseline(
        "sets",
        "data sets that are a list",
        b'{"schema": "imbweights.baseline/1", "datasets": []}',
        "data sets",
    ),
    _baseline("deep", "nested 100,000 deep", text(_DEEP), kind=Kind.DEPTH),
    _baseline("noise", "noise", bytes(range(256)), kind=Kind.DAMAGE),
    _config(
        "deep",
        "arrays nested 100,000 deep",
        text(f"label = {_DEEP}"),
        "imbweights.toml",
        kind=Kind.DEPTH,
    ),
    _config(
        "dotted",
        "a key of 20,000 parts",
        text(".".join("a" * 20_000) + " = 1"),
        "50 parts",
        kind=Kind.DEPTH,
    ),
    _config(
        "digits",
        "a number of 10,000 digits",
        text(f"source = 'y.csv'\nlabel = {'1' * 10_000}"),
        "imbweights.toml",
        kind=Kind.NUMBER,
    ),
    _config(
        "huge", "100 MiB", repeated(b"# " + b"x" * 1022, 102_400), "too large", kind=Kind.LENGTH
    ),
    _config("bytes", "not UTF-8", b"source = '\xff'", "imbweights.toml", kind=Kind.DAMAGE),
    _config("unknown", "a key that does not exist", b"execute = 'rm -rf /'", "unknown key"),
    _config("types", "a source that is a number", b"source = 5.5", "source"),
    _config(
        "project",
        "a tool that is a list: no configuration",
        b"tool = [1]",
        file="pyproject.toml",
        status=0,
    ),
    _config(
        "limits", "a limit that is no size", b"source = 'y.csv'\nmax-bytes = 'all'", "max-bytes"
    ),
    _config(
        "limits-negative",
        "a limit of −1 pixels",
        b"source = 'y.csv'\nmax-pixels = -1",
        "max-pixels",
    ),
    Case(
        name="limits-typed",
        kind=Kind.SETTING,
        reader="--max-bytes",
        what="a limit of 0",
        files={"y.csv": _CSV},
        command=("analyze", "y.csv", "--max-bytes", "0"),
        says=("--max-bytes",),
    ),
    Case(
        name="limits-pixels-typed",
        kind=Kind.SETTING,
        reader="--max-pixels",
        what="a limit of 1e999",
        files={"y.csv": _CSV},
        command=("analyze", "y.csv", "--max-pixels", "1e999"),
        says=("--max-pixels",),
    ),
    _classes(
        "million",
        "a million names",
        lambda p: p.write_text("a\nb\n" + "".join(f"c{i}\n" for i in range(1_000_000))),
        kind=Kind.LENGTH,
        status=0,
        seconds=90,
        megabytes=2500,
    ),
    _classes("zeros", "names with zeros", b"a\nb\0c\n"),
    _classes("json-deep", "JSON nested 100,000 deep", text(_DEEP), kind=Kind.DEPTH),
    _classes(
        "json-digits",
        "an id of 10,000 digits",
        text(f'{{"{"1" * 10_000}": "a"}}'),
        kind=Kind.NUMBER,
    ),
    _classes(
        "huge",
        "100 MiB of names",
        repeated(b"abcdefg\n" * 128, 102_400),
        "too large",
        kind=Kind.LENGTH,
    ),
    _classes("noise", "noise", bytes(range(256)), "utf-8", kind=Kind.DAMAGE),
    Case(
        name="classes-range",
        kind=Kind.NUMBER,
        reader="--classes",
        what="the range 0-999999999999",
        files={"y.csv": _CSV},
        command=("analyze", "y.csv", "--classes", "0-999999999999"),
        says=("range",),
    ),
    *(
        Case(
            name=f"palette-{name}",
            kind=kind,
            reader="--palette",
            what=what,
            files={"l.txt": content, "m.npy": saved_npy(np.zeros((40, 40), np.uint8))},
            command=("analyze", "m.npy", "--as", "masks", "--palette", "l.txt"),
            says=("--palette", *says),
        )
        for name, what, content, kind, says in (
            ("json-deep", "JSON nested 100,000 deep", text('{"a": ' + _DEEP + "}"), Kind.DEPTH, ()),
            (
                "json-colours",
                "colours of 10³⁰",
                b'{"label_map": {"0": "a"}, "segmentation_colors": [[1e30, 0, 0]]}',
                Kind.NUMBER,
                (),
            ),
            ("noise", "noise", bytes(range(256)), Kind.DAMAGE, ("utf-8",)),
            ("nothing", "is empty", b"", Kind.DAMAGE, ("no classes",)),
            ("quotes", "a quote that is never closed", b'"a,1,2,3\n', Kind.DAMAGE, ()),
            ("field", "a name of 200,000 signs", b"a" * 200_000 + b",1,2,x\n", Kind.LENGTH, ()),
        )
    ),
    _audit(
        "power",
        "9 ** 9 ** 9 ** 9",
        "t.py",
        _program("x = 9 ** 9 ** 9 ** 9"),
        kind=Kind.NUMBER,
        status=0,
    ),
    _audit(
        "power-weights",
        "weights of 9 ** 9 ** 9",
        "t.py",
        text("class_weight = [9 ** 9 ** 9, 2.0]\n"),
        "IMB106",
        kind=Kind.NUMBER,
        status=1,
    ),
    _audit(
        "repeat",
        "[1] * 10 ** 12",
        "t.py",
        text("class_weights = [1.0] * 10 ** 12\n"),
        kind=Kind.LENGTH,
    ),
    _audit(
        "doubling",
        "a list that doubles 60 times",
        "t.py",
        text(
            "w0 = [1.0, 2.0]\n"
            + "".join(f"w{i} = w{i - 1} + w{i - 1}\n" for i in range(1, 60))
            + "class_weights = w59\n"
        ),
        kind=Kind.LENGTH,
    ),
    _audit(
        "doubling-comprehension",
        "comprehensions inside comprehensions",
        "t.py",
        text("r = [1.0] * 90000\nclass_weights = " + "[" * 20 + "1.0" + " for i in r]" * 20 + "\n"),
        kind=Kind.LENGTH,
    ),
    _audit(
        "circle",
        "names that lead round",
        "t.py",
        text("a = b\nb = a\nclass_weights = a\n"),
        kind=Kind.DEPTH,
    ),
    _audit(
        "deep",
        "brackets nested 150 deep",
        "t.py",
        text("class_weights = " + "[" * 150 + "1.0" + "]" * 150 + "\n"),
        kind=Kind.DEPTH,
    ),
    _audit(
        "deeper",
        "brackets nested 100,000 deep",
        "t.py",
        text("class_weights = " + "[" * 100_000 + "]" * 100_000 + "\n"),
        "parsed",
        kind=Kind.DEPTH,
    ),
    _audit(
        "minus",
        "50,000 minus signs",
        "t.py",
        text("class_weights = [" + "-" * 50_000 + "1.0, 2.0]\n"),
        kind=Kind.DEPTH,
    ),
    _audit(
        "chain",
        "a sum of 50,000 terms",
        "t.py",
        text("class_weights = [" + "+".join(["1.0"] * 50_000) + ", 2.0]\n"),
        kind=Kind.DEPTH,
    ),
    _audit(
        "blocks",
        "90 loops inside each other",
        "t.py",
        text(
            "".join(" " * i + f"for x{i} in y:\n" for i in range(90))
            + " " * 90
            + "pass\nclass_weights = [1.0, 2.0]\n"
        ),
        kind=Kind.DEPTH,
        status=0,
    ),
    _audit(
        "digits",
        "a number of 10,000 digits",
        "t.py",
        text(f"class_weights = [{'1' * 10_000}, 2.0]\n"),
        kind=Kind.NUMBER,
    ),
    _audit(
        "zeros",
        "zeros between the letters",
        "t.py",
        b"class_weights = [1.0, 2.0]\0\n",
        kind=Kind.DAMAGE,
    ),
    _audit(
        "call",
        "a program that would run another",
        "t.py",
        text(
            "import os\nos.system('touch attacked')\nclass_weights = [float(os.popen('touch attacked').read()), 1.0]\n"
        ),
    ),
    _audit(
        "shift",
        "1 << 10 ** 12",
        "t.py",
        text("class_weights = [1 << 10 ** 12, 2.0]\n"),
        kind=Kind.NUMBER,
    ),
    _audit(
        "linspace",
        "linspace of 10¹² numbers",
        "t.py",
        text("import numpy as np\nclass_weights = np.linspace(0, 1, 10 ** 12)\n"),
        kind=Kind.LENGTH,
    ),
    _audit(
        "ones",
        "ones of 10¹² numbers",
        "t.py",
        text("import numpy as np\nclass_weights = np.ones(10 ** 12)\n"),
        kind=Kind.LENGTH,
    ),
    _audit(
        "range",
        "range of 10¹² numbers",
        "t.py",
        text("class_weights = [1.0 for i in range(10 ** 12)]\n"),
        kind=Kind.LENGTH,
    ),
    _audit(
        "yaml-aliases",
        "aliases that grow to 10¹⁰ numbers",
        "t.yaml",
        text(_ALIASES + "class_weight: *a9\n"),
        "aliases",
        kind=Kind.ENTITY,
    ),
    _audit(
        "yaml-tag",
        "a tag that would run a program",
        "t.yaml",
        b"class_weight: !!python/object/apply:os.system ['touch attacked']\n",
    ),
    _audit(
        "yaml-deep",
        "lists nested 10,000 deep",
        "t.yaml",
        text("class_weight: " + "[" * 10_000 + "]" * 10_000),
        "nested",
        kind=Kind.DEPTH,
    ),
    _audit(
        "yaml-date",
        "a date that does not exist",
        "t.yaml",
        b"class_weight: [2023-99-99, 1]\n",
        kind=Kind.DAMAGE,
    ),
    _audit("json-deep", "JSON nested 100,000 deep", "w.json", text(_DEEP), kind=Kind.DEPTH),
    _audit(
        "json-digits",
        "a weight of 10,000 digits",
        "w.json",
        text(f"[{'1' * 10_000}, 2]"),
        kind=Kind.NUMBER,
    ),
    _audit("json-float", "a weight of 1e999", "w.json", b"[1e999, 2]", kind=Kind.NUMBER, status=1),
    _audit(
        "toml-deep",
        "TOML nested 100,000 deep",
        "w.toml",
        text(f"class_weight = {_DEEP}"),
        kind=Kind.DEPTH,
    ),
    _audit(
        "csv-exponent",
        "a weight of 1e-999999999",
        "w.csv",
        b"class,weight\na,1e-999999999\nb,2\n",
        kind=Kind.NUMBER,
        status=1,
    ),
    _audit(
        "csv-field",
        "a name of 200,000 signs",
        "w.csv",
        b"class,weight\n" + b"a" * 200_000 + b",1\nb,2\n",
        kind=Kind.LENGTH,
    ),
    _audit(
        "npy-claim",
        "claims 10¹² weights",
        "w.npy",
        npy("|u1", "(1000000000000,)", bytes(8)),
        "w.npy",
        kind=Kind.CLAIM,
    ),
    _audit("pickle", "a pickle of torch", "w.pt", b"PK\x03\x04" + bytes(100), "pickle"),
    _audit("pipe", "a pipe", "w.json", fifo, kind=Kind.PLACE),
    Case(
        name="audit-typed",
        kind=Kind.LENGTH,
        reader="audit",
        what="20,000 weights for two classes on the command line",
        files={"y.csv": _CSV},
        command=("audit", ",".join(["1"] * 20_000), "--on", "y.csv"),
        status=1,
        says=("20,000",),
    ),
    _loss(
        "terabytes",
        "predictions that claim 10¹² rows",
        npy("<f8", "(1000000000000, 3)", bytes(80)),
        "p.npy",
        "cut off",
    ),
    _loss("negative", "a shape of (−3, 3)", npy("<f8", "(-3, 3)", bytes(80)), "p.npy"),
    _loss(
        "objects",
        "predictions that are objects",
        npy("|O", "(3, 3)", bytes(80)),
        "pickle",
        kind=Kind.CODE,
    ),
    _loss(
        "text",
        "predictions that are text",
        saved_npy(np.array([["a"] * 3] * 3)),
        "p.npy",
        kind=Kind.DAMAGE,
    ),
    _loss(
        "rows",
        "more targets than predictions",
        _P,
        kind=Kind.LIE,
        targets=saved_npy(np.zeros(1000, dtype=int)),
    ),
    _loss(
        "class-huge",
        "a target of 10¹²",
        _P,
        kind=Kind.NUMBER,
        targets=saved_npy(np.array([0, 1, 10**12])),
        status=1,
    ),
    _loss(
        "class-float",
        "a target of 10³⁰⁰",
        _P,
        kind=Kind.NUMBER,
        targets=saved_npy(np.array([0, 1, 1e300])),
        status=2,
    ),
    _loss("nothing", "no predictions", saved_npy(np.zeros((0, 3))), "p.npy", kind=Kind.DAMAGE),
    _loss(
        "csv",
        "numbers of 1e999 in a table",
        b"a,b,c\n1e999,0,0\n0,1,0\n0,0,1\n",
        kind=Kind.NUMBER,
        file="p.csv",
        status=1,
    ),
    _loss(
        "npz-method",
        "an archive that is cut off",
        saved_npz(p=np.zeros((3, 3)))[:40],
        "p.npz",
        file="p.npz",
        kind=Kind.DAMAGE,
    ),
    _loss(
        "weights", "weights that are a pipe", _P, kind=Kind.PLACE, more=("--weights", "nowhere.npy")
    ),
    Case(
        name="loss-weights-claim",
        kind=Kind.CLAIM,
        reader="loss",
        what="weights that claim 10¹² numbers",
        files={
            "p.npy": _P,
            "t.npy": saved_npy(np.array([0, 1, 2])),
            "w.npy": npy("<f8", "(1000000000000,)", bytes(8)),
        },
        command=("loss", "p.npy", "--targets", "t.npy", "--weights", "w.npy"),
        says=("w.npy",),
    ),
    Case(
        name="suggest-costs",
        kind=Kind.CLAIM,
        reader="--costs",
        what="a cost matrix that claims 10⁶ × 10⁶",
        files={"c.npy": npy("<f8", "(1000000, 1000000)", bytes(8)), "y.csv": _CSV},
        command=("suggest", "y.csv", "--scheme", "cost", "--costs", "c.npy"),
        says=("costs",),
    ),
    Case(
        name="suggest-costs-deep",
        kind=Kind.DEPTH,
        reader="--costs",
        what="a cost matrix nested 100,000 deep",
        files={"c.json": text(_DEEP), "y.csv": _CSV},
        command=("suggest", "y.csv", "--costs", "c.json"),
        says=("costs",),
    ),
    Case(
        name="sweep-one-row",
        kind=Kind.DAMAGE,
        reader="sweep",
        what="a table of one row",
        files={"y.csv": b"x,label\n1,a\n"},
        command=("sweep", "y.csv"),
        says=("class",),
    ),
    Case(
        name="sweep-infinite",
        kind=Kind.NUMBER,
        reader="sweep",
        what="features of 1e999",
        files={"y.csv": b"x,label\n" + b"1e999,a\n2,b\n3,a\n4,b\n" * 20},
        command=("sweep", "y.csv", "--folds", "2"),
        status=0,
    ),
    Case(
        name="sweep-embeddings",
        kind=Kind.CLAIM,
        reader="sweep",
        what="embeddings that claim 10¹² rows",
        files={
            "y.csv": b"label\n" + b"a\nb\n" * 30,
            "e.npy": npy("<f8", "(1000000000000, 3)", bytes(8)),
        },
        command=("sweep", "y.csv", "--embeddings", "e.npy"),
        says=("e.npy",),
    ),
    Case(
        name="report-folder",
        kind=Kind.PLACE,
        reader="report",
        what="a report into a folder that is not there",
        files={"y.csv": _CSV},
        command=("report", "y.csv", "-o", "nowhere/r.html"),
        says=("nowhere",),
    ),
    Case(
        name="report-labels",
        kind=Kind.NAME,
        reader="report",
        what="labels that are HTML and scripts",
        files={
            "y.csv": text(
                "label\n<script>alert(1)</script>\n<img src=x onerror=y>\n<img src=x onerror=y>\n"
            )
        },
        command=("report", "y.csv", "-o", "r.html"),
        status=0,
        says=("wrote r.html",),
    ),
    Case(
        name="report-itself",
        kind=Kind.PLACE,
        reader="report",
        what="a report over its own source",
        files={"y.html": b"label\na\nb\n"},
        command=("report", "y.html", "--as", "lines", "-o", "y.html"),
        says=("overwritten",),
    ),
    Case(
        name="plot-full",
        kind=Kind.PLACE,
        reader="plot",
        what="a picture into a pipe",
        files={"y.csv": _CSV, "p.svg": fifo},
        command=("plot", "y.csv", "-o", "p.svg"),
        status=0,
    ),
    Case(
        name="plot-labels",
        kind=Kind.NAME,
        reader="plot",
        what="labels that are formulas of TeX",
        files={"y.csv": text("label\n$\\frac{$\n\\input{/etc/passwd}\n\\input{/etc/passwd}\n")},
        command=("plot", "y.csv", "-o", "p.svg"),
        status=0,
        says=("wrote p.svg",),
    ),
    Case(
        name="init-strange",
        kind=Kind.PLACE,
        reader="init",
        what="a folder of pipes, loops and noise",
        files={
            "p.csv": fifo,
            "l.csv": link_to("l.csv"),
            "n.csv": bytes(range(256)),
            "y.csv": _CSV,
        },
        command=("init",),
        status=0,
        says=("y.csv",),
    ),
    Case(
        name="init-deep-config",
        kind=Kind.DEPTH,
        reader="init",
        what="a pyproject.toml nested 100,000 deep",
        files={"pyproject.toml": text(f"x = {_DEEP}"), "y.csv": _CSV},
        command=("init",),
        says=("pyproject.toml",),
    ),
    Case(
        name="rule-strange",
        kind=Kind.NAME,
        reader="rule",
        what="a code that moves the cursor",
        command=("rule", "\x1b[2JIMB"),
        says=("\\x1b",),
    ),
    Case(
        name="check-split",
        kind=Kind.LIE,
        reader="check",
        what="splits that are the same file",
        files={"y.csv": _CSV},
        command=("check", "train=y.csv", "val=y.csv"),
        status=1,
        says=("imb",),
    ),
    Case(
        name="check-select",
        kind=Kind.SETTING,
        reader="check",
        what="rules that do not exist",
        files={"y.csv": _CSV},
        command=("check", "y.csv", "--select", "IMB999999"),
        says=("IMB999999",),
    ),
)
