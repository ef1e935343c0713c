"""Predictions and targets as people have them: files, shapes, names, and what cannot be meant."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from losses_cases import HITS, LABEL_P, T, W, Z
from sklearn import metrics

from imbweights import ImbweightsError, diagnose, suggest
from imbweights.diagnosis import class_pass, pairing
from imbweights.losses import weighted_cross_entropy

Array = npt.NDArray[Any]
NAMES = np.array(["cat", "dog", "eel", "fox"])
TRUE = weighted_cross_entropy(Z, T, weight=W).value


def weighted(*arguments: Any, **options: Any) -> float:
    """PyTorch's weighted loss."""
    value = diagnose(*arguments, weights=W, **options).losses[0].weighted
    assert value is not None
    return value


def test_arrays_lists_and_tables(tmp_path: Path) -> None:
    """One number, however it comes."""
    np.save(tmp_path / "z.npy", Z)
    np.save(tmp_path / "f.npy", np.asfortranarray(Z))
    np.savez(tmp_path / "z.npz", logits=Z, y=T)
    frame = pd.DataFrame(Z, columns=[f"logit_{n}" for n in NAMES])
    frame.to_csv(tmp_path / "z.csv", index=False)
    frame.to_csv(tmp_path / "i.csv")
    frame.to_csv(tmp_path / "euro.csv", index=False, sep=";", decimal=",")
    frame.assign(id=[f"x{i}" for i in range(50)], label=NAMES[T]).to_parquet(tmp_path / "z.parquet")
    pd.DataFrame({"logits": list(Z)}).to_parquet(tmp_path / "lists.parquet")
    np.savetxt(tmp_path / "bare.csv", Z, delimiter=",")
    np.save(tmp_path / "t.npy", T)
    for name in (
        "z.npy",
        "f.npy",
        "z.npz",
        "z.csv",
        "i.csv",
        "euro.csv",
        "lists.parquet",
        "bare.csv",
    ):
        assert weighted(tmp_path / name, tmp_path / "t.npy") == pytest.approx(TRUE), name
    both = tmp_path / "z.parquet"
    assert weighted(both, both, label="label") == pytest.approx(TRUE)
    assert weighted(tmp_path / "z.npz", tmp_path / "z.npz") == pytest.approx(TRUE)
    assert weighted(Z.tolist(), T.tolist()) == pytest.approx(TRUE)
    assert weighted(str(tmp_path / "z.npy"), T.astype(float)) == pytest.approx(TRUE)


def test_targets_as_names(tmp_path: Path) -> None:
    """Sorted, or as the columns are called, or as the user says; never by first appearance."""
    (tmp_path / "t.txt").write_text("\n".join(NAMES[T]) + "\n")
    assert weighted(Z, tmp_path / "t.txt") == pytest.approx(TRUE)
    plain = diagnose(Z, T).losses[0].plain
    for heading in ("prob_{}", "P({})", "{}_score", "{}"):
        columns = [heading.format(n) for n in NAMES[::-1]]
        pd.DataFrame(Z[:, ::-1], columns=columns).to_csv(tmp_path / "turned.csv", index=False)
        found = diagnose(tmp_path / "turned.csv", NAMES[T])
        assert [c.name for c in found.classes] == list(NAMES[::-1])
        assert found.losses[0].plain == pytest.approx(plain)
        assert not any("sorted" in note for note in found.read.notes)
    pd.DataFrame(Z, columns=["ape", "bee", "cow", "dog"]).to_csv(tmp_path / "o.csv", index=False)
    with pytest.raises(ImbweightsError, match="which is which"):
        diagnose(tmp_path / "o.csv", NAMES[T])
    said = diagnose(Z[:, ::-1], NAMES[T], classes=list(NAMES[::-1]))
    assert said.losses[0].plain == pytest.approx(plain)
    assert any("sorted" in note for note in diagnose(Z, NAMES[T]).read.notes)


def test_numbers_that_stand_for_classes() -> None:
    """0=background, 255=crack; and a missing label does not count."""
    t = np.where(T % 2 == 1, 255, 0)
    found = diagnose(Z[:, :2], t, classes={0: "background", 255: "crack"})
    assert found.losses[0].plain == pytest.approx(diagnose(Z[:, :2], T % 2).losses[0].plain)
    names = [*NAMES[T][:-1], None]
    assert diagnose(Z, names).read.ignored == 1


