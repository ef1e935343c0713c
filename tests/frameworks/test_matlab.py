"""The printed MATLAB code runs in GNU Octave as printed, and its losses are those of NumPy.

Octave has no Deep Learning Toolbox: ``octave_stubs`` implements the documented formulas of the
functions that are called, and the base class of the layer. Arithmetic, syntax, shapes and quoting
are Octave's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from frameworks.octave import needs_octave, run

import imbweights
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import UsageError
from imbweights.core.weights import ClassWeights, Role
from imbweights.frameworks import code_for, find_framework
from imbweights.frameworks.base import Subject

needs_octave()

Floats = npt.NDArray[np.float64]
HOSTILE = [
    "it's",
    'a "quoted" one',
    "'); error('ran'); disp('",
    "%{",
    "# %",
    "...",
    "two\r\nlines",
    "\\n",
    "\u202eright to left",
    "naïve ☃ 猫",
    "\x1b[31m",
    " a {b} [c] ",
]


def subject_of(
    values: list[float], role: Role = Role.CLASS_WEIGHT, *, only: int | None = None, **counts: Any
) -> Subject:
    """A subject with these weights; ``only``: the index of the one class that has a weight."""
    indices = tuple(range(len(values))) if only is None else (only,)
    k = len(values) if only is None else 2
    classes = tuple("abcdefgh"[:k])
    ignored = counts.pop("ignore_index", None)
    parameters = counts.pop("parameters", {})
    n = np.full(k, 5)
    return Subject(
        weights=ClassWeights(
            classes=tuple(classes[i] for i in indices),
            values=np.array(values),
            counts=tuple(5 for _ in indices),
            scheme="test",
            role=role,
            indices=indices,
            parameters=parameters,
        ),
        counts=ClassCounts(classes=classes, counts=n, present=n, extent=n, samples=5 * k, **counts),
        ignore_index=ignored,
    )


def printed(subject: Subject, framework: str = "matlab") -> str:
    """The code without header."""
    return code_for(find_framework(framework), subject) + "\n"


def case(rng: np.random.Generator, shape: tuple[int, ...], axis: int) -> tuple[Floats, Floats]:
    """Probabilities and one-hot targets, with the classes along ``axis``."""
    logits = rng.normal(size=shape)
    y = np.exp(logits) / np.exp(logits).sum(axis=axis, keepdims=True)
    truth = rng.integers(shape[axis], size=[n for i, n in enumerate(shape) if i != axis])
    t = np.moveaxis(np.eye(shape[axis])[truth], -1, axis)
    return y, t


def reference(w: list[float], y: Floats, t: Floats, axis: int) -> tuple[float, Floats]:
    """Weighted cross-entropy, mean over observations that have a label, and its gradient in y."""
    shape = [1] * y.ndim
    shape[axis] = len(w)
    weighted = np.reshape(w, shape) * t
    n = t.sum()
    return float(-(weighted * np.log(y)).sum() / n), -weighted / y / n


WEIGHTS = [0.25, 1.5, 40.0]
PIXELS: dict[str, Any] = {"task": Task.SEGMENTATION, "unit": Unit.PIXELS}
VOXELS: dict[str, Any] = {"task": Task.SEGMENTATION, "unit": Unit.VOXELS}


@pytest.mark.parametrize(
    ("shape", "axis", "counts", "older"),
    [
        ((3, 7), 0, {}, "classificationLayer"),
        ((4, 5, 3, 2), 2, PIXELS, "pixelClassificationLayer"),
        ((2, 3, 4, 3, 2), 3, VOXELS, "pixelClassificationLayer"),
    ],
)
def test_class_weights(
    tmp_path: Path, shape: tuple[int, ...], axis: int, counts: dict[str, Any], older: str
) -> None:
    """The loss function gives the weighted mean over N; the older layer gets the same numbers."""
    y, t = case(np.random.default_rng(1), shape, axis)
    out = run(
        tmp_path,
        {"printed.m": printed(subject_of(WEIGHTS, **counts))},
        "printed; out.loss = lossFcn(Y, T); out.layer = outputLayer;",
        Y=y,
        T=t,
    )
    assert out["loss"] == pytest.approx(reference(WEIGHTS, y, t, axis)[0], rel=1e-6)
    arguments = ["Classes", ["a", "b", "c"], "ClassWeights", WEIGHTS]
    assert out["layer"] == {"kind": older, "arguments": arguments}


def test_unlabelled_pixels_count_nothing(tmp_path: Path) -> None:
    """<undefined> pixels are NaN in T, in all channels: the mean is over the others."""
    y, t = case(np.random.default_rng(2), (4, 5, 3, 2), 2)
    t[1, :, :, 0] = np.nan
    out = run(
        tmp_path,
        {"printed.m": printed(subject_of(WEIGHTS, ignore_index=255, **PIXELS))},
        "printed; out.loss = lossFcn(Y, T); out.nothing = lossFcn(Y, NaN(size(T)));",
        Y=y,
        T=t,
    )
    assert out["loss"] == pytest.approx(reference(WEIGHTS, y, np.nan_to_num(t), 2)[0], rel=1e-6)
    assert out["nothing"] == 0


@pytest.mark.parametrize(("shape", "axis", "counts"), [((3, 7), 0, {}), ((4, 5, 3, 2), 2, PIXELS)])
def test_deferred_weights_begin_with_none(
    tmp_path: Path, shape: tuple[int, ...], axis: int, counts: dict[str, Any]
) -> None:
    """The first loss is unweighted, the second weighted, both of the same mean."""
    y, t = case(np.random.default_rng(3), shape, axis)
    text = printed(subject_of(WEIGHTS, parameters={"epoch": 40}, **counts))
    assert "train 40 epochs with firstLossFcn" in text.replace("\n% ", " ")
    out = run(
        tmp_path,
        {"printed.m": text},
        "printed; out.losses = [firstLossFcn(Y, T), lossFcn(Y, T)];",
        Y=y,
        T=t,
    )
    expected = [reference(w, y, t, axis)[0] for w in ([1.0, 1.0, 1.0], WEIGHTS)]
    assert out["losses"] == pytest.approx(expected, rel=1e-6)


def weighted_bce(w: float | Floats, z: Floats, t: npt.NDArray[Any]) -> Floats:
    """Weighted binary cross-entropy per element."""
    each: Floats = w * t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)
    return each


def test_pos_weight(tmp_path: Path) -> None:
    """Binary, multi-label and masks with ignored pixels; finite for huge logits."""
    rng = np.random.default_rng(4)
    t2, t3 = rng.integers(2, size=(1, 6)), rng.integers(2, size=(3, 6))
    t4 = rng.choice([0, 1, 255], size=(4, 5, 1, 2))
    z2, z3, z4 = (rng.normal(scale=9, size=t.shape) for t in (t2, t3, t4))
    role = Role.POS_WEIGHT
    out = run(
        tmp_path,
        {
            "binary.m": printed(subject_of([3.5], role, only=0)),
            "labels.m": printed(subject_of(WEIGHTS, role, task=Task.MULTILABEL)),
            "mask.m": printed(subject_of([60.0], role, only=1, ignore_index=255, **PIXELS)),
        },
        """
        binary; out.binary = lossFcn(Z2, T2); out.huge = lossFcn([1000 -1000], [0 1]);
        out.certain = lossFcn([1000 -1000], [1 0]);
        out.single = class(lossFcn(single(Z2), single(T2)));
        labels; out.labels = lossFcn(Z3, T3); out.names = classNames;
        mask; out.mask = lossFcn(Z4, T4); out.void = lossFcn(Z4, 255 * ones(size(T4)));
        """,
        Z2=z2, T2=t2, Z3=z3, T3=t3, Z4=z4, T4=t4,
    )  # fmt: skip
    kept = t4 != 255
    assert out["binary"] == pytest.approx(weighted_bce(3.5, z2, t2).mean(), rel=1e-6)
    column = np.reshape(WEIGHTS, (3, 1))
    assert out["labels"] == pytest.approx(weighted_bce(column, z3, t3).mean(), rel=1e-6)
    assert out["mask"] == pytest.approx(weighted_bce(60, z4, t4)[kept].mean(), rel=1e-6)
    assert (out["huge"], out["certain"], out["void"]) == ((1000 + 3500) / 2, 0, 0)
    assert out["names"] == ["a", "b", "c"]
    assert out["single"] == "single"


@pytest.mark.parametrize(
    ("shape", "axis", "counts"),
    [((3, 7), 0, {}), ((4, 5, 3, 2), 2, PIXELS), ((2, 3, 4, 3, 2), 3, VOXELS)],
)
def test_logit_offset(
    tmp_path: Path, shape: tuple[int, ...], axis: int, counts: dict[str, Any]
) -> None:
    """Cross-entropy of softmax(z + offset), along the channels."""
    rng = np.random.default_rng(5)
    _, t = case(rng, shape, axis)
    z = rng.normal(size=shape)
    offset = [-0.5, -1.25, -4.0]
    along = [1] * len(shape)
    along[axis] = 3
    adjusted = np.exp(z + np.reshape(offset, along))
    y = adjusted / adjusted.sum(axis=axis, keepdims=True)
    out = run(
        tmp_path,
        {"printed.m": printed(subject_of(offset, Role.LOGIT_OFFSET, **counts))},
        "printed; out.loss = lossFcn(Z, T);",
        Z=z,
        T=t,
    )
    assert out["loss"] == pytest.approx(reference([1, 1, 1], y, t, axis)[0], rel=1e-6)


@pytest.mark.parametrize(
    ("counts", "kind", "shape"),
    [
        ({}, "fullyConnectedLayer", [3, 1]),
        (PIXELS, "convolution2dLayer", [1, 1, 3]),
        (VOXELS, "convolution3dLayer", [1, 1, 1, 3]),
    ],
)
def test_initial_bias(tmp_path: Path, counts: dict[str, Any], kind: str, shape: list[int]) -> None:
    """The bias has the shape that the layer documents."""
    out = run(
        tmp_path,
        {"printed.m": printed(subject_of([-0.5, -1.25, -4.0], Role.INITIAL_BIAS, **counts))},
        "printed; out.kind = lastLayer.kind; last = lastLayer.arguments{end};"
        "out.shape = size(last); out.bias = last(:);",
    )
    assert out == {"kind": kind, "shape": shape, "bias": [-0.5, -1.25, -4.0]}


def test_runs_without_the_toolbox(tmp_path: Path) -> None:
    """Printed alone, the script only defines things: no toolbox is needed until it is called."""
    out = run(
        tmp_path,
        {"printed.m": imbweights.code({"no": 300, "yes": 100}, "matlab", "balanced")},
        "printed; out.kind = class(lossFcn); out.older = exist('outputLayer');",
        stubs=False,
    )
    assert out == {"kind": "function_handle", "older": 0}


def test_hostile_names(tmp_path: Path) -> None:
    """Every name is the value of one char vector, and nothing but that; so with 1000 classes."""
    names = [*HOSTILE, *(f"class '{i}'" for i in range(1000))]
    counts = {name: 10 + i for i, name in enumerate(names)}
    out = run(
        tmp_path,
        {
            "printed.m": imbweights.code(counts, "matlab", "balanced", class_order="appearance"),
            "weightedClassificationLayer.m": imbweights.code(
                counts, "matlab-layer", "balanced", class_order="appearance"
            ),
        },
        """
        printed; out.names = classNames; out.weights = classWeights;
        layer = weightedClassificationLayer('last');
        out.same = isequal(layer.Classes, classNames) && isequal(layer.ClassWeights, classWeights);
        out.name = layer.Name;
        """,
    )
    n = np.arange(10, 10 + len(names))
    assert out["names"] == names
    assert out["weights"] == pytest.approx((n.sum() / (len(n) * n)).tolist(), rel=1e-6)
    assert out["same"] is True
    assert out["name"] == "last"


LAYER_RUN = """
layer = weightedClassificationLayer();
out.loss = forwardLoss(layer, Y, T);
out.gradient = backwardLoss(layer, Y, T)(:);
out.numerical = numericalGradient(@(Y) forwardLoss(layer, Y, T), Y)(:);
sure = Y; sure(:) = 0; sure(T == 1) = 1;
out.sure = [forwardLoss(layer, sure, T), max(abs(backwardLoss(layer, sure, T)(:)))];
wrong = 1 - sure;
out.wrong = forwardLoss(layer, wrong, T);
out.finite = all(isfinite(backwardLoss(layer, wrong, T)(:)));
g = backwardLoss(layer, single(wrong), single(T));
out.single = {class(g), class(forwardLoss(layer, single(Y), single(T))), all(isfinite(g(:)))};
broken = Y; broken(T == 1) = NaN;
out.broken = isnan(forwardLoss(layer, broken, T));
"""


@pytest.mark.parametrize(
    ("shape", "axis", "counts"),
    [
        ((3, 7), 0, {}),
        ((3, 1), 0, {}),
        ((1, 1, 3, 7), 2, {}),
        ((1, 1, 3, 1), 2, {}),
        ((3, 5, 3, 2), 2, PIXELS),
        ((2, 3, 4, 3, 2), 3, VOXELS),
    ],
)
def test_layer(tmp_path: Path, shape: tuple[int, ...], axis: int, counts: dict[str, Any]) -> None:
    """Loss and gradient are NumPy's and the differences'; both are finite at 0 and at 1."""
    y, t = case(np.random.default_rng(6), shape, axis)
    subject = subject_of(WEIGHTS, **counts)
    text = printed(subject, "matlab-layer")
    assert text.startswith("% Save as weightedClassificationLayer.m")
    out = run(tmp_path, {"weightedClassificationLayer.m": text}, LAYER_RUN, Y=y, T=t)
    loss, gradient = reference(WEIGHTS, y, t, axis)
    expected = gradient.ravel(order="F")
    got = np.array(out["gradient"])
    assert out["loss"] == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(got, out["numerical"], rtol=1e-6, atol=1e-6)
    weights = (np.reshape(WEIGHTS, [3 if i == axis else 1 for i in range(len(shape))]) * t).sum()
    present = [w for w, n in zip(WEIGHTS, np.moveaxis(t, axis, 0), strict=True) if n.any()]
    assert out["sure"] == pytest.approx([0, max(present) / t.sum()], rel=1e-6)
    assert out["wrong"] == pytest.approx(-weights * np.log(2.0**-52) / t.sum(), rel=1e-6)
    assert out["finite"] is True
    assert out["single"] == ["single", "single", True]
    assert out["broken"] is True


def test_layer_leaves_unlabelled_pixels_out(tmp_path: Path) -> None:
    """Pixels with NaN or only zeros in T count nothing, and get no gradient."""
    y, t = case(np.random.default_rng(7), (4, 5, 3, 2), 2)
    t[0, :, :, 0], t[1, :, :, 1] = np.nan, 0
    out = run(
        tmp_path,
        {"weightedClassificationLayer.m": printed(subject_of(WEIGHTS, **PIXELS), "matlab-layer")},
        """
        layer = weightedClassificationLayer();
        out.loss = forwardLoss(layer, Y, T); out.gradient = backwardLoss(layer, Y, T)(:);
        out.nothing = forwardLoss(layer, Y, NaN(size(T)));
        """,
        Y=y,
        T=t,
    )
    loss, gradient = reference(WEIGHTS, y, np.nan_to_num(t), 2)
    assert out["loss"] == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(out["gradient"], gradient.ravel(order="F"), rtol=1e-6)
    assert out["nothing"] == 0


NAIVE = """
W = [0.25 1.5 40]; N = size(T, 2);
out.plain = -sum(W*(T.*log(Y)))/N;
layer = weightedClassificationLayer();
out.safe = forwardLoss(layer, Y, T);
Y = [1 0 0.5; 0 1 0.5; 0 0 0]; T = [1 0 0; 0 1 1; 0 0 0];
out.naive = isnan([-sum(W*(T.*log(Y)))/N, (-(W'.*T./Y)/N)(:)']);
out.finite = isfinite([forwardLoss(layer, Y, T), backwardLoss(layer, Y, T)(:)']);
"""


def test_naive_layer_turns_nan(tmp_path: Path) -> None:
    """The layer that users write gives the same loss, until a probability is exactly 0."""
    y, t = case(np.random.default_rng(8), (3, 7), 0)
    text = printed(subject_of(WEIGHTS), "matlab-layer")
    out = run(tmp_path, {"weightedClassificationLayer.m": text}, NAIVE, Y=y, T=t)
    assert out["plain"] == pytest.approx(out["safe"], rel=1e-12)
    zeros = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 0]]).ravel(order="F") == 0
    assert out["naive"] == [True, *zeros.tolist()]
    assert all(out["finite"])


def test_zero_weights_have_no_older_layer() -> None:
    """``classificationLayer`` takes positive weights only."""
    assert "outputLayer" not in printed(subject_of([1.0, 0.0]))


def test_roles_without_a_place() -> None:
    """A layer for exclusive classes has no place for a pos_weight: say who has."""
    with pytest.raises(UsageError, match="has no place for a pos_weight") as caught:
        printed(subject_of([3.0], Role.POS_WEIGHT, only=1), "matlab-layer")
    assert "--for torch, matlab" in str(caught.value.hint)
