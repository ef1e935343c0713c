"""``imbweights audit``: no false alarm, no silent wrong reading, no correction that is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from support import Run, run, write

from imbweights import audit

Array = npt.NDArray[Any]
FOUR = ("--counts", "A=198,B=436,C=710,D=272")
TWO = ("--counts", "neg=4034,pos=217")


def codes(found: Run) -> list[str]:
    """Of the findings in the JSON."""
    return [f["code"] for f in found.json["findings"]]


def of_program(tmp_path: Path, code: str, *options: str) -> Run:
    """The audit of a program."""
    return run("audit", write(tmp_path / "train.py", code), *options)


def test_counts_are_not_taken_for_weights(tmp_path: Path) -> None:
    """The weights that are computed from them are audited, and are right."""
    code = (
        "COUNTS = {'A': 198, 'B': 436, 'C': 710, 'D': 272}\ncw = [1.0 / c for c in COUNTS.values()]\n"
        "crit = nn.CrossEntropyLoss(torch.FloatTensor(cw))\n"
    )
    found = of_program(tmp_path, code, *FOUR)
    assert found.code == 0
    assert "inverse frequency, N / n, 1/n itself" in found.out
    assert "Weights: CrossEntropyLoss.weight in train.py (line 3)\n" in found.out
    shown = of_program(tmp_path, code, *FOUR, "--format", "markdown")
    assert "CrossEntropyLoss" in shown.out
    assert "train.py (line 3)" in shown.out


def test_a_list_of_numbers_names_no_file() -> None:
    """There is none."""
    assert "Weights:" not in run("audit", ".5,1,2,1", *FOUR).out


def test_other_lists_are_refused_and_named(tmp_path: Path) -> None:
    """Exit status 2, with the way to audit one all the same."""
    path = write(tmp_path / "adam.yaml", "lr_config: {policy: step, step: [8, 11, 16, 22]}\n")
    found = run("audit", path, *FOUR)
    assert found.code == 2
    assert "no weights found" in found.err
    assert "lr_config.step: 8, 11, 16, 22" in found.err
    assert "--key" in found.err
    assert (
        "Weights: lr_config.step in adam.yaml\n" in run("audit", path, *FOUR, "--key", "step").out
    )


def test_an_inverted_scalar_that_is_computed(tmp_path: Path) -> None:
    """``pos / neg`` of constants is worked out; of data it is said to be unknown."""
    code = "neg, pos = 4034, 217\nparams = {'scale_pos_weight': pos / neg}\n"
    assert "IMB101" in of_program(tmp_path, code, *TWO).out
    code = "params = {'scale_pos_weight': np.sum(y == 0) / np.sum(y == 1)}\n"
    found = of_program(tmp_path, code, *TWO)
    assert found.code == 2
    assert "computed when the program runs" in found.err


def test_knobs_beside_what_cannot_be_read(tmp_path: Path) -> None:
    """The knobs are judged, and what was not looked at is named."""
    code = "spw = (y == 1).sum() / n\np = {'scale_pos_weight': spw, 'is_unbalance': True}\n"
    found = of_program(tmp_path, code, *TWO)
    assert "IMB117 error" in found.out
    assert "Not looked at" in found.out
    assert "scale_pos_weight (line 2)" in found.out


@pytest.mark.parametrize(
    "weights", ["-.4,1,2,1", "-1,-1,-1,-1", "-1,-2,-1,-1"], ids=["few digits", "equal", "few"]
)
def test_nothing_is_corrected_by_guesses(weights: str) -> None:
    """Numbers without digits tell nothing of the others: no vector to use instead."""
    found = run("audit", weights, *FOUR, "--format", "json")
    assert codes(found)[0] == "IMB105"
    assert found.json["corrected"] is None


def test_a_wrong_sign_is_corrected() -> None:
    """Where the other digits tell it."""
    found = run("audit", "-2.0404,-.9266,-.5690,-1.4853", *FOUR, "--format", "json").json
    assert found["corrected"] == pytest.approx([2.040404, 0.926606, 0.569014, 1.485294])


def test_scale_pos_weight_of_many_classes(tmp_path: Path) -> None:
    """It takes no list: that it is ignored is all there is to say."""
    path = write(
        tmp_path / "x.yaml", "params: {objective: 'multi:softprob', scale_pos_weight: 3.0}\n"
    )
    found = run("audit", path, *FOUR, "--format", "json")
    assert codes(found) == ["IMB117"]
    assert found.json["corrected"] is None


def test_a_lost_entry_continues_the_scale_that_was_given() -> None:
    """N/n of all classes, not of those that are left."""
    found = run("audit", "8.16,3.71,2.28", *FOUR, "--format", "json").json
    expected = [1616 / n for n in (198, 436, 710, 272)]
    assert found["corrected"] == pytest.approx(expected, rel=1e-9)


def test_one_alpha() -> None:
    """Is no scheme, though every scheme gives one number on some scale."""
    found = run("audit", ".25", *TWO, "--used-as", "alpha")
    assert found.code == 0
    assert "0.25 is the default α of the focal loss" in found.out
    assert "inverse" not in found.out
    assert "IMB133" in run("audit", ".25", *FOUR, "--used-as", "alpha").out


def test_one_alpha_and_a_sampler_do_not_stack(tmp_path: Path) -> None:
    """One α tells no class from another."""
    text = "FOCAL_LOSS_ALPHA: 0.25\nSAMPLER_TRAIN: RepeatFactorTrainingSampler\n"
    found = run("audit", write(tmp_path / "d.yaml", text), *FOUR)
    assert (found.code, "IMB116" in found.out) == (0, False)


RESAMPLED = "x, y = SMOTE().fit_resample(x, y)\nm = LogisticRegression(class_weight={})\n"


def test_balanced_after_resampling_is_all_ones(tmp_path: Path) -> None:
    """So it corrects nothing twice; weights of one's own do, with a remedy that fits."""
    found = of_program(tmp_path, RESAMPLED.format("'balanced'"), *TWO)
    assert (found.code, "IMB116" in found.out) == (0, False)
    searched = "s = SMOTE()\ng = Search(p, {'clf__class_weight': ['balanced', None]})\n"
    assert "IMB116" not in of_program(tmp_path, searched, *TWO).out
    found = of_program(tmp_path, RESAMPLED.format("{0: 0.5269, 1: 9.7949}"), *TWO)
    assert found.code == 1
    assert "IMB116 warning: SMOTE (line 1)" in found.out
    assert "resampling without weights" in " ".join(found.out.split())
    assert "plain shuffling" not in " ".join(found.out.split())


