"""The programs for the Hugging Face Trainer: values and gradients against NumPy, and real runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from frameworks.batches import CASES, HITS, MASKS, PIXELS, ROADS, YES, Case, Y, Z
from frameworks.programs import (
    FOUR,
    LABELS,
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
from frameworks.reference import Floats, focal, same, slopes, weighted, weighted_binary
from frameworks_support import needs

from imbweights.core.counts import ClassCounts

torch = needs("torch")
transformers = needs("transformers")
needs("accelerate")

IGNORED = -100
TOKENS = np.where(np.arange(12).reshape(3, 4) % 5 == 0, IGNORED, np.arange(12).reshape(3, 4) % 3)
TOKEN_LOGITS = PIXELS.reshape(3, 4, 3)


@pytest.fixture(autouse=True)
def _double() -> Iterator[None]:
    """The printed tensors are of the default type."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def value_and_slopes(loss: Any, logits: Any, labels: Any, items: Any = None) -> tuple[float, Any]:
    """What PyTorch finds, given what a model puts out."""
    z = torch.tensor(logits, requires_grad=True)
    value = loss(SimpleNamespace(logits=z), torch.tensor(labels), num_items_in_batch=items)
    value.backward()
    return value.item(), z.grad.numpy()


def first(array: Any) -> Any:
    """The classes where PyTorch has them: behind the samples."""
    return np.moveaxis(array, -1, 1).copy()


def difference(z: Floats, positive: int = 1) -> Floats:
    """What two logits answer like."""
    result: Floats = z[..., positive] - z[..., 1 - positive]
    return result


def test_class_weight() -> None:
    """The mean is over the labels; a Trainer says how many there are in accumulated batches."""
    w = weights_of(FOUR, "balanced").values
    loss = run("huggingface", FOUR, "balanced")["compute_loss"]
    value, gradient = value_and_slopes(loss, Z, Y)
    same(value, weighted(Z, Y, w, over="samples"))
    same(gradient, slopes(lambda z: weighted(z, Y, w, over="samples"), Z))
    accumulated, _ = value_and_slopes(loss, Z, Y, items=torch.tensor(36))
    same(accumulated, value / 4)


def test_class_weight_of_tokens() -> None:
    """Labels of −100 have no part."""
    counts = ClassCounts.multiclass({"O": 60, "B": 30, "I": 10}, order=["O", "B", "I"])
    w = weights_of(counts, "balanced").values
    loss = run("huggingface", counts, "balanced")["compute_loss"]
    value, gradient = value_and_slopes(loss, TOKEN_LOGITS, TOKENS)

    def reference(z: Floats) -> float:
        return weighted(z, TOKENS, w, ignored=IGNORED, over="samples")

    same(value, reference(TOKEN_LOGITS))
    same(gradient, slopes(reference, TOKEN_LOGITS))
    assert not gradient[TOKENS == IGNORED].any()


def test_class_weight_of_masks() -> None:
    """Ignored pixels have no part, though the Trainer counts them."""
    w = weights_of(THREE_MASKS, "balanced").values
    loss = run("huggingface", THREE_MASKS, "balanced")["compute_loss"]
    value, gradient = value_and_slopes(loss, first(PIXELS), MASKS)

    def reference(z: Floats) -> float:
        return weighted(z, MASKS, w, ignored=VOID, over="samples")

    same(value, reference(PIXELS))
    same(gradient, first(slopes(reference, PIXELS)))
    # Two batches of one size are accumulated: each is half of the step.
    accumulated, _ = value_and_slopes(loss, first(PIXELS), MASKS, items=2 * MASKS.size)
    same(accumulated, value / 2)


def test_masks_larger_than_the_answers() -> None:
    """A constant answer is constant, however much it is enlarged."""
    small = np.broadcast_to(np.array([1.0, -1.0, 0.5])[None, :, None, None], (2, 3, 1, 1)).copy()
    w = weights_of(THREE_MASKS, "balanced").values
    loss = run("huggingface", THREE_MASKS, "balanced")["compute_loss"]
    value, _ = value_and_slopes(loss, small, MASKS)
    large = np.broadcast_to(small[:, :, 0, 0][:, None, None, :], (2, 2, 3, 3))
    same(value, weighted(large, MASKS, w, ignored=VOID, over="samples"))


@pytest.mark.parametrize("kind", [int, float])
def test_pos_weight_of_labels(kind: type) -> None:
    """Several labels, of either type; −100 is left out."""
    case = CASES["pos_weight, labels"]
    loss = run("huggingface", LABELS, "pos-weight")["compute_loss"]
    value, gradient = value_and_slopes(loss, case.logits, HITS.astype(kind))
    same(value, case.value(case.logits))
    same(gradient, slopes(case.value, case.logits))

    some: npt.NDArray[Any] = np.where(np.arange(27).reshape(9, 3) % 4 == 0, IGNORED, HITS).astype(
        kind
    )
    w = weights_of(LABELS, "pos-weight").values
    value, _ = value_and_slopes(loss, case.logits, some)
    same(value, weighted_binary(case.logits, some, w, ignored=IGNORED))


