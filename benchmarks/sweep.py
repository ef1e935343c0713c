"""Logistic regression for many labels and weights, beside one-versus-rest in a loop.

``python benchmarks/sweep.py`` makes 20 000 rows of 128 features with 1000 labels, two on in each row,
and fits every label at five weights of its positives, (negatives / positives)^γ. What a user would
write instead, ``OneVsRestClassifier(LogisticRegression(), n_jobs=2)`` once per weight, is timed on 50
of the labels and scaled to all, before and after each of our runs, so that both see the same machine.
Scores are those of these 50 labels on 5000 further rows. ``--labels 100 --rounds 1`` is a quick look.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from imbweights.evidence.many_labels import Coefficients, fit_many

TEST_ROWS, GAMMAS = 5000, (0.0, 0.25, 0.5, 0.75, 1.0)
LOOP = "OneVsRestClassifier(LogisticRegression(), n_jobs=2)"
Floats = npt.NDArray[np.float64]


class Data(NamedTuple):
    """Features and labels (sparse, N × L), for training and for testing."""

    x: Floats
    y: Any
    test_x: Floats
    test_y: Any


class Weighted(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """Logistic regression whose positives weigh (negatives / positives)^γ."""

    def __init__(self, gamma: float = 0.0, tol: float = 1e-4, solver: str = "lbfgs") -> None:
        """γ, and what scikit-learn calls so."""
        super().__init__(tol=tol, solver=solver)
        self.gamma = gamma

    def fit(self, x: Floats, y: npt.NDArray[np.int8]) -> Weighted:
        """Fit with one weight per row."""
        super().fit(x, y, np.where(y, ((y == 0).sum() / y.sum()) ** self.gamma, 1.0))
        return self


def make(chosen: argparse.Namespace) -> Data:
    """Rows that are the sum of the directions of their two labels, and noise.

    How often a label is on falls with the root of its rank: 20 to 650 of 20 000 rows.
    """
    rng = np.random.default_rng(0)
    rows = chosen.rows + TEST_ROWS
    share = np.arange(1, chosen.labels + 1) ** -0.5
    pairs = np.array(
        [rng.choice(chosen.labels, 2, replace=False, p=share / share.sum()) for _ in range(rows)]
    )
    directions = rng.standard_normal((chosen.labels, chosen.features))
    x = chosen.separation * directions[pairs].sum(axis=1)
    x += 2 * rng.standard_normal(x.shape)
    x -= x[: chosen.rows].mean(axis=0)
    x /= x[: chosen.rows].std(axis=0)
    where = (np.repeat(np.arange(rows), 2), pairs.ravel())
    y = sparse.csc_array((np.ones(2 * rows, np.int8), where), shape=(rows, chosen.labels))
    return Data(x[: chosen.rows], y[: chosen.rows], x[chosen.rows :], y[chosen.rows :])


def ours(data: Data) -> tuple[float, Coefficients]:
    """Seconds for all labels and weights, and what was fitted."""
    on = np.asarray(data.y.sum(axis=0)).ravel()
    against = (data.y.shape[0] - on) / on
    begun = time.perf_counter()
    fitted = fit_many(data.x, data.y, [against**gamma for gamma in GAMMAS], jobs=2)
    return time.perf_counter() - begun, fitted


def loop(data: Data, some: npt.NDArray[np.intp], **how: Any) -> tuple[float, list[Any]]:
    """Seconds for some labels and all weights, and a classifier per weight."""
    labels = data.y[:, some].toarray()
    begun = time.perf_counter()
    models = [
        OneVsRestClassifier(Weighted(gamma, **how), n_jobs=2).fit(data.x, labels)
        for gamma in GAMMAS
    ]
    return time.perf_counter() - begun, models


def macro_f1(on: npt.NDArray[np.bool_], answers: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Macro F1 (labels that are never on and never answered left out) and its standard error.

    The standard error is the spread over 200 bootstrap samples of the test rows.
    """
    rng = np.random.default_rng(0)
    times = rng.multinomial(len(on), np.full(len(on), 1 / len(on)), size=200)
    found = []
    for weight in (np.ones((1, len(on))), times):
        hits = weight @ (on & answers)
        both = weight @ on + weight @ answers
        f1 = np.divide(2 * hits, both, out=np.full(both.shape, np.nan), where=both > 0)
        found.append(np.nanmean(f1, axis=1))
    return float(found[0][0]), float(found[1].std(ddof=1))