@pytest.mark.parametrize(
    ("x", "t"),
    [
        (Z.reshape(2, 5, 5, 4), T.reshape(2, 5, 5)),
        (np.moveaxis(Z.reshape(2, 5, 5, 4), -1, 1), T.reshape(2, 5, 5)),
        (Z.reshape(2, 25, 4), T.reshape(2, 25)),
        (np.moveaxis(Z.reshape(2, 25, 4), -1, 1), T.reshape(2, 25)),
        (np.moveaxis(Z.reshape(1, 5, 10, 4), -1, 1), T.reshape(1, 5, 10)),
        (np.moveaxis(Z.reshape(5, 10, 4), -1, 0), T.reshape(5, 10)),
        (Z.reshape(2, 1, 25, 4), T.reshape(2, 1, 25)),
        (Z, np.eye(4, dtype=np.uint8)[T]),
        (
            np.moveaxis(Z.reshape(2, 5, 5, 4), -1, 1),
            np.moveaxis(np.eye(4)[T].reshape(2, 5, 5, 4), -1, 1),
        ),
        (Z.reshape(2, 5, 5, 4), np.eye(4)[T].reshape(2, 5, 5, 4)),
        (Z.T, T),
        (Z, T[:, None]),
    ],
)
def test_shapes_of_classes(x: Array, t: Array) -> None:
    """Wherever the classes are, one number."""
    assert weighted(x, t) == pytest.approx(TRUE)


@pytest.mark.parametrize("shape", [(120,), (120, 1), (4, 5, 6), (4, 1, 5, 6), (4, 5, 6, 1)])
def test_shapes_of_yes_or_no(shape: tuple[int, ...]) -> None:
    """Binary predictions, with targets of the same shape or without the axis of 1."""
    p, t = LABEL_P.reshape(shape), HITS.reshape(shape)
    expected = metrics.log_loss(HITS.reshape(-1), LABEL_P.reshape(-1))
    for targets in (t, t.squeeze(), t.astype(bool)):
        found = diagnose(p, targets)
        assert found.read.kind == "binary"
        assert found.losses[0].plain == pytest.approx(expected)


def test_two_plausible_axes() -> None:
    """Both are listed; the option decides."""
    x, t = np.random.default_rng(0).normal(size=(2, 3, 3, 3)), np.zeros((2, 3, 3), dtype=int)
    with pytest.raises(ImbweightsError, match="--class-axis"):
        diagnose(x, t)
    first, last = (diagnose(x, t, class_axis=a).losses[0].plain for a in ("first", "last"))
    assert first == pytest.approx(weighted_cross_entropy(x, t).value)
    assert last == pytest.approx(weighted_cross_entropy(np.moveaxis(x, -1, 1), t).value)
    with pytest.raises(ImbweightsError, match="--class-axis"):
        diagnose(x, np.ones_like(x))


def test_masks_of_0_and_255() -> None:
    """255 is no class until it is said what it is."""
    t = HITS.reshape(-1) * 255
    [finding] = [f for f in diagnose(LABEL_P.reshape(-1), t).findings if f.code == "IMB207"]
    assert "--classes 0=no,255=yes" in finding.message
    found = diagnose(LABEL_P.reshape(-1), t, classes="0=no,255=yes")
    plain = diagnose(LABEL_P.reshape(-1), HITS.reshape(-1))
    assert found.losses == plain.losses
    assert [c.name for c in found.classes] == ["no", "yes"]


def test_labels_of_which_no_row_has_several() -> None:
    """One-hot by looks; --multilabel says otherwise."""
    assert diagnose(Z, np.eye(4)[T]).read.kind == "classes"
    assert diagnose(Z, np.eye(4)[T], multilabel=True).read.kind == "labels"


@pytest.mark.parametrize(
    ("p", "t"),
    [
        (np.zeros((4, 3)), np.zeros(4, dtype=int)),
        (np.full((4, 3), 0.5), np.zeros(4, dtype=int)),
        (np.zeros(8), np.arange(8) % 2),
        (np.linspace(0.5, 0.9, 8), np.arange(8) % 2),
    ],
)
def test_two_plausible_scales(p: Array, t: Array) -> None:
    """Neither is taken until the user says which."""
    with pytest.raises(ImbweightsError, match="--from-logits"):
        diagnose(p, t)
    for from_logits in (True, False):
        assert diagnose(p, t, from_logits=from_logits).read.recognised.endswith("as told")


