"""The Keras programs, executed on a backend: values, gradients and training against NumPy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from frameworks.batches import CASES, HITS, MASKS, PIXELS, ROADS, ROW, YES, Case, Y, Z
from frameworks.programs import (
    FOUR,
    LABELS,
    NO_VOID,
    THREE_MASKS,
    TWO,
    TWO_MASKS,
    VOID,
    assert_runs_alone,
    run,
    run_scaled,
    scale_matters,
    weights_of,
)
from frameworks.reference import Floats, same, slopes, weighted
from frameworks_support import needs
from sklearn.metrics import accuracy_score, f1_score

from imbweights.core.choices import EmptyPolicy
from imbweights.core.counts import ClassCounts

keras = needs("keras")

# Of Keras' own variables, which NumPy 2 asks for a newer ``__array__``.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

# ``class_weight`` and weights per pixel are for fit, and margins have no place.
LOSSES = {
    name: case
    for name, case in CASES.items()
    if case.scheme in {"pos-weight", "focal-alpha", "logit-adjustment"}
}


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    """Losses and layers are of the default type."""
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")


def value_and_slopes(loss: Any, logits: Floats, targets: Any) -> tuple[float, Floats]:
    """What the backend finds."""
    backend = needs(keras.backend.backend())
    if keras.backend.backend() == "jax":
        value, gradient = backend.value_and_grad(lambda z: loss(targets, z))(logits)
    elif keras.backend.backend() == "torch":
        z = backend.tensor(logits, requires_grad=True)
        value = loss(targets, z)
        value.backward()
        value, gradient = value.detach(), z.grad
    else:
        z = backend.constant(logits)
        with backend.GradientTape() as tape:
            tape.watch(z)
            value = loss(targets, z)
        gradient = tape.gradient(value, z)
    return float(value), np.asarray(gradient)


def linear(classes: int, shape: tuple[int, ...] = ()) -> Any:
    """A network that hands its input through, and learns with rate 1 and no momentum."""
    model = keras.Sequential(
        [
            keras.layers.Input((*shape, classes)),
            keras.layers.Dense(classes, use_bias=False, kernel_initializer="identity"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.SGD(1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


def trained(x: Floats, targets: Any, weights: Floats, kernel: Floats, **options: Any) -> Floats:
    """The kernel of ``linear`` after one more step, by the reference."""
    return kernel - slopes(lambda k: weighted(x @ k, targets, weights, **options), kernel)


@pytest.mark.parametrize("case", LOSSES.values(), ids=LOSSES.keys())
def test_value_and_gradient(case: Case) -> None:
    """Integer targets as they are."""
    loss = run("keras", case.counts, case.scheme, **case.wishes)["loss"]
    value, gradient = value_and_slopes(loss, case.logits, case.targets)
    same(value, case.value(case.logits))
    same(gradient, slopes(case.value, case.logits))


@pytest.mark.parametrize("one_hot", [False, True])
def test_class_weight(one_hot: bool) -> None:
    """One step of training: the mean is over samples, whatever their weights."""
    class_weight = run("keras", FOUR, "balanced")["class_weight"]
    w = weights_of(FOUR, "balanced").values
    assert list(class_weight) == [0, 1, 2, 3]
    model = linear(4)
    if one_hot:
        model.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True))
        model.optimizer.learning_rate = 1.0
    targets = np.eye(4)[Y] if one_hot else Y
    history = model.fit(Z, targets, class_weight=class_weight, batch_size=9, verbose=0).history
    same(history["loss"][0], weighted(Z, Y, w, over="samples"))
    same(model.get_weights()[0], trained(Z, Y, w, np.eye(4), over="samples"))


def test_classes_without_samples_are_named_too() -> None:
    """Keras would weigh a missing key by 1 without a word."""
    counts = ClassCounts.multiclass({"a": 4, "b": 0, "c": 1}, order=["a", "b", "c"])
    for empty in (EmptyPolicy.ZERO, EmptyPolicy.MAX):
        names = run("keras", counts, "balanced", empty=empty)
        assert list(names["class_weight"].values()) == pytest.approx(
            weights_of(counts, "balanced", empty=empty).values.tolist()
        )


def test_weights_of_pixels() -> None:
    """One step on masks with ignored pixels: the mean is over the pixels that are not."""
    names = run("keras", THREE_MASKS, "balanced")
    w = weights_of(THREE_MASKS, "balanced").values
    masks = MASKS.astype(np.uint8)
    found = keras.ops.convert_to_numpy(names["sample_weights"](masks))
    same(found, np.where(MASKS == VOID, 0, w[np.where(MASKS == VOID, 0, MASKS)]))

    model = linear(3, (2, 3))
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=names["loss"])
    history = model.fit(PIXELS, masks, sample_weight=found, verbose=0).history
    expected = {"ignored": VOID, "over": "samples"}
    same(history["loss"][0], weighted(PIXELS, MASKS, w, ignored=VOID, over="samples"))
    same(model.get_weights()[0], trained(PIXELS, MASKS, w, np.eye(3), **expected))


def test_weights_of_pixels_without_ignored_ones() -> None:
    """A weight for every pixel."""
    names = run("keras", NO_VOID, "balanced")
    found = keras.ops.convert_to_numpy(names["sample_weights"](MASKS % 2))
    same(found, weights_of(NO_VOID, "balanced").values[MASKS % 2])
    value, _ = value_and_slopes(names["loss"], PIXELS[..., :2], MASKS % 2)
    same(value, weighted(PIXELS[..., :2], MASKS % 2, np.ones(2)))


def test_deferred() -> None:
    """Two epochs without weights, then one with them."""
    wishes = {"parameters": {"epoch": 2, "beta": 0.99}}
    names = run("keras", FOUR, "deferred", **wishes)
    w = weights_of(FOUR, "deferred", **wishes).values
    kernel = np.eye(4)
    for weights in (np.ones(4), np.ones(4), w):
        kernel = trained(Z, Y, weights, kernel, over="samples")

    model = linear(4)
    histories = names["fit"](model, Z, Y, epochs=3, batch_size=9, verbose=0)
    assert [history.epoch for history in histories] == [[0, 1], [2]]
    same(model.get_weights()[0], kernel)
    assert [h.epoch for h in names["fit"](linear(4), Z, Y, epochs=1, verbose=0)] == [[0]]


def test_deferred_masks() -> None:
    """The same with two data sets."""
    wishes = {"parameters": {"epoch": 1, "beta": 0.99}}
    names = run("keras", THREE_MASKS, "deferred", **wishes)
    w = weights_of(THREE_MASKS, "deferred", **wishes).values
    kernel = np.eye(3)
    for weights in (np.ones(3), w):
        kernel = trained(PIXELS, MASKS, weights, kernel, ignored=VOID, over="samples")

    class Batches(keras.utils.PyDataset):  # type: ignore[name-defined,misc]
        """One batch."""

        def __init__(self, *batch: Any) -> None:
            super().__init__()
            self.batch = batch

        def __len__(self) -> int:
            return 1

        def __getitem__(self, index: int) -> Any:
            return self.batch

    pixel_weights = keras.ops.convert_to_numpy(names["sample_weights"](MASKS))
    model = linear(3, (2, 3))
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=names["loss"])
    plain, weighted_batches = Batches(PIXELS, MASKS), Batches(PIXELS, MASKS, pixel_weights)
    histories = names["fit"](model, plain, weighted_batches, epochs=2, verbose=0)
    assert [history.epoch for history in histories] == [[0], [1]]
    same(model.get_weights()[0], kernel)


def test_saved_and_loaded(tmp_path: Path) -> None:
    """Loss and metrics of several labels come back with the model, and train on."""
    names = run("keras", LABELS, "pos-weight")
    model = linear(3)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=names["loss"], metrics=names["metrics"])
    model.fit(Z[:, :3], HITS, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.loss.pos_weight == names["pos_weight"]
    before = model.evaluate(Z[:, :3], HITS, verbose=0, return_dict=True)
    after = loaded.evaluate(Z[:, :3], HITS, verbose=0, return_dict=True)
    assert before.keys() == {"loss", "weighted_accuracy", "f1"}
    assert after == pytest.approx(before)
    loaded.fit(Z[:, :3], HITS, verbose=0)


@pytest.mark.parametrize("which", ["offset, masks", "pos_weight, masks", "focal, masks"])
def test_losses_are_serialisable(which: str) -> None:
    """To JSON and back, the same value."""
    case = CASES[which]
    loss = run("keras", case.counts, case.scheme)["loss"]
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again is not loss
    same(again(case.targets, case.logits), case.value(case.logits))


def results(names: Any, batches: list[tuple[Any, ...]]) -> tuple[float, float]:
    """Weighted accuracy and F1 after several batches of targets, logits and sample weights."""
    accuracy, f1 = names["metrics"]
    for targets, logits, *sample_weight in batches:
        for metric in (accuracy, f1):
            metric.update_state(targets, keras.ops.convert_to_tensor(logits), *sample_weight)
    return float(accuracy.result()), float(f1.result())


def test_metrics_of_labels() -> None:
    """Over the epoch, not the mean of the batches, which differ in size."""
    w = weights_of(LABELS, "pos-weight").values
    z = Z[:, :3]
    batches = [(HITS[:2], z[:2]), (HITS[2:], z[2:])]
    accuracy, f1 = results(run("keras", LABELS, "pos-weight"), batches)
    right, weight = (z > 0) == HITS, np.where(HITS == 1, w, 1)
    same(accuracy, (right * weight).sum() / weight.sum())
    same(f1, f1_score(HITS, z > 0, average="macro"))

    twice = np.arange(9) % 2 + 1.0
    accuracy, f1 = results(run("keras", LABELS, "pos-weight"), [(HITS, z, twice)])
    weight *= twice[:, None]
    same(accuracy, (right * weight).sum() / weight.sum())
    same(f1, f1_score(HITS, z > 0, average="macro", sample_weight=twice))


def test_metrics_of_two_classes() -> None:
    """(pos_weight · TP + TN) / (pos_weight · P + N), also for targets (N,)."""
    z = Z[:, :1]
    answers, weight = z[:, 0] > 0, np.where(YES == 1, 3.0, 1.0)
    accuracy, f1 = results(run("keras", TWO, "pos-weight"), [(YES[:4], z[:4]), (YES[4:], z[4:])])
    same(accuracy, accuracy_score(YES, answers, sample_weight=weight))
    same(f1, f1_score(YES, answers))

    twice = np.arange(9) % 2 + 1.0
    accuracy, f1 = results(run("keras", TWO, "pos-weight"), [(YES, z, twice)])
    same(accuracy, accuracy_score(YES, answers, sample_weight=weight * twice))
    same(f1, f1_score(YES, answers, sample_weight=twice))


@pytest.mark.parametrize("counts", [TWO_MASKS, NO_VOID], ids=["void", "no void"])
def test_metrics_of_masks(counts: ClassCounts) -> None:
    """Ignored pixels do not count."""
    kept = np.full(ROADS.shape, True) if counts is NO_VOID else ROADS != VOID
    targets = ROADS % 2 if counts is NO_VOID else ROADS
    truth, answers = targets[kept], ROW[kept] > 0
    weight = np.where(truth == 1, 9.0, 1.0)
    batches = [(targets[i : i + 1].astype(np.uint8), ROW[i : i + 1, ..., None]) for i in (0, 1)]
    accuracy, f1 = results(run("keras", counts, "pos-weight"), batches)
    same(accuracy, accuracy_score(truth, answers, sample_weight=weight))
    same(f1, f1_score(truth, answers))

    twice = np.arange(12).reshape(2, 2, 3) % 2 + 1
    accuracy, f1 = results(run("keras", counts, "pos-weight"), [(targets, ROW[..., None], twice)])
    same(accuracy, accuracy_score(truth, answers, sample_weight=weight * twice[kept]))
    same(f1, f1_score(truth, answers, sample_weight=twice[kept]))


@pytest.mark.parametrize(
    ("counts", "scheme", "logits"),
    [
        (THREE_MASKS, "logit-adjustment", PIXELS),
        (TWO_MASKS, "pos-weight", ROW[..., None]),
        (TWO_MASKS, "focal-alpha", ROW[..., None]),
    ],
)
def test_nothing_but_ignored_pixels(counts: ClassCounts, scheme: str, logits: Floats) -> None:
    """A loss of 0, where a mean over nothing would be NaN."""
    nothing = np.full_like(MASKS, VOID)
    value, gradient = value_and_slopes(run("keras", counts, scheme)["loss"], logits, nothing)
    assert value == 0
    assert not gradient.any()


def test_far_logits() -> None:
    """Nothing overflows, and what is quite wrong still has a gradient."""
    loss = run("keras", LABELS, "pos-weight")["loss"]
    far = np.where(HITS == 1, -1e4, 1e4)
    value, gradient = value_and_slopes(loss, far, HITS)
    assert np.isfinite(value)
    w = weights_of(LABELS, "pos-weight").values
    same(gradient, np.where(HITS == 1, -w, 1.0) / HITS.size)


def test_initial_bias(tmp_path: Path) -> None:
    """A network that knows nothing yet answers with the class frequencies; it can be saved."""

    def answer(model: Any, activation: Any) -> Any:
        return keras.ops.convert_to_numpy(activation(model(np.zeros((1, 5)))))[0]

    bias = run("keras", FOUR, "initial-bias")["bias"]
    model = keras.Sequential(
        [keras.layers.Input((5,)), keras.layers.Dense(4, bias_initializer=bias)]
    )
    same(answer(model, keras.ops.softmax), FOUR.shares)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    same(answer(loaded, keras.ops.softmax), FOUR.shares)

    bias = run("keras", TWO, "initial-bias")["bias"]
    same(answer(keras.layers.Dense(1, bias_initializer=bias), keras.ops.sigmoid), [0.25])


def test_scale() -> None:
    """Ten times the weights is another step of training: the header says so."""
    steps = []
    for factor in (1, 10):
        model = linear(4)
        names = run_scaled("keras", FOUR, "balanced", factor)
        model.fit(Z, Y, class_weight=names["class_weight"], batch_size=9, verbose=0)
        steps.append(model.get_weights()[0] - np.eye(4))
    same(10 * steps[0], steps[1])
    assert scale_matters("keras", FOUR, "balanced")

    one, ten = (
        value_and_slopes(run_scaled("keras", LABELS, "pos-weight", f)["loss"], Z[:, :3], HITS)[1]
        for f in (1, 10)
    )
    assert scale_matters("keras", LABELS, "pos-weight") == (not np.allclose(one, ten))


def test_alone() -> None:
    """As it is pasted."""
    assert_runs_alone("keras", np.array([[1, 0], [1, 1], [0, 1]]), "pos-weight")


@pytest.mark.skipif("KERAS_BACKEND" in os.environ, reason="this is the other backend")
def test_all_of_this_on_another_backend() -> None:
    """The programs are for every backend: the same tests once more, on PyTorch.

    On JAX, which takes longer: KERAS_BACKEND=jax JAX_ENABLE_X64=1 python -m pytest this-file.
    """
    needs("torch")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "not alone", __file__],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"KERAS_BACKEND": "torch"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
