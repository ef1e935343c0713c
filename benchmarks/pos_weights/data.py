"""What is learned from: drawn rows of many labels, and two real sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from imbweights.analysis import label_options
from imbweights.core.options import SourceSpec
from imbweights.evidence.data.loading import load
from imbweights.evidence.data.matrix import Matrix
from imbweights.evidence.data.wishes import DataOptions
from imbweights.evidence.validation import Grouping, validation

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FEATURES = 64
HASHED = 2**16


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is drawn: labels, how many are on in each row, how far apart they are.

    ``distance``: of the rows with a label from those without, in standard deviations of the noise.
    """

    labels: int
    active: int
    distance: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """Features and labels (booleans) of training and of test rows, and a seed for inner folds."""

    x: Any
    y: Bools
    test_x: Any
    test_y: Bools
    seed: int


def drawn(setting: Setting, rows: tuple[int, int], seed: int) -> Split:
    """Rows that are the sum of the directions of their labels, and noise of variance 1.

    How often a label is on falls with the root of its rank. Labels of a row are drawn without
    replacement (the largest of log share + Gumbel noise).
    """
    rng = np.random.default_rng([seed, setting.labels, setting.active, int(10 * setting.distance)])
    share = np.log(np.arange(1, setting.labels + 1)) * -0.5
    directions = rng.standard_normal((setting.labels, FEATURES))
    directions *= setting.distance / np.linalg.norm(directions, axis=1, keepdims=True)

    def draw(count: int) -> tuple[npt.NDArray[np.float64], Bools]:
        keys = share + rng.gumbel(size=(count, setting.labels))
        on = np.argpartition(-keys, setting.active - 1, axis=1)[:, : setting.active]
        y = np.zeros((count, setting.labels), dtype=bool)
        y[np.arange(count)[:, None], on] = True
        return directions[on].sum(axis=1) + rng.standard_normal((count, FEATURES)), y

    x, y = draw(rows[0])
    test_x, test_y = draw(rows[1])
    return Split(x=x, y=y, test_x=test_x, test_y=test_y, seed=seed)


@dataclass(frozen=True, kw_only=True, eq=False)
class Collection:
    """A real set: its labels that are kept, and features not yet fit for a model."""

    name: str
    features: Matrix
    y: Bools

    def splits(self, repeats: int, seed: int = 0) -> Iterator[Split]:
        """Five folds, stratified by labels, drawn anew for every repeat."""
        names = tuple(map(str, range(self.y.shape[1])))
        for fold in validation(Grouping(classes=names, labels=self.y), 5, repeats, seed).folds:
            x, test_x = self.features.encoded(fold.train, fold.test)
            yield Split(
                x=x,
                y=self.y[fold.train],
                test_x=test_x,
                test_y=self.y[fold.test],
                seed=seed + 100 * fold.repeat + fold.number,
            )


def _kept(name: str, features: Matrix, y: Bools, least: int) -> Collection:
    """Without labels that too few rows have; the rows stay."""
    return Collection(name=name, features=features, y=y[:, y.sum(axis=0) >= least])


def medical(path: Path, least: int) -> Collection:
    """MULAN's medical, ARFF: words of radiology reports and the codes they were given."""
    from scipy import sparse

    found = load(SourceSpec(paths=(str(path),), options=label_options()), DataOptions())
    numbers = cast("Matrix", found.features).numbers
    words = sparse.csr_array(np.asarray(numbers))
    labels = found.truth.labels
    assert labels is not None  # noqa: S101 - the set has several labels per row
    matrix = Matrix(columns=words.shape[1], sparse=words)
    return _kept("medical", matrix, labels, least)


def cooking(path: Path, least: int) -> Collection:
    """Questions with ``__label__`` tags, as fastText has them: hashed words, TF-IDF."""
    from sklearn.feature_extraction.text import HashingVectorizer

    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    tags = [{w for w in row if w.startswith("__label__")} for row in rows]
    texts = [" ".join(w for w in row if not w.startswith("__label__")) for row in rows]
    counts = Counter(tag for some in tags for tag in some)
    names = sorted(counts)
    y = np.array([[name in some for name in names] for some in tags])
    hashed = HashingVectorizer(n_features=HASHED, alternate_sign=False, norm=None)
    matrix = Matrix(columns=1, counts=hashed.transform(texts).tocsr())
    return _kept("cooking", matrix, y, least)


def yeast(path: Path, least: int) -> Collection:
    """MULAN's yeast as river's package holds it, ``yeast.csv.gz``: 103 numbers, 14 labels."""
    import pandas as pd

    frame = pd.read_csv(path)
    named = [column for column in frame.columns if str(column).startswith("Class")]
    numbers = frame.drop(columns=named).to_numpy(dtype=np.float64)
    y = frame[named].to_numpy() == 1
    return _kept("yeast", Matrix(columns=numbers.shape[1], numbers=numbers), y, least)