def _save(path: Path, array: Array) -> Path:
    np.save(path, array, allow_pickle=True)
    return path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda _: (Z, T[:-1]), "do not belong together"),
        (lambda _: (Z, np.zeros((50, 3))), "do not belong together"),
        (lambda d: (d / "no.npy", T), "no such file"),
        (lambda d: (d, T), "is a folder"),
        (lambda d: (_save(d / "o.npy", np.array([{}, {}])), T), "never read"),
        (lambda d: (_touch(d / "m.pt", b"x"), T), "is a pickle"),
        (lambda d: (_touch(d / "c.npy", b"\x93NUMPY"), T), "damaged"),
        (lambda d: (_touch(d / "c.npz", b"PK"), T), "damaged"),
        (lambda d: (_touch(d / "a.csv", b"name\nx\ny\n"), T), "no column holds numbers"),
        (lambda d: (_touch(d / "a.csv", b""), T), "a.csv"),
        (lambda d: (_touch(d / "a.bin", b"x"), T), "not .bin"),
        (lambda _: (np.array(["a", "b"]), T), "not numbers"),
        (lambda _: (np.zeros((0, 4)), np.zeros(0, dtype=int)), "is empty"),
        (lambda _: (Z, NAMES[T % 3]), "4 columns, but there are 3 classes"),
        (lambda _: (Z[:, 0], NAMES[T]), "one prediction per row"),
        (lambda _: (Z, [None] * 50), "not one label"),
        (lambda _: ([[1, 2], [3]], [0, 1]), "no array of numbers"),
    ],
)
def test_what_cannot_be_meant(
    arguments: Callable[[Path], tuple[Any, Any]], message: str, tmp_path: Path
) -> None:
    """A message that says what was found."""
    with pytest.raises(ImbweightsError, match=message):
        diagnose(*arguments(tmp_path))


def _touch(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": [1, 2]}, "2 weights for 4 classes"),
        ({"weights": [1, -2, 1, 1]}, "negative"),
        ({"weights": "a,b"}, "no weights"),
        ({"weights": "w.json"}, "no such file"),
        ({"weights": {"0": 1, "9": 2, "1": 1, "2": 1}}, "'9' is no class"),
        ({"weights": W, "scheme": "balanced"}, "use one"),
        ({"scheme": "pos-weight"}, "for a sigmoid"),
        ({"scheme": "ldam-margins"}, "no weights of a loss"),
        ({"scheme": "median-frequency"}, "--weights weights.json"),
        ({"class_axis": "middle"}, "first or last"),
        ({"reported": "nan"}, "no finite number"),
        ({"reported": "much"}, "no finite number"),
        ({"framework": "tourch"}, "did you mean"),
        ({"ignore_label": "void"}, "targets are numbers"),
        ({"classes": ["a", "b"]}, "4 columns, but there are 2"),
        ({"multilabel": True}, "one class per row"),
    ],
)
def test_options_that_do_not_fit(options: dict[str, Any], message: str) -> None:
    """Refused, with the reason."""
    with pytest.raises(ImbweightsError, match=message):
        diagnose(Z, T, **options)


def test_weights_in_every_form(tmp_path: Path) -> None:
    """In class order, or by name."""
    np.save(tmp_path / "w.npy", W)
    (tmp_path / "w.json").write_text('{"fox": 0.25, "cat": 0.5, "dog": 2, "eel": 7}')
    (tmp_path / "w.csv").write_text("index,class,weight\n0,cat,0.5\n3,fox,0.25\n2,eel,7\n1,dog,2\n")
    (tmp_path / "bare.csv").write_text("0.5\n2\n7\n0.25\n")
    for given_ in (
        W,
        list(W),
        "0.5,2,7,.25",
        "[0.5, 2, 7, 0.25]",
        "cat=.5,fox=.25,dog=2,eel=7",
        dict(zip(range(4), W, strict=True)),
        tmp_path / "w.npy",
        str(tmp_path / "w.json"),
        tmp_path / "w.csv",
        tmp_path / "bare.csv",
    ):
        assert diagnose(Z, NAMES[T], weights=given_).losses[0].weighted == pytest.approx(TRUE)


def test_weights_of_a_scheme() -> None:
    """Those that suggest gives for the targets, for classes and for labels."""
    expected = suggest(NAMES[T].tolist(), "balanced")
    by_scheme, given_ = (
        diagnose(Z, NAMES[T], scheme="balanced"),
        diagnose(Z, NAMES[T], weights=expected),
    )
    assert [c.weight for c in by_scheme.classes] == pytest.approx(list(expected.values))
    assert by_scheme.losses == given_.losses
    labels = diagnose(LABEL_P, HITS, scheme="pos-weight")
    positives = HITS.sum(axis=0)
    assert [c.weight for c in labels.classes] == pytest.approx(list((40 - positives) / positives))


