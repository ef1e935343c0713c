"""How often the verdict of a sweep is wrong, on data whose best decision is known.

Each family draws its parameters at random and keeps those for which theory leaves no doubt:

separable     two classes with a gap between them: the plain model is right. No difference.
noise         features that know nothing of the label: nothing can be done. Inseparable.
calibrated    normal classes of equal covariance: the log odds are linear, so that logistic
              regression is the true model, a weight w only adds ln w to its intercept, and a
              threshold does all that a weight can. Where F1 at the best threshold (which is
              half the best F1: Lipton et al. 2014) beats F1 at one half: threshold.
equal         the same with classes about equally frequent, where one half is nearly the best
              threshold: no difference.
misspecified  most negatives lie on one side of the positives and a few hard ones beyond them,
              so that no linear log odds are true. The direction that logistic regression
              finds then depends on the weight, and with some weight its best F1 over all
              thresholds beats that of the plain direction, which the hard ones mislead. Weight.

Best F1s are computed from normal distribution functions; for the last family after fitting
logistic regression to 200,000 rows per weight, which stands for the whole population.

Run: python benchmarks/verdict_truth.py [--sets N] [--out docs/studies/verdict.md]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from imbweights import sweep

Array = npt.NDArray[np.float64]
Rng = np.random.Generator

KINDS = ("threshold", "weight", "no difference", "inseparable")
SAID = (*KINDS, "not proven")
# What theory must promise before a set is taken: a gain in F1, or none.
CLEAR_GAIN, NO_GAIN = 0.06, 0.003
_POPULATION = 200_000


@dataclass(frozen=True)
class Drawn:
    """One data set: features, labels, and the gain in F1 that theory promises."""

    x: Array
    y: npt.NDArray[np.int64]
    gain: float


def f1_of(share: float, recall: float, wrong: float) -> float:
    """F1 from the share of positives, their recall, and the share of negatives answered yes."""
    answered = share * recall + (1 - share) * wrong
    return 2 * share * recall / (share + answered)


def best_f1(share: float, positive: tuple[float, float], negative: tuple[float, float]) -> float:
    """The best F1 over all cuts of a score, normal with (mean, sd) in each class."""

    def missed(cut: float) -> float:
        recall = float(norm.sf(cut, *positive))
        return -f1_of(share, recall, float(norm.sf(cut, *negative)))

    middle = np.linspace(negative[0] - 2 * negative[1], positive[0] + 4 * positive[1], 60)
    start = min(middle.tolist(), key=missed)
    width = float(middle[1] - middle[0])
    found = minimize_scalar(missed, bounds=(start - width, start + width), method="bounded")
    return -min(float(found.fun), missed(start))


def labels(rng: Rng, rows: int, share: float) -> npt.NDArray[np.int64]:
    """Labels with exactly that share of positives."""
    return rng.permutation(np.arange(rows) < round(share * rows)).astype(np.int64)


def separable(rng: Rng) -> Drawn:
    """Two blocks with a gap of several standard deviations."""
    rows, share = int(rng.integers(1000, 5000)), rng.uniform(0.03, 0.4)
    y = labels(rng, rows, share)
    d = int(rng.integers(1, 6))
    x = rng.uniform(-1, 1, size=(rows, d))
    x[:, 0] += 6 * y
    return Drawn(x, y, 0.0)


def noise(rng: Rng) -> Drawn:
    """Nothing to learn."""
    rows, share = int(rng.integers(500, 5000)), rng.uniform(0.03, 0.5)
    x = rng.normal(size=(rows, int(rng.integers(1, 10))))
    return Drawn(x, labels(rng, rows, share), 0.0)


def _calibrated(rng: Rng, share: float) -> Drawn:
    distance = rng.uniform(1.2, 3.0)
    # Log odds = distance·z − distance²/2 + ln(share / (1 − share)); one half is where it is 0.
    cut = distance / 2 - np.log(share / (1 - share)) / distance
    plain = f1_of(share, float(norm.sf(cut - distance)), float(norm.sf(cut)))
    gain = best_f1(share, (distance, 1.0), (0.0, 1.0)) - plain
    rows, d = int(rng.integers(2000, 10_000)), int(rng.integers(1, 6))
    y = labels(rng, rows, share)
    direction = rng.normal(size=d)
    x = rng.normal(size=(rows, d))
    x += y[:, None] * distance * direction / np.linalg.norm(direction)
    return Drawn(x, y, gain)


def calibrated(rng: Rng) -> Drawn:
    """Rare positives, true model logistic."""
    return _calibrated(rng, rng.uniform(0.03, 0.2))


def equal(rng: Rng) -> Drawn:
    """Equally frequent classes, true model logistic."""
    return _calibrated(rng, rng.uniform(0.45, 0.55))


# Share of a part, means and standard deviations of two features: most negatives, a few hard ones
# beyond the positives, and the positives.
_BASES = (
    ((1.0, 1.96), 0.03, ((4.6, 2.2), (1.4, 0.3)), ((1.9, 3.3), (0.3, 1.2))),
    ((1.0, 0.15), 0.02, ((5.7, 4.4), (0.3, 0.3)), ((3.8, 1.6), (0.35, 1.8))),
)


@dataclass(frozen=True)
class Part:
    """A normal part of a class: its share of the class, means and standard deviations."""

    share: float
    mean: Array
    sd: Array


def mixture(rng: Rng, parts: list[Part], rows: int) -> Array:
    """Rows of a class."""
    which = rng.choice(len(parts), rows, p=[part.share for part in parts])
    mean = np.array([part.mean for part in parts])[which]
    result: Array = mean + np.array([part.sd for part in parts])[which] * rng.normal(size=(rows, 2))
    return result


def best_f1_along(share: float, a: Array, positive: list[Part], negative: list[Part]) -> float:
    """The best F1 over all cuts of the score a·x, whose parts are normal."""

    def above(cut: Array, parts: list[Part]) -> Array:
        total = np.zeros(len(cut))
        for part in parts:
            total += part.share * norm.sf(cut, part.mean @ a, np.linalg.norm(part.sd * a))
        return total

    parts = positive + negative
    reach = [(float(p.mean @ a), 4 * float(np.linalg.norm(p.sd * a))) for p in parts]
    cuts = np.linspace(min(m - r for m, r in reach), max(m + r for m, r in reach), 2000)
    recall, wrong = above(cuts, positive), above(cuts, negative)
    answered = share * recall + (1 - share) * wrong
    return float((2 * share * recall / (share + answered)).max())


def misspecified(rng: Rng) -> Drawn:
    """Most negatives on one side, a few hard ones beyond the positives: no linear log odds."""
    usual, few, (far, far_sd), (mean, sd) = _BASES[int(rng.integers(2))]

    def shaken(values: tuple[float, float]) -> Array:
        return np.array(values) * rng.uniform(0.9, 1.1, 2)

    few, share = few * rng.uniform(0.8, 1.2), rng.uniform(0.04, 0.06)
    negative = [
        Part(1 - few, np.zeros(2), shaken(usual)),
        Part(few, shaken(far), shaken(far_sd)),
    ]
    positive = [Part(1.0, shaken(mean), shaken(sd))]

    def draw(rows: int) -> tuple[Array, npt.NDArray[np.int64]]:
        y = labels(rng, rows, share)
        x = np.where(y[:, None] == 1, mixture(rng, positive, rows), mixture(rng, negative, rows))
        return x, y

    x, y = draw(_POPULATION)
    scale = x.std(axis=0)

    def reached(weight: float) -> float:
        model = LogisticRegression(solver="newton-cholesky", class_weight={0: 1.0, 1: weight})
        a = model.fit(x / scale, y).coef_[0] / scale
        return best_f1_along(share, a, positive, negative)

    ratio = (1 - share) / share
    gain = max(reached(ratio**g) for g in (0.25, 0.5, 0.75, 1.0, 1.25)) - reached(1.0)
    return Drawn(*draw(int(rng.integers(4000, 10_000))), gain)


@dataclass(frozen=True)
class Family:
    """A way to draw data, what is true of it, and the gains that leave no doubt."""

    name: str
    truth: str
    draw: Callable[[Rng], Drawn]
    is_clear: Callable[[float], bool]


FAMILIES = (
    Family("separable", "no difference", separable, lambda gain: True),
    Family("equal", "no difference", equal, lambda gain: gain <= NO_GAIN),
    Family("noise", "inseparable", noise, lambda gain: True),
    Family("calibrated", "threshold", calibrated, lambda gain: gain >= CLEAR_GAIN),
    Family("misspecified", "weight", misspecified, lambda gain: gain >= CLEAR_GAIN),
)


def clear(family: Family, sets: int, seed: int) -> Iterator[Drawn]:
    """Sets of a family whose truth is beyond doubt."""
    rng = np.random.default_rng(seed)
    found = 0
    while found < sets:
        drawn = family.draw(rng)
        if family.is_clear(drawn.gain):
            found += 1
            yield drawn


def verdicts(name: str, sets: int, seed: int, options: dict[str, Any]) -> Counter[str]:
    """What the sweep says of the sets of a family, run just as the command runs it."""
    family = next(f for f in FAMILIES if f.name == name)
    said: Counter[str] = Counter()
    for number, drawn in enumerate(clear(family, sets, seed)):
        result = sweep(drawn.x, drawn.y, jobs=1, seed=number, **options)
        said[result.verdict.kind.value] += 1
    return said


def table(found: dict[str, Counter[str]]) -> str:
    """Families against verdicts, as Markdown."""
    lines = [
        "| family | truth | sets | " + " | ".join(SAID) + " |",
        "| --- | --- | ---: |" + " ---: |" * len(SAID),
    ]
    for family in FAMILIES:
        said = found[family.name]
        cells = [f"**{said[k]}**" if k == family.truth else str(said[k]) for k in SAID]
        lines.append(
            f"| {family.name} | {family.truth} | {sum(said.values())} | {' | '.join(cells)} |"
        )
    return "\n".join(lines)


def rates(found: dict[str, Counter[str]]) -> dict[str, tuple[float, float]]:
    """Per verdict: how often it is said where it is not true, and not said where it is."""
    result = {}
    for kind in KINDS:
        true = [found[f.name] for f in FAMILIES if f.truth == kind]
        false = [found[f.name] for f in FAMILIES if f.truth != kind]
        wrong = sum(said[kind] for said in false) / sum(sum(said.values()) for said in false)
        missed = 1 - sum(said[kind] for said in true) / sum(sum(said.values()) for said in true)
        result[kind] = (wrong, missed)
    return result


def rate_table(found: dict[str, Counter[str]]) -> str:
    """The rates as Markdown."""
    lines = ["| verdict | said wrongly | missed |", "| --- | ---: | ---: |"]
    lines += [
        f"| {kind} | {wrong:.1%} | {missed:.1%} |" for kind, (wrong, missed) in rates(found).items()
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Draw, sweep, count, print; status 1 when a rate is above 5 %."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sets", type=int, default=60, help="sets per family")
    parser.add_argument("--seed", type=int, default=1999)
    parser.add_argument("--jobs", type=int, default=2, help="families at a time")
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--families", default="")
    parser.add_argument("--out", type=Path, help="replace the tables in this document")
    given = parser.parse_args(arguments)
    options: dict[str, Any] = {} if given.repeats is None else {"repeats": given.repeats}
    found: dict[str, Counter[str]] = {}
    asked = given.families.split(",") if given.families else [f.name for f in FAMILIES]
    begun = time.monotonic()
    with ProcessPoolExecutor(given.jobs) as pool:
        running = {
            pool.submit(
                verdicts, family.name, given.sets, given.seed + number, options
            ): family.name
            for number, family in enumerate(FAMILIES)
            if family.name in asked
        }
        for ready in as_completed(running):
            name = running[ready]
            found[name] = ready.result()
            print(f"{name:14} {dict(found[name])}  {time.monotonic() - begun:.0f} s", flush=True)
    if given.families:
        return 0
    tables = f"{table(found)}\n\n{rate_table(found)}"
    print(tables)
    if given.out is not None:
        before, mark, rest = given.out.read_text(encoding="utf-8").partition("<!-- tables -->")
        after = rest.partition("<!-- end -->")[2]
        text = f"{before}{mark}\n{tables}\n<!-- end -->{after}"
        given.out.write_text(text, encoding="utf-8")
    return int(max(max(pair) for pair in rates(found).values()) > 0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
