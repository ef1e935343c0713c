"""Targets for everything else that is read: lists, palettes, configurations, weights, losses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fuzz import mutating
from fuzz.law import require, strict_json
from fuzz.reader_targets import _JSON_WORDS
from fuzz.target import Options, Target

from imbweights import Analysis, analyze, audit, check, diagnose
from imbweights.analysis import label_options
from imbweights.checking.settings import settings_from
from imbweights.core.class_list import class_list
from imbweights.core.config import find_config
from imbweights.core.cost_matrix import cost_matrix
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.evidence.data.loading import load
from imbweights.evidence.data.wishes import DataOptions
from imbweights.profiling import profile_of
from imbweights.sources.images.palettes import palette

_COUNTS = {"a": 5, "b": 7, "c": 900}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").replace("\0", "")


def _classes(data: bytes, folder: Path, options: Options) -> None:
    path = folder / "classes.txt"
    path.write_bytes(data)
    found = class_list(str(path) if options["file"] else _text(data)[:2000])
    require(all(type(name) is str for name in found.names), "a class name is no text")
    require(found.ids is None or len(found.ids) == len(found.names), "an id for each name")


def _palette(data: bytes, folder: Path, options: Options) -> None:
    del options
    path = folder / "palette.txt"
    path.write_bytes(data)
    found = palette(str(path))
    require(found.names, "a palette without colours")
    require(all(0 <= colour < 1 << 24 for colour in found.names), "a colour beyond 24 bits")


def _configuration(data: bytes, folder: Path, options: Options) -> None:
    path = folder / options["file"]
    path.write_bytes(data)
    found = find_config(folder)
    if found is None:
        return
    settings = settings_from(found.check, str(found.path), folder)
    for each in found.sets:
        strict_json(settings_from(each.check, str(found.path), folder, base=settings).to_dict())


def _baseline(data: bytes, folder: Path, options: Options) -> None:
    del options
    path = folder / "imbweights-baseline.json"
    path.write_bytes(data)
    strict_json(check(_COUNTS, baseline=path, drift_metric="linf").to_dict())


def _weights(data: bytes, folder: Path, options: Options) -> None:
    path = folder / f"weights{options['suffix']}"
    path.write_bytes(data)
    found = audit(path, _ANALYSIS, key=options.get("key"), used_as=options.get("used_as"))
    strict_json(found.to_dict())


def _typed_weights(data: bytes, folder: Path, options: Options) -> None:
    del folder, options
    strict_json(audit(_text(data)[:1000], _ANALYSIS).to_dict())


def _given_counts(data: bytes, folder: Path, options: Options) -> None:
    del folder
    typed = _text(data)[:2000]
    if options["what"] == "counts":
        spec = SourceSpec(counts=typed, options=LabelOptions())
    else:
        spec = SourceSpec(ratio=typed, options=LabelOptions())
    Analysis(profile_of(spec)).to_dict()


def _given_options(data: bytes, folder: Path, options: Options) -> None:
    """What a user types behind an option, on a small sound table."""
    table = folder / "table.csv"
    table.write_text("id,label,n,split\n1,cat,3,train\n2,dog,4,val\n3,cat,1,train\n", "utf-8")
    typed = _text(data)[:300]
    said = {**options.get("with", {}), options["option"]: typed}
    label_options(**said)
    analyze(table, jobs=1, **said)


def _costs(data: bytes, folder: Path, options: Options) -> None:
    path = folder / f"costs{options['suffix']}"
    path.write_bytes(data)
    found = cost_matrix(str(path))
    array = found.for_classes(found.classes or [str(i) for i in range(len(found.values))])
    require(np.isfinite(array).all(), "a cost that is not finite")


def _loss(data: bytes, folder: Path, options: Options) -> None:
    """Predictions, or targets beside sound predictions."""
    path = folder / f"given{options['suffix']}"
    path.write_bytes(data)
    if options["what"] == "predictions":
        found = diagnose(path, _TARGETS, half=options.get("half", False))
    else:
        found = diagnose(_PREDICTIONS, path, label=options.get("label"))
    strict_json(found.to_dict())


def _loss_weights(data: bytes, folder: Path, options: Options) -> None:
    path = folder / f"given{options['suffix']}"
    path.write_bytes(data)
    strict_json(diagnose(_PREDICTIONS, _TARGETS, weights=path).to_dict())


def _features(data: bytes, folder: Path, options: Options) -> None:
    """What a sweep reads: features beside the labels, or in an array of their own."""
    path = folder / f"given{options['suffix']}"
    path.write_bytes(data)
    label = LabelOptions(label=options.get("label"), header=options.get("header"))
    source, wishes = path, DataOptions()
    if options.get("embeddings"):
        source, wishes = folder / "labels.csv", DataOptions(embeddings=str(path))
        source.write_text("label\na\nb\na\nb\n", "utf-8")
    dataset = load(SourceSpec(paths=(str(source),), options=label, jobs=1), wishes)
    rows = np.arange(len(dataset.truth.table))
    encoded, _ = dataset.features.encoded(rows, rows[:1])
    require(encoded.shape[0] == len(rows), "a row of features for each label")


def _saved_weights(data: bytes, folder: Path, options: Options) -> None:
    _weights(data, folder, {"suffix": ".json", **options})


_ANALYSIS = analyze(_COUNTS)
_TARGETS = np.array([0, 1, 2, 1])
_PREDICTIONS = np.array([[2.0, 1, 0], [0, 1, 2], [0, 0, 1], [1, 1, 1]])
_NPY_WORDS = (b"'descr': '<f8'", b"'<f2'", b"'|O'", b"'<U3'", b"'shape': (4, 3)", b"nan", b"'>i4'")
_TOML_WORDS = (
    b"[[datasets]]",
    b"[check]",
    b"source = ",
    b"classes = [",
    b"min-count = ",
    b"[check.levels]",
    b"IMB003 = ",
    b"nan",
    b"inf",
    b"1979-05-27",
    b"[tool.imbweights]",
    b'"""',
)
_PROGRAM_WORDS = (
    b"class_weight = ",
    b"weight=",
    b"torch.tensor([",
    b"nn.CrossEntropyLoss(",
    b"np.array(",
    b" ** ",
    b"1 / ",
    b"[0.1] * 3",
    b"for x in ",
    b"lambda: ",
    b"9**9**9",
)

