"""Every way in which a loss becomes NaN, infinite or suspicious: it happens, and it is named."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from losses_cases import HITS, LABEL_P, P, T, Z, softmax

from imbweights import Diagnosis, diagnose
from imbweights.core.codes import CODES
from imbweights.core.findings import Finding, Level

Array = npt.NDArray[Any]
NAN, INF = math.nan, math.inf


def named(found: Diagnosis, code: str) -> Finding:
    """The finding of that code."""
    [finding] = [f for f in found.findings if f.code == code]
    return finding


def loss(found: Diagnosis, framework: str) -> float:
    """Weighted where there are weights."""
    [r] = [r for r in found.losses if r.framework == framework]
    return r.plain if r.weighted is None else r.weighted


def sure(row: int = 5) -> tuple[Array, Array]:
    """Probabilities in which one row is sure of its true class, and exactly 0 elsewhere."""
    p = P.copy()
    p[row] = np.eye(4)[T[row]]
    return p, T


def test_the_layer_written_by_hand() -> None:
    """-sum(W*(T.*log(Y)))/N and -(W'.*T./Y)/N: both NaN, for a row that is right."""
    p, t = sure()
    hot = np.eye(4)[t]
    with np.errstate(all="ignore"):
        assert math.isnan(-(hot * np.log(p)).sum() / len(t))
        assert np.isnan(hot / p).any()
    found = diagnose(p, t)
    assert math.isnan(loss(found, "hand"))
    assert all(math.isfinite(loss(found, f)) for f in ("torch", "keras", "matlab"))
    finding = named(found, "IMB201")
    assert finding.level is Level.ERROR
    assert finding.details["first"] == [[5]]
    assert finding.where.row == 5
    assert finding.details["classes"] == {str(c): 1 for c in range(4) if c != t[5]}
    assert "0·(−Inf) = NaN" in finding.message
    assert "0/0" in finding.message
    assert "matlab-layer" in finding.remedy
    assert not found.finite


def test_the_same_is_a_note_where_it_does_no_harm() -> None:
    """PyTorch and Keras do not multiply by targets of 0."""
    for framework in ("torch", "keras", "huggingface"):
        found = diagnose(*sure(), framework=framework)
        assert named(found, "IMB201").level is Level.NOTE
        assert found.finite


@pytest.mark.parametrize(("gap", "zero"), [(100.0, False), (110.0, True)])
def test_logits_whose_softmax_is_zero_in_single_precision(gap: float, zero: bool) -> None:
    """The limit is that of float32, whatever the file holds."""
    z = np.array([[gap, 0.0], [0.0, 1.0]])
    with np.errstate(under="ignore"):
        y = softmax(z.astype(np.float32))
    assert (y[0, 1] == 0) == zero
    found = diagnose(z, [0, 1])
    assert ("IMB201" in [f.code for f in found.findings]) == zero
    assert found.finite


@pytest.mark.parametrize(("z", "one"), [(16.5, False), (17.0, True)])
def test_logits_whose_sigmoid_is_one(z: float, one: bool) -> None:
    """1/(1 + e^−z) in float32."""
    sigmoid = np.float32(1) / (np.float32(1) + np.exp(np.float32(-z)))
    assert (sigmoid == 1) == one
    found = diagnose(np.array([z, -2.0, 1.0, -1.0]), [1, 0, 1, 0])
    assert ("IMB201" in [f.code for f in found.findings]) == one


@pytest.mark.parametrize("value", [0, 1])
def test_right_answers_of_a_sigmoid_are_nan(value: int) -> None:
    """(1 − T) log(1 − Y) with T = Y = 1, and T log Y with T = Y = 0."""
    p, t = np.array([0.3, 0.6, 0.2, 0.9, float(value)]), np.array([0, 1, 0, 1, value])
    with np.errstate(all="ignore"):
        assert math.isnan(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean())
    found = diagnose(p, t)
    assert math.isnan(loss(found, "hand"))
    assert named(found, "IMB201").details["first"] == [[4]]


def test_log_of_zero_of_the_true_class() -> None:
    """∞ in PyTorch and by hand, 16.1 in Keras, 36 in the safe layer."""
    p = np.array([[0.0, 1.0], [0.5, 0.5], [0.5, 0.5]])
    found = diagnose(p, [0, 0, 1])
    assert loss(found, "torch") == INF
    assert loss(found, "keras") == pytest.approx((-math.log(1e-7) + 2 * math.log(2)) / 3, rel=1e-6)
    assert loss(found, "matlab") == pytest.approx((52 + 2) * math.log(2) / 3)
    finding = named(found, "IMB202")
    assert finding.level is Level.ERROR
    assert finding.details["classes"] == {"0": 1}
    assert named(found, "IMB216").level is Level.NOTE
    by_logit = diagnose([[-INF, 0.0], [0.0, 1.0]], [0, 1])
    assert named(by_logit, "IMB202").level is Level.ERROR
    assert loss(by_logit, "torch") == INF


def test_an_infinite_weight() -> None:
    """1/0 for an empty class harms only what multiplies it by 0; of a class that occurs, all."""
    t = np.where(T == 1, 0, T)
    counts = np.bincount(t, minlength=4)
    with np.errstate(divide="ignore"):
        weights = len(t) / counts
    empty = diagnose(P, t, weights=weights)
    assert math.isnan(loss(empty, "hand"))
    assert math.isfinite(loss(empty, "torch"))
    assert "no sample" in named(empty, "IMB203").message
    assert not empty.finite
    assert diagnose(P, t, weights=weights, framework="torch").finite
    present = diagnose(P, T, weights="inf,1,1,1", framework="torch")
    assert math.isnan(loss(present, "torch"))
    assert loss(present, "keras") == INF
    assert named(present, "IMB203").level is Level.ERROR
    assert named(diagnose(P, T, weights=[1, NAN, 1, 1]), "IMB203").details["classes"] == ["1"]


def test_an_infinite_pos_weight() -> None:
    """Negatives over no positives: PyTorch multiplies it by targets of 0."""
    found = diagnose(
        np.linspace(-2, 2, 9), np.zeros(9, dtype=int), weights=[INF], framework="torch"
    )
    assert math.isnan(loss(found, "torch"))
    assert named(found, "IMB203").level is Level.ERROR


def test_all_ignored() -> None:
    """0/0."""
    found = diagnose(Z, np.full(50, -100), ignore_label=-100)
    assert math.isnan(loss(found, "torch"))
    finding = named(found, "IMB204")
    assert finding.level is Level.ERROR
    assert "0/0" in finding.message


def test_all_of_weight_zero() -> None:
    """0/0 for a mean over weights, 0 for a mean over samples."""
    found = diagnose(Z, np.zeros(50, dtype=int), weights=[0, 1, 1, 1])
    assert math.isnan(loss(found, "torch"))
    assert loss(found, "keras") == 0
    assert named(found, "IMB204").level is Level.ERROR
    assert named(
        diagnose(Z, [0] * 50, weights=[0, 1, 1, 1], framework="keras"), "IMB204"
    ).level is (Level.NOTE)


def test_beyond_float16() -> None:
    """A logit of 70000 is inf there; a probability of 1e-9 is 0."""
    z = np.array([[70000.0, 0.0], [1.0, 2.0]])
    assert diagnose(z, [0, 1], framework="torch").finite
    found = diagnose(z, [0, 1], half=True)
    assert math.isnan(loss(found, "torch"))
    assert "65504" in named(found, "IMB205").message
    assert named(found, "IMB205").level is Level.ERROR
    p = np.array([[1e-9, 1 - 1e-9], [0.5, 0.5]])
    assert diagnose(p, [0, 1]).finite
    low = diagnose(p, [0, 1], half=True)
    assert loss(low, "torch") == INF
    assert named(low, "IMB205").details["first"] == [[0]]
    stored = diagnose(np.array([[np.inf, 0], [1, 2]], dtype=np.float16), [0, 1])
    assert "IMB205" in [f.code for f in stored.findings]


def test_nan_in_the_predictions() -> None:
    """With rows and columns; not where the target is ignored."""
    z = Z.copy()
    z[[7, 9], 2] = NAN
    found = diagnose(z, T)
    assert math.isnan(loss(found, "torch"))
    finding = named(found, "IMB206")
    assert finding.details["first"] == [[7], [9]]
    assert finding.details["classes"] == {"2": 2}
    t = T.copy()
    t[[7, 9]] = 255
    assert diagnose(z, t, ignore_label=255).finite
    assert named(diagnose(np.full((4, 2), NAN), [0, 1, 0, 1]), "IMB206").details["rows"] == 4


def test_infinite_logits() -> None:
    """+∞ is NaN after softmax; −∞ of another class is none of our business."""
    z = Z.copy()
    z[3, (T[3] + 1) % 4] = INF
    assert named(diagnose(z, T), "IMB206").level is Level.ERROR
    z[3, (T[3] + 1) % 4] = -INF
    found = diagnose(z, T)
    assert found.finite
    assert named(found, "IMB206").level is Level.NOTE


@pytest.mark.parametrize(
    ("value", "hint"), [(255, "--ignore-label 255"), (-100, "--ignore-label -100"), (7, "0 … 3")]
)
def test_a_target_that_is_no_class(value: int, hint: str) -> None:
    """The value, the rows, what it usually is."""
    t = T.copy()
    t[[2, 4]] = value
    found = diagnose(Z, t)
    finding = named(found, "IMB207")
    assert finding.level is Level.ERROR
    assert finding.details["first"] == [[2], [4]]
    assert finding.details["values"] == [value]
    assert hint in finding.message
    kept = np.delete(np.arange(50), [2, 4])
    assert loss(found, "torch") == pytest.approx(loss(diagnose(Z[kept], T[kept]), "torch"))


def test_targets_that_count_from_one() -> None:
    """1 … K is recognised for what it is."""
    finding = named(diagnose(Z, T + 1), "IMB207")
    assert "--classes 1-4" in finding.message
    assert diagnose(Z, T + 1, classes="1-4").finite
    assert diagnose(Z, T + 1, classes="1-4").losses == diagnose(Z, T).losses


def test_probabilities_outside_zero_to_one() -> None:
    """Logits that are taken for probabilities."""
    found = diagnose(Z, T, from_logits=False)
    assert math.isnan(loss(found, "torch"))
    assert named(found, "IMB208").level is Level.ERROR
    assert "--from-logits" in named(found, "IMB208").remedy


def test_rows_that_do_not_sum_to_one() -> None:
    """A few of them."""
    p = P.copy()
    p[[1, 8]] *= 0.7
    finding = named(diagnose(p, T), "IMB211")
    assert finding.details["first"] == [[1], [8]]
    assert finding.level is Level.WARNING


def test_sigmoid_for_softmax() -> None:
    """All rows have sums of their own."""
    p = 1 / (1 + np.exp(-Z))
    finding = named(diagnose(p, T, from_logits=False), "IMB213")
    assert finding.level is Level.WARNING
    assert "IMB211" not in [f.code for f in diagnose(p, T, from_logits=False).findings]


def test_softmax_for_sigmoid() -> None:
    """Rows with several labels that sum to 1."""
    p = LABEL_P / LABEL_P.sum(axis=1, keepdims=True)
    assert named(diagnose(p, HITS), "IMB214").level is Level.WARNING
    assert "IMB214" not in [f.code for f in diagnose(LABEL_P, HITS).findings]


def test_softmax_twice() -> None:
    """Probabilities as logits, and a softmax of them; a weak or untrained network is none."""
    z = Z.copy()
    z[np.arange(50), T] += 8
    assert named(diagnose(softmax(z), T, from_logits=True), "IMB212").level is Level.WARNING
    assert named(diagnose(softmax(softmax(z)), T), "IMB212").level is Level.WARNING
    for scale in (0.01, 0.1, 0.3, 1, 3):
        plain = diagnose(softmax(Z * scale), T)
        assert "IMB212" not in [f.code for f in plain.findings], scale


def test_only_the_majority() -> None:
    """How often that is right, and what knowing only the shares would cost."""
    t = np.array([0] * 90 + [1] * 8 + [2] * 2)
    p = np.tile([0.8, 0.15, 0.05], (100, 1))
    found = diagnose(p, t)
    finding = named(found, "IMB215")
    shares = np.array([0.9, 0.08, 0.02])
    assert found.baseline.loss == pytest.approx(-(shares * np.log(shares)).sum())
    assert found.baseline.same == 1
    assert "0 always" in finding.message
    assert "90.0 %" in finding.message
    assert found.finite


def test_only_zeros() -> None:
    """Labels that are never predicted."""
    rng = np.random.default_rng(0)
    t = (rng.uniform(size=(200, 3)) < 0.1).astype(int)
    found = diagnose(rng.uniform(0, 0.3, (200, 3)), t)
    assert "no for every label always" in named(found, "IMB215").message
    one = diagnose(rng.uniform(0, 0.3, 200), t[:, 0])
    assert "IMB215" in [f.code for f in one.findings]


def test_a_good_model_of_rare_events_is_not_blamed() -> None:
    """It says no nearly always, and so do the data."""
    t = np.zeros(1000, dtype=int)
    t[:5] = 1
    p = np.where(t == 1, 0.9, 0.05)
    assert not diagnose(p, t).findings


def test_good_predictions_have_no_findings() -> None:
    """Of any kind and shape."""
    z = Z.copy()
    z[np.arange(50), T] += 3
    assert not diagnose(z, T, weights=[1, 2, 3, 4]).findings
    assert not diagnose(softmax(z), T).findings
    assert not diagnose(np.where(HITS == 1, 2.0, -2.0), HITS).findings


def test_every_code_is_tested_here_and_documented(request: pytest.FixtureRequest) -> None:
    """In this file and on its page."""
    here = request.path.read_text(encoding="utf-8")
    page = (request.config.rootpath / "docs" / "loss.md").read_text(encoding="utf-8")
    for code in CODES:
        if code.startswith("IMB2"):
            assert f'"{code}"' in here
            assert f"### {code}" in page