@pytest.mark.parametrize(("positive", "weight"), [("yes", 3.0), ("no", 1 / 3)])
def test_pos_weight_of_two_logits(positive: str, weight: float) -> None:
    """It weighs the class that was called positive."""
    index = TWO.classes.index(positive)
    loss = run("huggingface", TWO, "pos-weight", positive=positive)["compute_loss"]
    value, gradient = value_and_slopes(loss, Z[:, :2], YES)

    def reference(z: Floats) -> float:
        return weighted_binary(difference(z, index), np.equal(YES, index), weight)

    same(value, reference(Z[:, :2]))
    same(gradient, slopes(reference, Z[:, :2]))
    # The same as a softmax over both with the weights 1 and pos_weight.
    both = np.where(np.arange(2) == index, weight, 1.0)
    same(value, weighted(Z[:, :2], YES, both, over="samples"))


def test_pos_weight_of_masks() -> None:
    """Two logits for each pixel, ignored ones left out."""
    z = PIXELS[..., :2]
    loss = run("huggingface", TWO_MASKS, "pos-weight")["compute_loss"]
    value, gradient = value_and_slopes(loss, first(z), ROADS)

    def reference(z: Floats) -> float:
        return weighted_binary(difference(z), ROADS, 9.0, ignored=VOID)

    same(value, reference(z))
    same(gradient, first(slopes(reference, z)))


def test_focal_alpha() -> None:
    """Of two logits, and of several labels."""
    loss = run("huggingface", TWO, "focal-alpha")["compute_loss"]
    value, gradient = value_and_slopes(loss, Z[:, :2], YES)
    same(value, focal(difference(Z[:, :2]), YES, 0.25))
    same(gradient, slopes(lambda z: focal(difference(z), YES, 0.25), Z[:, :2]))

    case = CASES["focal, labels"]
    loss = run("huggingface", LABELS, "focal-alpha", **case.wishes)["compute_loss"]
    same(value_and_slopes(loss, case.logits, HITS)[0], case.value(case.logits))


@pytest.mark.parametrize("case", [CASES["offset"], CASES["offset, masks"]])
def test_logit_offset(case: Case) -> None:
    """Cross-entropy of what is added up."""
    loss = run("huggingface", case.counts, case.scheme)["compute_loss"]
    given = first(case.logits) if case.logits.ndim == 4 else case.logits
    value, gradient = value_and_slopes(loss, given, case.targets)
    same(value, case.value(case.logits))
    wanted = slopes(case.value, case.logits)
    same(gradient, first(wanted) if wanted.ndim == 4 else wanted)


@pytest.mark.parametrize(
    ("counts", "scheme", "logits", "labels"),
    [
        (FOUR, "balanced", Z, np.full(9, IGNORED)),
        (THREE_MASKS, "balanced", first(PIXELS), np.full_like(MASKS, VOID)),
        (TWO_MASKS, "pos-weight", first(PIXELS[..., :2]), np.full_like(MASKS, VOID)),
    ],
)
def test_nothing_but_ignored_labels(
    counts: ClassCounts, scheme: str, logits: Floats, labels: Any
) -> None:
    """A loss of 0, where a mean over nothing would be NaN."""
    loss = run("huggingface", counts, scheme)["compute_loss"]
    for items in (None, labels.size):
        value, gradient = value_and_slopes(loss, logits, labels, items)
        assert value == 0
        assert not gradient.any()


def test_initial_bias() -> None:
    """A head that knows nothing yet answers with the class frequencies; with two logits too."""
    for counts in (FOUR, TWO):
        head = torch.nn.Linear(5, len(counts.classes))
        run("huggingface", counts, "initial-bias")["set_bias"](head)
        same(torch.softmax(head(torch.zeros(5)), 0).detach(), counts.shares)
    head = torch.nn.Linear(5, 2)
    run("huggingface", TWO, "initial-bias", positive="no")["set_bias"](head)
    same(torch.softmax(head(torch.zeros(5)), 0).detach(), TWO.shares)


@pytest.mark.parametrize(
    ("counts", "scheme", "logits", "labels"),
    [(FOUR, "balanced", Z, Y), (TWO, "pos-weight", Z[:, :2], YES)],
)
def test_scale(counts: ClassCounts, scheme: str, logits: Floats, labels: Any) -> None:
    """Whether ten times the weights is another gradient is what the header goes by."""
    one, ten = (
        value_and_slopes(
            run_scaled("huggingface", counts, scheme, f)["compute_loss"], logits, labels
        )[1]
        for f in (1, 10)
    )
    assert scale_matters("huggingface", counts, scheme) == (not np.allclose(one, ten))


