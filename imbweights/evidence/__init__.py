"""Does weighting help on this data, and how much is right: the sweep.

``sweep`` takes a path or data in memory; ``sweep_source`` is what it shares with the command line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from imbweights.analysis import label_options, source_paths
from imbweights.core.cost_matrix import CostMatrix, cost_matrix
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec
from imbweights.evidence.data.loading import load
from imbweights.evidence.data.memory import dataset_of
from imbweights.evidence.data.wishes import MAX_ROWS, DataOptions
from imbweights.evidence.result import SweepResult
from imbweights.evidence.sweeping import FOLDS, SweepOptions, sweep_dataset
from imbweights.schemes import PARAMETERS
from imbweights.schemes.weighing import Wishes

__all__ = ["DataOptions", "SweepOptions", "SweepResult", "sweep", "sweep_source"]

Progress = Callable[[int, int], None]


def sweep_source(
    spec: SourceSpec,
    data: DataOptions,
    options: SweepOptions,
    progress: Progress | None = None,
) -> SweepResult:
    """Sweep over what the user named. Raises ``ImbweightsError`` as ``load`` and ``sweep`` do."""
    return sweep_dataset(load(spec, data), options, progress)


def sweep(
    x_or_path: Any,
    y: Any = None,
    *,
    optimize: str | None = None,
    schemes: str | Sequence[str] | None = None,
    pos_weights: Sequence[float] | None = None,
    costs: str | Sequence[Sequence[float]] | None = None,
    cap: float | None = None,
    features: str | Sequence[str] = (),
    drop: str | Sequence[str] = (),
    text: str | Sequence[str] = (),
    group: Any = None,
    embeddings: str | os.PathLike[str] | None = None,
    images: str | os.PathLike[str] | None = None,
    positive: str | int | None = None,
    use_split: str | None = None,
    folds: int = FOLDS,
    repeats: int | None = None,
    seed: int = 0,
    max_rows: int = MAX_ROWS,
    jobs: int | None = None,
    engine: str | None = None,
    address: str | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> SweepResult:
    """Compare class weights with moved thresholds by cross-validated logistic regression.

    ``x_or_path``: a path, as for ``analyze``; or features, an (N, D) array, a sparse matrix or a
    pandas frame, with ``y``, (N,) labels or (N, L) of 0 and 1; or a frame whose label column
    ``label`` names. ``optimize``: what decides, by default ``cost`` with ``costs``, else ``f1`` (of the minority class if there are two,
    else macro), ``minority-f1``, ``macro-f1``, ``recall@precision=.9``, ``precision@recall=.9``,
    ``balanced-accuracy``, ``cost``. ``schemes``: those to compare, all that apply by default.
    ``pos_weights``: the grid, (negatives / positives)^γ for γ = ¼ … 1¼ by default, none by default
    beside named schemes. ``costs``:
    (K, K), rows true, or the file. ``features``, ``drop``: names or globs of columns; ``text``:
    columns of running text; ``group``: the column (or, in memory, an array) whose equal values are
    never on both sides of a split; ``embeddings``: a ``.npy`` file of features; ``images``: the
    folder with the images of masks. ``positive``: the class that counts of two, the rarer one by
    default. ``use_split``: the split to use, training by default. ``folds``, ``repeats`` (3 by
    default where the rarest class has fewer than 1,000 rows and there are at most 20,000),
    ``seed``, ``max_rows``, ``jobs``, ``engine`` and ``address`` (who does it: a Dask cluster,
    or another joblib backend), ``progress`` (told of folds done, of all). ``options``: parameters of
    schemes (``beta=0.9999``), and the label options of ``analyze``.

    Everything that is chosen is chosen inside training folds. Returns a ``SweepResult``; an
    interrupt returns what is done so far. Raises ``ImbweightsError`` (a ``ValueError``) for data
    from which nothing can be learned.

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> y = (rng.random(3000) < 0.1).astype(int)
    >>> x = rng.normal(size=(3000, 2)) + y[:, None]
    >>> result = sweep(x, y, schemes="balanced", repeats=1)
    >>> result.verdict.kind.value, result["plain"].pooled["recall"] < 0.3
    ('threshold', True)
    """
    parameters = {name: options.pop(name) for name in PARAMETERS if name in options}
    data = DataOptions(
        features=_texts(features),
        drop=_texts(drop),
        text=_texts(text),
        group=group if isinstance(group, str) else None,
        embeddings=None if embeddings is None else os.fspath(embeddings),
        images=None if images is None else os.fspath(images),
        max_rows=max_rows,
        use_split=use_split,
        positive=None if positive is None else str(positive),
        seed=seed,
    )
    how = SweepOptions(
        goal=optimize,
        schemes=None if schemes is None else _texts(schemes),
        pos_weights=None if pos_weights is None else tuple(map(float, pos_weights)),
        wishes=Wishes(parameters=parameters, costs=_costs(costs), cap=cap),
        folds=folds,
        repeats=repeats,
        seed=seed,
        jobs=jobs,
        engine=engine,
        address=address,
    )
    _check(data, how)
    paths = source_paths(x_or_path)
    if paths is not None:
        if y is not None:
            raise UsageError("y goes with features in memory, not with a path")
        spec = SourceSpec(
            paths=paths,
            options=label_options(**options),
            jobs=jobs,
            engine=engine,
            address=address,
        )
        return sweep_source(spec, data, how, progress)
    if y is None:
        x_or_path, y = _parted(x_or_path, options.pop("label", None))
    groups = None if isinstance(group, str) else group
    dataset = dataset_of(x_or_path, y, label_options(**options), data, groups)
    return sweep_dataset(dataset, how, progress)


def _check(data: DataOptions, how: SweepOptions) -> None:
    if data.max_rows < 10:
        raise UsageError("--max-rows must be at least 10")
    if how.jobs is not None and how.jobs < 1:
        raise UsageError("--jobs must be at least 1")


def _parted(frame: Any, label: Any) -> tuple[Any, Any]:
    """A frame without its label column, and that column."""
    if not hasattr(frame, "columns") or label is None:
        raise UsageError(
            "there are no labels",
            hint="sweep(X, y), sweep(frame, label='column'), or sweep('file.csv', label='column')",
        )
    if label not in frame.columns:
        raise UsageError(f"label {label!r} is no column of the frame")
    return frame.drop(columns=[label]), frame[label]


def _costs(costs: str | Sequence[Sequence[float]] | None) -> CostMatrix | None:
    if costs is None or isinstance(costs, str):
        return None if costs is None else cost_matrix(costs)
    return CostMatrix(tuple(tuple(map(float, row)) for row in costs))


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value))