TARGETS = (
    Target(
        name="class_list",
        run=_classes,
        variants=({"file": True}, {"file": False}),
        words=(b"0=", b"id,name", b"0-18", b'{"0": "', b'["', b"\t", b" 255 0 0 0", b"#"),
    ),
    Target(
        name="palette",
        run=_palette,
        words=(b" 255 0 0", b"#ff0000 ", b"id,name,r,g,b", b":1,2,3::", b'{"label_map":', b"//"),
    ),
    Target(
        name="config",
        run=_configuration,
        variants=({"file": "imbweights.toml"}, {"file": "pyproject.toml"}),
        words=_TOML_WORDS,
    ),
    Target(
        name="baseline",
        run=_baseline,
        words=(*_JSON_WORDS, b'"weights":', b'"counts":', b'"order":', b'"splits":', b"Infinity"),
    ),
    Target(
        name="weights",
        run=_weights,
        variants=(
            {"suffix": ".json"},
            {"suffix": ".yaml"},
            {"suffix": ".toml"},
            {"suffix": ".csv"},
            {"suffix": ".txt", "used_as": "class-weight"},
        ),
        words=(
            *_JSON_WORDS,
            b"class_weight",
            b"weight: [",
            b"&a [*a]",
            b"!!python/object",
            b"<<: *a",
        ),
    ),
    Target(
        name="saved_weights",
        run=_saved_weights,
        words=(
            *_JSON_WORDS,
            b'"schema": "imbweights.weights/1"',
            b'"values":',
            b"Infinity",
            b"NaN",
        ),
    ),
    Target(
        name="weights_array",
        run=_weights,
        variants=({"suffix": ".npy"}, {"suffix": ".npz"}),
        mutate=mutating.zipped,
        words=_NPY_WORDS,
    ),
    Target(name="program", run=_weights, variants=({"suffix": ".py"},), words=_PROGRAM_WORDS),
    Target(
        name="typed_weights",
        run=_typed_weights,
        words=(b"a=", b"1e999", b"1/3", b";", b"nan", b"["),
    ),
    Target(
        name="typed_counts",
        run=_given_counts,
        variants=({"what": "counts"}, {"what": "ratio"}),
        words=(b"A=", b"1_000", b"1__0", b":", b"/", b"e400", b"\xd9\xa3"),
    ),
    Target(
        name="typed_options",
        run=_given_options,
        variants=tuple(
            {"option": option, **extra}
            for option, extra in (
                ("label", {}),
                ("split", {"with": {"label": "label"}}),
                ("count_column", {"with": {"label": "label"}}),
                ("classes", {}),
                ("delimiter", {}),
                ("encoding", {}),
                ("separator", {"with": {"label": "label"}}),
                ("ignore_label", {}),
                ("missing_value", {}),
                ("kind", {}),
                ("class_order", {}),
                ("palette", {"with": {"kind": "masks"}}),
            )
        ),
        words=(
            b"utf-16",
            b"utf-7",
            b"idna",
            b"label",
            b"rot13",
            b"\\x1f",
            b"hex",
            b"1",
            b"*",
            b"a,b",
        ),
    ),
    Target(
        name="costs",
        run=_costs,
        variants=({"suffix": ".csv"}, {"suffix": ".json"}, {"suffix": ".npy"}),
        words=(*_JSON_WORDS, *_NPY_WORDS, b"0,1\n1,0\n"),
    ),
    Target(
        name="loss",
        run=_loss,
        variants=(
            {"suffix": ".npy", "what": "predictions"},
            {"suffix": ".npy", "what": "predictions", "half": True},
            {"suffix": ".npy", "what": "targets"},
        ),
        words=_NPY_WORDS,
    ),
    Target(
        name="loss_table",
        run=_loss,
        variants=(
            {"suffix": ".csv", "what": "predictions"},
            {"suffix": ".csv", "what": "targets"},
            {"suffix": ".csv", "what": "targets", "label": "label"},
        ),
        words=(b"nan", b"inf", b"1e999", b",", b";", b"\t", b"label"),
    ),
    Target(
        name="features",
        run=_features,
        variants=(
            {"suffix": ".csv", "label": "label"},
            {"suffix": ".npy", "embeddings": True},
            {"suffix": ".npz"},
            {"suffix": ".mat"},
            {"suffix": ".svm"},
        ),
        words=(*_NPY_WORDS, b"label", b"nan", b"1e999", b" 1:", b","),
    ),
    Target(
        name="loss_weights",
        run=_loss_weights,
        variants=({"suffix": ".json"}, {"suffix": ".csv"}, {"suffix": ".npy"}),
        words=(*_JSON_WORDS, *_NPY_WORDS, b"class,weight", b"nan"),
    ),
    Target(
        name="loss_archive",
        run=_loss,
        variants=(
            {"suffix": ".npz", "what": "predictions"},
            {"suffix": ".npz", "what": "targets"},
        ),
        mutate=mutating.zipped,
        words=_NPY_WORDS,
    ),
)