FORMULAS: dict[str, tuple[Callable[[Array], Array], str]] = {
    "−ln(n/N)": (lambda p: -np.log(p), "log ratio without its floor"),
    "1 − n/N": (lambda p: 1 - p, "1 − frequency"),
}


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("digits", [4, 5, 17])
def test_formulas_that_are_not_offered(formula: str, digits: int) -> None:
    """Are known, whatever the counts; nothing is called a slip or stale."""
    compute, title = FORMULAS[formula]
    random = np.random.default_rng(digits)
    for _ in range(4):
        k = int(random.integers(3, 12))
        n = np.unique(np.exp(random.uniform(2, 12, k)).astype(int))
        weights = [float(f"{w:.{digits}f}") for w in compute(n / n.sum())]
        found = audit(weights, {f"c{i:02d}": int(x) for i, x in enumerate(n)})
        assert {f.level.value for f in found.findings} <= {"note"}, (n.tolist(), weights)
    found = audit([float(w) for w in compute(np.array([1000, 436, 110, 72]) / 1618)],
                  {"A": 1000, "B": 436, "C": 110, "D": 72})  # fmt: skip
    assert found.claimed is not None
    assert found.claimed.words.startswith(title)
    assert "IMB123" in found.codes


def test_two_classes_have_one_ratio() -> None:
    """All schemes that give it are named, with the reason: digits would not help."""
    found = run("audit", ".5269,9.7949", *TWO)
    text = " ".join(found.out.split())
    assert found.code == 0
    assert "median frequency is the same" in text
    assert "inverse frequency and 1 − frequency differ only in scale" in text
    assert "not enough" not in text


def test_zeros_of_several_classes() -> None:
    """Each has samples of its own."""
    text = " ".join(run("audit", "0,0,0,0", *FOUR).out.split())
    assert "have weight 0 but samples (198, 436, 710, 272): nothing is learned about them" in text
    text = " ".join(run("audit", "0,1,2,1", *FOUR).out.split())
    assert "has weight 0 but 198 samples: nothing is learned about it" in text


def test_a_key_without_a_file() -> None:
    """Means nothing."""
    assert run("audit", ".5,1,2,1", *FOUR, "--key", "foo").code == 2


def test_the_largest_weight_for_a_class_without_samples() -> None:
    """Is a warning where not even one sample would explain it, as the page says."""
    found = run("audit", "1,2,1e6", "--counts", "A=198,B=99,C=0", "--format", "json").json
    assert [(f["code"], f["level"]) for f in found["findings"]] == [("IMB108", "warning")]
    found = run("audit", "1,2", "--counts", "A=198,B=0", "--format", "json").json
    assert [(f["code"], f["level"]) for f in found["findings"]] == [("IMB108", "note")]
    smooth = [1.0 / (n + 1) for n in (198, 436, 0)]
    given = ",".join(f"{w / sum(smooth):.6f}" for w in smooth)
    found = run("audit", given, "--counts", "A=198,B=436,C=0", "--format", "json").json
    assert ("IMB108", "note") in [(f["code"], f["level"]) for f in found["findings"]]


def test_one_class() -> None:
    """Has nothing to weigh against."""
    found = run("audit", "1", "--counts", "A=198")
    assert found.code == 0
    assert "with one class a weight only scales the loss" in found.out
    assert "1 class," in found.out


def test_own_bias_of_two_equal_classes(tmp_path: Path) -> None:
    """What imbweights wrote for these counts is not stale."""
    path = tmp_path / "b.json"
    run("suggest", "--counts", "a=1,b=1", "--scheme", "initial-bias", "-o", path)
    found = run("audit", path, "--counts", "a=1,b=1")
    assert (found.code, "IMB110" in found.out) == (0, False)
