"""Losses of predictions at the edges: odd tables, names, weights, half precision, many classes, blocks."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from losses_cases import HITS, LABEL_P, P, T, W, Z
from support import write

from imbweights import Diagnosis, ImbweightsError, diagnose, suggest
from imbweights.diagnosis import pairing
from imbweights.diagnosis.diagnosing import diagnosis_of
from imbweights.diagnosis.request import Request
from imbweights.losses import weighted_binary_cross_entropy, weighted_cross_entropy

Array = npt.NDArray[Any]
NAMES = np.array(["cat", "dog", "eel", "fox"])
PLAIN = float(weighted_cross_entropy(Z, T).value)
TRUE = float(weighted_cross_entropy(Z, T, weight=W).value)


def plain(found: Diagnosis) -> float:
    """The first loss without weights."""
    return found.losses[0].plain


def message(found: Diagnosis, code: str) -> str:
    """What is said under a code."""
    return " ".join(f.message for f in found.findings if f.code == code)


class Tensor:
    """Stands for a tensor that remembers its gradient: NumPy cannot have it before ``detach``."""

    def __init__(self, array: Array) -> None:
        """Hold the numbers."""
        self._array = array
        self._free = False

    def __array__(self, *_: Any, **__: Any) -> Array:
        """As torch refuses it."""
        if not self._free:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self._array

    def detach(self) -> Tensor:
        """The numbers alone."""
        self._free = True
        return self

    def cpu(self) -> Tensor:
        """Already there."""
        return self


def test_tensors() -> None:
    """Predictions, targets and weights that remember their gradients."""
    found = diagnose(Tensor(Z), Tensor(T), weights=Tensor(W))
    assert found.losses[0].weighted == pytest.approx(TRUE)


def test_one_prediction_alone() -> None:
    """Without an axis of samples: ln(1 + e⁻²)."""
    assert plain(diagnose([2.0, 0.0], 0)) == pytest.approx(math.log1p(math.exp(-2)))


# -- tables ------------------------------------------------------------------------------------


def _table(folder: Path) -> Path:
    """Predictions, an id, text, and the targets of labels in one table."""
    frame = pd.DataFrame(LABEL_P, columns=["p_red", "p_green", "p_blue"][: LABEL_P.shape[1]])
    frame.insert(0, "id", range(len(frame)))
    frame["note"] = "x"
    for i, name in enumerate(["tag_red", "tag_green", "tag_blue"][: HITS.shape[1]]):
        frame[name] = HITS[:, i].astype(int)
    frame.to_csv(folder / "both.csv", index=False)
    return folder / "both.csv"


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ("p_*", "tag_red,tag_green,tag_blue"),
        ("p_red:p_blue", "tag_*"),
        ("p_red,p_green,p_blue", "tag_red:tag_blue"),
    ],
)
def test_columns_of_several_labels(columns: str, label: str, tmp_path: Path) -> None:
    """By a pattern, as a span, or one by one: the same numbers as the arrays."""
    path = _table(tmp_path)
    found = diagnose(path, path, columns=columns, label=label)
    assert found.read.kind == "labels"
    assert plain(found) == pytest.approx(plain(diagnose(LABEL_P, HITS)))


def test_an_id_is_no_prediction(tmp_path: Path) -> None:
    """Nor is what the targets are."""
    path = tmp_path / "z.csv"
    pd.DataFrame(Z, columns=NAMES).assign(id=range(50)).to_csv(path, index=False)
    found = diagnose(path, NAMES[T])
    assert plain(found) == pytest.approx(PLAIN)
    one = tmp_path / "one.csv"
    pd.DataFrame({"id": range(50), "p": LABEL_P.reshape(-1)[:50]}).to_csv(one, index=False)
    binary = diagnose(one, HITS.reshape(-1)[:50], columns="p")
    assert plain(binary) == pytest.approx(
        plain(diagnose(LABEL_P.reshape(-1)[:50], HITS.reshape(-1)[:50]))
    )


TABLES: dict[str, tuple[Callable[[Path], tuple[Any, Any]], dict[str, Any], str]] = {
    "no such column": (lambda d: (_table(d), HITS), {"columns": "q_*"}, "has no such column"),
    "a span to nowhere": (lambda d: (_table(d), HITS), {"columns": "p_red:p_gray"}, "has no such column"),
    "text": (lambda d: (_table(d), HITS), {"columns": "p_red,note"}, "column 'note' holds text"),
    "no text that is known": (lambda d: (write(d / "a.csv", b"a,b\n1,\xff\n"), T), {}, "is no table of numbers"),
    "no Parquet": (lambda d: (write(d / "a.parquet", b"PAR1"), T), {}, "is no table of numbers"),
    "an array that is not there": (lambda d: (_archive(d), T), {"columns": "z"}, "no array 'z'"),
    "two arrays": (lambda d: (_archive(d), T), {}, "which of the 2 arrays holds the predictions"),
    "a device": (lambda _: (Path("/dev/null"), T), {}, "is a device, pipe or socket"),
    "numbers that are no class": (lambda _: (Z, np.where(T > 0, 1e17, 0.0)), {}, "holds 1e\\+17, which is no class"),
    "several labels a row": (lambda d: (Z, _jsonl(d)), {"label": "tags"}, "not one per row"),
    "two axes": (lambda _: (np.ones((2, 2, 2)), np.stack([np.eye(2)] * 2)), {}, "--class-axis"),
}  # fmt: skip


def _archive(folder: Path) -> Path:
    np.savez(folder / "two.npz", first=Z, second=Z)
    return folder / "two.npz"


def _jsonl(folder: Path) -> Path:
    rows = [{"tags": ["a", "b"]}, {"tags": ["a"]}]
    return write(folder / "t.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize(("make", "options", "words"), TABLES.values(), ids=TABLES)
def test_what_cannot_be_meant(
    make: Callable[[Path], tuple[Any, Any]], options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    """A message that says what was found."""
    with pytest.raises(ImbweightsError, match=words):
        diagnose(*make(tmp_path), **options)


def test_an_array_of_an_archive_by_its_name(tmp_path: Path) -> None:
    """Where the usual names are not used."""
    np.savez(tmp_path / "two.npz", mine=Z, first=Z * 0, truth=T)
    path = tmp_path / "two.npz"
    assert plain(diagnose(path, path, columns="mine", label="truth")) == pytest.approx(PLAIN)


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        ["Cat", "DOG", "eel", "Fox"],
        ["p(Cat)", "p(DOG)", "p(eel)", "p(Fox)"],
    ],
)
def test_columns_that_are_spelled_otherwise(columns: list[str], tmp_path: Path) -> None:
    """Capitals make no other class; the order is that of the columns."""
    pd.DataFrame(Z[:, ::-1], columns=columns[::-1]).to_csv(tmp_path / "z.csv", index=False)
    found = diagnose(tmp_path / "z.csv", NAMES[T])
    assert [c.name for c in found.classes] == list(NAMES[::-1])
    assert plain(found) == pytest.approx(PLAIN)


def test_columns_of_which_one_begins_like_the_other(tmp_path: Path) -> None:
    """What they share ends where one of them ends."""
    z = Z[:, :2]
    frame = pd.DataFrame(z[:, ::-1], columns=["p_cat_big", "p_cat"])
    frame.to_csv(tmp_path / "z.csv", index=False)
    labels = np.array(["cat", "cat_big"])[T % 2]
    found = diagnose(tmp_path / "z.csv", labels)
    assert [c.name for c in found.classes] == ["cat_big", "cat"]
    assert plain(found) == pytest.approx(float(weighted_cross_entropy(z, T % 2).value))


def test_numbered_columns_say_no_names(tmp_path: Path) -> None:
    """The names are sorted, as without a header, and that is said."""
    pd.DataFrame(Z, columns=[f"class_{i}" for i in range(4)]).to_csv(
        tmp_path / "z.csv", index=False
    )
    found = diagnose(tmp_path / "z.csv", NAMES[T])
    assert [c.name for c in found.classes] == list(NAMES)
    assert any("sorted" in note for note in found.read.notes)


def test_a_class_is_ignored_by_its_name() -> None:
    """Though the targets are numbers, also where these are ids."""
    kept = T != 3
    expected = float(weighted_cross_entropy(Z[kept], T[kept]).value)
    assert plain(diagnose(Z, T, classes=list(NAMES), ignore_label="fox")) == pytest.approx(expected)
    by_id = dict(zip([10, 20, 30, 40], NAMES, strict=True))
    found = diagnose(Z, (T + 1) * 10, classes=by_id, ignore_label="fox")
    assert plain(found) == pytest.approx(expected)
    assert found.read.ignored == int((~kept).sum())


def test_ids_in_order_are_indices() -> None:
    """0=cat,1=dog,… says no more than the names."""
    found = diagnose(Z, T, classes=dict(enumerate(NAMES)))
    assert [c.name for c in found.classes] == list(NAMES)
    assert plain(found) == pytest.approx(PLAIN)


def test_names_that_are_numbers_of_others(tmp_path: Path) -> None:
    """A number in a text is the id, as it is in an array."""
    path = write(tmp_path / "t.txt", "".join(f"{t + 1}\n" for t in T % 2))
    classes = {1: "2", 2: "1"}
    by_text, by_array = (diagnose(Z[:, :2], t, classes=classes) for t in (path, T % 2 + 1))
    assert [c.name for c in by_text.classes] == [c.name for c in by_array.classes] == ["2", "1"]
    assert by_text.losses == by_array.losses


# -- weights -----------------------------------------------------------------------------------

FILES = {
    "our own": ("w.json", None),
    "names and numbers": ("w.csv", "cat,0.5\nfox,0.25\neel,7\ndog,2\n"),
    "a column": ("w.csv", "weight,note\n0.5,a\n2,b\n7,c\n0.25,d\n"),
}


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
def test_weights_of_files(name: str, content: str | None, tmp_path: Path) -> None:
    """In every form in which they are written down."""
    labels = NAMES[T].tolist()
    own = suggest(labels, "balanced")
    path = write(tmp_path / name, content or json.dumps(own.to_dict()))
    expected = W if content else np.array(own.values)
    found = diagnose(Z, labels, weights=path)
    assert [c.weight for c in found.classes] == pytest.approx(expected.tolist())


@pytest.mark.parametrize(
    ("weights", "words"),
    [([], "weights: are none"), ("w.yaml", r"w\.yaml: is no \.json, \.csv or \.npy file")],
)
def test_weights_that_are_none(
    weights: Any, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing, and a file of another kind."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "w.yaml", "[1, 2]\n")
    with pytest.raises(ImbweightsError, match=words):
        diagnose(Z, T, weights=weights)


def test_pos_weight_in_all_its_forms() -> None:
    """One for all labels is each; one by name is that of the second class; a scheme is N/P."""
    labels = diagnose(LABEL_P, HITS, weights=[3.0])
    each = diagnose(LABEL_P, HITS, weights=[3.0] * LABEL_P.shape[1])
    assert labels.losses == each.losses
    p, t = LABEL_P.reshape(-1), HITS.reshape(-1).astype(int)
    named = diagnose(p, t, weights={"1": 5.0}).losses[0].weighted
    logits = np.log(p) - np.log1p(-p)
    expected = weighted_binary_cross_entropy(logits, t, pos_weight=5.0).value
    assert named == pytest.approx(float(expected), rel=1e-5)
    by_scheme = diagnose(p, t, scheme="pos-weight").classes[1].weight
    assert by_scheme == pytest.approx((t == 0).sum() / t.sum())
    with pytest.raises(ImbweightsError, match="these are labels"):
        diagnose(LABEL_P, HITS, scheme="balanced")


# -- precision ---------------------------------------------------------------------------------


def test_labels_in_half_precision() -> None:
    """What only float16 makes infinite, 0 or 1 is found in what is stored with more digits."""
    z = np.array([[70000.0, 1.0], [-2.0, 3.0]])
    t = np.array([[1, 0], [0, 1]])
    text = message(diagnose(z, t, half=True, from_logits=True, multilabel=True), "IMB205")
    assert "logits above 65504 become infinite" in text
    p = np.array([[1e-9, 0.5], [0.5, 1 - 1e-5]])
    text = message(diagnose(p, 1 - t, half=True, from_logits=False, multilabel=True), "IMB205")
    assert "probabilities round to 0 or 1" in text
    assert "2 of 2 rows" in text
    assert not message(diagnose(p, 1 - t, from_logits=False, multilabel=True), "IMB205")


def test_what_is_stored_in_half_precision() -> None:
    """Zeros of float16 may be numbers that were too small; without any nothing is said."""
    p = np.array([[1.0, 0.0], [0.25, 0.75]], dtype=np.float16)
    assert "exactly 0 or 1" in message(diagnose(p, [0, 1], from_logits=False), "IMB205")
    fine = np.array([[0.5, 0.5], [0.25, 0.75]], dtype=np.float16)
    assert not message(diagnose(fine, [0, 1], from_logits=False), "IMB205")


def test_infinity_among_probabilities_and_labels() -> None:
    """An error of the predictions; a sigmoid makes 0 or 1 of an infinite logit."""
    p = P.copy()
    p[3, 1] = np.inf
    assert "infinite" in message(diagnose(p, T, from_logits=False), "IMB206")
    z = np.array([[np.inf, 1.0], [-2.0, 3.0]])
    t = np.array([[1, 0], [0, 1]])
    found = diagnose(z, t, from_logits=True, multilabel=True)
    assert "Sigmoid makes exactly 0 and 1 of them" in message(found, "IMB206")


# -- many --------------------------------------------------------------------------------------


def test_more_classes_than_have_thresholds() -> None:
    """Each still has its scores; of labels as well as of classes."""
    k = 1001
    x = np.zeros((3, k))
    x[np.arange(3), [0, 1, 5]] = 4.0
    found = diagnose(x, [0, 1, 2], from_logits=True)
    assert found.confusion is None
    assert [c.threshold for c in found.classes[:3]] == [None] * 3
    assert [c.recall for c in found.classes[:3]] == [1.0, 1.0, 0.0]
    hits = np.zeros((3, k), dtype=int)
    hits[:, 0] = hits[0, 1] = 1
    labels = diagnose(x, hits, from_logits=True)
    assert labels.classes[0].threshold is None
    assert labels.classes[0].recall == pytest.approx(1 / 3)


def test_labels_that_are_all_ignored() -> None:
    """There is no loss to speak of."""
    found = diagnose(LABEL_P, np.full(HITS.shape, 255), ignore_label=255)
    assert math.isnan(plain(found))
    assert found.read.ignored == HITS.size


def test_labels_that_are_rare() -> None:
    """Rows of zeros are no classes that are left out, even if no row has two."""
    hits = np.zeros(LABEL_P.shape, dtype=int)
    hits[:5, 0] = 1
    assert diagnose(LABEL_P, hits).read.kind == "labels"


def test_one_hot_targets_with_a_class_axis() -> None:
    """The option says along which axis."""
    x, t = np.moveaxis(Z.reshape(2, 5, 5, 4), -1, 1), T.reshape(2, 5, 5)
    hot = np.moveaxis(np.eye(4)[t], -1, 1)
    assert plain(diagnose(x, hot, class_axis="first")) == pytest.approx(PLAIN)
    last = diagnose(np.moveaxis(x, 1, -1), np.moveaxis(hot, 1, -1), class_axis="last")
    assert plain(last) == pytest.approx(PLAIN)


def test_one_hot_rows_of_which_a_late_one_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at some of them is not enough: the one that has two is refused, not miscounted."""
    monkeypatch.setattr(pairing, "BLOCK", 8)
    z, hot = np.tile(Z, (2, 1)), np.eye(4)[np.tile(T, 2)]
    assert plain(diagnose(z, hot)) == pytest.approx(PLAIN)
    hot[3] = 1  # the second block of two rows, of which every fourth is looked at
    with pytest.raises(ImbweightsError, match="begin as one-hot rows, but not all of them are"):
        diagnose(z, hot)


