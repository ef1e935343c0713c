"""From what the user named to rows that a sweep can use."""

from __future__ import annotations

from dataclasses import replace

from imbweights.core.counts import Task
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile
from imbweights.core.training import training_counts
from imbweights.evidence.data.from_arrays import of_arrays, of_rows
from imbweights.evidence.data.from_masks import of_masks
from imbweights.evidence.data.from_svmlight import of_svmlight
from imbweights.evidence.data.from_tables import of_tables
from imbweights.evidence.data.loaded import (
    Loaded,
)
from imbweights.evidence.data.tables import TableCollector
from imbweights.evidence.data.wishes import DataOptions
from imbweights.evidence.dataset import Dataset
from imbweights.profiling import profile_of
from imbweights.sources.remote.near import keeping_near
from imbweights.sources.tables.counting import visited_by

_ARRAYS = frozenset(("npz", "mat", "npy"))


def load(spec: SourceSpec, wishes: DataOptions) -> Dataset:
    """Rows, features and labels of a source. Raises ``ImbweightsError`` when there are none.

    Remote arrays and masks are downloaded once, and stay until all is loaded.
    """
    with keeping_near():
        return _load(spec, wishes)


def _load(spec: SourceSpec, wishes: DataOptions) -> Dataset:
    if spec.counts is not None or spec.ratio is not None:
        raise UsageError("a sweep needs the samples themselves, not only how many there are")
    if spec.database is not None:
        raise UsageError("--database: only counts come from a database, and a sweep needs rows")
    options = replace(spec.options, keep_rows=wishes.embeddings is not None)
    spec = replace(spec, options=options)
    collector = TableCollector(options, wishes)
    with visited_by(collector):
        profile = profile_of(spec)
    loaded = _loaded(spec, wishes, profile)
    dataset = _dataset(loaded, collector)
    return replace(dataset, notes=(*profile.source.notes, *_said(loaded), *dataset.notes))


def _said(loaded: Loaded) -> tuple[str, ...]:
    notes = () if loaded.why is None else (loaded.why.replace("computed on", "run on", 1),)
    missing = loaded.counts.missing
    if missing:
        notes = (*notes, f"{missing:,} rows without a label are left out")
    return notes


def _loaded(spec: SourceSpec, wishes: DataOptions, profile: Profile) -> Loaded:
    counts, why = training_counts(profile, wishes.use_split)
    taken = next((name for name, part in profile.splits.items() if part is counts), None)
    return Loaded(spec=spec, wishes=wishes, profile=profile, counts=counts, split=taken, why=why)


def _dataset(loaded: Loaded, collector: TableCollector) -> Dataset:
    kind = loaded.profile.source.kind
    if loaded.wishes.images is not None and (collector.found or kind != "masks"):
        raise UsageError(
            f"--images goes with masks; this is read as {'a table' if collector.found else kind}",
            hint="--embeddings X.npy brings features of images to a table of labels",
        )
    if collector.found:
        return of_tables(loaded, list(collector.found.values()))
    _refuse_idle(loaded.wishes, kind)
    if kind in _ARRAYS:
        return of_arrays(loaded, kind)
    if kind == "svmlight":
        return of_svmlight(loaded)
    if kind == "masks":
        return of_masks(loaded)
    if loaded.wishes.embeddings is not None and loaded.profile.rows:
        return of_rows(loaded)
    raise UsageError(
        f"{loaded.profile.source.name}: a sweep needs features, and {kind} files hold none",
        hint="give one row of numbers per row of labels: --embeddings X.npy"
        if loaded.counts.task is not Task.DETECTION
        else "a sweep compares weights for classes of whole samples or pixels, not for objects",
    )


def _refuse_idle(wishes: DataOptions, kind: str) -> None:
    """Options that speak of columns, where there are none."""
    for name in ("drop", "text"):
        if getattr(wishes, name):
            raise UsageError(f"--{name} names columns of a table; this is read as {kind}")
    if wishes.group is not None and kind not in {"npz", "mat"}:
        raise UsageError(f"--group names a column of a table; this is read as {kind}")
