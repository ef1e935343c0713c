"""Running a sweep for a command: progress on standard error, and what its result is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from imbweights.cli.counting import counted_once
from imbweights.cli.progress import progress_bar
from imbweights.core.counts import ClassCounts
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile, Recognised
from imbweights.evidence import DataOptions, SweepOptions, SweepResult, sweep_source


def swept(
    spec: SourceSpec, data: DataOptions, options: SweepOptions, *, cache: bool
) -> SweepResult:
    """Sweep over the rows of a source, with progress where somebody can see it."""
    with counted_once(cache=cache), progress_bar("folds") as progress:
        return sweep_source(
            spec,
            data,
            replace(options, jobs=spec.jobs, engine=spec.engine, address=spec.address),
            progress,
        )


def profile_of_sweep(result: SweepResult, read: Iterable[str]) -> Profile:
    """What was swept over, in the form in which code and files are told about data.

    ``read``: the files and folders that must not be written over, as typed.
    """
    counts = np.array(result.counts, dtype=np.int64)
    total = ClassCounts(
        classes=result.classes,
        counts=counts,
        present=counts,
        extent=counts,
        samples=result.tried.rows_found,
        task=result.task,
    )
    paths = [Path(name.partition("=")[2] or name) for name in read]
    files = tuple((str(path.resolve()), 0, 0) for path in paths)
    return Profile(
        total=total, source=Recognised(name=result.tried.name, kind="sweep", files=files)
    )
