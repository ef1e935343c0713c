"""What the rules of ``check`` cost by themselves, beside counting the labels they look at.

Run from the top of the repository: ``python benchmarks/rules.py``. It makes 500 data sets in
memory (two to 1000 classes, a third of them multi-label, half of them with splits, all with a
baseline), gathers the facts and runs every rule, and counts the same labels once with
``collections.Counter`` for comparison. Only ratios within one run mean something.
"""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise

import numpy as np

from imbweights.checking import Settings, run_rules
from imbweights.checking.baselines import baseline_of
from imbweights.checking.gathering import Beside, facts_of
from imbweights.core.counts import ClassCounts
from imbweights.core.profile import Profile, Recognised
from imbweights.rules import RULES

SETS, ROWS = 500, 20_000


def profile(number: int, rng: np.random.Generator) -> tuple[Profile, list[int]]:
    """A data set, and its labels one by one."""
    k = int(rng.choice([2, 5, 20, 100, 1000]))
    shares = rng.dirichlet(np.full(k, 0.5))
    names = [f"class {i}" for i in range(k)]
    labels = rng.choice(k, ROWS, p=shares).tolist()
    if number % 3 == 0:
        pairs = Counter(tuple(sorted({a, b})) for a, b in pairwise(labels))
        counts = ClassCounts.multilabel(names, pairs)
        return Profile(total=counts, source=Recognised(name="x", kind="given")), labels
    parts = [labels] if number % 2 else [labels[: ROWS // 2], labels[ROWS // 2 :]]
    counted = [
        ClassCounts.multiclass(dict(zip(names, np.bincount(p, minlength=k).tolist(), strict=True)))
        for p in parts
    ]
    source = Recognised(name="x", kind="given")
    if len(counted) == 1:
        return Profile(total=counted[0], source=source), labels
    return Profile.from_splits(dict(zip(("train", "val"), counted, strict=True)), source), labels


def main() -> None:
    """Print what the rules cost, and how that compares with counting."""
    rng = np.random.default_rng(0)
    made = [profile(i, rng) for i in range(SETS)]
    settings = Settings(limits={"batch-size": 32, "folds": 5})
    baselines = [
        baseline_of(each, "balanced" if i % 3 else None) for i, (each, _) in enumerate(made)
    ]
    start = time.perf_counter()
    for _, labels in made:
        Counter(labels)
    counting = time.perf_counter() - start
    start = time.perf_counter()
    facts = [
        facts_of(str(i), each, settings, Beside(baseline=baselines[i]))
        for i, (each, _) in enumerate(made)
    ]
    gathering = time.perf_counter() - start
    start = time.perf_counter()
    found = [run_rules(each, settings) for each in facts]
    ruling = time.perf_counter() - start
    findings = sum(len(each[0]) for each in found)
    print(f"{SETS} data sets × {len(RULES)} rules: {findings:,} findings")
    print(
        f"rules {ruling:.2f} s, facts {gathering:.2f} s, Counter over {SETS * ROWS:,} labels {counting:.2f} s"
    )
    print(f"rules and facts cost {(ruling + gathering) / counting:.1f} × that counting")


if __name__ == "__main__":
    main()
