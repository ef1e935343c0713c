"""What a check reads, so that none of it is overwritten by what it writes."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from imbweights.checking import DataSet
from imbweights.cli.checked_sets import baseline_place, configured_sets
from imbweights.cli.delivering import refuse_inputs
from imbweights.cli.sources import inputs_of
from imbweights.core.config import find_config
from imbweights.core.errors import UsageError
from imbweights.sources.opening import split_of


def refuse_read(outputs: Sequence[Path], sets: Iterable[DataSet]) -> None:
    """Raise ``UsageError`` for an output that is a source, a class list, weights or a baseline, be
    it of the data sets that are checked or of another one of the configuration.
    """
    if not outputs:
        return
    every = [*sets, *configured_sets()]
    inputs = [path for data in every for path in _beside(data)]
    try:
        refuse_inputs(outputs, [p for data in every for p in _sources(data)], inputs)
        refuse_inputs(outputs, (), _declared())
    except OSError as error:
        raise UsageError(f"-o: cannot be compared with what is read ({error})") from error


def _sources(data: DataSet) -> Iterator[Path]:
    for typed in data.spec.paths:
        path = split_of(typed)[1]
        yield from [Path(path)] if Path(path).exists() else map(Path, _matching(path))
    if data.settings.images is not None:
        yield Path(data.settings.images)


def _matching(pattern: str) -> list[str]:
    if not glob.has_magic(pattern):
        return []
    return glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob refuses absolute patterns


def _beside(data: DataSet) -> Iterator[Path]:
    """The files of classes and colours, of weights, and the baseline."""
    yield from map(Path, inputs_of(data.spec.options))
    for text in data.settings.weights:
        yield Path(text if Path(text).exists() else text.partition("#")[0])
    yield baseline_place(data.settings)[0]


def _declared() -> Iterator[Path]:
    """The files of class names that the configuration names; their options hold names only."""
    config = find_config(Path.cwd())
    for each in () if config is None else config.sets:
        for text in {**each.shared, **each.own}.get("classes", ()):
            if config is not None and (config.path.parent / text).is_file():
                yield config.path.parent / text
