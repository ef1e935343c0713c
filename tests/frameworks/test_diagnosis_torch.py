"""The losses of a diagnosis against torch, to 1e-6, also when they are NaN or infinite."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from frameworks_support import needs
from losses_cases import LABEL_LOGITS, LABEL_PROBABILITIES, LOGITS, PROBABILITIES, Batch, T, W, Z

from imbweights import Diagnosis, diagnose

torch = needs("torch")
F = torch.nn.functional


def _losses(found: Diagnosis, framework: str) -> list[float | None]:
    [loss] = [r for r in found.losses if r.framework == framework]
    return [loss.plain, loss.weighted]


def _same(ours: list[float | None], theirs: list[Any]) -> None:
    np.testing.assert_allclose(
        np.array(ours, dtype=float), [float(v) for v in theirs], rtol=1e-6, equal_nan=True
    )


def tensor(x: npt.ArrayLike) -> Any:
    """As torch has it."""
    return torch.as_tensor(np.asarray(x))


@pytest.mark.parametrize("batch", LOGITS.values(), ids=LOGITS)
def test_cross_entropy(batch: Batch) -> None:
    """nn.CrossEntropyLoss of logits and class indices."""
    found = diagnose(batch.x, batch.t, weights=batch.weights, from_logits=True)
    z, t, w = tensor(batch.x), tensor(batch.t), tensor(batch.weights)
    _same(_losses(found, "torch"), [F.cross_entropy(z, t), F.cross_entropy(z, t, weight=w)])


@pytest.mark.parametrize("batch", PROBABILITIES.values(), ids=PROBABILITIES)
def test_negative_log_likelihood(batch: Batch) -> None:
    """nn.NLLLoss of the logarithm of probabilities."""
    found = diagnose(batch.x, batch.t, weights=batch.weights, from_logits=False)
    p, t, w = tensor(batch.x).log(), tensor(batch.t), tensor(batch.weights)
    _same(_losses(found, "torch"), [F.nll_loss(p, t), F.nll_loss(p, t, weight=w)])


@pytest.mark.parametrize("batch", PROBABILITIES.values(), ids=PROBABILITIES)
def test_written_by_hand(batch: Batch) -> None:
    """-sum(W*(T.*log(Y)))/N over all classes, in torch's arithmetic."""
    found = diagnose(batch.x, batch.t, weights=batch.weights, from_logits=False)
    hot = F.one_hot(tensor(batch.t), 4).double()
    terms = hot * tensor(batch.x).log()
    n = len(batch.t)
    _same(_losses(found, "hand"), [-terms.sum() / n, -(tensor(batch.weights) * terms).sum() / n])


@pytest.mark.parametrize("batch", LABEL_LOGITS.values(), ids=LABEL_LOGITS)
def test_binary_cross_entropy_with_logits(batch: Batch) -> None:
    """nn.BCEWithLogitsLoss(pos_weight=…)."""
    found = diagnose(batch.x, batch.t, weights=batch.weights, from_logits=True, multilabel=True)
    z, t = tensor(batch.x), tensor(batch.t).double()
    plain = F.binary_cross_entropy_with_logits(z, t)
    weighted = F.binary_cross_entropy_with_logits(z, t, pos_weight=tensor(batch.weights))
    if np.isinf(batch.x).any():  # torch's own form of softplus has ∞ − ∞ there
        assert not torch.isfinite(plain)
        assert not np.isfinite(_losses(found, "torch")[0] or 0.0)
        return
    _same(_losses(found, "torch"), [plain, weighted])


@pytest.mark.parametrize("batch", LABEL_PROBABILITIES.values(), ids=LABEL_PROBABILITIES)
def test_binary_cross_entropy(batch: Batch) -> None:
    """nn.BCELoss, whose logarithms are at least −100, which refuses NaN; and written by hand."""
    found = diagnose(batch.x, batch.t, weights=batch.weights, from_logits=False, multilabel=True)
    p, t, w = tensor(batch.x), tensor(batch.t).double(), tensor(batch.weights)
    terms = -(w * t * p.log() + (1 - t) * (1 - p).log())
    plain = -(t * p.log() + (1 - t) * (1 - p).log())
    _same(_losses(found, "hand"), [plain.mean(), terms.mean()])
    if np.isnan(batch.x).any():
        return
    each = F.binary_cross_entropy(p, t, reduction="none")
    factor = torch.where(t == 1, w, torch.ones_like(w))
    _same(_losses(found, "torch"), [each.mean(), (factor * each).mean()])


def test_pixels_and_ignored() -> None:
    """N × K × H × W with ignore_index; all of them ignored is 0/0."""
    random = np.random.default_rng(3)
    z, t = random.normal(size=(2, 4, 5, 6)), random.integers(0, 4, (2, 5, 6))
    t[0, 0] = 255
    found = diagnose(z, t, weights=W, ignore_label=255)
    theirs = F.cross_entropy(tensor(z), tensor(t), weight=tensor(W), ignore_index=255)
    assert _losses(found, "torch")[1] == pytest.approx(float(theirs), rel=1e-9)
    last = diagnose(np.moveaxis(z, 1, -1), t, weights=W, ignore_label=255)
    assert _losses(last, "torch") == _losses(found, "torch")
    nothing = diagnose(z, np.full_like(t, 255), ignore_label=255)
    assert torch.isnan(F.cross_entropy(tensor(z), tensor(np.full_like(t, 255)), ignore_index=255))
    assert [f.code for f in nothing.findings] == ["IMB204"]
    assert not nothing.finite


def test_softmax_twice_is_recognised_by_its_value() -> None:
    """What CrossEntropyLoss makes of probabilities."""
    p = torch.softmax(tensor(Z), 1)
    wrong = float(F.cross_entropy(p, tensor(T)))
    found = diagnose(p.numpy(), T, reported=f"{wrong:.4f}")
    assert any("second softmax" in m.how for m in found.matches)


def test_float16_as_torch_computes_it() -> None:
    """A sigmoid in half precision is exactly 1 for a logit of 9; the loss by hand is NaN."""
    z = torch.tensor([9.0, -3.0], dtype=torch.float16)
    p, t = torch.sigmoid(z), torch.tensor([1.0, 0.0], dtype=torch.float16)
    by_hand = -(t * p.log() + (1 - t) * (1 - p).log()).mean()
    assert torch.isnan(by_hand)
    found = diagnose(p.numpy(), t.numpy().astype(int), from_logits=False)
    assert np.isnan(_losses(found, "hand")[0] or 0.0)
    assert {"IMB201", "IMB205"} <= {f.code for f in found.findings}


def test_gradient_norms() -> None:
    """The mean norm of ∂ℓ/∂z over the samples of a class, by autograd."""
    z = tensor(Z).requires_grad_()
    F.cross_entropy(z, tensor(T), reduction="sum").backward()
    norms = z.grad.norm(dim=1).numpy()
    found = diagnose(Z, T)
    assert [c.gradient for c in found.classes] == pytest.approx(
        [norms[c == T].mean() for c in range(4)], rel=1e-9
    )