class Recorder:
    """A loss that remembers what it was called with and what it gave."""

    def __init__(self, loss: Any) -> None:
        """Stand in for ``loss``."""
        self.loss = loss
        self.calls: list[tuple[Floats, Any, float, float]] = []

    def __call__(self, outputs: Any, labels: Any, num_items_in_batch: Any = None) -> Any:
        """As the Trainer calls it."""
        value = self.loss(outputs, labels, num_items_in_batch=num_items_in_batch)
        given = (outputs.logits.detach().numpy(), labels.numpy())
        self.calls.append((*given, float(num_items_in_batch or 0), value.item()))
        return value


def bert(head: str, labels: int, **options: Any) -> Any:
    """A tiny network, made here and not loaded from anywhere."""
    config = transformers.BertConfig(
        vocab_size=20,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        num_labels=labels,
        **options,
    )
    torch.manual_seed(0)
    return getattr(transformers, f"BertFor{head}Classification")(config)


def trained(folder: Path, model: Any, labels: Any, loss: Any, **options: Any) -> Any:
    """A Trainer that has trained ``model`` on random tokens of eight sentences."""
    logging.getLogger("transformers").setLevel(logging.ERROR)
    tokens = np.random.default_rng(0).integers(0, 20, (8, 4))
    data = [{"input_ids": t, "labels": y} for t, y in zip(tokens, labels, strict=True)]
    arguments = transformers.TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=2,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
        dataloader_pin_memory=False,
        logging_strategy="no",
        **options,
    )
    callbacks = [loss.loss] if isinstance(loss.loss, transformers.TrainerCallback) else []
    trainer = transformers.Trainer(
        model=model,
        args=arguments,
        train_dataset=data,
        eval_dataset=data,
        compute_loss_func=loss,
        callbacks=callbacks,
    )
    trainer.train()
    return trainer


def test_trainer_with_accumulated_batches(tmp_path: Path) -> None:
    """Two steps of two batches each: together, the mean over the tokens of both."""
    counts = ClassCounts.multiclass({"O": 60, "B": 30, "I": 10}, order=["O", "B", "I"])
    w = weights_of(counts, "balanced").values
    labels = np.array([[0, 1, 2, IGNORED], [IGNORED, IGNORED, IGNORED, 1]] * 4)
    loss = Recorder(run("huggingface", counts, "balanced")["compute_loss"])
    options = {"max_steps": 2, "gradient_accumulation_steps": 2}
    trainer = trained(tmp_path, bert("Token", 3), labels, loss, **options)
    assert len(loss.calls) == 4
    for step in (loss.calls[:2], loss.calls[2:]):
        logits, found = (np.concatenate([call[i] for call in step]) for i in (0, 1))
        assert {call[2] for call in step} == {(found != IGNORED).sum()}
        whole = weighted(logits, found, w, ignored=IGNORED, over="samples")
        same(sum(call[3] for call in step), whole)
    assert trainer.evaluate()["eval_loss"] > 0


def test_trainer_of_sentences_in_two_stages(tmp_path: Path) -> None:
    """One object is both the loss and the callback that knows the epoch."""
    wishes = {"parameters": {"epoch": 1, "beta": 0.99}}
    w = weights_of(FOUR, "deferred", **wishes).values
    loss = Recorder(run("huggingface", FOUR, "deferred", **wishes)["loss"])
    labels = np.arange(8) % 4
    trained(tmp_path, bert("Sequence", 4), labels, loss, num_train_epochs=2)
    assert len(loss.calls) == 8
    for place, (logits, found, _, value) in enumerate(loss.calls):
        same(value, weighted(logits, found, np.ones(4) if place < 4 else w, over="samples"))


def test_trainer_of_several_labels(tmp_path: Path) -> None:
    """Two steps with a model of the problem type that the note names."""
    w = weights_of(LABELS, "pos-weight").values
    loss = Recorder(run("huggingface", LABELS, "pos-weight")["compute_loss"])
    model = bert("Sequence", 3, problem_type="multi_label_classification")
    trained(tmp_path, model, HITS[:8].astype(float), loss, max_steps=2)
    assert len(loss.calls) == 2
    for logits, found, items, value in loss.calls:
        assert items == found.size == 6
        same(value, weighted_binary(logits, found, w))


def test_alone() -> None:
    """As it is pasted, with the callback."""
    assert_runs_alone("huggingface", {"A": 30, "B": 10}, "deferred")
