"""What was counted and what is wanted of it; what all sources share when they become data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import UsageError
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.profile import Profile
from imbweights.evidence.data.labels import Labelled
from imbweights.evidence.data.leaks import leaks
from imbweights.evidence.data.sampling import stratified_sample
from imbweights.evidence.data.wishes import DataOptions
from imbweights.evidence.dataset import Dataset, Features
from imbweights.sources.base import InputFile
from imbweights.sources.opening import opened

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was counted, and what the user wants of it.

    ``split``: the split whose rows are taken, ``None`` for all; ``why``: a sentence that says so.
    """

    spec: SourceSpec
    wishes: DataOptions
    profile: Profile
    counts: ClassCounts
    split: str | None
    why: str | None

    @property
    def options(self) -> LabelOptions:
        """How labels are found."""
        return self.spec.options

    def takes(self, split: str) -> bool:
        """Whether rows of this split are used."""
        return self.split is None or split == self.split


def files_taken(loaded: Loaded) -> list[InputFile]:
    """The files of the split that is taken."""
    if "-" in loaded.spec.paths:
        raise UsageError("a sweep over arrays reads files, not standard input")
    with opened(loaded.spec.paths, loaded.options.limits) as items:
        return [
            item for split, item in items if isinstance(item, InputFile) and loaded.takes(split)
        ]


def labelled_rows(loaded: Loaded) -> int:
    """How many rows have a label; with several labels a row every row counts."""
    counts = loaded.counts
    return counts.samples if counts.task is Task.MULTILABEL else counts.total


def renaming(options: LabelOptions) -> dict[str, str]:
    """Names for numbers, as ``--classes`` pairs them, or by position."""
    if options.classes is None:
        return {}
    ids = options.class_ids or tuple(range(len(options.classes)))
    found = {str(i): name for i, name in zip(ids, options.classes, strict=True)}
    return {} if options.class_ids is None and set(found) & set(options.classes) else found


def sampled(found: Labelled, wishes: DataOptions) -> Labelled:
    """At most ``max_rows`` of the labelled rows, each class in its share."""
    truth = found.truth
    if len(truth) <= wishes.max_rows:
        return found
    strata: Any = truth.codes
    if truth.labels is not None:
        strata = np.array([row.tobytes() for row in truth.labels], dtype=object)
    kept = stratified_sample(strata, wishes.max_rows, wishes.seed)
    return replace(found, truth=truth[kept], rows=found.rows[kept])


def group_codes(values: npt.NDArray[Any]) -> IntArray:
    """Numbers of groups; a row without a group is one of its own.

    >>> group_codes(np.array(["a", None, "a", None], dtype=object)).tolist()
    [0, 1, 0, 2]
    """
    import pandas as pd

    codes, names = pd.factorize(values)
    alone = np.flatnonzero(codes < 0)
    result = codes.astype(np.int64)
    result[alone] = len(names) + np.arange(len(alone))
    return result


def column_leaks(
    discrete: Sequence[tuple[str, Any]], found: Labelled, groups: IntArray | None = None
) -> tuple[str, ...]:
    """Sentences on columns that give a class away."""
    truth = found.truth
    if truth.codes is None:
        return ()
    return leaks(discrete, truth.codes, groups)


def finished(loaded: Loaded, found: Labelled, features: Features, **others: Any) -> Dataset:
    """The data set, with a sentence on what was sampled."""
    notes = [*found.notes, *others.pop("notes", ())]
    unit = others.get("unit", "rows")
    rows_found = (
        int(found.counts.total)
        if unit == "pixels"
        else labelled_rows(replace(loaded, counts=found.counts))
    )
    if rows_found > len(found.rows) and unit == "rows":
        notes.insert(
            0,
            f"{len(found.rows):,} of {rows_found:,} rows are used, each class in its share "
            "(--max-rows takes more)",
        )
    return Dataset(
        name=loaded.profile.source.name,
        truth=found.truth,
        features=features,
        counts=found.counts,
        rows_found=rows_found,
        notes=tuple(notes),
        **others,
    )