def peak(arguments: list[str]) -> float:
    """Largest memory, MB, of a fresh process that makes the data and runs ours."""
    process = subprocess.Popen([sys.executable, __file__, *arguments, "--only-ours"])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("failed: the process whose memory is measured")
    return usage.ru_maxrss / 1024


def compare(chosen: argparse.Namespace) -> None:
    """Take turns, print ratios and scores."""
    data = make(chosen)
    some = np.linspace(0, chosen.labels - 1, chosen.measured).round().astype(np.intp)
    scale = chosen.labels / len(some)
    loop(data, some[:2])  # starts the worker processes
    before, models = loop(data, some)
    ratios, shares, fitted = [], [], None
    for _ in range(chosen.rounds):
        seconds, fitted = ours(data)
        after, _ = loop(data, some)
        ratios.append((before + after) / 2 * scale / seconds)
        shares.append(seconds / (chosen.labels * len(GAMMAS)) * 1000)
        before = after
    assert fitted is not None  # noqa: S101 - rounds is at least 1
    print(
        f"{chosen.labels:,} labels × {chosen.rows:,} rows × {chosen.features} features × "
        f"{len(GAMMAS)} weights, separation {chosen.separation}, {os.cpu_count()} cores"
    )
    print(
        f"times as fast as {LOOP} (measured on {len(some)} labels and scaled): "
        f"{statistics.median(ratios):.1f} (rounds: {', '.join(f'{r:.1f}' for r in ratios)})"
    )
    print(f"milliseconds per label and weight: {statistics.median(shares):.1f}")
    _, exact = loop(data, some, tol=1e-10, solver="newton-cholesky")
    scores(data, some, fitted, models, exact)


def scores(
    data: Data,
    some: npt.NDArray[np.intp],
    fitted: Coefficients,
    models: list[Any],
    exact: list[Any],
) -> None:
    """Macro F1 of the measured labels, and how far decision values are apart."""
    on = data.test_y[:, some].toarray() > 0
    print(
        "| γ | macro F1, imbweights | loop | loop, converged | standard error "
        "| decision values from the converged: largest difference, imbweights | loop |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for point, (gamma, model, converged) in enumerate(zip(GAMMAS, models, exact, strict=True)):
        values = fitted.scores(data.test_x, point)[:, some]
        theirs, best = (m.decision_function(data.test_x) for m in (model, converged))
        f1, error = macro_f1(on, values > 0)
        print(
            f"| {gamma} | {f1:.4f} | {macro_f1(on, theirs > 0)[0]:.4f} "
            f"| {macro_f1(on, best > 0)[0]:.4f} | {error:.4f} "
            f"| {abs(values - best).max():.4f} | {abs(theirs - best).max():.4f} |"
        )


def main() -> None:
    """Read the options; compare, or only run ours."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--labels", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--features", type=int, default=128)
    parser.add_argument("--measured", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--separation", type=float, default=1.0, help="of labels; 0.3 is nearly noise, 1 is clear"
    )
    parser.add_argument("--only-ours", action="store_true", help="to measure the memory")
    chosen = parser.parse_args()
    if chosen.only_ours:
        ours(make(chosen))
        return
    compare(chosen)
    print(f"peak memory of a process with the data and ours: {peak(sys.argv[1:]):.0f} MB")


if __name__ == "__main__":
    main()