def test_scores_against_scikit_learn() -> None:
    """Per class and over all; weighted accuracy with the weight of its class for each sample."""
    found = diagnose(Z, T, weights=W)
    said = Z.argmax(axis=1)
    p, r, f, n = metrics.precision_recall_fscore_support(T, said)
    ours = [(c.precision, c.recall, c.f1, c.count) for c in found.classes]
    np.testing.assert_allclose(ours, np.array([p, r, f, n]).T)
    assert found.confusion is not None
    assert found.confusion.tolist() == metrics.confusion_matrix(T, said).tolist()
    assert found.overall.accuracy == pytest.approx(metrics.accuracy_score(T, said))
    by_weight = metrics.accuracy_score(T, said, sample_weight=W[T])
    assert found.overall.weighted_accuracy == pytest.approx(by_weight)
    balanced = metrics.balanced_accuracy_score(T, said)
    assert found.overall.balanced_accuracy == pytest.approx(balanced)
    assert found.overall.macro_f1 == pytest.approx(metrics.f1_score(T, said, average="macro"))
    several = diagnose(LABEL_P, HITS)
    p, r, f, n = metrics.precision_recall_fscore_support(HITS, LABEL_P > 0.5)
    ours = [(c.precision, c.recall, c.f1, c.count) for c in several.classes]
    np.testing.assert_allclose(ours, np.array([p, r, f, n]).T)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=4, max_size=60))
def test_thresholds_keep_their_promise(rows: list[tuple[float, bool]]) -> None:
    """The F1 that is told is that of answering yes from the threshold on, and hardly any is better."""
    p, t = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    if not t.any():
        return
    best = diagnose(p, t.astype(int), from_logits=False).classes[1].threshold
    assert best is not None
    f1 = metrics.f1_score(t, p >= best.value - 1e-12, zero_division=0)
    assert f1 == pytest.approx(best.f1)
    # A bin is 1.6 % of p or of 1 − p wide: thresholds with nothing so near are not missed.
    apart = np.sort(np.unique(p))
    odds = np.minimum(apart, 1 - apart)
    if len(apart) > 1 and (np.diff(apart) > 0.04 * np.maximum(odds[1:], odds[:-1])).all():
        possible = max(metrics.f1_score(t, p >= q, zero_division=0) for q in apart)
        if apart[0] > 1e-6 and apart[-1] < 1 - 1e-6:
            assert best.f1 == pytest.approx(possible)


def test_the_costliest_rows() -> None:
    """By weighted loss, the largest first."""
    found = diagnose(Z, T, weights=W)
    each = np.asarray(weighted_cross_entropy(Z, T, reduction="none").value) * W[T]
    order = np.argsort(-each)[:10]
    assert [r.place for r in found.largest] == [(i,) for i in order]
    assert [r.loss for r in found.largest] == pytest.approx(list(each[order]))


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the pieces."""
    x, t = np.moveaxis(Z.reshape(2, 5, 5, 4), -1, 1), T.reshape(2, 5, 5)
    whole = diagnose(x, t, weights=W).to_dict()
    monkeypatch.setattr(pairing, "BLOCK", 12)
    pieces = diagnose(x, t, weights=W).to_dict()
    for one, other in zip(whole["classes"], pieces["classes"], strict=True):
        for key, value in one.items():
            assert other[key] == (pytest.approx(value) if isinstance(value, float) else value)
    assert pieces["confusion"] == whole["confusion"]
    assert [r["place"] for r in pieces["largest"]] == [r["place"] for r in whole["largest"]]


@pytest.mark.parametrize(
    ("how", "value"),
    [
        ("unweighted, mean over samples", weighted_cross_entropy(Z, T).value),
        ("weighted, mean over weights", TRUE),
        (
            "weighted, mean over samples",
            weighted_cross_entropy(Z, T, weight=W, mean_over="samples").value,
        ),
        ("unweighted, sum", weighted_cross_entropy(Z, T, reduction="sum").value),
        (
            "unweighted, logarithm to base 2",
            float(weighted_cross_entropy(Z, T).value) / math.log(2),
        ),
    ],
)
def test_which_number_is_mine(how: str, value: float) -> None:
    """Found by four decimals; a number that is none of them gets the nearest."""
    found = diagnose(Z, T, weights=W, reported=f"{value:.4f}")
    assert [m.how for m in found.matches] == [how]
    none = diagnose(Z, T, weights=W, reported=f"{value + 0.0123:.4f}")
    assert not none.matches
    assert none.nearest is not None


def test_half_precision_limits() -> None:
    """The constants are those of the types."""
    for half, kind in ((False, np.float32), (True, np.float16)):
        limit = class_pass.UNDERFLOW[half]
        with np.errstate(under="ignore"):
            assert kind(math.exp(limit - 0.01)) == 0
            assert kind(math.exp(limit + 0.01)) > 0
