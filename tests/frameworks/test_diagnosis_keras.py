"""The losses of a diagnosis against Keras, to 1e-6, also when they are NaN or infinite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from frameworks_support import needs
from losses_cases import LABEL_LOGITS, LABEL_PROBABILITIES, LOGITS, PROBABILITIES, Batch

from imbweights import Diagnosis, diagnose

keras = needs("keras")

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")


def _ours(found: Diagnosis) -> list[float]:
    [loss] = [r for r in found.losses if r.framework == "keras"]
    assert loss.weighted is not None
    return [loss.plain, loss.weighted]


def _value(x: Any) -> float:
    return float(keras.ops.convert_to_numpy(x))


def _same(ours: list[float], theirs: list[float]) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize("from_logits", [True, False])
@pytest.mark.parametrize("name", sorted({*LOGITS, *PROBABILITIES}))
def test_cross_entropy(name: str, from_logits: bool, sparse: bool) -> None:
    """Both cross-entropies over classes, with the weight of its class for each sample."""
    cases = LOGITS if from_logits else PROBABILITIES
    if name not in cases:
        return
    batch = cases[name]
    kind = "SparseCategoricalCrossentropy" if sparse else "CategoricalCrossentropy"
    loss = getattr(keras.losses, kind)(from_logits=from_logits, dtype="float64")
    targets = batch.t if sparse else np.eye(4)[batch.t]
    if not sparse and np.isinf(batch.x).any():
        return  # targets of 0 times an infinite logit: as one-hot, Keras has NaN where indices have none
    found = diagnose(batch.x, batch.t, weights=batch.weights, from_logits=from_logits)
    each = batch.weights[batch.t]
    _same(
        _ours(found),
        [_value(loss(targets, batch.x)), _value(loss(targets, batch.x, sample_weight=each))],
    )


@pytest.mark.parametrize("name", sorted(LABEL_PROBABILITIES))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_binary_of_probabilities(name: str, dtype: str) -> None:
    """Clipped at 1e-7, in the precision of the predictions."""
    batch = LABEL_PROBABILITIES[name]
    x = batch.x.astype(dtype)
    loss = keras.losses.BinaryCrossentropy(dtype=dtype)
    found = diagnose(x, batch.t, weights=[1, 1, 1], from_logits=False, multilabel=True)
    theirs = _value(loss(batch.t.astype(dtype), x))
    np.testing.assert_allclose(_ours(found)[0], theirs, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("name", ["fine", "extreme", "nan"])
def test_binary_of_logits(name: str) -> None:
    """BinaryCrossentropy(from_logits=True)."""
    batch = LABEL_LOGITS[name]
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    found = diagnose(batch.x, batch.t, weights=[1, 1, 1], from_logits=True, multilabel=True)
    np.testing.assert_allclose(
        _ours(found)[0], _value(loss(batch.t.astype(float), batch.x)), rtol=1e-6, equal_nan=True
    )


def test_class_weight_of_two_classes() -> None:
    """One output, class_weight {0: a, 1: b}: a mean over samples."""
    batch = Batch(np.linspace(-3, 3, 20), np.arange(20) % 3 // 2, np.array([1.0, 9.0]))
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    found = diagnose(batch.x, batch.t, weights=batch.weights)
    column = batch.x[:, None], batch.t[:, None].astype(float)
    theirs = loss(column[1], column[0], sample_weight=batch.weights[batch.t])
    np.testing.assert_allclose(_ours(found)[1], _value(theirs), rtol=1e-6)


def test_float16_has_no_protection() -> None:
    """1 − 1e-7 is 1 in float16, so that a sure and right answer costs NaN, clipped or not."""
    p, t = np.array([[1.0], [0.25]], dtype=np.float16), np.array([[1], [0]])
    keras.config.set_floatx("float16")
    theirs = _value(keras.losses.BinaryCrossentropy(dtype="float16")(t.astype(np.float16), p))
    found = diagnose(p, t, from_logits=False)
    [ours] = [r.plain for r in found.losses if r.framework == "keras"]
    assert np.isnan(theirs)
    assert np.isnan(ours)