def test_strays_in_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The values and the first rows are those of one block."""
    t = np.where(np.arange(50) % 3 == 2, 7, T)
    t[40] = 9
    whole = message(diagnose(Z, t), "IMB207")
    monkeypatch.setattr(pairing, "BLOCK", 12)
    assert message(diagnose(Z, t), "IMB207") == whole
    assert "targets such as 7" in whole


def test_probabilities_in_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What they would be the softmax of is known from the first that cannot be."""
    whole = diagnose(P, T)
    monkeypatch.setattr(pairing, "BLOCK", 12)
    pieces = diagnose(P, T)
    assert [f.code for f in pieces.findings] == [f.code for f in whole.findings]
    assert plain(pieces) == pytest.approx(plain(whole))


def test_progress_counts_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first to the last, each once."""
    monkeypatch.setattr(pairing, "BLOCK", 40)
    told: list[tuple[int, int]] = []
    request = Request(predictions=Z, targets=T)
    diagnosis_of(request, lambda done, of: told.append((done, of)))
    assert told == [(i, 5) for i in range(1, 6)]


# -- which number is mine ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "t", "how", "value"),
    [
        (Z, T, "unweighted, mean over samples", PLAIN),
        (
            np.moveaxis(Z.reshape(2, 5, 5, 4), -1, 1),
            T.reshape(2, 5, 5),
            "unweighted, mean over images (MATLAB crossentropy)",
            PLAIN * 25,
        ),
        (
            LABEL_P,
            HITS,
            "unweighted, sum over labels, mean over samples (MATLAB crossentropy)",
            plain(diagnose(LABEL_P, HITS)) * LABEL_P.shape[1],
        ),
    ],
    ids=["classes", "pixels", "labels"],
)
def test_a_reported_number_without_weights(x: Array, t: Array, how: str, value: float) -> None:
    """Also in the machine's form."""
    found = diagnose(x, t, reported=f"{value:.4f}")
    assert how in [m.how for m in found.matches]
    told = found.to_dict()["reported"]
    assert told["value"] == pytest.approx(value, abs=1e-4)
    assert how in [m["how"] for m in told["matches"]]
