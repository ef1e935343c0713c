"""``imbweights loss``: the cause is the right one, what is no loss is refused, nothing is ignored."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from support import Run, run

from imbweights import Diagnosis, diagnose

Array = npt.NDArray[Any]
RANDOM = np.random.default_rng(5)
T = RANDOM.integers(0, 4, 60)
Z = RANDOM.normal(size=(60, 4)) + 3 * np.eye(4)[T]


def softmax(z: Array) -> Array:
    """Along the classes."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def of(tmp_path: Path, predictions: Array, targets: Array, *options: str) -> Run:
    """The command on two files."""
    np.save(tmp_path / "p.npy", predictions)
    np.save(tmp_path / "t.npy", targets)
    return run("loss", tmp_path / "p.npy", "--targets", tmp_path / "t.npy", *options)


def levels(found: Diagnosis, code: str) -> list[str]:
    """Of the findings of that code."""
    return [f.level.value for f in found.findings if f.code == code]


def two(difference: Array) -> Array:
    """Probabilities of two classes, from the difference of their logits."""
    return softmax(np.stack([-difference / 2, difference / 2], axis=1))


def test_weak_models_of_two_classes_did_nothing_twice() -> None:
    """Calibrated, uniform or bounded: a softmax can be undone there whatever was done."""
    t = RANDOM.integers(0, 2, 400)
    for _ in range(20):
        for d in (
            RANDOM.normal(0, 0.3, 400),
            RANDOM.normal(0, 0.15, 400),
            0.9 * np.tanh(RANDOM.normal(0, 1, 400)),
        ):
            assert not levels(diagnose(two(d), t, from_logits=False), "IMB212")


def test_weak_models_of_more_classes_did_nothing_twice() -> None:
    """From three on the shape is not met by chance."""
    for k in (3, 4, 8):
        t = RANDOM.integers(0, k, 400)
        for scale in (0.05, 0.1, 0.2, 0.3):
            for z in (RANDOM.normal(0, 1, (400, k)), 2 * np.tanh(RANDOM.normal(0, 1, (400, k)))):
                assert not levels(diagnose(softmax(scale * z), t, from_logits=False), "IMB212")


@pytest.mark.parametrize("k", [2, 3, 4, 10])
def test_softmax_twice_is_found(k: int) -> None:
    """Of two classes as a note that names what else it may be."""
    p = softmax(softmax(RANDOM.normal(0, 4, (400, k))))
    found = diagnose(p, RANDOM.integers(0, k, 400))
    assert levels(found, "IMB212") == ["note" if k == 2 else "warning"]
    if k == 2:
        assert "tanh" in next(f.message for f in found.findings if f.code == "IMB212")


def test_answers_instead_of_probabilities(tmp_path: Path) -> None:
    """PyTorch's loss is infinite, as its table says, and the cause is log 0 of the true class."""
    answers = np.eye(4)[(T + (np.arange(60) % 3 == 0)) % 4]
    found = of(tmp_path, answers, T)
    assert found.out.startswith("In PyTorch the loss is infinite: log 0 of the true class in 20 of")
    assert found.out.index("IMB202") < found.out.index("IMB201")
    assert found.code == 1


def test_a_mask_over_the_truth(tmp_path: Path) -> None:
    """One −∞ at the true class, others where they do no harm: only the first is an error."""
    z = Z.copy()
    z[3, T[3]] = -math.inf
    z[[5, 6], (T[[5, 6]] + 1) % 4] = -math.inf
    found = of(tmp_path, z, T, "--all")
    assert "the loss is infinite: log 0 of the true class in 1 of 60 rows" in " ".join(
        found.out.split()
    )
    diagnosis = diagnose(z, T)
    assert (levels(diagnosis, "IMB202"), levels(diagnosis, "IMB206")) == (["error"], ["note"])


def test_masks_elsewhere_do_no_harm() -> None:
    """A note, whose remedy is not to look for NaN."""
    z = Z.copy()
    z[5, (T[5] + 1) % 4] = -math.inf
    found = diagnose(z, T)
    [note] = [f for f in found.findings if f.code == "IMB206"]
    assert (found.finite, note.level.value) == (True, "note")
    assert "mask" in note.remedy


@pytest.mark.parametrize("rows", [math.inf, -math.inf])
def test_infinity_that_softmax_cannot_take(rows: float) -> None:
    """+∞, or a row of nothing but −∞."""
    z = Z.copy()
    z[7] = rows
    found = diagnose(z, T)
    assert math.isnan(found.losses[0].plain)
    assert levels(found, "IMB206") == ["error"]


def test_nan_among_the_targets_is_no_label(tmp_path: Path) -> None:
    """As an empty cell is; infinity is a number that is no class."""
    t = T.astype(float)
    t[4] = math.nan
    found = of(tmp_path, Z, t, "--format", "json")
    assert (found.code, found.json["source"]["ignored"]) == (0, 1)
    t[5] = math.inf
    found = of(tmp_path, Z, t, "--format", "json")
    assert [f["code"] for f in found.json["findings"]] == ["IMB207"]


def test_labels_in_matlab(tmp_path: Path) -> None:
    """``crossentropy`` adds the labels of a row up: by hand from the definition."""
    y = (RANDOM.random((60, 5)) < 0.4).astype(int)
    y[0] = 1
    z = RANDOM.normal(size=(60, 5))
    each = np.logaddexp(0, np.where(y == 1, -z, z))
    found = of(tmp_path, z, y)
    shown = dict(line.rsplit(maxsplit=1) for line in found.out.splitlines() if "MATLAB" in line)
    assert shown["MATLAB crossentropy"] == f"{each.sum() / 60:.4f}"
    assert shown["PyTorch, Keras, MATLAB lossFcn"] == f"{each.mean():.4f}"


