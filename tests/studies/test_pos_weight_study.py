"""The study of pos_weight: its parts against others' code, its page against the tool's rule."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from pos_weights.choosing import answers, choose, macro_f1, micro_f1
from pos_weights.data import Setting, cooking, drawn
from pos_weights.trial import calibration
from scipy.special import expit
from sklearn.metrics import brier_score_loss, f1_score, log_loss

import imbweights
from imbweights.recommending import LABEL_GAMMA

TOP = Path(__file__).parents[2]
STUDIES = TOP / "docs" / "studies"
PAGE = (STUDIES / "pos_weight.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    """What the script wrote into a part of the page."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end -->", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_script_runs_to_the_end(tmp_path: Path) -> None:
    """Trials, tables, figures; and the same page again from the kept numbers."""
    script = [sys.executable, str(TOP / "benchmarks" / "pos_weight_study.py")]
    kept, page = tmp_path / "kept.json", tmp_path / "pos_weight.md"
    subprocess.run([*script, "--tiny", "--results", kept, "--out", tmp_path], check=True, cwd=TOP)
    assert set(json.loads(kept.read_text(encoding="utf-8"))["groups"]) == {
        "60/2/3/0.01",
        "10/2/3/0.01",
    }
    first = page.read_text(encoding="utf-8")
    assert "| 60 labels, 2 on, d = 3, C = 0.01 | 3" in first
    assert {p.name for p in tmp_path.glob("*.svg")} == {p.name for p in STUDIES.glob("*.svg")}
    subprocess.run([*script, "--draw", kept, "--out", tmp_path], check=True, cwd=TOP)
    assert page.read_text(encoding="utf-8") == first


def test_the_rule_is_what_the_page_advises() -> None:
    """γ of the rule: of the weights answered at one half, that whose worst case is least bad."""
    means: dict[str, dict[tuple[float, str], float]] = defaultdict(dict)
    with (STUDIES / "pos_weight.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["decision"] != "one for micro F1":
                means[row["data"]][float(row["gamma"]), row["decision"]] = float(row["macro_f1"])
    assert len(means) > 20

    def worst(gamma: float) -> float:
        return max(max(m.values()) - m[gamma, "half"] for m in means.values())

    assert min((0.0, 0.25, 0.5, 0.75, 1.0), key=worst) == LABEL_GAMMA
    assert between("advised") == f"<!-- γ = {LABEL_GAMMA:g} -->"
    advice = imbweights.suggest([[1, 0], [1, 1], [0, 0]]).recommendation
    assert (advice.scheme, dict(advice.parameters)) == ("pos-weight", {"gamma": LABEL_GAMMA})
    assert "docs/studies/pos_weight.md" in advice.reason


def test_the_advice_is_three_sentences() -> None:
    """At the top, before anything else."""
    advice = PAGE.partition("## Advice\n")[2].partition("\n## ")[0]
    assert len(re.findall(r"\.(?:\s|$)", advice.replace("**", ""))) == 3
    assert PAGE.index("## Advice") < 1000


def test_scores_are_those_of_scikit_learn() -> None:
    """F1 over labels, log loss and Brier score over labels and rows."""
    split = drawn(Setting(labels=12, active=2, distance=3.0), (50, 200), seed=5)
    z = (2 * np.random.default_rng(0).normal(size=(200, 12)) + 3 * split.test_y - 3).astype("f4")
    y, given = split.test_y, z > 0
    found, support = answers(y, given), y.sum(axis=0).astype(float)
    assert macro_f1(found, support) == pytest.approx(f1_score(y, given, average="macro"))
    assert micro_f1(found, support) == pytest.approx(f1_score(y, given, average="micro"))
    assert found.empty == pytest.approx((~given.any(axis=1)).mean())
    honest, p = calibration(z, y), expit(z.astype(float))
    assert honest.log_loss == pytest.approx(log_loss(y.ravel(), p.ravel()), rel=1e-5)
    assert honest.brier == pytest.approx(brier_score_loss(y.ravel(), p.ravel()), rel=1e-5)
    assert honest.expected == pytest.approx(p.sum() / y.sum(), rel=1e-5)


def test_thresholds_are_the_best_there_are() -> None:
    """Against every cut in turn, for each label, for macro and for micro F1."""
    rng = np.random.default_rng(1)
    y = rng.random((80, 5)) < np.array([0.3, 0.2, 0.1, 0.05, 0.0])
    z = (rng.normal(size=y.shape) + 2 * y - 2).astype(np.float32)
    chosen = choose(z, y)
    cuts = -10 + 0.05 * np.arange(321)

    def f1(cut: float | np.ndarray, average: str | None) -> np.ndarray:
        return np.asarray(f1_score(y[:, :4], (z > cut)[:, :4], average=average, zero_division=0))

    best = np.max([f1(cut, None) for cut in cuts], axis=0)
    assert f1(chosen.each, None) == pytest.approx(best)
    assert f1(chosen.one, "macro") == pytest.approx(max(f1(cut, "macro") for cut in cuts))
    micro = [f1_score(y, z > cut, average="micro", zero_division=0) for cut in cuts]
    reached = f1_score(y, z > chosen.one_micro, average="micro", zero_division=0)
    assert reached == pytest.approx(max(micro))
    assert chosen.each[4] == 0
    assert chosen.k == round(y.sum(axis=1).mean())


def test_tags_and_words_are_told_apart(tmp_path: Path) -> None:
    """Rare tags are left out; their rows stay."""
    path = tmp_path / "a.txt"
    path.write_text("__label__a __label__b boil an egg\n__label__a bake\n__label__c fry\n")
    found = cooking(path, 2)
    assert found.y.tolist() == [[True], [True], [False]]
    assert found.features.counts.sum() == 5  # boil an egg bake fry