def test_class_indices_are_no_predictions(tmp_path: Path) -> None:
    """An argmax has no loss."""
    found = of(tmp_path, Z.argmax(axis=1), T)
    assert found.code == 2
    assert "argmax" in found.err


def test_soft_targets_are_refused(tmp_path: Path) -> None:
    """Label smoothing."""
    soft = 0.9 * np.eye(4)[T] + 0.025
    for predictions in (Z, softmax(Z)):
        found = of(tmp_path, predictions, soft)
        assert found.code == 2
        assert "the targets are soft" in found.err


@pytest.mark.parametrize("make", [lambda p: p - 0.1 * (np.arange(60) == 9)[:, None] * p, None])
def test_nearly_probabilities_ask(make: Any, tmp_path: Path) -> None:
    """One row that leaves 0 … 1 makes no logits of the others."""
    p = softmax(Z)
    p[9] = [-0.1, 0.3, 0.3, 0.5] if make is None else [1.3, -0.1, -0.1, -0.1]
    found = of(tmp_path, p, T)
    assert found.code == 2
    assert "--from-logits" in found.err
    assert of(tmp_path, p, T, "--probabilities").code == 1
    assert of(tmp_path, p, T, "--from-logits").code == 0


@pytest.mark.parametrize("whole", [100, 255, 1000])
def test_multiplied_probabilities_are_named(whole: int, tmp_path: Path) -> None:
    """Percentages, bytes, permille: rows that sum to 100, 255 or 1000."""
    for predictions in (whole * softmax(Z), np.round(whole * softmax(Z))):
        found = of(tmp_path, predictions, T)
        assert found.code == 2
        assert f"divide them by {whole}" in found.err
    assert of(tmp_path, whole * softmax(Z), T, "--from-logits").code in {0, 1}


def test_doubtful_answers_to_one_question(tmp_path: Path) -> None:
    """A sigmoid's probabilities with one number below 0, and percentages of it."""
    t = (T == 0).astype(int)
    p = 1 / (1 + np.exp(-Z[:, 0]))
    assert of(tmp_path, p, t).code == 0
    assert of(tmp_path, 100 * p, t).code == 2
    p[4] = -0.001
    assert of(tmp_path, p, t).code == 2
    # Whole decision values on both sides of 0 are logits.
    assert of(tmp_path, np.round(3 * Z[:, 0]).astype(int), t).code == 0


def test_answers_are_called_so(tmp_path: Path) -> None:
    """Nothing but 0 and 1 comes after a threshold."""
    t = (T == 0).astype(int)
    found = of(tmp_path, (Z[:, 0] > 1).astype(int), t)
    assert "nothing but 0 and 1" in found.out
    assert "answers" in found.err


@pytest.mark.parametrize(
    "options",
    [
        ("--beta", ".9"),
        ("--c", "1.1"),
        ("--gamma", "2"),
        ("--cap", "3"),
        ("--normalize", "sum1"),
        ("--empty", "max"),
        ("--cap", "3", "--weights", "1,2,3,4"),
        ("--for", "xgboost"),
        ("--for", "sklearn"),
        ("--for", "foo"),
    ],
)
def test_nothing_is_ignored_without_a_word(options: tuple[str, ...], tmp_path: Path) -> None:
    """What would change nothing is refused."""
    assert of(tmp_path, Z, T, *options).code == 2


def test_an_axis_of_predictions_without_axes(tmp_path: Path) -> None:
    """There is no class axis to name."""
    found = of(tmp_path, Z[:, 0], (T == 0).astype(int), "--class-axis", "last")
    assert found.code == 2


def test_the_frameworks_that_have_a_loss_are_listed(tmp_path: Path) -> None:
    """And each of them is taken."""
    message = of(tmp_path, Z, T, "--for", "foo").err
    names = message.partition("these have: ")[2].split("\n")[0].split(", ")
    assert {"torch", "keras", "matlab-layer"} <= set(names)
    for name in names:
        assert of(tmp_path, Z, T, "--for", name).code == 0
        assert name in run("loss", "--help").out


def test_a_table_without_room_is_named(tmp_path: Path) -> None:
    """Where the screen has no room for the classes it says where they are."""
    p = softmax(Z)
    p[:5] = np.eye(4)[T[:5]]
    for name in ("matlab", "keras", "torch"):
        found = of(tmp_path, p, T, "--weights", "1,2,3,4", "--for", name)
        assert ("index  class" in found.out) != ("--all (classes," in found.out)


def test_the_layer_is_not_advertised_above_itself(tmp_path: Path) -> None:
    """``--for matlab-layer`` prints it already."""
    p = softmax(Z)
    p[:5] = np.eye(4)[T[:5]]
    found = of(tmp_path, p, T, "--weights", "1,2,3,4", "--for", "matlab-layer")
    assert "classdef" in found.out
    assert "imbweights suggest" not in found.out.partition("classdef")[0]


def test_one_class(tmp_path: Path) -> None:
    """Nothing is worse than −0."""
    found = of(tmp_path, RANDOM.normal(size=(20, 1)), np.zeros(20, dtype=int))
    assert "-0.0000" not in found.out
